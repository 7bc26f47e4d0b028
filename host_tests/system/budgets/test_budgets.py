"""The budgets that a change breaks without anybody noticing: heap of a checkout, flash of a board.

`make bench` prints the figures themselves; here a whole checkout of the compiled build gets
through with a heap of that size, so the compiled form is also shown to work.
"""

import pytest

from tools import build
from tools.bench import clients, display, heap, shift
from tools.debian import ROOT
from tools.emulator.testing import running_emulator

BOARDS = sorted(path.parent.name for path in (ROOT / "boards").glob("*/board.toml"))
MOST_KIB = 112
MOST_BUT_CODE_KIB = 32
MOST_OF_CLIENT_KIB = 14


@pytest.mark.parametrize("board", BOARDS)
def test_all_code_of_a_board_fits_into_80_kib_of_flash(board, tmp_path):
    assert build.size_bytes(build.build(board, tmp_path / board)) <= build.BUDGET_BYTES


@pytest.fixture(scope="module")
def counts() -> shift.Counts:
    """What a checkout takes that is played with the smallest heap allowed."""
    with running_emulator() as emulator:
        firmware = shift.program("i386", f"{MOST_KIB}K", "mpy")
        return shift.play(emulator, firmware, 1, shift.QUICK_PRINTER)


@pytest.mark.xdist_group("budgets")
def test_a_checkout_gets_through_with_its_code_in_112_kib_of_heap(counts):
    assert counts.connections == 1


@pytest.mark.xdist_group("budgets")
def test_the_display_is_sent_a_fifth_of_what_full_redraws_cost_others(counts):
    assert counts.bus_bytes <= display.redraw_bytes(counts.screens) / 5


@pytest.mark.xdist_group("budgets")
def test_the_client_alone_takes_14_kib_of_heap_but_for_code():
    with running_emulator() as emulator:
        taken = heap.client(emulator, clients.OURS, range(32, 40)).all_but_code
    assert taken is not None
    assert taken <= MOST_OF_CLIENT_KIB


@pytest.mark.prove
@pytest.mark.xdist_group("budgets")
@pytest.mark.timeout(300)
def test_a_checkout_takes_32_kib_of_heap_but_for_code():
    with running_emulator() as emulator:
        taken = heap.checkout(emulator, "rom", range(56, 100, 4)).all_but_code
    assert taken is not None
    assert taken <= MOST_BUT_CODE_KIB
