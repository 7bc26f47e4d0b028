"""One POST on one connection: answered, refused, or dropped when it is slow. Time is virtual."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest

from host_tests.kit.virtual_time import story
from milepad.pinpad.https_server import Exchange

BODY = b'{"SaleToPOIRequest":{}}'
HEAD = b"POST /nexo HTTP/1.1\r\nContent-Length: %d\r\n" % len(BODY)


class Client:
    """Sends pieces, a pause of so many seconds where there is a number, and hears."""

    def __init__(self, pieces: Iterable[bytes | float]) -> None:
        self._pieces = list(pieces)
        self.heard = b""

    async def read(self, _count: int) -> bytes:
        while self._pieces and not isinstance(self._pieces[0], bytes):
            await asyncio.sleep(float(self._pieces.pop(0)))
        if not self._pieces:
            await asyncio.sleep(3600)
        return bytes(self._pieces.pop(0))  # type: ignore[arg-type]

    def write(self, raw: bytes) -> None:
        self.heard += raw

    async def drain(self) -> None:
        """Takes all at once."""


class Service:
    def __init__(self, answer: bytes | None = b"{}") -> None:
        self.taken: list[bytes] = []
        self.refused = 0
        self._answer = answer

    async def take(self, raw: bytes) -> bytes | None:
        self.taken.append(raw)
        await asyncio.sleep(60)  # a customer takes time
        return self._answer


async def served(client: Client, service: Service) -> list[str]:
    log: list[str] = []
    await Exchange(service, client, client, log.append).run()  # type: ignore[arg-type]
    return log


@story
async def test_a_message_is_answered_however_long_the_customer_takes() -> None:
    client, service = Client([HEAD + b"\r\n", BODY]), Service()
    assert await served(client, service) == []
    assert service.taken == [BODY]
    head, _, body = client.heard.partition(b"\r\n\r\n")
    assert body == b"{}"
    assert head.split(b"\r\n") == [
        b"HTTP/1.1 200 OK",
        b"Content-Type: application/json",
        b"Content-Length: 2",
        b"Connection: close",
    ]


@story
async def test_a_request_without_a_response_is_answered_with_an_empty_body() -> None:
    client = Client([HEAD + b"\r\n" + BODY])
    await served(client, Service(None))
    assert b"Content-Length: 0\r\n" in client.heard


@story
async def test_a_client_that_waits_for_a_word_gets_it_once() -> None:
    client = Client([HEAD + b"Expect: 100-continue\r\n\r\n", BODY[:5], BODY[5:]])
    await served(client, Service())
    assert client.heard.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")
    assert client.heard.count(b"100 Continue") == 1


@story
async def test_a_slow_sender_is_dropped() -> None:
    dribble = [piece for byte in HEAD for piece in (bytes((byte,)), 1.0)]
    client, service = Client(dribble), Service()
    assert await served(client, service) == ["till: a connection was silent"]
    assert (client.heard, service.taken) == (b"", [])


@pytest.mark.parametrize(
    ("first", "status"),
    [(b"GET /nexo", b"405"), (b"POST /", b"404"), (b"\x16\x03", b"400")],
)
def test_what_is_no_post_is_refused_and_counted(first: bytes, status: bytes) -> None:
    @story
    async def scene() -> None:
        client, service = Client([first + b" HTTP/1.1\r\n"]), Service()
        log = await served(client, service)
        assert client.heard.startswith(b"HTTP/1.1 " + status)
        assert (service.taken, service.refused) == ([], 1)
        assert log[0].startswith("till: refused, ")

    scene()
