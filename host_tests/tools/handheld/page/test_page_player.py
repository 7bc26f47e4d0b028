"""Scenarios are files that anybody can read: each is whole, in both languages, and steers back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest

from host_tests.kit.until import LONG_S
from tools.handheld.device import Device
from tools.handheld.events import Event, EventError, Outgoing
from tools.handheld.page import orders, player, tray
from tools.handheld.page.fault_texts import FRENCH, NEEDS
from tools.handheld.page.platform import orders as platform_orders
from tools.handheld.page.refusals import Refused
from tools.handheld.page.session import MOST_LINES, Session
from tools.handheld.screens import Screens

SCENARIOS = {each.name: each for each in player.scenarios()}
WANTED = {
    "good-day",
    "lost-answer",
    "battery-pulled",
    "wifi-gone",
    "locked-collector",
    "outage",
    "late-refund",
    "french",
    "days-end",
}


def test_every_scenario_that_is_promised_is_there() -> None:
    assert SCENARIOS.keys() >= WANTED


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_speaks_both_languages_at_every_step(name: str) -> None:
    scenario = SCENARIOS[name]
    for text in (scenario.about["title"], scenario.about["about"], *scenario.sentences):
        assert text["en"] and text["fr"] and text["en"] != text["fr"]
    assert 2 <= len(scenario.sentences) == scenario.described()["steps"]


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_happens_in_a_scenario_has_a_sentence_before_it(name: str) -> None:
    assert SCENARIOS[name].events[0].name == "say"


class Hand:
    """A device that shows what it is told to, and everything that was done to it."""

    def __init__(self) -> None:
        self.screens = Screens()
        self.is_on = True
        self.last_barcode = ""
        self.done: list[Event] = []
        self.told: list[dict[str, Any]] = []
        self.answers: dict[str, list[str]] = {}

    def show(self, *rows: str) -> None:
        self.screens.take({"screen": [*rows]})

    async def do(self, event: Event) -> None:
        self.done.append(event)
        if event.name == "key" and event.value in self.answers:
            self.show(*self.answers[event.value])

    def tell(self, message: Outgoing) -> None:
        self.told.append(dict(message["scenario"]))  # type: ignore[call-overload]


def play(hand: Hand, script: Callable[[player.Player], Awaitable[None]]) -> None:
    async def run() -> None:
        one = player.Player(cast(Device, hand), hand.do, hand.tell)
        await asyncio.wait_for(script(one), LONG_S)

    asyncio.run(run())


async def ended(hand: Hand) -> dict[str, Any]:
    while not hand.told or hand.told[-1]["playing"] is not None:
        await asyncio.sleep(0.01)
    return hand.told[-1]


def lines(*events: dict[str, Any]) -> str:
    return "\n".join(json.dumps(each) for each in events)


SAY = {"say": {"en": "one", "fr": "un"}}


def test_a_session_is_played_in_order_and_waits_for_its_screens() -> None:
    async def script(one: player.Player) -> None:
        hand.answers = {"1": ["TOTAL"]}
        text = lines(SAY, {"key": "1"}, {"wait": {"screen": "TOTAL"}}, {"key": "ENTER"})
        await one.play(player.read("session", text), 0)
        assert (await ended(hand))["state"] == "done"

    hand = Hand()
    play(hand, script)
    assert [each.value for each in hand.done] == ["1", "ENTER"]
    assert [each["step"] for each in hand.told] == [0, 0, 0]


def test_a_screen_that_does_not_come_ends_it_and_says_so() -> None:
    async def script(one: player.Player) -> None:
        text = lines({"wait": {"screen": "NEVER", "s": 0}}, {"key": "1"})
        await one.play(player.read("session", text), 0)
        reason = (await ended(hand))["reason"]
        assert reason == {"code": "no_screen", "values": {"text": "NEVER"}}

    hand = Hand()
    play(hand, script)
    assert hand.done == [] and hand.told[-1]["state"] == "failed"


def test_a_person_who_takes_over_ends_it_at_once() -> None:
    async def script(one: player.Player) -> None:
        text = lines(SAY, {"wait": 500}, {"key": "1"})
        await one.play(player.read("session", text), 0)
        await asyncio.sleep(0)
        await one.stop()
        assert hand.told[-1]["state"] == "stopped"
        await one.stop()  # again: nothing plays

    hand = Hand()
    play(hand, script)
    assert hand.done == []


def test_a_scenario_finds_the_way_to_its_idle_screen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(player, "_LOOK_S", 0.01)

    async def script(one: player.Player) -> None:
        hand.show("INTERRUPTED")
        hand.answers = {"0": ["APPROVED", "ENTER=GO ON"], "ENTER": ["1 CHECKOUT"]}
        about = {"scenario": {"title": {}, "about": {}, "language": "en-CA"}}
        await one.play(player.read("x", lines(about, SAY)), 0)
        assert (await ended(hand))["state"] == "done"

    hand = Hand()
    play(hand, script)
    assert Event("paper", True) in hand.done and Event("faults", "clear") in hand.done
    keys = [each.value for each in hand.done if each.name == "key"]
    assert keys == ["0", "CANCEL", "ENTER"]


@pytest.mark.parametrize(
    "text",
    ['{"key": "F1"}', "nonsense", '{"key": "1"}\n[]', '{"scenario": {"language": "de"}}'],
)
def test_a_line_that_is_no_event_is_named(text: str) -> None:
    line = len(text.splitlines())
    with pytest.raises(Refused, match=f"^line {line}: ") as told:
        player.read("session", text)
    assert told.value.told == {"code": "no_line", "values": {"line": line}}


def test_a_session_that_is_too_long_is_refused() -> None:
    with pytest.raises(Refused, match="too_long"):
        player.read("session", "\n" * (player.MOST_CHARACTERS + 1))


@pytest.mark.parametrize(
    "play_",
    [
        None,
        {},
        {"scenario": 1},
        {"lines": "", "scenario": ""},
        {"scenario": "x", "speed": -1},
        {"scenario": "x", "speed": 21},
        {"scenario": "x", "speed": "1"},
    ],
)
def test_what_is_no_order_to_play_is_refused(play_: object) -> None:
    with pytest.raises(EventError):
        orders.read(json.dumps({"play": play_}))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"quit": true}', '{"wait": 1}', "{" * 9999, '{"a":1,"b":2}']
)
def test_what_is_no_message_is_an_event_error(text: str) -> None:
    with pytest.raises(EventError):
        orders.read(text)
    assert isinstance(orders.name_in(text), str)


def test_a_session_names_what_was_waited_for_and_no_slips_number() -> None:
    hand = Hand()
    session = Session(cast(Device, hand))
    hand.show("1 CHECKOUT", "", "", "4 MORE      LINK OK")
    session.note(Event("key", "3"))
    hand.show("CONFIRMATION NUMBER", "", "", "ENTER=OK")
    hand.last_barcode = "03007368806"
    session.note(Event("scan", "03007368806"))
    session.note(Event("scan", "84095202006"))
    assert [json.loads(line) for line in session.text().splitlines()] == [
        {"wait": {"screen": "1 CHECKOUT"}},
        {"key": "3"},
        {"wait": {"screen": "CONFIRMATION NUMBER"}},
        {"wait": {"screen": "ENTER=OK"}},
        {"scan_slip": True},
        {"scan": "84095202006"},
    ]


def test_a_day_left_open_keeps_a_bounded_session() -> None:
    session = Session(cast(Device, Hand()))
    for _ in range(MOST_LINES + 100):
        session.note(Event("key", "1"))
    assert len(session.text().splitlines()) == MOST_LINES


def test_every_fault_that_can_be_ordered_is_told_in_french() -> None:
    faults = platform_orders()["faults"]
    assert {each["fault"] for each in faults} == FRENCH.keys() > NEEDS.keys()
    assert all(each["text"]["en"] != each["text"]["fr"] for each in faults)


def test_each_card_of_the_tray_says_what_it_shows_and_how_it_is_read() -> None:
    cards = tray.tray()
    assert len({card["number"] for card in cards}) == len(cards) == 11
    for card in cards:
        assert card["name"]["en"] and card["name"]["fr"]
        gestures = card["gestures"]
        assert gestures.keys() == {"swipe", "backward", "fast", "half", "scan"}
        for event in gestures.values():
            orders.read(json.dumps(event))
    bits = cards[0]["gestures"]["backward"]["swipe_bits"]["track2"]
    assert len(bits) > 2 * len(cards[0]["gestures"]["half"]["swipe_bits"]["track2"]) - 2
