"""The budgets that a change breaks without anybody noticing: heap of a checkout, flash of a board.

`make bench` prints the figures themselves; here a whole checkout of the compiled build gets
through with a heap of that size, so the compiled form is also shown to work. It does so on a
microcontroller's words where those can be run, else on the machine's own; `make prove` takes
both.
"""

import pytest

from tools import boards, build, micropython
from tools.bench import __main__ as bench
from tools.bench import clients, display, earning, heap, latency, shift, till_request
from tools.budgets import COLD_WAIT, SMALL, WARM_WAIT, heap_budget
from tools.debian import native_arch
from tools.emulator.testing import running_emulator

BUDGET = heap_budget(micropython.heap_arch())
ARCHITECTURES = [micropython.heap_arch()]
if native_arch() not in ARCHITECTURES:
    ARCHITECTURES.append(pytest.param(native_arch(), marks=pytest.mark.prove))


@pytest.mark.parametrize("board", boards.names())
def test_all_code_of_a_board_fits_into_the_budget_of_flash(board):
    assert build.size_bytes(build.build(board)) <= boards.flash(board).most


def checkout(arch: str) -> shift.Counts:
    """What a checkout takes that is played with the smallest heap allowed."""
    with running_emulator() as emulator:
        firmware = shift.program(f"{heap_budget(arch).checkout.most}K", "mpy", arch)
        return shift.play(emulator, firmware, 1, shift.QUICK_PRINTER)


@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_a_checkout_gets_through_with_its_code_in_the_budget_of_heap(arch):
    counts = checkout(arch)
    assert counts.connections == 1
    assert counts.bus_bytes <= display.redraw_bytes(counts.screens) / 5, "RPLCD's redraws"


@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_sales_that_earn_get_through_in_the_budget_of_heap(arch):
    with running_emulator() as emulator:
        firmware = shift.program(f"{heap_budget(arch).earning.most}K", "mpy", arch)
        earning.play(emulator, firmware)


@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_a_till_s_redemption_gets_through_in_the_budget_of_heap(arch):
    with running_emulator() as emulator:
        firmware = shift.program(f"{heap_budget(arch).till.most}K", "mpy", arch)
        till_request.play(emulator, firmware)
        assert len(emulator.ledger()) == 1


def test_the_client_alone_keeps_its_budget_of_heap_but_for_code():
    with running_emulator() as emulator:
        code = heap.client(emulator, clients.OURS, ())
        most = int(code.before + code.code + BUDGET.client.most)
        taken = heap.client(emulator, clients.OURS, [most])
    assert taken.kib == most, "it does not get through with the budget"


@pytest.mark.prove
@pytest.mark.timeout(300)
def test_a_checkout_keeps_its_budget_of_heap_but_for_code():
    with running_emulator() as emulator:
        taken = heap.checkout(emulator, "rom", range(56, BUDGET.in_place.most + 1, 4))
    assert taken.all_but_code is not None
    assert taken.all_but_code <= BUDGET.but_code.most


def waits(figures: dict[bool, latency.Waits]):
    """What stands for a measurement: {whether cold: what comes of it}."""
    return lambda _emulator, is_cold: figures[is_cold]


def test_a_wait_beyond_its_budget_breaks_the_bench(monkeypatch):
    bare = {False: latency.Waits(200, 200), True: latency.Waits(220, 220)}
    ours = {False: latency.Waits(250, 251), True: latency.Waits(660, 661)}
    monkeypatch.setattr(latency, "bare_calls", waits(bare))
    monkeypatch.setattr(latency, "handheld", waits(ours))
    rows = list(bench._latency_rows(None))
    assert [row.is_kept for row in rows] == [True, False, True, False]
    assert [row.what for row in rows] == [
        *("scan to offer, warm", "ENTER to APPROVED, warm"),
        *("scan to offer, cold", "ENTER to APPROVED, cold"),
    ]


def test_a_wait_is_counted_with_the_platforms_part_and_the_displays():
    with running_emulator() as emulator:
        waited = latency.handheld(emulator, cold=False, times=1)
    # A full screen takes at least 10 ms on the bus; a busy desktop adds whatever it likes.
    assert min(waited) > latency.PLATFORM_S * 1000 + 10


@pytest.mark.prove  # its figures mean something on a desktop that does nothing else
@pytest.mark.parametrize(("cold", "budget"), [(False, WARM_WAIT), (True, COLD_WAIT)])
def test_nobody_waits_longer_than_the_budget(cold, budget):
    with running_emulator() as emulator:
        bare = latency.bare_calls(emulator, cold)
        waited = latency.handheld(emulator, cold)
    assert waited.offer_ms <= budget.most * bare.offer_ms
    assert waited.approval_ms <= budget.most * bare.approval_ms


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
