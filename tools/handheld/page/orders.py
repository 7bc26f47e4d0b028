"""What only the page asks for, beside the events of the handheld: reads it and checks it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tools.handheld.events import Event, EventError


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


_RULES: dict[str, tuple[Callable[[object], bool], str]] = {
    "fault": (_is_object, 'an object such as {"op": "redeem", "fault": "garbage"}'),
    "faults": (lambda value: value == "clear", '"clear"'),
    "clock": (_is_object, '{"advance_s": seconds} or {"set": a moment in ISO 8601}'),
    "platform": (lambda value: value == "reset", '"reset"'),
}


def _document(text: str) -> dict[str, Any]:
    """An object with one member, or an empty one."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    is_one = isinstance(document, dict) and len(document) == 1
    return document if is_one else {}


def parse(text: str) -> Event | None:
    """The order in a message; None when it is none. EventError when it is a bad one."""
    for name, value in _document(text).items():
        if name in _RULES:
            is_good, expected = _RULES[name]
            if not is_good(value):
                raise EventError(f'"{name}" expects {expected}')
            return Event(name, value)
    return None


def name_in(text: str) -> str:
    """What was asked for, as far as it can be told."""
    return next(iter(_document(text)), "")[:40]
