"""Runs on MicroPython: mounts ROM file systems that are not on the heap and starts from them.

`rom.py IMAGE IMAGE MODULE ...` calls the module's `main()`. The bytecode is executed where it
lies, as it is in a chip's flash, so what the heap holds is everything but code. The module
finds its own arguments in `sys.argv`. MILEPAD_MODULES in the environment names a file for
the names of what was loaded when the most was.
"""

import _thread  # type: ignore[import-not-found]
import gc
import json
import os
import sys
import time

import ffi  # type: ignore[import-not-found]
import uctypes  # type: ignore[import-not-found]
import vfs  # type: ignore[import-not-found]

_LOOK_MS = 1


def _outside_the_heap(path):
    size = os.stat(path)[6]
    malloc = ffi.open("libc.so.6").func("p", "malloc", "I")
    memory = uctypes.bytearray_at(malloc(size), size)
    with open(path, "rb") as file:
        file.readinto(memory)  # no copies: garbage here would change what follows
    return memory


def _watch(path, running):
    """A thread: looks every ms, which the start outlasts, and a workflow that waits for keys."""
    most = 0
    while running:
        names = list(sys.modules)
        if len(names) > most:
            most = len(names)
            with open(path, "w") as file:
                file.write(json.dumps(names))
        time.sleep_ms(_LOOK_MS)


vfs.mount(vfs.VfsRom(_outside_the_heap(sys.argv[1])), "/rom")
vfs.mount(vfs.VfsRom(_outside_the_heap(sys.argv[2])), "/bench")
sys.path[:] = ["/rom", "/bench", ".frozen"]
_name = sys.argv[3]
sys.argv[1:4] = []
_running = [True]
_modules = os.getenv("MILEPAD_MODULES")
if _modules:
    _thread.start_new_thread(_watch, (_modules, _running))
gc.collect()
__import__(_name).main()
_running.clear()
time.sleep_ms(2 * _LOOK_MS)  # the thread ends before the program does
