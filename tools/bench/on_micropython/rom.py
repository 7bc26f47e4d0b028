"""Runs on MicroPython: mounts a ROM file system that is not on the heap and starts from it.

`rom.py IMAGE MODULE ...` calls the module's `main()`. The bytecode is executed where it
lies, as a frozen build's is, so what the heap holds is everything but code. The module finds
its own arguments in `sys.argv`.
"""

import gc
import os
import sys

import ffi  # type: ignore[import-not-found]
import uctypes  # type: ignore[import-not-found]
import vfs  # type: ignore[import-not-found]


def _outside_the_heap(path):
    size = os.stat(path)[6]
    malloc = ffi.open("libc.so.6").func("p", "malloc", "I")
    memory = uctypes.bytearray_at(malloc(size), size)
    with open(path, "rb") as file:
        file.readinto(memory)  # no copies: garbage here would change what follows
    return memory


vfs.mount(vfs.VfsRom(_outside_the_heap(sys.argv[1])), "/rom")
sys.path[:] = ["/rom", ".frozen"]
_name = sys.argv[2]
sys.argv[1:3] = []
gc.collect()
__import__(_name).main()
