"""In the bench's ROM image: prints what is on the heap, and what importing modules adds.

The first argument is a file with their names, a JSON list.
"""

import gc
import json
import sys


def _used():
    gc.collect()
    return gc.mem_alloc()  # type: ignore[attr-defined]


def main():
    """Imports all but what starts everything when it is imported."""
    with open(sys.argv[1]) as file:
        names = json.load(file)
    before = _used()
    for name in names:
        if name not in ("milepad_board", "main"):
            __import__(name)
    print(before, _used() - before)
