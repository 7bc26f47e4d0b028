"""In the bench's ROM image: prints what is on the heap, and what importing modules adds.

The first argument is a file with their names, a JSON list.
"""

import gc
import json
import sys

_NOT_THESE = ("__main__", "main", "milepad_board", "simulated_hardware")


def _used():
    gc.collect()
    return gc.mem_alloc()  # type: ignore[attr-defined]


def main():
    """Imports all but what starts everything, and what stands for hardware."""
    with open(sys.argv[1]) as file:
        names = json.load(file)
    before = _used()
    for name in names:
        if name not in _NOT_THESE:
            __import__(name)
    print(before, _used() - before)
