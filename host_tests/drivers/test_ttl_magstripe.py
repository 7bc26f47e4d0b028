"""Clock and data lines become a swipe, whichever way the bits are gathered."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.card.encoder import flipped
from host_tests.drivers.chips import Emitted
from milepad.drivers.ttl_magstripe import ClockedHead, TtlMagstripe
from tools.handheld.card_bits import encode_track

TRACK1 = "%B84095202006^DOE/J^9912?"
TRACK2 = ";84095202006=9912?"
QUIET = "0" * 30
FALLING = 4


class Line:
    """A pin whose level the test moves; low is active."""

    def __init__(self) -> None:
        self.level = 1
        self.handler: Callable[[Any], None] | None = None

    def value(self) -> int:
        return self.level

    def irq(self, handler: Callable[[Any], None], trigger: int) -> None:
        assert trigger == FALLING
        self.handler = handler


class Bench:
    """A reader with two clocked heads, and the card that is drawn past them."""

    def __init__(self) -> None:
        self.present, self.emitted = Line(), Emitted()
        self.lines = {1: (Line(), Line()), 2: (Line(), Line())}
        heads = [
            ClockedHead(clock, data, self.present, FALLING)
            for clock, data in self.lines.values()
        ]
        self.reader = TtlMagstripe(self.present, *heads)

    def clock(self, track: int, bits: str) -> None:
        clock, data = self.lines[track]
        for bit in bits:
            data.level = 0 if bit == "1" else 1
            assert clock.handler
            clock.handler(clock)
            data.level = 1

    def swipe(self, polls: bool = True, **tracks: str) -> list[tuple[str, str]]:
        self.present.level = 0
        for name, bits in tracks.items():
            if polls:
                self.reader.poll(self.emitted)
            self.clock(int(name[-1]), bits)
        self.present.level = 1
        self.reader.poll(self.emitted)
        found, self.emitted[:] = list(self.emitted), []
        return found


def stripe(text: str, track: int) -> str:
    return QUIET + encode_track(text, track) + QUIET


def test_a_card_is_one_swipe_with_both_tracks() -> None:
    bench = Bench()
    found = bench.swipe(track1=stripe(TRACK1, 1), track2=stripe(TRACK2, 2))
    assert found == [("swipe", TRACK1 + TRACK2)]


def test_a_card_drawn_backwards_is_read_as_well() -> None:
    assert Bench().swipe(track2=stripe(TRACK2, 2)[::-1]) == [("swipe", TRACK2)]


def test_one_card_after_the_other() -> None:
    bench = Bench()
    for _ in range(3):
        assert bench.swipe(track2=stripe(TRACK2, 2)) == [("swipe", TRACK2)]


def test_a_card_that_came_and_went_between_two_polls_is_read() -> None:
    assert Bench().swipe(polls=False, track2=stripe(TRACK2, 2)) == [("swipe", TRACK2)]


def test_nothing_is_emitted_while_the_card_still_moves() -> None:
    bench = Bench()
    bench.present.level = 0
    bench.clock(2, stripe(TRACK2, 2))
    bench.reader.poll(bench.emitted)
    assert bench.emitted == []


@given(st.integers(0, len(encode_track(TRACK2, 2)) - 1))
def test_a_wrong_bit_is_a_card_that_was_not_read(place: int) -> None:
    bits = QUIET + flipped(encode_track(TRACK2, 2), place) + QUIET
    assert Bench().swipe(track2=bits) == [("noise", "card not read")]


def test_a_card_that_stops_the_clock_is_not_read() -> None:
    assert Bench().swipe(track2=stripe(TRACK2, 2)[:70]) == [("noise", "card not read")]


def test_too_many_bits_are_no_card() -> None:
    assert Bench().swipe(track2="01" * 900) == [("noise", "card not read")]


def test_a_finger_in_the_slot_is_nothing() -> None:
    bench = Bench()
    assert bench.swipe(track2="1011") == []
    assert bench.swipe(track2=stripe(TRACK2, 2)) == [("swipe", TRACK2)]


def test_clock_noise_without_a_card_is_nothing() -> None:
    bench = Bench()
    bench.clock(2, "1101" * 30)
    bench.reader.poll(bench.emitted)
    assert bench.emitted == []


class StateMachine:
    """A PIO state machine that runs the program of pio_head: it shifts right and autopushes."""

    def __init__(self, number: int, program: object, freq: int, in_base: object) -> None:
        self.words: list[int] = []
        self._isr = self._filled = 0

    def active(self, on: int) -> None:
        assert on

    def shift(self, bit: int) -> None:
        self._isr = self._isr >> 1 | bit << 31
        self._filled += 1
        if self._filled == 32:
            assert len(self.words) < 8, "the FIFO overflowed"
            self.words.append(self._isr)
            self._isr = self._filled = 0

    def exec(self, instruction: str) -> None:
        assert instruction == "in_(null, 1)"
        self.shift(0)

    def rx_fifo(self) -> int:
        return len(self.words)

    def get(self) -> int:
        return self.words.pop(0)

    def restart(self) -> None:
        self._isr = self._filled = 0


@pytest.fixture
def pio_head(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    pio = SimpleNamespace(SHIFT_RIGHT=1, JOIN_RX=2)
    rp2 = SimpleNamespace(
        PIO=pio, StateMachine=StateMachine, asm_pio=lambda **_: lambda program: program
    )
    monkeypatch.setitem(sys.modules, "rp2", rp2)
    monkeypatch.delitem(sys.modules, "boards.pico2w_pinpad.pio_head", raising=False)
    yield importlib.import_module("boards.pico2w_pinpad.pio_head").PioHead(0, None, None)
    sys.modules.pop("boards.pico2w_pinpad.pio_head", None)


@pytest.mark.parametrize("quiet", range(20, 53))
def test_a_pio_head_loses_no_bit_wherever_its_words_end(pio_head: Any, quiet: int) -> None:
    present, emitted = Line(), Emitted()
    reader = TtlMagstripe(present, None, pio_head)
    for _ in range(2):
        present.level = 0
        for at, bit in enumerate(QUIET + encode_track(TRACK2, 2) + "0" * quiet):
            pio_head._machine.shift(int(bit))
            if at % 50 == 0:
                reader.poll(emitted)
        present.level = 1
        reader.poll(emitted)
    assert emitted == [("swipe", TRACK2)] * 2
