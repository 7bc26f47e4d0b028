"""Replies as they leave: chunked JSON as in the samples, and deliberately bad ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from email.utils import format_datetime
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tools.emulator.clock import PlatformClock

JSON_TYPE = "application/json;charset=UTF-8"
GARBAGE = b"\x00\xff\x15\x03garbage, and no HTTP at all\r\n\r\n\x80\x81" * 3
HTML_502 = (
    b"<html><head><title>502 Bad Gateway</title></head>"
    b"<body><center><h1>502 Bad Gateway</h1></center></body></html>"
)
_CHUNK_BYTES = 128


class ChunkedReply(Response):
    """JSON in several chunks; a chunk may end inside a character."""

    def __init__(
        self,
        status: int,
        body: bytes,
        clock: PlatformClock,
        content_type: str = JSON_TYPE,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__()
        self.status_code = status
        self.body = body
        date = format_datetime(clock.now(), usegmt=True)
        names = {"content-type": content_type, "date": date} | (headers or {})
        self.raw_headers = [(k.encode(), v.encode()) for k, v in names.items()]
        self.on_sent: Callable[[], None] | None = None
        self.hangs_up = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = {"status": self.status_code, "headers": self.raw_headers}
        await send({"type": "http.response.start"} | start)
        body = bytes(self.body)
        for at in range(0, len(body), _CHUNK_BYTES):
            chunk = body[at : at + _CHUNK_BYTES]
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        scope["wire"].cut_after(None)
        if scope["wire"].is_open and self.on_sent is not None:
            self.on_sent()
        if self.hangs_up:
            scope["wire"].drop()


class NoReply(Response):
    """Nothing is sent: the connection was ended, or is about to be."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass


def encode(value: Any) -> bytes:
    """Sorted JSON with real accents."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()


def bad_body(fault: str) -> bytes:
    """The body of a reply that is HTTP, and even JSON, yet no reply."""
    if fault == "wrong_shape":
        return encode([{"responseCode": {"value": ["0000"]}}, 17, None])
    if fault == "oversized":
        return encode({"responseCode": "0000", "message": "x" * 1_000_000})
    if fault == "deep":
        return b'{"responseCode": ' + b"[" * 1000 + b"]" * 1000 + b"}"
    raise ValueError(fault)
