"""The budgets of the design with this build's figures: `python -m tools.bench`.

Every row says how its figure was taken, and what others need for the same, measured in the
same run. Exit 1 if a budget is broken.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tools import boards, build, micropython, program, shell
from tools.bench import clients, display, heap, latency, ledger, long_queue, shift
from tools.budgets import COLD_WAIT, WARM_WAIT, Budget, heap_budget
from tools.emulator.testing import RunningEmulator, running_emulator

_CHECKOUTS = 3
_PEERS = {clients.STOCK: "requests", clients.ADAFRUIT: "adafruit_requests"}
# Every cell of a 20x4 screen through the PCF8574 as our own driver would send it: a letter
# takes four bytes (two nibbles, E up and down). No driver comes to a fifth of that, for a
# checkout's screens differ from one another in nearly half of their cells; so the budget is
# held against what a full redraw costs others.
_FULL_REDRAW_BYTES = 326
_BUS_SHARE = 0.2


class Row(NamedTuple):
    """One budget: `figure` None means that it could not be met by any size tried."""

    what: str
    figure: float | None
    budget: Budget
    unit: str
    others: str
    how: str

    @property
    def is_kept(self) -> bool:
        return self.figure is not None and self.figure <= self.budget.most

    @property
    def mark(self) -> str:
        """What a reader should notice."""
        if not self.is_kept:
            return "  OVER"
        return "  above the aim" if (self.figure or 0) > self.budget.aim else ""


def _exactly(most: float) -> Budget:
    """A budget with nothing to spare."""
    return Budget(most, most)


def _say(text: str) -> None:
    print(f"{text} ...", file=sys.stderr, flush=True)


def _peers(measure: Callable[[str], object]) -> str:
    """What `measure` gives for each of the others whose libraries are here."""
    figures = [f"{_PEERS[p]} {measure(p)}" for p in _PEERS if clients.can_run(p)]
    return ", ".join(figures)


def _flash_rows() -> Iterator[Row]:
    _say("building for every board")
    for board in boards.names():
        files_kib = boards.memory(boards.settings(boards.FOLDER / board)).files
        size = build.size_bytes(build.build(board))
        copied_kib = build.on_flash(board) / 1024
        how = f"all its .mpy; on a file system of {files_kib} KiB go {copied_kib:.0f}"
        if copied_kib * 1024 > 2 * size:
            how = f"if compiled; as source {copied_kib:.0f} KiB go on its {files_kib}"
        yield Row(f"flash, {board}", size, boards.flash(board), "B", "", how)


def _app_rows(emulator: RunningEmulator) -> Iterator[Row]:
    _say("looking for the smallest heap of a checkout (smaller ones complain), code on it")
    arch = micropython.heap_arch()
    budget = heap_budget(arch)
    kib = heap.checkout(emulator, "mpy", _sizes(80, budget.checkout)).kib
    how = f"smallest that gets through, {arch}"
    yield Row("heap, a checkout, from .mpy", kib, budget.checkout, "KiB", "", how)
    _say("the same, run in place from ROM")
    rom = heap.checkout(emulator, "rom", _sizes(48, budget.in_place))
    how = f"run in place from the image of make rom, {arch}"
    yield Row("heap, a checkout, from ROM", rom.kib, budget.in_place, "KiB", "", how)
    left = rom.all_but_code
    how = "from ROM, less what imports take"
    yield Row("heap, a checkout, all but code", left, budget.but_code, "KiB", "", how)
    if arch == micropython.SMALL_WORDS:  # a board's own words
        _say("the same, compiled by the device")
        source = heap.checkout(emulator, "source", range(160, 600, 8)).kib
        yield from _board_rows(kib, source)


def _till_rows(emulator: RunningEmulator) -> Iterator[Row]:
    _say("the same of a till's redemption on a PIN pad")
    arch = micropython.heap_arch()
    budget = heap_budget(arch).till
    kib = heap.till(emulator, _sizes(200, budget))
    how = f"protected, over TCP; smallest that gets through, {arch}"
    yield Row("heap, a till's redemption", kib, budget, "KiB", "", how)


def _earning_rows(emulator: RunningEmulator) -> Iterator[Row]:
    _say("the same of sales that earn")
    arch = micropython.heap_arch()
    budget = heap_budget(arch).earning
    kib = heap.sales_that_earn(emulator, _sizes(160, budget))
    how = f"a checkout that redeems and earns, then key 5; {arch}"
    yield Row("heap, sales that earn", kib, budget, "KiB", "", how)


def _sizes(least: int, budget: Budget) -> range:
    return range(least, int(budget.most) + 40, 2)


def _board_rows(from_mpy: float | None, from_source: float | None) -> Iterator[Row]:
    """A checkout on each board's own heap, with what its TLS takes of it."""
    for board in boards.names():
        found = boards.settings(boards.FOLDER / board)
        memory = boards.memory(found)
        form, kib = (".mpy", from_mpy) if found["mpy_cross"] else ("source", from_source)
        need = None if kib is None else kib + memory.tls
        how = f"a checkout from {form}, and {memory.tls} KiB for TLS"
        yield Row(f"heap, {board}", need, _exactly(memory.heap), "KiB", "", how)


def _client_rows(emulator: RunningEmulator) -> Iterator[Row]:
    _say("the same of a client alone")
    how = "token, inquiry, redemption; from ROM, less imports"
    budget = heap_budget(micropython.heap_arch()).client
    stock = heap.client(emulator, clients.STOCK, range(8, 80)).all_but_code
    ours = heap.client(emulator, clients.OURS, range(20, 120)).all_but_code
    others = f"requests {stock:.1f}, unverified"
    yield Row("heap, the client alone", ours, budget, "KiB", others, how)


def _wire_rows(emulator: RunningEmulator) -> Iterator[Row]:
    _say("counting connections, round trips and copies")
    opened = _peers(lambda peer: clients.run(emulator, peer).set_ups)
    counts = shift.play(emulator, shift.program("2M", "mpy"), _CHECKOUTS)
    how = f"{_CHECKOUTS} checkouts; others: token and 2 calls"
    yield Row("TCP+TLS set-ups a shift", counts.connections, _exactly(1), "", opened, how)
    trips = clients.warm_trips(emulator, clients.OURS)
    others = _peers(lambda peer: clients.warm_trips(emulator, peer))
    yield Row(
        "round trips, card to offer",
        trips,
        _exactly(1),
        "",
        others,
        "one more inquiry, warm",
    )

    def most(client: str) -> int:
        return max(clients.copies(emulator, client, fault) for fault in clients.FAULTS)

    how = f"the most under any of {len(clients.FAULTS)} faults"
    others = _peers(most) + " a call"
    yield Row("copies of a redemption", most(clients.OURS), _exactly(2), "", others, how)
    redraws = display.redraw_bytes(counts.screens)
    own = counts.bus_bytes / (len(counts.screens) * _FULL_REDRAW_BYTES)
    others = f"RPLCD, full redraws, {redraws} B"
    how = f"ours {counts.bus_bytes} B, {len(counts.screens)} screens; of own redraws {own:.2f}"
    share = counts.bus_bytes / redraws
    yield Row(
        "display's bus, of full redraws", share, _exactly(_BUS_SHARE), "", others, how
    )


def _latency_rows(emulator: RunningEmulator) -> Iterator[Row]:
    for state, budget, is_cold in (("warm", WARM_WAIT, False), ("cold", COLD_WAIT, True)):
        _say(f"waiting for offers and approvals, {state}")
        bare = latency.bare_calls(emulator, is_cold)
        ours = latency.handheld(emulator, is_cold)
        for what, own_ms, bare_ms in (
            ("scan to offer", ours.offer_ms, bare.offer_ms),
            ("ENTER to APPROVED", ours.approval_ms, bare.approval_ms),
        ):
            others = f"requests {bare_ms:.0f} ms, the call alone"
            how = f"ours {own_ms:.0f} ms with scanner, keypad, ledger, display's bus"
            share = round(own_ms / bare_ms, 3)
            yield Row(f"{what}, {state}", share, budget, "x", others, how)


def _ledger_rows() -> Iterator[Row]:
    _say("writing 1,000 ledger entries, then JSON lines")
    ours, line = ledger.measure(), ledger.measure(100, "json")
    how = "littlefs2, 4 KiB blocks, mean of 1,000"
    for what, key, budget, unit in (
        ("ledger entry, programmed", "bytes", ledger.MAX_BYTES_PROGRAMMED, "B"),
        ("ledger entry, blocks erased", "erases", ledger.MAX_BLOCKS_ERASED, ""),
    ):
        yield Row(
            what, ours[key], _exactly(budget), unit, f"a JSON line {line[key]:.4g}", how
        )


def _queue_rows() -> Iterator[Row]:
    _say("keeping and sending 200 earnings, then as a JSON file")
    for state, peer, most_bytes, most_erases in (
        ("outage", "json", long_queue.OUTAGE_BYTES, long_queue.OUTAGE_ERASES),
        ("online", "json_online", long_queue.ONLINE_BYTES, long_queue.ONLINE_ERASES),
    ):
        ours, json = long_queue.measure(state), long_queue.measure(peer)
        how = f"littlefs2, with its ledger entry; {ours['body_bytes']} B are sent"
        for what, key, budget, unit in (
            ("programmed", "bytes", most_bytes, "B"),
            ("blocks erased", "erases", most_erases, ""),
        ):
            others = f"a JSON file, rewritten {json[key]:.5g}"
            title = f"earning, {state}, {what}"
            yield Row(title, ours[key], budget, unit, others, how)


def _rows() -> Iterator[Row]:
    yield from _flash_rows()
    for rows in (
        _app_rows,
        _earning_rows,
        _till_rows,
        _client_rows,
        _wire_rows,
        _latency_rows,
    ):  # each with collectors who have miles
        with running_emulator() as emulator:
            yield from rows(emulator)
    yield from _ledger_rows()
    yield from _queue_rows()


def main() -> int:
    """Prints the table; 1 if a budget is broken, or cannot be measured."""
    return shell.run("tools.bench", _measure, about=__doc__)


def _measure() -> int:
    try:
        rows = list(_rows())
    except (micropython.MissingError, shift.ShiftError) as fault:
        program.complain("bench", fault)
        return 1
    print(f"{'':31}{'this build':>10} {'':4}{'budget':>7} {'aim':>7}  {'others':45} how")
    for row in rows:
        figure = "more" if row.figure is None else f"{row.figure:.6g}"
        most, aim = row.budget
        goal = f"{aim:.6g}" if aim < most else ""
        print(
            f"{row.what:31}{figure:>10} {row.unit:4}{most:7.6g} {goal:>7}  {row.others:45} "
            f"{row.how}{row.mark}"
        )
    broken = sum(not row.is_kept for row in rows)
    print(
        f"{broken} of {len(rows)} budgets are broken" if broken else "every budget is kept"
    )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(program.run("bench", main))
