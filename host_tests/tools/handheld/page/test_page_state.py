"""The whole state is as large after ten thousand events as after a few hundred."""

from __future__ import annotations

import json

from tools.handheld.page.state import LIMITS, State

FIXED = {"language": "en-CA", "printer": {"width": 448}}


def busy(events: int) -> State:
    """A state that has seen a long shift."""
    state = State(FIXED)
    for number in range(events):
        state.take({"screen": [f"{number:20}", "", "", ""]})
        state.take({"log": f"line {number:8}"})
        state.take({"till_message": {"number": number, "text": "x" * 300}})
        state.take({"slip": {"lines": [f"{number:8}"], "escpos": ""}})
        state.take({"strip": {"number": number, "png": "x" * 300}})
        state.take({"platform": {"requests": [{"number": number, "status": 200}]}})
        state.take({"device": {"heap": {"used": number, "free": 1}}})
    return state


def test_ten_thousand_events_take_as_much_as_a_thousand() -> None:
    few, many = (len(json.dumps(busy(count).ready())) for count in (1_000, 10_000))
    assert many < few * 1.02


def test_lists_hold_the_latest() -> None:
    ready = busy(1_000).ready()
    assert len(ready["log"]) == LIMITS["log"] and ready["log"][-1] == "line      999"
    assert len(ready["printer"]["strips"]) == LIMITS["strips"]
    assert len(ready["slips"]) == LIMITS["slips"]
    assert [row["number"] for row in ready["platform"]["requests"]] == [*range(900, 1000)]


def test_a_request_that_is_answered_takes_its_own_place() -> None:
    state = State(FIXED)
    state.take({"platform": {"requests": [{"number": 1, "status": None}]}})
    state.take({"platform": {"requests": [{"number": 2, "status": None}]}})
    state.take({"platform": {"requests": [{"number": 1, "status": 200}]}})
    rows = state.ready()["platform"]["requests"]
    assert [(row["number"], row["status"]) for row in rows] == [(1, 200), (2, None)]


def test_without_a_platform_there_is_none() -> None:
    assert State(FIXED).ready()["platform"] is None


def test_what_was_not_told_again_is_as_it_was() -> None:
    state = State(FIXED)
    state.take({"device": {"entries": [1], "flash": {"used": 1}}})
    state.take({"device": {"flash": {"used": 2}}})
    assert state.ready()["device"] == {"entries": [1], "flash": {"used": 2}}


def test_every_key_of_the_readme_is_there() -> None:
    ready = State(FIXED).ready()
    named = {"screen", "pixels", "power", "queue", "till", "switches", "scenario", "log"}
    assert named | {"slips", "printer", "platform", "device", "limits"} <= ready.keys()
