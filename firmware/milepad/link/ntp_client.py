"""Asks a time server over UDP while the other tasks run: a port's own client stops them all."""

from milepad.base.compat import TYPE_CHECKING, const, random_bytes, sleep_ms
from milepad.link import sntp

if TYPE_CHECKING:
    from typing import Any

    from milepad.link.names import Names
    from milepad.link.protocols import Resolver

PORT = 123
_POLL_MS = const(20)


class NtpClient:
    """`net`: as the module `socket`; `names` looks hosts up."""

    def __init__(self, net: "Resolver", names: "Names", port: int = PORT):
        self._net = net
        self._names = names
        self._port = port

    async def ask(self, host: str) -> int:
        """Seconds since 1970, as `host` says. Waits for ever: the caller sets the limit.

        Raises OSError when there is no way to it, ValueError when it refuses.
        """
        net: Any = self._net
        address = (await self._names.addresses(host, self._port))[0]
        info = net.getaddrinfo(address, self._port, 0, net.SOCK_DGRAM)[0]
        sock = net.socket(info[0], info[1])
        try:
            sock.settimeout(0)
            cookie = random_bytes(8)
            sock.sendto(sntp.encode_question(cookie), info[-1])
            while True:
                now_s = sntp.parse_reply(_received(sock), cookie)
                if now_s is not None:
                    return now_s
                await sleep_ms(_POLL_MS)
        finally:
            sock.close()


def _received(sock: "Any") -> bytes:
    """What has arrived, b"" when nothing has."""
    raw = bytearray(sntp.REPLY_BYTES)
    try:
        # MicroPython's sockets are streams, the others' have a name of their own for it.
        read = getattr(sock, "recv_into", None) or sock.readinto
        return bytes(raw[: read(raw) or 0])
    except OSError:  # nothing there yet, or nobody hears
        return b""
