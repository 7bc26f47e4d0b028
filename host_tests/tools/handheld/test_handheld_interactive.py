"""What a person types is what the handheld is asked for."""

import io

import pytest
from rich.console import Console
from rich.live import Live

from tools.handheld.events import Event
from tools.handheld.interactive import Desk, event_for, keystrokes


@pytest.fixture
def desk(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")  # whatever the tests themselves run in
    with Live(
        console=Console(file=io.StringIO(), width=100, force_terminal=True),
        auto_refresh=False,
    ) as live:
        yield Desk(live)


@pytest.mark.parametrize(
    ("typed", "event"),
    [
        (b"4", Event("key", "4")),
        (b"z", Event("key", "00")),
        (b"\n", Event("key", "ENTER")),
        (b"\x1b", Event("key", "CANCEL")),
        (b"\x7f", Event("key", "CLEAR")),
        (b"\x1b[A", Event("key", "UP")),
        (b"s", Event("scan", "84095202006")),
        (b"c", Event("cut", True)),
        (b"n", Event("wifi", False)),
        (b"p", Event("paper", False)),
        (b"q", Event("quit", True)),
        (b"\x04", Event("quit", True)),
        (b"\xc3", None),
    ],
)
def test_a_keystroke_is_an_event(desk, typed, event):
    assert event_for(typed, desk) == event


def test_a_switch_goes_back(desk):
    assert [event_for(b"n", desk) for _ in range(2)] == [
        Event("wifi", False),
        Event("wifi", True),
    ]


def test_quick_typing_is_split_into_keystrokes():
    assert keystrokes(b"12\x1b[B\n\x1b") == [b"1", b"2", b"\x1b[B", b"\n", b"\x1b"]


def test_screens_and_slips_are_drawn(desk):
    desk.tell({"screen": ["CHECKOUT".ljust(20)] * 4})
    desk.tell({"slip": {"lines": ["THANK YOU"], "escpos": ""}})
    desk.tell({"log": "[not markup]"})
    drawn = desk._live.console.file.getvalue()
    for text in ("CHECKOUT", "THANK YOU", "[not markup]", "q quit"):
        assert text in drawn
