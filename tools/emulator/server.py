"""Puts the parts together and serves them on loopback until a signal ends it."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from uvicorn import Config, Server

from tools.emulator import control, docs, watching
from tools.emulator.api import OperationRoutes
from tools.emulator.cash.platform import Platform
from tools.emulator.faults import Faults
from tools.emulator.issuance.platform import IssuancePlatform
from tools.emulator.recorder import Arrivals, Recorder
from tools.emulator.tokens import TokenService
from tools.emulator.watching import Noticing
from tools.emulator.wire import CountingSocket, Protocol, Tap

_LOOPBACK = "127.0.0.1"
_GOODBYE_S = 1.0


def listen(port: int) -> CountingSocket:
    """A listening socket on loopback. Raises OSError when the port is taken."""
    # With the protocol named, asyncio turns Nagle's algorithm off on what it accepts.
    listener = CountingSocket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_LOOPBACK, port))
        listener.listen()
    except BaseException:
        listener.close()
        raise
    return listener


def serve(
    platform: Platform,
    token_service: TokenService,
    context: ssl.SSLContext,
    listener: CountingSocket,
    on_ready: Callable[[], None],
) -> None:
    """Serves until SIGTERM or SIGINT; `on_ready` is called once it accepts."""
    # A client that leaves in the middle of a reply is no news; asyncio tells of each piece.
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    arrivals = Arrivals(platform.clock)
    tap = Tap(Faults(), arrivals)
    app = _app(platform, token_service, tap, listener)
    config = Config(
        Noticing(Recorder(app, arrivals), tap.changes),
        http=_protocol(tap),
        ssl_context_factory=lambda config, default: context,
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=platform.settings.keep_alive_s,
        timeout_graceful_shutdown=1,
    )
    _Server(config, on_ready).run(sockets=[listener])


def _app(
    platform: Platform, token_service: TokenService, tap: Tap, listener: CountingSocket
) -> FastAPI:
    """The platform's paths, its control's and the page that describes them."""
    app = FastAPI(
        title="Emulated AIR MILES platform",
        version="1",
        description=docs.DESCRIPTION,
        openapi_tags=docs.TAGS,
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    issuing = IssuancePlatform(platform.settings, platform.clock, platform.store)
    operations = OperationRoutes(platform, issuing, token_service, tap.faults)
    app.include_router(operations.router())
    app.include_router(control.router(platform, issuing, tap, listener))
    app.include_router(watching.router(tap.changes))
    docs.add_page(app, platform.settings)
    _add_refusals(app)
    return app


class _Server(Server):
    """uvicorn's server: says when it is up, and a signal is a normal end."""

    def __init__(self, config: Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        # A connection that was cut waits so long for the other's goodbye, with half a MiB of
        # buffers, and is then in cycles that only a full collection frees; frozen modules make
        # those quick and frequent. Without both, thousands of cuts made this 860 MB large.
        gc.collect()
        gc.freeze()
        loop: Any = asyncio.get_running_loop()
        loop.create_server = partial(loop.create_server, ssl_shutdown_timeout=_GOODBYE_S)
        await super().startup(sockets)
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # What is cut short now is cut short on purpose.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL + 1)
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.handle_exit)
        yield


def _protocol(tap: Tap) -> Any:
    return partial(Protocol, tap=tap)


def _add_refusals(app: FastAPI) -> None:
    @app.exception_handler(RequestValidationError)
    async def refused(request: Request, error: RequestValidationError) -> Response:
        return JSONResponse({"error": _explained(error)}, 400)

    @app.exception_handler(HTTPException)
    async def failed(request: Request, error: HTTPException) -> Response:
        return JSONResponse({"error": error.detail}, error.status_code, error.headers)

    @app.exception_handler(control.OrderError)
    async def impossible(request: Request, error: control.OrderError) -> Response:
        return JSONResponse({"error": str(error)}, 400)


def _explained(error: RequestValidationError) -> str:
    """One line: which member, and what is wrong with it."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"] if part != "body")
    text = str(first["msg"]).removeprefix("Value error, ")
    return f"{place}: {text}" if place else text
