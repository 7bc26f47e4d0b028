"""Looks up hosts' addresses while the other tasks run: a port's own `getaddrinfo` stops them
all, for seconds where a server does not answer.

The network's own name server is asked over UDP, again after a second without an answer; who
waits sets the limit. Where the radio names no server, the port is asked after all.
"""

from milepad.base.compat import TYPE_CHECKING, const, random_bytes, sleep_ms
from milepad.link import dns

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from milepad.link.protocols import Resolver

PORT = 53
_POLL_MS = const(10)
_POLLS = const(100)  # until it is asked again
_ANSWER_BYTES = const(512)


class Names:
    """`net`: as the module `socket`. `server()`: the name server's address, "" when unknown."""

    def __init__(self, net: "Resolver", server: "Callable[[], str]", port: int = PORT):
        self._net = net
        self._server = server
        self._port = port

    async def addresses(self, host: str, port: int) -> list[str]:
        """At least one address of the host, IPv4 first. Raises OSError when it has none."""
        server = self._server()
        if _is_address(host):
            found = [host]
        elif server in ("", "0.0.0.0"):
            found = [info[-1][0] for info in self._net.getaddrinfo(host, port)]
        else:
            found = await self._ask(host, server)
        if not found:
            raise OSError("no such host")
        return found

    async def _ask(self, host: str, server: str) -> list[str]:
        net: Any = self._net
        identifier = int.from_bytes(random_bytes(2), "big")
        try:
            questions = [
                dns.encode_question(identifier, host, dns.A),
                dns.encode_question(identifier ^ 1, host, dns.AAAA),
            ]
        except ValueError:
            raise OSError("no such host")
        info = net.getaddrinfo(server, self._port, 0, net.SOCK_DGRAM)[0]
        sock = net.socket(info[0], info[1], info[2])
        try:
            sock.setblocking(False)
            sock.connect(info[-1])  # only this server's answers arrive
            return await _answers(sock, questions)
        finally:
            sock.close()


async def _answers(sock: "Any", questions: list[bytes]) -> list[str]:
    """The addresses that the server knows: IPv4's as soon as there is one, else IPv6's."""
    found: dict[int, list[str]] = {}
    while True:
        for at in range(2):
            if at not in found:
                sock.send(questions[at])
        for _ in range(_POLLS):
            raw = _received(sock)
            for at in range(2):
                answer = dns.parse_answer(raw, questions[at]) if raw else None
                if answer is not None:
                    found[at] = answer
            if found.get(0) or len(found) == 2:
                return found.get(0, []) + found.get(1, [])
            # Whoever floods us with what is no answer does not stop the other tasks either.
            await sleep_ms(0 if raw else _POLL_MS)


def _received(sock: "Any") -> bytes:
    """An answer, b"" when none is there."""
    try:
        return sock.recv(_ANSWER_BYTES) or b""
    except OSError:  # nothing there yet, or nobody hears: it is asked again
        return b""


def _is_address(host: str) -> bool:
    return ":" in host or not [c for c in host if c not in "0123456789."]
