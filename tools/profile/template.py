"""Makes a device's profile from the example's values and what differs from them."""

from __future__ import annotations

import json
from typing import Any, Protocol

from tools.profile import Sections
from tools.profile.settings import by_section

# A shop to practise in: the specification's samples, where the example wants to be filled in.
_PRACTICE: dict[str, dict[str, Any]] = {
    "network": {"ssid": "shop"},
    "partner": {
        "sponsor_code": "LOY1",
        "store_id": "0001",
        "vendor_id": "100087",
        "acquirer_id": "100000",
    },
}


class Platform(Protocol):
    """Where a platform is and who may call it; the running emulator is one."""

    url: str
    ca: str
    client_id: str
    client_secret: str


def toml_value(value: object) -> str:
    """A setting's value as TOML writes it."""
    # JSON's text, whole numbers, booleans and lists of them are TOML's as well.
    return json.dumps(value, ensure_ascii=False)


def text(changes: Sections) -> str:
    """The example as TOML, filled in to practise with, and with `changes` in it.

    Sections and keys of `changes` may be new.
    """
    document: dict[str, dict[str, Any]] = {
        name: {setting.key: setting.example() for setting in settings}
        for name, settings in by_section().items()
    }
    for part in (_PRACTICE, changes):
        for section, values in part.items():
            document.setdefault(section, {}).update(values)
    parts = []
    for section, values in document.items():
        parts.append(f"[{section}]")
        parts += [f"{key} = {toml_value(value)}" for key, value in values.items()]
    return "\n".join(parts) + "\n"


def for_platform(platform: Platform, changes: Sections | None = None) -> str:
    """The profile of a device that talks to `platform`, with `changes` in it."""
    merged: dict[str, dict[str, object]] = {
        "platform": {
            "base_url": platform.url,
            "token_url": f"{platform.url}/oauth/token",
            "ca": platform.ca,
            "client_id": platform.client_id,
            "client_secret": platform.client_secret,
        }
    }
    for section, values in (changes or {}).items():
        merged.setdefault(section, {}).update(values)
    return text(merged)
