"""Who may come in: this machine's own page, with its token; everybody else gets 403.

A page elsewhere can make a browser call 127.0.0.1, but not forge its Host and Origin, and it
does not know the token.
"""

from __future__ import annotations

import secrets
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OPEN = ("/static/", "/favicon.ico")  # holds no secret and moves nothing
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self' {socket}; media-src data: blob:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
_FORBIDDEN = (
    "403: this page is for the browser that was given its address\n"
    "403 : cette page est pour le navigateur qui a reçu son adresse\n"
).encode()


class Gate:
    """The page's port, its token, and what follows from them."""

    def __init__(self, port: int) -> None:
        self.token = secrets.token_urlsafe(24)
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}
        self.address = f"http://127.0.0.1:{port}/?token={self.token}"
        sockets = " ".join(f"ws://{host}" for host in sorted(self._hosts))
        self.headers = [
            (b"content-security-policy", _CSP.format(socket=sockets).encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"cross-origin-resource-policy", b"same-origin"),
            (b"cache-control", b"no-store"),
        ]

    def admits(self, scope: Scope) -> bool:
        """Whether a request may come in."""
        hosts = _values(scope, b"host")
        origins = _values(scope, b"origin")
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            return False
        if any(origin != f"http://{hosts[0]}" for origin in origins):
            return False
        return scope["path"].startswith(_OPEN) or self._has_token(scope)

    def _has_token(self, scope: Scope) -> bool:
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [])
        return len(given) == 1 and secrets.compare_digest(
            given[0].encode(), self.token.encode()
        )


def _values(scope: Scope, name: bytes) -> list[str]:
    return [raw.decode("latin-1") for key, raw in scope["headers"] if key == name]


class Gatekeeper:
    """ASGI middleware: refuses whom the gate does not admit, and sets its headers."""

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self._app = app
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            if self._gate.admits(scope):
                await self._app(scope, receive, send)
            else:  # before it is accepted, that is a 403
                await receive()
                await send({"type": "websocket.close"})
        elif self._gate.admits(scope):
            await self._app(scope, receive, self._with_headers(send))
        else:
            await self._refuse(self._with_headers(send))

    def _with_headers(self, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *self._gate.headers]
            await send(message)

        return sending

    @staticmethod
    async def _refuse(send: Send) -> None:
        headers = [(b"content-type", b"text/plain; charset=utf-8")]
        await send({"type": "http.response.start", "status": 403, "headers": headers})
        await send({"type": "http.response.body", "body": _FORBIDDEN})
