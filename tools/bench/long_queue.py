"""What an earning costs on flash, from the sale until it is done: `measure`.

The firmware's own queue and ledger write on MicroPython's real littlefs2, over a block device
that counts. A list in a JSON file, rewritten for every change, is measured beside it.
"""

from __future__ import annotations

from tools.bench import on_flash
from tools.budgets import Budget
from tools.folders import ROOT

SCRIPT = ROOT / "host_tests" / "transactions" / "on_micropython" / "queue_cost.py"
EARNINGS = 200
# A day's earnings wait for the network, and then go: each is appended to its block, its entry
# moves with others into a large file, and its result is written into that.
OUTAGE_BYTES = Budget(7000, 5500)
OUTAGE_ERASES = Budget(3, 2.1)
# The network works: one block for the bytes, which is free again at once.
ONLINE_BYTES = Budget(1200, 1000)
ONLINE_ERASES = Budget(1.5, 1.2)


def measure(strategy: str, earnings: int = EARNINGS) -> dict[str, float]:
    """Bytes programmed and blocks erased per earning, the mean of so many, on 4 KiB blocks.

    `strategy` is `outage`, `online`, `json` or `json_online`. Raises MissingError without
    MicroPython, and RuntimeError when the script fails.
    """
    return on_flash.figures(SCRIPT, strategy, earnings)
