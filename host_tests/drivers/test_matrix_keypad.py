"""A key is emitted once when it goes down, and only if the wires are sure about it."""

import asyncio
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boards.simulator.board import KEYS
from boards.simulator.matrix import VirtualMatrix
from host_tests.drivers.chips import Emitted
from milepad.drivers.matrix_keypad import MatrixKeypad

NAMES = KEYS.split(",")
PLACES = [divmod(at, 4) for at in range(len(NAMES))]


class Bench:
    """A keypad on a matrix without diodes."""

    def __init__(self) -> None:
        self.matrix = VirtualMatrix(5, 4)
        self.keypad = MatrixKeypad(self.matrix.rows, self.matrix.columns, NAMES)
        self.emit = Emitted()

    def switch(self, name: str, closed: bool = True) -> None:
        self.matrix.switch(*PLACES[NAMES.index(name)], closed)

    def scan(self, times: int = 1) -> list[str]:
        """The keys that these scans emit."""
        self.emit.clear()
        for _ in range(times):
            self.keypad.scan(self.emit)
        assert all(kind == "key" for kind, _ in self.emit)
        return [name for _, name in self.emit]


@pytest.mark.parametrize("name", NAMES)
def test_each_key_is_emitted_once_while_it_is_held(name: str) -> None:
    bench = Bench()
    bench.switch(name)
    assert bench.scan(50) == [name]
    bench.switch(name, False)
    assert bench.scan(50) == []


def test_two_scans_have_to_agree() -> None:
    bench = Bench()
    bench.switch("5")
    assert bench.scan() == []
    assert bench.scan() == ["5"]


def test_a_bouncing_switch_is_one_key() -> None:
    bench = Bench()
    emitted = []
    for closed in (True, False, True, False, True, True, True, False, True, False, False):
        bench.switch("5", closed)
        emitted += bench.scan()
    assert emitted == ["5"]


@pytest.mark.parametrize("open_scans", [1, 2, 3])
@pytest.mark.parametrize("times", [1, 5])
def test_a_contact_that_opens_while_it_is_held_is_one_key(
    open_scans: int, times: int
) -> None:
    bench = Bench()
    bench.switch("5")
    emitted = bench.scan(5)
    for _ in range(times):
        bench.switch("5", False)
        emitted += bench.scan(open_scans)
        bench.switch("5")
        emitted += bench.scan(3)
    assert emitted == ["5"]


@pytest.mark.parametrize("open_scans", [4, 6])
def test_a_key_that_was_open_for_40_ms_counts_again(open_scans: int) -> None:
    bench = Bench()
    bench.switch("5")
    emitted = bench.scan(5)
    bench.switch("5", False)
    emitted += bench.scan(open_scans)
    bench.switch("5")
    assert emitted + bench.scan(2) == ["5", "5"]


def test_another_key_counts_while_the_contact_of_the_held_one_is_open() -> None:
    bench = Bench()
    bench.switch("5")
    assert bench.scan(5) == ["5"]
    bench.switch("5", False)
    bench.switch("9")
    assert bench.scan(2) == ["9"]
    bench.switch("5")
    assert bench.scan(5) == []


def test_a_second_key_counts_while_the_first_is_held() -> None:
    bench = Bench()
    bench.switch("1")
    assert bench.scan(3) == ["1"]
    bench.switch("5")
    assert bench.scan(3) == ["5"]
    bench.switch("1", False)
    assert bench.scan(3) == []


def test_three_corners_of_a_rectangle_emit_nothing() -> None:
    bench = Bench()
    for name in ("1", "2", "4"):
        bench.switch(name)
    assert bench.scan(5) == []


def test_the_real_key_counts_once_the_rectangle_is_resolved() -> None:
    bench = Bench()
    bench.switch("1")
    bench.switch("2")
    bench.scan(3)
    bench.switch("5")
    assert bench.scan(3) == []
    bench.switch("1", False)
    assert bench.scan(3) == ["5"]


@given(st.sets(st.sampled_from(NAMES), max_size=6), st.data())
def test_a_key_that_is_open_is_never_emitted(closed: set[str], data: st.DataObject) -> None:
    bench = Bench()
    emitted: list[str] = []
    for name in data.draw(st.permutations(sorted(closed))):
        bench.switch(name)
        emitted += bench.scan(2)
    assert set(emitted) <= closed
    assert len(emitted) == len(set(emitted))


def test_the_bench_matrix_conducts_backwards_through_wrong_keys() -> None:
    bench = Bench()
    for name in ("1", "2", "4"):
        bench.switch(name)
    bench.keypad.scan(bench.emit)
    assert bench.keypad._seen == 0b110011


def test_a_crossing_without_a_key_is_nothing() -> None:
    matrix = VirtualMatrix(1, 2)
    emit = Emitted()
    keypad = MatrixKeypad(matrix.rows, matrix.columns, ("", "1"))
    matrix.switch(0, 0, True)
    for _ in range(3):
        keypad.scan(emit)
    assert emit == []


def run(
    monkeypatch: pytest.MonkeyPatch, script: dict[int, tuple[str, bool]]
) -> list[str | int]:
    """The keys and pauses of a keypad that runs; `script`: what is switched in which pause."""
    bench, pauses = Bench(), itertools.count()
    told: list[str | int] = []

    async def sleep(delay_ms: int) -> None:
        told.extend(name for _, name in bench.emit)
        bench.emit.clear()
        told.append(delay_ms)
        at = next(pauses)
        if at in script:
            bench.switch(*script[at])
        if at > max(script) + 3:
            raise asyncio.CancelledError

    monkeypatch.setattr("milepad.drivers.matrix_keypad.sleep_ms", sleep)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(bench.keypad.run(bench.emit))
    return told


def test_a_contact_that_closed_is_looked_at_again_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = run(monkeypatch, {1: ("7", True)})
    assert told == [10, 10, 2, "7", 10, 10, 10]


def test_a_spike_on_a_wire_is_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    told = run(monkeypatch, {1: ("7", True), 2: ("7", False)})
    assert told == [10, 10, 2, 10, 10, 10, 10]


def test_the_second_look_at_another_key_does_not_let_the_held_one_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = {0: ("5", True), 2: ("5", False), 4: ("9", True), 5: ("9", False),
              6: ("5", True)}  # fmt: skip
    # Its contact was open for three scans and one look.
    assert run(monkeypatch, script) == [10, 2, "5", 10, 10, 10, 2, *[10] * 5]
