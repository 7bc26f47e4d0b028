"""Ports of this machine that are a test's own."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator


@contextlib.contextmanager
def own_port() -> Iterator[int]:
    """A port that nobody else is given meanwhile: a server of ours may listen on it (with
    SO_REUSEADDR, as asyncio does); while none does, it refuses.

    A port that was only looked for and let go may be another process's before ours has started.
    """
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])
