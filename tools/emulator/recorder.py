"""A note of every request that arrived, whole or not, before anything is made of it.

Requests to `/_emulator/`, `/docs` and `/openapi.json` are not noted. A request that ended
early stays in the list with `complete` false; of one whose head never ended, the raw bytes
are kept as its body.
"""

from __future__ import annotations

import base64
import time
from collections import deque
from itertools import islice
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tools.emulator.cash.codes import OPERATIONS
from tools.emulator.clock import PlatformClock, iso
from tools.emulator.issuance import operations

MAX_BODY_BYTES = 64 * 1024
_MAX_KEPT = 20_000
_STARTED_S = time.monotonic()

PATHS = (
    {"/oauth/token": "token"}
    | {f"/checkout/amcash/{op}": op for op in OPERATIONS}
    | {each.path: op for op, each in operations.OPERATIONS.items()}
)
_OWN_PATHS = ("/_emulator/", "/docs", "/openapi.json")


class Arrivals:
    """The list of requests, oldest first, and the connections that they came on."""

    def __init__(self, clock: PlatformClock) -> None:
        self._clock = clock
        self._kept: deque[dict[str, Any]] = deque(maxlen=_MAX_KEPT)
        self._count = 0
        self.connections_used: set[int] = set()

    def note(self, connection: int, raw: bytes = b"", **known: Any) -> dict[str, Any]:
        """A new entry; the caller fills in what becomes known later."""
        self._count += 1
        self.connections_used.add(connection)
        record: dict[str, Any] = {
            "number": self._count,
            "connection": connection,
            "arrived": iso(self._clock.unix()),
            "arrived_monotonic_s": round(time.monotonic() - _STARTED_S, 6),
            "op": None,
            "method": None,
            "path": None,
            "headers": {},
            "body": base64.b64encode(raw).decode(),
            "complete": False,
            "fault": None,
            "status": None,
            "code": None,
            "detail": "",
        } | known
        self._kept.append(record)
        return record

    def list(self, last: int = -1) -> list[dict[str, Any]]:
        """All that are kept, oldest first; the latest `last`, if that is not negative."""
        first = max(0, len(self._kept) - last) if last >= 0 else 0
        return [*islice(self._kept, first, None)]

    def clear(self) -> None:
        self._kept.clear()


class Recorder:
    """ASGI middleware: notes the request, then hands it on with its body at hand."""

    def __init__(self, app: ASGIApp, arrivals: Arrivals) -> None:
        self._app = app
        self._arrivals = arrivals

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_OWN_PATHS):
            await self._app(scope, receive, send)
            return
        record = self._arrivals.note(
            scope["wire"].number,
            op=PATHS.get(scope["path"]),
            method=scope["method"],
            path=scope["path"],
            headers=_headers(scope),
        )
        body = await _read(receive, record)
        if body is None:
            return
        scope["record"] = record

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                record["status"] = message["status"]
            await send(message)

        await self._app(scope, _replaying(body, receive), noting)


def _headers(scope: Scope) -> dict[str, str]:
    """Names in lower case; a header that came twice is joined with a comma."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


async def _read(receive: Receive, record: dict[str, Any]) -> bytes | None:
    """The body, cut at the limit; None when the connection ended before it did."""
    body = bytearray()
    more = True
    while more and len(body) <= MAX_BODY_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        body += message.get("body", b"")
        more = message.get("more_body", False)
        record["body"] = base64.b64encode(body).decode()
    else:
        record["complete"] = not more
        return bytes(body)
    return None


def _replaying(body: bytes, receive: Receive) -> Receive:
    """A `receive` that first gives the body that was read already."""
    waiting = [body]

    async def replay() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return replay
