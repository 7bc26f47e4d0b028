"""In the bench's ROM image: prints what is on the heap, and what importing modules adds.

The first argument is a file with their names, a JSON list.
"""

import gc
import json
import sys


class _Hardware:
    """Stands in `sys.modules` as `simulated_hardware`; the board itself is not made."""

    config = None


def _used():
    gc.collect()
    return gc.mem_alloc()  # type: ignore[attr-defined]


with open(sys.argv[1]) as _file:
    _names = json.load(_file)
_before = _used()
for _name in _names:
    if _name not in ("milepad_board", "main"):  # importing these starts everything
        __import__(_name)
print(_before, _used() - _before)
