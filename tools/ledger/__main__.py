"""`python -m tools.ledger`: from a handheld's ledger to a report that AIR MILES can be shown.

Exit status: 0 when nothing differs, 1 when `match` found differences, 2 for bad input, 3 when
there was nothing of the day to compare or to write.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from tools import program, shell
from tools.ledger import billing, earnings, guide, match, options, pull, reconcile, show
from tools.ledger.errors import LedgerToolError, SeveralErrors

_NAME = "tools.ledger"
_Ledgers = Annotated[list[Path], Parameter(help="flash images, pulled folders, drives")]
_AS_USUAL = Parameter(name="*")
_SHOW, _MATCH, _EARNINGS = options.Show(), options.Match(), options.Earnings()


def _show(
    ledger: _Ledgers, /, *, chosen: Annotated[options.Show, _AS_USUAL] = _SHOW
) -> int:
    """Print the entries of ledgers."""
    return show.run(ledger, chosen)


def _pull(
    port: Annotated[list[str], Parameter(help="whatever mpremote can connect to")],
    /,
    *,
    chosen: Annotated[options.Pull, _AS_USUAL],
) -> int:
    """Copy ledgers from connected devices."""
    return pull.run(port, chosen)


def _reconcile(
    ledger: _Ledgers, /, *, chosen: Annotated[options.Reconcile, _AS_USUAL]
) -> int:
    """Write the reconciliation file of a day."""
    return reconcile.run(ledger, chosen)


def _earnings(
    ledger: _Ledgers, /, *, chosen: Annotated[options.Earnings, _AS_USUAL] = _EARNINGS
) -> int:
    """Print what was earned, and what devices still hold."""
    return earnings.run(ledger, chosen)


def _bill(ledger: _Ledgers, /, *, chosen: Annotated[options.Bill, _AS_USUAL]) -> int:
    """Write the log of earnings of a period."""
    return billing.run(ledger, chosen)


def _match(
    path: Annotated[
        list[Path],
        Parameter(help="our ledgers, or one file of ours; then their files"),
    ],
    /,
    *,
    chosen: Annotated[options.Match, _AS_USUAL] = _MATCH,
) -> int:
    """Compare ledgers with AIR MILES' files."""
    return match.run(path, chosen)


def _line() -> App:
    line = shell.app(
        _NAME,
        "Reads handhelds' ledgers and reconciles them with AIR MILES.",
        help_epilogue=guide.TOP,
    )
    for function, examples in (
        (_show, guide.SHOW),
        (_pull, guide.PULL),
        (_reconcile, guide.RECONCILE),
        (_match, guide.MATCH),
        (_earnings, guide.EARNINGS),
        (_bill, guide.BILL),
    ):
        name = function.__name__.removeprefix("_")
        line.command(function, name=name, help_epilogue=examples)
    return line


def main(words: list[str] | None = None) -> int:
    """Runs one subcommand; bad input is answered by one line."""
    given = sys.argv[1:] if words is None else words
    try:
        status = shell.call(_line(), given)
        sys.stdout.flush()
    except LedgerToolError as fault:
        sys.stdout.flush()
        for each in fault.faults if isinstance(fault, SeveralErrors) else [fault]:
            program.complain(f"{_NAME} {given[0]}", each)
        return 2
    except BrokenPipeError:  # the reader of a pipe, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as fault:  # files have their own errors: this is standard output
        program.discard_output()
        raise program.OutputError(fault) from fault
    return status


if __name__ == "__main__":
    sys.exit(program.run("ledger", main))
