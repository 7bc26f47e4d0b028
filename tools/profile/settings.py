"""The firmware's table of settings (`milepad.profile.schema`), as the tools read it."""

from __future__ import annotations

from typing import Any, NamedTuple

from milepad.profile import check, schema
from milepad.profile.meanings import MEANINGS

# In the example these have only to be replaced: no device is given them.
_ISSUED, _YOURS = "issued", "yours"
# What stands in the example for a setting that has no default.
EXAMPLES: dict[tuple[str, str], str] = {
    ("network", "ssid"): _YOURS,
    ("platform", "base_url"): "https://cert.airmilesapis.ca",
    ("platform", "token_url"): "https://oauth-cert.airmiles.ca/oauth/token",
    ("platform", "ca"): "ca.pem",
    ("platform", "client_id"): _ISSUED,
    ("platform", "client_secret"): _ISSUED,
    ("partner", "sponsor_code"): _ISSUED,
    ("partner", "store_id"): _YOURS,
    ("partner", "vendor_id"): _ISSUED,
    ("partner", "acquirer_id"): _ISSUED,
    ("device", "device_id"): "001",
    ("time", "zone"): "EST5EDT,M3.2.0,M11.1.0",
}


class Setting(NamedTuple):
    """A row of the table; `default` is None where the setting has to be given."""

    section: str
    key: str
    kind: str
    default: Any
    bounds: tuple[Any, ...]

    @property
    def meaning(self) -> str:
        """What it is, in a line; "" where `MEANINGS` lacks it."""
        return MEANINGS.get(self.section, {}).get(self.key, "")

    def is_required(self) -> bool:
        return self.default is None

    def example(self) -> Any:
        """Its default, else what the example has in its place."""
        if not self.is_required():
            return self.default
        return EXAMPLES.get((self.section, self.key), _ISSUED)

    def lacks(self) -> str:
        """What is still to be written of a new row, and where; "" when nothing is."""
        if not self.meaning:
            return "a meaning in firmware/milepad/profile/meanings.py"
        if self.is_required() and (self.section, self.key) not in EXAMPLES:
            return "an example in tools/profile/settings.py, for it has no default"
        return ""

    def is_placeholder(self) -> bool:
        """Whether what the example has in its place only says what belongs there."""
        return self.is_required() and self.example() in (_ISSUED, _YOURS)

    def is_choice(self) -> bool:
        """Whether it is one of some values, other than true and false."""
        return self.kind == "choice" and not isinstance(self.default, bool)

    def expected(self) -> str:
        """What may stand there, in the words of the device's own refusal."""
        if isinstance(self.default, bool):
            return "true or false"  # as TOML writes them
        return check.expected(self.kind, self.bounds)


def all_settings() -> list[Setting]:
    """Every setting, in the table's order: section by section."""
    return [Setting(*row) for row in schema.SETTINGS]


def by_section() -> dict[str, list[Setting]]:
    """{section: its settings}, in the table's order."""
    found: dict[str, list[Setting]] = {}
    for setting in all_settings():
        found.setdefault(setting.section, []).append(setting)
    return found
