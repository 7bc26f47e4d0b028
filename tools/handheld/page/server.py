"""Serves the page and its WebSocket on loopback until a signal ends it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocketDisconnected
from uvicorn import Config, Server

from tools import program
from tools.handheld.page.clients import Client
from tools.handheld.page.desk import Desk
from tools.handheld.page.gate import Gate, Gatekeeper

STATIC = Path(__file__).with_name("static")
LOOPBACK = "127.0.0.1"
LONGEST_MESSAGE = 512 * 1024
MOST_PAGES = 32
_TRY_LATER = 1013
# How a socket says that its page has left: told so, or by what was sent to nobody. After a
# send that failed it is not the page's leaving that is read, but that nothing can be read.
_LEFT = (WebSocketDisconnect, WebSocketDisconnected, OSError)


def listen(port: int) -> socket.socket:
    """A listening socket on loopback. Raises OSError when the port is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen()
    except BaseException:
        listener.close()
        raise
    return listener


def application(desk: Desk, gate: Gate) -> Gatekeeper:
    """The page's paths, behind its gate."""
    app = FastAPI(title="Milepad", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/")
    async def page() -> Response:
        return FileResponse(STATIC / "index.html", media_type="text/html")

    @app.get("/favicon.ico")
    async def icon() -> Response:
        return Response(status_code=204)

    @app.get("/session.jsonl")
    async def session() -> Response:
        name = {"content-disposition": 'attachment; filename="session.jsonl"'}
        return Response(desk.session.text(), 200, name, "application/jsonl")

    @app.websocket("/ws")
    async def messages(websocket: WebSocket) -> None:
        await websocket.accept()
        if len(desk.face.clients) >= MOST_PAGES:
            await websocket.close(_TRY_LATER)
            return
        client = desk.face.clients.join()
        sender = asyncio.create_task(_send(websocket, client))
        try:
            async for text in _heard(websocket):
                await desk.obey(text, client)
                await asyncio.sleep(0)  # who is refused again and again leaves time
        finally:
            desk.face.clients.leave(client)
            sender.cancel()

    app.mount("/static", StaticFiles(directory=STATIC, check_dir=False))
    return Gatekeeper(app, gate)


async def _heard(websocket: WebSocket) -> AsyncIterator[str]:
    """What a page says, until it has left or sends bytes instead of text."""
    with contextlib.suppress(*_LEFT, KeyError):
        while True:
            yield await websocket.receive_text()


async def _send(websocket: WebSocket, client: Client) -> None:
    """A page's outbox onto its socket, as fast as that takes it."""
    with contextlib.suppress(*_LEFT, RuntimeError):
        while True:
            await websocket.send_text(await client.next())


class _Server(Server):
    """uvicorn's server: a signal is the end of the program, not of the server alone."""

    def __init__(self, config: Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self.stopped_by = 0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()

    def handle_exit(self, sig: int, frame: object) -> None:
        """The first signal ends it in good order."""
        self.stopped_by = sig
        self.should_exit = True

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in program.STOPPING:
            loop.add_signal_handler(number, self.handle_exit, int(number), None)
        try:
            yield
        finally:
            for number in program.STOPPING:
                loop.remove_signal_handler(number)


async def run(desk: Desk, listener: socket.socket, on_ready: Callable[[str], None]) -> None:
    """Serves until a signal: Stopped. `on_ready` is told the address."""
    gate = Gate(listener.getsockname()[1])
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # a page that leaves is no news
    config = Config(
        application(desk, gate),
        ws="websockets-sansio",
        ws_max_size=LONGEST_MESSAGE,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    server = _Server(config, lambda: on_ready(gate.address))
    await desk.start()
    try:
        await server.serve(sockets=[listener])
    finally:
        await desk.close()
    if server.stopped_by:
        raise program.Stopped(server.stopped_by)
