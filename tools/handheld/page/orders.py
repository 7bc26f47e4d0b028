"""What a page sends: events of the handheld, the three that steer what plays, and the till's."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from tools.handheld.events import OF_THE_TILL, Event, EventError, parse

_QUICKEST = 20
_LONGEST_AMOUNT = 20
# What the cash register does; with what each wants beside it, see README.md.
ASKED = (
    *("item", "sale", "lose", "login", "redeem", "earn", "refund"),
    *("balance", "status", "totals", "abort"),
)


class Play(NamedTuple):
    """What is to be played: a scenario of ours by its name, or the lines of a session."""

    scenario: str
    lines: str
    speed: float


class Stop(NamedTuple):
    """A person takes over."""


class Pause(NamedTuple):
    """What plays waits before its next event, or goes on."""

    waits: bool


class Ask(NamedTuple):
    """The cash register beside the handheld does something; `value` as its words expect it."""

    what: str
    value: str


Order = Event | Play | Stop | Pause | Ask


def read(text: str) -> Order:
    """A page's message. EventError when it is none."""
    document = _document(text)
    if document.keys() == {"stop"}:
        return Stop()
    if document.keys() == {"pause"} and isinstance(document["pause"], bool):
        return Pause(document["pause"])
    if document.keys() == {"play"}:
        return _play(document["play"])
    if document.keys() == {OF_THE_TILL}:
        return ask(document[OF_THE_TILL])
    event = parse(text.encode("utf-8", "replace"))
    if event.name == "quit":
        raise EventError("a page does not end the program")
    if event.name == "wait":
        raise EventError("a page waits by itself; a session is played")
    return event


def _play(value: object) -> Play:
    given = value if isinstance(value, dict) else {}
    speed, what = (
        given.get("speed", 1),
        {key: given[key] for key in given if key != "speed"},
    )
    is_speed = isinstance(speed, int | float) and 0 <= speed <= _QUICKEST
    is_one = what.keys() in ({"scenario"}, {"lines"})
    if not (is_speed and is_one and all(isinstance(each, str) for each in what.values())):
        raise EventError(
            '"play" expects {"scenario": name} or {"lines": text}, and perhaps "speed"'
        )
    return Play(what.get("scenario", ""), what.get("lines", ""), speed)


def ask(value: object) -> Ask:
    """What the cash register shall do. EventError when it is none of `ASKED`."""
    given = value if isinstance(value, dict) and len(value) == 1 else {"": ""}
    ((what, more),) = given.items()
    if what not in ASKED or not isinstance(more, str) or len(more) > _LONGEST_AMOUNT:
        raise EventError(
            '"register" expects one of '
            + ", ".join(ASKED)
            + ', with a short text, such as {"redeem": "40.00"}'
        )
    return Ask(what, more)


def _document(text: str) -> dict[str, Any]:
    """An object, or an empty one."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def name_in(text: str) -> str:
    """What was asked for, as far as it can be told."""
    return str(next(iter(_document(text)), ""))[:40]
