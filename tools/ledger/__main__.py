"""`python -m tools.ledger`: from a handheld's ledger to a report that AIR MILES can be shown.

Exit status: 0 when nothing differs, 1 when `match` found differences, 2 for bad input.
"""

from __future__ import annotations

import os
import sys

from tools import program
from tools.ledger import options
from tools.ledger.errors import LedgerToolError


def main(words: list[str] | None = None) -> int:
    """Runs one subcommand; bad input is answered by one line."""
    chosen = options.parse(words)
    try:
        status: int = chosen.run(chosen)
        sys.stdout.flush()
    except LedgerToolError as fault:
        sys.stdout.flush()
        print(f"tools.ledger {chosen.command}: {fault}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of a pipe, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


if __name__ == "__main__":
    sys.exit(program.run("ledger", main))
