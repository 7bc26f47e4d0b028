"""The budgets of the design with this build's figures: `python -m tools.bench`.

Exit 1 if a budget is broken. Each row says how its figure was taken. The figures that take
a peer's library beside ours are not in this table yet.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

from tools import build
from tools.bench import heap, ledger, shift
from tools.debian import ROOT
from tools.emulator.testing import running_emulator

CHECKOUTS = 3
FULL_REDRAW_BYTES = 321  # a 20x4 screen through the PCF8574, every cell
HEAPS_KIB = [*range(64, 260, 8)]


class Row(NamedTuple):
    """One budget: `figure` None means that it could not be met by any size tried."""

    what: str
    figure: float | None
    budget: float
    unit: str
    how: str


def _flash_rows() -> list[Row]:
    boards = sorted(path.parent.name for path in (ROOT / "boards").glob("*/board.toml"))
    how = "sum of its .mpy files"
    return [
        Row(
            f"flash, {board}",
            build.size_bytes(build.build(board)),
            build.BUDGET_BYTES,
            "B",
            how,
        )
        for board in boards
    ]


def _shift_rows() -> list[Row]:
    with running_emulator() as emulator:
        print(f"playing {CHECKOUTS} checkouts ...", file=sys.stderr)
        counts = shift.play(emulator, shift.program("i386", "2M", "mpy"), CHECKOUTS)
        print("looking for the smallest heap ...", file=sys.stderr)
        heap_kib = heap.checkout(emulator, "mpy", HEAPS_KIB).kib
    redraws = counts.screens * FULL_REDRAW_BYTES / 5
    return [
        Row("TCP+TLS set-ups a shift", counts.connections, 1, "", f"{CHECKOUTS} checkouts"),
        Row(
            "display bus a shift", counts.bus_bytes, redraws, "B", "a fifth of full redraws"
        ),
        Row("heap, a whole checkout", heap_kib, 112, "KiB", "smallest, .mpy, i386"),
    ]


def _ledger_rows() -> list[Row]:
    print("writing 1,000 ledger entries ...", file=sys.stderr)
    cost = ledger.measure()
    how = "littlefs2, 4 KiB blocks, mean of 1,000"
    return [
        Row(
            "ledger, bytes programmed",
            cost["bytes"],
            ledger.MAX_BYTES_PROGRAMMED,
            "B",
            how,
        ),
        Row("ledger, blocks erased", cost["erases"], ledger.MAX_BLOCKS_ERASED, "", how),
    ]


def main() -> int:
    """Prints the table; 1 if a budget is broken."""
    rows = _flash_rows() + _ledger_rows() + _shift_rows()
    broken = 0
    for row in rows:
        good = row.figure is not None and row.figure <= row.budget
        broken += not good
        figure = "more" if row.figure is None else f"{row.figure:.10g}"
        mark = "" if good else "  OVER"
        print(
            f"{row.what:30}{figure:>10} {row.unit:4} budget {row.budget:<8.6g} {row.how}{mark}"
        )
    print(
        f"{broken} of {len(rows)} budgets are broken" if broken else "every budget is kept"
    )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
