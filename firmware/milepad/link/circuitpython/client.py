"""`link/client.Client` for CircuitPython: the same interface, over `urequests`.

Connecting and the TLS handshake block all tasks, for seconds on a cold connection; so the
other tasks run just before, and the screen says what is going on. Sending on a kept
connection and waiting for the reply do not block. A watchdog must outlast `connect_ms`.
"""

import asyncio

from milepad.base.compat import TYPE_CHECKING, const, sleep_ms, wait_for_ms
from milepad.base.errors import LinkError, NoAnswerError, WifiError

if TYPE_CHECKING:
    from collections.abc import Callable

    from milepad.base.protocols import Wlan
    from milepad.link.circuitpython.urequests import Requests
    from milepad.link.http import ReplyParser
    from milepad.link.protocols import Headers, Url

_POLL_MS = const(10)


class Client:
    """POSTs to https origins. `stage` tells a waiting screen what is going on.

    Over a link that `wlan` (see `Wifi`) knows to be gone, nothing is sent.
    """

    def __init__(self, requests: "Requests", wlan: "Wlan", connect_ms: int, reply_ms: int):
        self._requests = requests
        self._wlan = wlan
        self._connect_ms = connect_ms
        self._reply_ms = reply_ms
        self.stage = "idle"
        self.sent = False  # whether the last request may be with the peer

    async def post(
        self,
        url: "Url",
        headers: "Headers",
        body: bytes,
        may_leave: "Callable[[], bool] | None" = None,
    ) -> "ReplyParser":
        """Sends `body` to url = (host, port, path); the whole reply, or an error.

        `may_leave` is asked when the way is open, just before the first byte. Raises
        NotSentError when nothing left that could be acted on, NoAnswerError when something
        left and no well-formed reply came within the reply's deadline.
        """
        self.sent = False
        self.stage = "connecting"
        try:
            await sleep_ms(_POLL_MS)  # the others draw and feed before all stand still
            self._send(url, headers, body, may_leave)
            self.stage = "waiting"
            try:
                await wait_for_ms(self._receive(), self._reply_ms)
            finally:
                self._requests.release()
            return self._requests.release()
        except asyncio.TimeoutError:
            raise NoAnswerError("no reply within %d s" % (self._reply_ms // 1000))
        finally:
            self.stage = "idle"

    def _send(
        self,
        url: "Url",
        headers: "Headers",
        body: bytes,
        may_leave: "Callable[[], bool] | None",
    ) -> None:
        requests, wlan = self._requests, self._wlan
        if not wlan.is_up():
            requests.close()
            raise WifiError("no Wi-Fi")
        try:
            requests.send("POST", url, headers, body, self._connect_ms, may_leave=may_leave)
            wlan.failures = 0
        except LinkError:  # a stranger's certificate too: the Wi-Fi may be another's
            wlan.failures += 1
            raise
        finally:
            self.sent = requests.sent

    async def _receive(self) -> None:
        while not self._requests.receive():
            await sleep_ms(_POLL_MS)

    def close(self) -> None:
        """Drops the kept connection."""
        self._requests.close()
