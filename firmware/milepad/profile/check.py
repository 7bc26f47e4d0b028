"""Checks a device's settings in full, before anything uses them.

The same check runs on the desktop, before a profile is copied, and on the device when it
starts. `profile.schema` says what may stand where.
"""

from milepad.base import clock, money, pin, till_key
from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import FieldError, ProfileError
from milepad.base.text import digits_only, is_printable, letters_or_digits, printable
from milepad.base.url import split_url
from milepad.profile import schema

if TYPE_CHECKING:
    from typing import Sequence

_MAX_URL_CHARS = 200
_MAX_ZONE_CHARS = 60
_HEX_KEY_CHARS = 64
_MAX_NAME_CHARS = 24  # of a name from outside, in an error's text
# A till's mode, and what it cannot do without: whoever is on the network could redeem.
_NEEDED = (("tcp", "passphrase"), ("https", "certificate"), ("https", "private_key"))


def check(document: object) -> dict[str, dict]:
    """The profile with every optional key filled in.

    `document` is {section: {key: value}} as TOML or JSON gives it. Raises ProfileError that
    names the first key that is missing, unknown or wrong, and what was expected there.
    """
    filled, faults = examine(document)
    if faults:
        raise ProfileError(faults[0])
    return filled


def examine(document: object) -> tuple[dict[str, dict], list[str]]:
    """The profile as far as it is right, and a text for each key that is not."""
    if not isinstance(document, dict):
        return {}, ["profile: expected sections such as [platform]"]
    names = schema.sections()
    faults = [
        "[%s] is unknown; expected one of %s" % (shown(section), ", ".join(sorted(names)))
        for section in document
        if section not in names
    ]
    filled = {name: _section(name, document.get(name, {}), faults) for name in names}
    till = filled["till"]
    for mode, key in _NEEDED:
        if till.get("mode") == mode and till.get(key) == "":
            faults.append("[till] %s: expected one, where mode is %s" % (key, mode))
    return filled, faults


def _section(section: str, values: object, faults: list[str]) -> dict:
    rows = [row for row in schema.SETTINGS if row[0] == section]
    passed_over = [key for name, key in schema.RETIRED if name == section]
    return fill("[%s]" % section, rows, values, faults, passed_over)


def fill(
    title: str,
    rows: "Sequence[tuple]",
    values: object,
    faults: list[str],
    passed_over: "Sequence[str]" = (),
) -> dict:
    """The keys of one section, as far as they are right, with what was left out filled in.

    `rows` are those of its table, as in `schema.SETTINGS`. What is wrong is added to `faults`,
    under `title`.
    """
    if not isinstance(values, dict):
        faults.append("%s: expected keys with values" % title)
        return {}
    keys = [row[1] for row in rows]
    for key in values:
        if key not in keys and key not in passed_over:
            faults.append("%s %s is unknown; expected one of %s" % (
                title, shown(key), ", ".join(sorted(keys))))  # fmt: skip
    filled = {}
    for row in rows:
        key, kind, default, bounds = row[1:5]
        value = values.get(key, default)
        if key not in values and default is schema.REQUIRED:
            says = "%s %s is missing: expected %s"
        elif not is_good(kind, bounds, value):
            says = "%s %s: expected %s"
        else:
            filled[key] = value
            continue
        faults.append(says % (title, key, expected(kind, bounds)))
    return filled


def is_good(kind: str, bounds: tuple, value: object) -> bool:
    """Whether a value may stand where the table names that kind and those bounds."""
    return _KINDS[kind][0](value, *bounds)


def expected(kind: str, bounds: tuple) -> str:
    """What may stand there, in words: the end of "expected ..."."""
    if kind == schema.CHOICE:
        return "one of " + ", ".join([str(value) for value in bounds])
    return _KINDS[kind][1] % bounds


def shown(name: object) -> str:
    """A name from outside as an error's text may hold it."""
    return printable(str(name), _MAX_NAME_CHARS)


def _is_text(value: object, low: int, high: int) -> bool:
    return isinstance(value, str) and low <= len(value) <= high and is_printable(value)


def _is_network(value: object, low: int, high: int) -> bool:
    """A name as access points have it: bytes, counted as UTF-8, without control characters."""
    if not isinstance(value, str) or any(
        c < " " or c == "\x7f" or 0xD800 <= ord(c) <= 0xDFFF for c in value
    ):  # half a surrogate is no letter: CPython has no bytes for it
        return False
    return low <= len(value.encode()) <= high


def _is_wpa_key(value: object, low: int, high: int) -> bool:
    return value == "" or _is_text(value, low, high) or _is_hex_key(value)


def _is_hex_key(value: object) -> bool:
    """The key itself, as WPA derives it from a passphrase: 256 bits in hex."""
    if not isinstance(value, str) or len(value) != _HEX_KEY_CHARS:
        return False
    return all(c in "0123456789abcdefABCDEF" for c in value)


def _is_alphanumeric(value: object, low: int, high: int) -> bool:
    if value == "" and low == 0:
        return True
    return isinstance(value, str) and low <= len(value) <= high and letters_or_digits(value)


def _is_digits(value: object, low: int, high: int) -> bool:
    if value == "" and low == 0:
        return True
    return isinstance(value, str) and low <= len(value) <= high and digits_only(value)


def _is_whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _is_choice(value: object, *values: object) -> bool:
    return any(value == v and type(value) is type(v) for v in values)


def _is_url(value: object) -> bool:
    if not isinstance(value, str) or len(value) > _MAX_URL_CHARS:
        return False
    try:
        split_url(value)
    except ProfileError:
        return False
    return True


def _is_zone(value: object) -> bool:
    if not isinstance(value, str) or len(value) > _MAX_ZONE_CHARS:
        return False
    try:
        clock.Zone(value)
    except ProfileError:
        return False
    return True


def _is_dollars(value: object) -> bool:
    try:
        return isinstance(value, str) and money.parse_dollars(value) > 0
    except FieldError:
        return False


def _is_lines(value: object, most: int, width: int) -> bool:
    if not isinstance(value, list) or len(value) > most:
        return False
    return all(isinstance(line, str) and len(line) <= width for line in value)


def _is_word(value: object, low: int, high: int) -> bool:
    """One word that stands on screens and slips, in capitals on the screen."""
    return _is_alphanumeric(value, low, high) and not any(
        "0" <= c <= "9" for c in str(value)
    )


def _is_pin(value: object, low: int, high: int) -> bool:
    """A PIN as a person writes it, or what a device keeps of it; or none."""
    return value == "" or _is_digits(value, low, high) or pin.is_kept(value)


def _is_passphrase(value: object, low: int, high: int) -> bool:
    """A passphrase as a person writes it, or the keys that a device has of it; or none."""
    return value == "" or _is_text(value, low, high) or till_key.is_kept(value)


def _is_taxes(value: object) -> bool:
    """Taxes that a shop has together, each as [name, percent]; see `schema.TAX_NAMES`."""
    if not isinstance(value, list) or not all(_is_tax(tax) for tax in value):
        return False
    return not value or sorted([tax[0] for tax in value]) in schema.TAX_NAMES


def _is_tax(value: object) -> bool:
    if not isinstance(value, list) or len(value) != 2:
        return False
    name, percent = value
    try:
        return isinstance(name, str) and money.parse_percent(percent) > 0
    except FieldError:
        return False


# kind: (is it good, what is expected); the bounds go into both
_KINDS: dict[str, tuple] = {
    schema.TEXT: (_is_text, "%d to %d printable ASCII characters"),
    schema.NETWORK: (_is_network, "%d to %d bytes of UTF-8, no control characters"),
    schema.WPA_KEY: (
        _is_wpa_key,
        "%d to %d printable ASCII characters, 64 hex digits, or none",
    ),
    schema.ALPHANUMERIC: (_is_alphanumeric, "%d to %d letters or digits, as text"),
    schema.DIGITS: (_is_digits, "%d to %d digits, as text"),
    schema.WHOLE: (_is_whole, "a whole number from %d to %d"),
    schema.CHOICE: (_is_choice, ""),
    schema.URL: (_is_url, "an https address"),
    schema.ZONE: (_is_zone, "a POSIX zone such as EST5EDT,M3.2.0,M11.1.0"),
    schema.DOLLARS: (_is_dollars, "dollars as text, such as 1000.00"),
    schema.WORD: (_is_word, "%d to %d letters without accents"),
    schema.PIN: (_is_pin, "%d to %d digits, as text, or none"),
    schema.PASSPHRASE: (_is_passphrase, "%d to %d printable ASCII characters, or none"),
    schema.TAXES: (
        _is_taxes,
        'HST, GST, GST and PST or GST and QST, such as [["GST", "5"], ["QST", "9.975"]]',
    ),
    schema.LINES: (_is_lines, "up to %d lines of up to %d characters"),
}
