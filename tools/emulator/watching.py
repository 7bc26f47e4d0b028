"""Tells somebody who watches that something has changed, without being asked every moment.

A watcher names the last change that it knows and waits for a later one; then it fetches what
it wants to see. Requests to the control paths that only look change nothing.
"""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LONGEST_WAIT_S = 60


class Changes:
    """Counts what changed: a connection, a request, a reply, an order."""

    def __init__(self) -> None:
        self.number = 0
        self._news: asyncio.Future[None] | None = None

    def happened(self) -> None:
        """Something is other than before."""
        self.number += 1
        if self._news is not None and not self._news.done():
            self._news.set_result(None)
        self._news = None

    async def after(self, number: int, wait_s: float) -> int:
        """The number of the latest change; waits until it is another one, or so long."""
        if number == self.number:
            if self._news is None:
                self._news = asyncio.get_running_loop().create_future()
            await asyncio.wait([self._news], timeout=wait_s)
        return self.number


class Change(BaseModel):
    """The latest change."""

    number: int


def router(changes: Changes) -> APIRouter:
    """The path on which a watcher waits."""
    paths = APIRouter(prefix="/_emulator", tags=["emulator"])

    @paths.get("/changes")
    async def latest(
        after: int = -1,
        wait_s: Annotated[float, Query(ge=0, le=_LONGEST_WAIT_S)] = 0,
    ) -> Change:
        """The latest change; with `after`, once it is another one or `wait_s` have passed."""
        return Change(number=await changes.after(after, wait_s))

    return paths


class Noticing:
    """ASGI middleware: a request that can change something is a change when it is served."""

    def __init__(self, app: ASGIApp, changes: Changes) -> None:
        self._app = app
        self._changes = changes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] == "GET":
            await self._app(scope, receive, send)
            return

        async def receiving() -> Message:
            message = await receive()
            self._changes.happened()
            return message

        try:
            await self._app(scope, receiving, send)
        finally:
            self._changes.happened()
