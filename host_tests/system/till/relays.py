"""A wire between till and pad that breaks on order, for tests that have no loop of their own."""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
from collections.abc import Iterator

from host_tests.kit.relay import Direction, Ending, Relay
from host_tests.kit.until import until

NEXO_PORT = 8443  # the only one that client libraries of the field connect to


class Wire:
    """A relay to a port; `host` and `port` are where a till connects."""

    def __init__(self, relay: Relay, loop: asyncio.AbstractEventLoop, host: str) -> None:
        self._relay = relay
        self._loop = loop
        self.host = host
        self.port = relay.port

    def cut_after(self, direction: Direction, count: int, how: Ending = "RST") -> None:
        """See Relay; the request is the till's, the reply the pad's."""
        self._loop.call_soon_threadsafe(self._relay.cut_after, direction, count, how)

    def wait_open(self, count: int) -> None:
        """Until so many connections are: what ends later may still relay a goodbye."""
        until(lambda: self._relay.open_count == count)

    def hang_after(self, direction: Direction, count: int) -> None:
        """See Relay."""
        self._loop.call_soon_threadsafe(self._relay.hang_after, direction, count)


@contextlib.contextmanager
def wire_to(far_port: int, port: int = 0) -> Iterator[Wire]:
    """A wire to a port of this machine, on any port, or on that one of a loopback address of
    its own, so that two tests at once do not meet.
    """
    loop = asyncio.new_event_loop()
    worker = threading.Thread(target=loop.run_forever)
    worker.start()
    relay = Relay(far_port)
    host = "127.0.0.1"
    if port:
        host = f"127.{random.randint(1, 254)}.{random.randint(0, 254)}.{random.randint(1, 254)}"
    try:
        asyncio.run_coroutine_threadsafe(relay.start(host, port), loop).result(60)
        yield Wire(relay, loop, host)
    finally:
        asyncio.run_coroutine_threadsafe(relay.close(), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        worker.join(60)
        loop.close()
