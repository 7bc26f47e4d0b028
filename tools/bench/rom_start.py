"""Runs on MicroPython: starts the firmware from a ROM file system that is not on the heap.

`rom_start.py IMAGE SETTINGS`. The bytecode is executed where it lies, as a frozen build's
is, so what the heap holds is everything but code.
"""

import json
import os
import sys

import ffi
import uctypes
import vfs


def _outside_the_heap(path):
    size = os.stat(path)[6]
    malloc = ffi.open("libc.so.6").func("p", "malloc", "I")
    memory = uctypes.bytearray_at(malloc(size), size)
    with open(path, "rb") as file:
        at = 0
        while at < size:
            raw = file.read(1024)
            memory[at : at + len(raw)] = raw
            at += len(raw)
    return memory


vfs.mount(vfs.VfsRom(_outside_the_heap(sys.argv[1])), "/rom")
sys.path[:] = ["/rom", ".frozen"]


class _Hardware:
    """Stands in `sys.modules` as `simulated_hardware`."""

    config = json.loads(sys.argv[2])


sys.modules["simulated_hardware"] = _Hardware  # type: ignore[assignment]

import main  # noqa: E402, F401
