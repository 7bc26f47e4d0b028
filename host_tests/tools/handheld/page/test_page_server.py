"""A page that leaves in the middle of anything costs the server not a word."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest
from starlette.types import Message

from host_tests.kit.until import LONG_S
from tools.handheld.page.clients import Clients
from tools.handheld.page.desk import Desk
from tools.handheld.page.gate import Gate
from tools.handheld.page.server import application


class BusyDesk:
    """Does what a page asks once the page has left, which nothing but a send tells."""

    def __init__(self) -> None:
        self.face = self
        self.clients = Clients(lambda: {"ready": {}})
        self.left = asyncio.Event()
        self.obeyed: list[str] = []

    async def obey(self, text: str, _client: object) -> None:
        await self.left.wait()
        self.obeyed.append(text)


def visit(desk: BusyDesk, said: list[Message], sends: int) -> None:
    """A page says that and leaves; `sends` messages reach it, the next one nobody."""
    gate = Gate(4711)
    arrived = iter([{"type": "websocket.connect"}, *said])

    async def receive() -> Message:
        return next(arrived)

    async def send(_message: Message) -> None:
        nonlocal sends
        if not sends:
            desk.left.set()
            raise OSError  # as uvicorn has it
        sends -= 1

    headers = [(b"host", b"127.0.0.1:4711")]
    query = f"token={gate.token}".encode()
    scope: Any = {
        "type": "websocket",
        "path": "/ws",
        "query_string": query,
        "headers": headers,
    }

    async def whole() -> None:
        await asyncio.wait_for(
            application(cast(Desk, desk), gate)(scope, receive, send), LONG_S
        )

    asyncio.run(whole())


@pytest.mark.parametrize(
    "said",
    [
        [{"type": "websocket.receive", "text": "press"}],
        [{"type": "websocket.receive", "text": "press"}, {"type": "websocket.disconnect"}],
    ],
    ids=["nothing more is read", "it says so as well"],
)
def test_what_was_asked_for_is_done_although_the_page_has_left(said: list[Message]) -> None:
    desk = BusyDesk()
    visit(desk, said, sends=1)  # it was let in, and the first message reaches nobody
    assert desk.obeyed == ["press"]
    assert len(desk.clients) == 0


def test_bytes_instead_of_text_are_as_good_as_leaving() -> None:
    desk = BusyDesk()
    desk.left.set()
    visit(desk, [{"type": "websocket.receive", "bytes": b"press"}], sends=2)
    assert (desk.obeyed, len(desk.clients)) == ([], 0)
