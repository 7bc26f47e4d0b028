"""A peer that has only CircuitPython's names: calls of pure functions, which must agree."""

from __future__ import annotations

import time

from host_tests.boards.circuitpython import names
from host_tests.peer import Peer

RESTRICTED = "host_tests.boards.circuitpython.on_micropython.restricted"


class CircuitPythonPeer(Peer):
    """MicroPython, cut down before it loads anything of the firmware."""

    def __init__(self) -> None:
        super().__init__()
        lists = {name: sorted(names.names(name)) for name in names.RESTRICTED}
        libraries = str(names.LIBRARIES)
        now_s = int(time.time())
        self.call(
            RESTRICTED, "become_circuitpython", lists, names.importable(), libraries, now_s
        )
