"""A device's settings: what may stand in a profile, checked in full before anything uses it.

The same check runs on the desktop, before a profile is copied, and on the device when it
starts. Where the platform's specification is silent or contradicts itself, the behaviour is
a setting here, with its default and the reason beside it.
"""

from milepad.base import clock, money
from milepad.base.errors import FieldError, ProfileError
from milepad.base.url import split_url

_REQUIRED = None  # stands where a default would


def _text(low: int, high: int):
    def check(value):
        good = isinstance(value, str) and low <= len(value) <= high
        return good and all(" " <= c <= "~" for c in value)

    return check, "%d to %d printable ASCII characters" % (low, high)


def _alphanumeric(low: int, high: int):
    def check(value):
        good = isinstance(value, str) and low <= len(value) <= high
        return good and money.letters_or_digits(value)

    return check, "%d to %d letters or digits, as text" % (low, high)


def _digits(low: int, high: int):
    def check(value):
        if value == "" and low == 0:
            return True
        return (
            isinstance(value, str)
            and low <= len(value) <= high
            and money.digits_only(value)
        )

    return check, "%d to %d digits, as text" % (low, high)


def _whole(low: int, high: int):
    def check(value):
        return (
            isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        )

    return check, "a whole number from %d to %d" % (low, high)


def _one_of(*values):
    def check(value):
        return any(value == v and type(value) is type(v) for v in values)

    return check, "one of " + ", ".join([str(v) for v in values])


def _url_check(value):
    if not isinstance(value, str) or len(value) > 200:
        return False
    try:
        split_url(value)
    except ProfileError:
        return False
    return True


def _zone_check(value):
    if not isinstance(value, str) or len(value) > 60:
        return False
    try:
        clock.Zone(value)
    except ProfileError:
        return False
    return True


def _dollars_check(value):
    try:
        return isinstance(value, str) and money.parse_dollars(value) > 0
    except FieldError:
        return False


def _lines_check(value):
    if not isinstance(value, list) or len(value) > 6:
        return False
    return all(isinstance(v, str) and len(v) <= 48 for v in value)


def _password_check(value):
    return value == "" or _text(8, 63)[0](value)


_PASSWORD = (_password_check, "8 to 63 printable ASCII characters, or none")
_URL = (_url_check, "an https address")
_ZONE = (_zone_check, "a POSIX zone such as EST5EDT,M3.2.0,M11.1.0")
_DOLLARS = (_dollars_check, "dollars as text, such as 1000.00")
_LINES = (_lines_check, "up to 6 lines of up to 48 characters")
_BOOLEAN = _one_of(True, False)
_LANGUAGE = _one_of("en-CA", "fr-CA")


def schema() -> dict:
    """{section: {key: ((check, expected), default)}}; built when asked for, then dropped."""
    return {
        "network": {
            "ssid": (_text(1, 32), _REQUIRED),
            "password": (_PASSWORD, ""),
        },
        "platform": {
            "base_url": (_URL, _REQUIRED),
            "token_url": (
                _URL,
                _REQUIRED,
            ),  # its production host is not published (FACTS 2.3)
            "ca": (_text(1, 200), _REQUIRED),
            "client_id": (_text(1, 128), _REQUIRED),
            "client_secret": (_text(1, 256), _REQUIRED),
            "audience": (_text(0, 128), ""),  # not published; sibling products differ
            "scope": (_text(0, 128), ""),  # not published
            "connect_s": (_whole(1, 60), 10),
            "reply_s": (_whole(1, 60), 15),  # the platform's own limit is not published
            "idle_s": (_whole(1, 600), 55),  # below the usual keep-alive of servers, 60 s
            "token_margin_s": (_whole(0, 3600), 60),
            "echo_s": (_whole(0, 86400), 300),  # heartbeat; 0 is none
            # A reply that names another trace id is not taken. Ids differ between request
            # and reply in the published samples (FACTS X13), so it can be turned off.
            "match_trace_id": (_BOOLEAN, True),
        },
        "partner": {
            "sponsor_code": (_alphanumeric(1, 16), _REQUIRED),
            "store_id": (_alphanumeric(1, 16), _REQUIRED),
            "vendor_id": (_alphanumeric(1, 16), _REQUIRED),
            "acquirer_id": (_alphanumeric(1, 16), _REQUIRED),
        },
        "device": {
            "device_id": (_alphanumeric(1, 16), _REQUIRED),
            # First digits of every trace id; empty: made from store_id and device_id.
            "trace_prefix": (_digits(0, 4), ""),
        },
        "cashier": {
            "language": (_LANGUAGE, "en-CA"),
            "max_basket": (_DOLLARS, "1000.00"),  # one digit too many is noticed
            "idle_s": (_whole(5, 600), 60),  # nothing keyed: back to the idle screen
            "pre_tax": (
                _BOOLEAN,
                False,
            ),  # asks for originalPreTaxAmount, which is optional
            # How long an interrupted request may still be sent again; how long the platform
            # keeps an idempotency key is not published (FACTS 3.4).
            "finish_s": (_whole(0, 86400), 900),
        },
        "time": {
            "zone": (_ZONE, _REQUIRED),
            # The platform says "EST" for its 03:00 deadline; with or without daylight time
            # is not said (FACTS 3.5). Minutes from UTC; -300 is EST all year.
            "platform_offset_min": (_whole(-720, 840), -300),
            "reversal_hour": (_whole(0, 23), 3),
            "day_hour": (_whole(0, 23), 0),  # the reconciliation day starts at midnight
        },
        "card": {  # no card layout is published (FACTS 8.3)
            "track": (_one_of(0, 1, 2), 0),
            "prefix": (_digits(0, 12), ""),
            "offset": (_whole(-1, 40), 0),
            "tail": (_whole(0, 40), 0),  # digits after the number that are not part of it
            "length": (_whole(11, 19), 11),
            "first_digit": (_digits(0, 1), "8"),
            # The rule is from one source and two documented samples break it (FACTS 8.2).
            "check_digit": (_one_of("warn", "refuse", "off"), "warn"),
        },
        "printer": {
            "columns": (_one_of(32, 48), 32),
            "code_page": (_one_of("CP437", "CP850", "CP858", "CP863", "WPC1252"), "CP858"),
            "code_page_number": (_whole(-1, 255), -1),  # -1: Epson's number for that page
            "baud": (_one_of(9600, 19200, 38400, 57600, 115200), 9600),
            "status": (_BOOLEAN, True),  # answers DLE EOT
            "cutter": (_BOOLEAN, False),
            "store_copy": (_BOOLEAN, True),
        },
        "receipt": {
            "header": (_LINES, []),
            "footer": (_LINES, []),
        },
    }


def check(document: dict) -> dict:
    """The profile with every optional key filled in.

    `document` is {section: {key: value}} as TOML or JSON gives it. Raises ProfileError that
    names the first key that is missing, unknown or wrong, and what was expected there.
    """
    if not isinstance(document, dict):
        raise ProfileError("profile: expected sections such as [platform]")
    rules = schema()
    for section in document:
        if section not in rules:
            raise ProfileError("[%s] is unknown; expected one of %s" % (
                bounded(section), ", ".join(sorted(rules))))  # fmt: skip
    return {name: _section(name, rules[name], document.get(name, {})) for name in rules}


def bounded(name) -> str:
    """A name from outside, short enough and plain enough to stand in an error's text."""
    return "".join([c if " " <= c <= "~" else "?" for c in str(name)[:24]])


def _section(section: str, rules: dict, values: dict) -> dict:
    if not isinstance(values, dict):
        raise ProfileError("[%s]: expected keys with values" % section)
    for key in values:
        if key not in rules:
            raise ProfileError("[%s] %s is unknown; expected one of %s" % (
                section, bounded(key), ", ".join(sorted(rules))))  # fmt: skip
    filled = {}
    for key, ((is_good, expected), default) in rules.items():
        if key not in values and default is _REQUIRED:
            raise ProfileError("[%s] %s is missing: expected %s" % (section, key, expected))
        value = values.get(key, default)
        if not is_good(value):
            raise ProfileError("[%s] %s: expected %s" % (section, key, expected))
        filled[key] = value
    return filled
