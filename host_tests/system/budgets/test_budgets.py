"""The budgets that a change breaks without anybody noticing: heap of a checkout, flash of a board.

`make bench` prints the figures themselves; here a whole checkout of the compiled build gets
through with a heap of that size, so the compiled form is also shown to work. It does so on a
microcontroller's words where those can be run, and on 64-bit words everywhere.
"""

import pytest

from tools import boards, build, micropython
from tools.bench import clients, display, heap, shift
from tools.budgets import FLASH_BYTES, SMALL, heap_budget
from tools.debian import native_arch
from tools.emulator.testing import running_emulator

BUDGET = heap_budget(micropython.heap_arch())
ARCHITECTURES = sorted({micropython.heap_arch(), native_arch()})


@pytest.mark.parametrize("board", boards.names())
def test_all_code_of_a_board_fits_into_the_budget_of_flash(board, tmp_path):
    assert build.size_bytes(build.build(board, tmp_path / board)) <= FLASH_BYTES.most


def checkout(arch: str) -> shift.Counts:
    """What a checkout takes that is played with the smallest heap allowed."""
    with running_emulator() as emulator:
        firmware = shift.program(f"{heap_budget(arch).checkout.most}K", "mpy", arch)
        return shift.play(emulator, firmware, 1, shift.QUICK_PRINTER)


@pytest.mark.xdist_group("budgets")
@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_a_checkout_gets_through_with_its_code_in_the_budget_of_heap(arch):
    counts = checkout(arch)
    assert counts.connections == 1
    assert counts.bus_bytes <= display.redraw_bytes(counts.screens) / 5, "RPLCD's redraws"


@pytest.mark.xdist_group("budgets")
def test_the_client_alone_keeps_its_budget_of_heap_but_for_code():
    with running_emulator() as emulator:
        taken = heap.client(emulator, clients.OURS, range(24, 80)).all_but_code
    assert taken is not None
    assert taken <= BUDGET.client.most


@pytest.mark.prove
@pytest.mark.xdist_group("budgets")
@pytest.mark.timeout(300)
def test_a_checkout_keeps_its_budget_of_heap_but_for_code():
    with running_emulator() as emulator:
        taken = heap.checkout(emulator, "rom", range(56, BUDGET.in_place.most + 1, 4))
    assert taken.all_but_code is not None
    assert taken.all_but_code <= BUDGET.but_code.most


def test_without_small_words_heap_is_measured_on_the_machines_own(monkeypatch):
    monkeypatch.setattr(micropython, "SMALL_WORDS", "m68k")
    assert micropython.heap_arch() == native_arch()
    budget = heap_budget(micropython.heap_arch())
    for small, large in zip(SMALL, budget, strict=True):
        assert small.most < large.most <= 2 * small.most
        assert small.aim < large.aim <= 2 * small.aim


def test_what_cannot_be_had_is_named():
    with pytest.raises(micropython.MissingError, match="MicroPython for m68k is missing"):
        shift.program("2M", "mpy", "m68k")
