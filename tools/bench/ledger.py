"""What an entry costs on flash: `python -m tools.bench.ledger [--entries N]`.

The firmware's own ledger writes on MicroPython's real littlefs2, over a block device that
counts. Trace ids, one for each request, are part of the figure. The JSON line that others
append is measured beside it.
"""

from __future__ import annotations

import sys
from typing import Annotated

from cyclopts import Parameter

from tools import program, shell
from tools.bench import on_flash
from tools.folders import ROOT

SCRIPT = ROOT / "host_tests" / "ledger" / "on_micropython" / "cost.py"
MAX_BYTES_PROGRAMMED = 600
MAX_BLOCKS_ERASED = 0.25


def measure(
    entries: int = 1000, strategy: str = "ledger", blocks: int = 256
) -> dict[str, float]:
    """Bytes programmed and blocks erased per entry, the mean of so many, on 4 KiB blocks.

    `strategy` is `ledger` or `json` (a line appended for each write). Raises MissingError
    without MicroPython, and RuntimeError when the script fails.
    """
    return on_flash.figures(SCRIPT, strategy, entries, blocks)


def main() -> int:
    """Prints the figures; 1 if a budget is broken."""
    return shell.run("tools.bench.ledger", _compare, about=__doc__)


def _compare(*, entries: Annotated[int, Parameter(help="how many to write")] = 1000) -> int:
    ours = measure(entries)
    json = measure(min(entries, 100), "json")
    print(f"ledger entry, littlefs2, 4 KiB blocks, mean of {entries}:")
    rows = (
        ("bytes programmed", "bytes", MAX_BYTES_PROGRAMMED),
        ("blocks erased", "erases", MAX_BLOCKS_ERASED),
    )
    for title, key, budget in rows:
        print(
            f"  {title:17}{ours[key]:9.3f}  budget {budget:<5} a JSON line: {json[key]:.3f}"
        )
    kept = ours["bytes"] <= MAX_BYTES_PROGRAMMED and ours["erases"] <= MAX_BLOCKS_ERASED
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(program.run("bench.ledger", main))
