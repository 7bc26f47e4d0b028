"""Tills over HTTPS: a POST to /nexo for each message, on a connection of its own.

`Connection: close` is what client libraries of the field want, and keeps no TLS buffer waiting.
A request without a response (an Abort) is answered with an empty body. A client that hangs up in
mid-dialogue costs nothing: the dialogue goes on without it.
"""

import asyncio

from milepad.base.compat import IS_MICROPYTHON, TYPE_CHECKING, const, wait_for_ms
from milepad.base.errors import HttpError, ProfileError, TlsError
from milepad.base.small_file import read_file
from milepad.pinpad.http_request import RequestParser

if IS_MICROPYTHON:
    from milepad.link.tls_micropython import server_context
else:
    from milepad.link.tls_cpython import (  # type: ignore[assignment,no-redef]
        server_context,
    )

if TYPE_CHECKING:
    from typing import Any

    from milepad.base.protocols import Files, Log
    from milepad.pinpad.service import Service

CERTIFICATE = "till_cert.der"
KEY = "till_key.der"
_READ_BYTES = const(512)
_REQUEST_MS = const(10000)  # for all of it, the TLS handshake included
_SEND_MS = const(10000)
_HEAD = (
    "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
    "Connection: close\r\n\r\n"
)


def context(files: "Files") -> "Any":
    """The port's own TLS context with the pad's certificate. Raises ProfileError."""
    try:
        return server_context(read_file(files, CERTIFICATE), read_file(files, KEY))
    except TlsError:
        raise ProfileError("[till] certificate: it cannot be used")


class Exchange:
    """One connection. `reader` and `writer` are asyncio's."""

    def __init__(self, service: "Service", reader: "Any", writer: "Any", log: "Log"):
        self._service = service
        self._reader = reader
        self._writer = writer
        self._log = log

    async def run(self) -> None:
        """Takes one request, and answers it; whoever called closes the connection."""
        parser = RequestParser()
        try:
            await wait_for_ms(self._receive(parser), _REQUEST_MS)
        except HttpError as fault:
            self._service.refused += 1
            self._log("till: refused, %s" % fault)
            await self._answer(parser.refusal, b"")
        except asyncio.TimeoutError:
            self._log("till: a connection was silent")
        except (OSError, EOFError, ValueError):
            pass  # it broke; the till comes again
        else:
            body = await self._service.take(bytes(parser.body))
            await self._answer("200 OK", body or b"")

    async def _receive(self, parser: RequestParser) -> None:
        while not parser.done:
            raw = await self._reader.read(_READ_BYTES)
            if not raw:
                raise EOFError
            parser.feed(raw)
            if parser.is_awaited and not parser.done:
                parser.is_awaited = False
                await self._send(b"HTTP/1.1 100 Continue\r\n\r\n")

    async def _answer(self, status: str, body: bytes) -> None:
        head = _HEAD % (status, len(body))
        try:
            await self._send(head.encode() + body)
        except (OSError, ValueError, asyncio.TimeoutError):
            pass  # the till is gone: it asks for the status when it is back

    async def _send(self, raw: bytes) -> None:
        self._writer.write(raw)
        await wait_for_ms(self._writer.drain(), _SEND_MS)
