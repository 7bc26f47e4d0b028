"""The events of the JSON-lines interface: reads what comes in, and checks it in full.

No error text repeats what was read: a line may hold a collector number.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tools.handheld.inputs import KEYS

Outgoing = Mapping[str, object]
LONGEST_LINE = 1024 * 1024
LONGEST_SCAN = 65536
LONGEST_WAIT_S = 600
OF_THE_PLATFORM = ("fault", "faults", "clock", "platform")
OF_THE_TILL = "register"


class EventError(Exception):
    """A line is no event; the text says what was expected."""


class Event(NamedTuple):
    """One thing that is to happen, and its checked value."""

    name: str
    value: Any


def _is_line(value: object) -> bool:
    """Latin-1 text without a line end, such as a reader could send."""
    return (
        isinstance(value, str)
        and len(value) <= LONGEST_SCAN
        and all(ord(letter) < 256 and letter not in "\r\n" for letter in value)
    )


def _is_swipe(value: object) -> bool:
    return (
        isinstance(value, dict)
        and bool(value)
        and set(value) <= {"track1", "track2"}
        and all(map(_is_line, value.values()))
    )


def _is_bits(value: object) -> bool:
    return (
        isinstance(value, dict)
        and bool(value)
        and set(value) <= {"track1", "track2"}
        and all(
            isinstance(bits, str) and set(bits) <= {"0", "1"} for bits in value.values()
        )
    )


def _is_link_cut(value: object) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"direction", "after"}
        and value["direction"] in ("sent", "received")
        and type(value["after"]) is int
        and value["after"] >= 0
    )


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value < 1 << 32


def _is_lines(value: object) -> bool:
    return _is_count(value) and value != 0


def _is_i2c_fault(value: object) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"after", "count"}
        and all(map(_is_count, value.values()))
    )


def _is_bounce(value: object) -> bool:
    return type(value) is int and (value == 0 or 2 <= value <= 30)


def _is_time_server(value: object) -> bool:
    if isinstance(value, dict):
        moment = value.get("unix_s")
        return set(value) == {"unix_s"} and type(moment) is int and 0 <= moment < 1 << 48
    return value in ("absent", "late")


def _is_key(value: object) -> bool:
    return isinstance(value, str) and value in KEYS


def _is_boolean(value: object) -> bool:
    return isinstance(value, bool)


def _is_percent(value: object) -> bool:
    return type(value) is int and 0 <= value <= 100


def _is_rssi(value: object) -> bool:
    return type(value) is int and -120 <= value <= -1


def _is_true(value: object) -> bool:
    return value is True


def _is_seconds(value: object) -> bool:
    return isinstance(value, int | float) and 0 <= value <= LONGEST_WAIT_S


def _is_wait(value: object) -> bool:
    if not isinstance(value, dict):
        return _is_seconds(value) and not isinstance(value, bool)
    return (
        value.keys() <= {"screen", "s"}
        and isinstance(value.get("screen"), str)
        and bool(value["screen"])
        and _is_seconds(value.get("s", 0))
    )


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _is_language(value: object) -> bool:
    return value in ("en-CA", "fr-CA")


def _is_scenario(value: object) -> bool:
    return isinstance(value, dict) and _is_language(value.get("language", "en-CA"))


_RULES: dict[str, tuple[Callable[[object], bool], str]] = {
    "key": (_is_key, "one of " + " ".join(KEYS)),
    "swipe": (
        _is_swipe,
        'an object with "track1", "track2" or both, each one line of text',
    ),
    "swipe_bits": (_is_bits, 'an object with "track1", "track2" or both, each of 0 and 1'),
    "scan": (_is_line, "one line of text without its end"),
    "scan_slip": (_is_true, "true"),
    "wifi": (_is_boolean, "true or false"),
    "paper": (_is_boolean, "true or false"),
    "cover": (_is_boolean, "true (closed) or false (open)"),
    "battery": (_is_percent, "0 to 100 (percent)"),
    "rssi": (_is_rssi, "-120 to -1 (dBm)"),
    "ntp": (_is_time_server, '"absent", "late" or {"unix_s": seconds since 1970}'),
    "i2c_fault": (
        _is_i2c_fault,
        '{"after": writes that are acknowledged, "count": writes that are not}',
    ),
    "glitch": (_is_true, "true"),
    "hold": (_is_key, "one of " + " ".join(KEYS)),
    "paper_left": (_is_lines, "how many lines the roll still holds, 1 or more"),
    "bounce": (_is_bounce, "0, or the 2 to 30 ms for which a held key opens"),
    "cut": (_is_true, "true"),
    "cut_at_write": (_is_count, "how many writes to the flash come before the one it cuts"),
    "power": (_is_true, "true"),
    "quit": (_is_true, "true"),
    "wait": (
        _is_wait,
        'seconds, or {"screen": text on it, "s": how long at most}',
    ),
    "language": (_is_language, '"en-CA" or "fr-CA"'),
    # What a session of the page holds besides: its sentences, and orders for its platform and
    # for the cash register beside it.
    "scenario": (
        _is_scenario,
        'an object: what the lines below are, "language" one of ours',
    ),
    "say": (_is_object, 'an object: a sentence, {"en": text, "fr": text}'),
    "fault": (_is_object, 'an object such as {"op": "redeem", "fault": "garbage"}'),
    "faults": (lambda value: value == "clear", '"clear"'),
    "clock": (_is_object, '{"advance_s": seconds} or {"set": a moment in ISO 8601}'),
    "platform": (lambda value: value == "reset", '"reset"'),
    OF_THE_TILL: (_is_object, 'an object such as {"redeem": "40.00"}'),
    "cut_link": (_is_link_cut, '{"direction": "sent" or "received", "after": byte count}'),
}


def parse(raw: bytes) -> Event:
    """The event in one line of JSON. EventError for anything else."""
    if len(raw) > LONGEST_LINE:
        raise EventError(f"longer than {LONGEST_LINE} bytes")
    try:
        document = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        raise EventError(
            'not JSON; expected one object a line, such as {"key": "4"}'
        ) from None
    if not isinstance(document, dict) or len(document) != 1:
        raise EventError("expected an object with one event in it")
    ((name, value),) = document.items()
    if name not in _RULES:
        raise EventError("unknown event; expected one of " + ", ".join(_RULES))
    is_good, expected = _RULES[name]
    if not is_good(value):
        raise EventError(f'"{name}" expects {expected}')
    return Event(name, value)


def dump(event: Outgoing) -> bytes:
    """One line of ASCII JSON, with its end."""
    return json.dumps(event).encode("ascii") + b"\n"
