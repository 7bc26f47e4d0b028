"""urequests for CircuitPython, over `adafruit_requests` and its connection manager.

The library connects, writes and keeps the connection, through a Guard; the reply is framed,
bounded and read here, by `link/http`. A request leaves at most once, goes only to its own
host, always over verified TLS, and comes back whole or as an error of Milepad's family.
An instance has the module's interface; `sys.modules["urequests"] = Requests(...)` gives it to
other programs. Not for HEAD, for streams, or for bodies over `http.MAX_BODY_BYTES`.
"""

import json as json_codec
import time
from binascii import b2a_base64
from collections import OrderedDict

from adafruit_connection_manager import (  # type: ignore[import-not-found]
    connection_manager_close_all,
)
from adafruit_requests import OutOfRetries, Session  # type: ignore[import-not-found]

from milepad.base.compat import (
    BUILD_EPOCH_S,
    TYPE_CHECKING,
    const,
    split_der,
    ticks_diff,
    ticks_ms,
    unix_time,
)
from milepad.base.errors import (
    HttpError,
    NoAnswerError,
    NotSentError,
    ProfileError,
    TlsError,
)
from milepad.base.url import split_url
from milepad.link.circuitpython.guard import FAULTS, Guard
from milepad.link.http import ReplyParser, encode_request

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from milepad.link.protocols import Origin, SocketPool, TlsContext, Url

_READ_BYTES = const(512)
_PAUSE_S = 0.005
_REQUIRED = const(2)  # CPython's ssl.CERT_REQUIRED
_FRAMING = ("host", "content-length", "transfer-encoding")


class Response:
    """A whole reply, with urequests' interface."""

    def __init__(self, reply: ReplyParser):
        self.status_code = reply.status
        self.content = bytes(reply.body)

    @property
    def text(self) -> str:
        """The body as UTF-8; UnicodeError when it is none."""
        return str(self.content, "utf-8")

    def json(self) -> "Any":
        """The body's value; ValueError when it is no JSON."""
        return json_codec.loads(self.content)

    def close(self) -> None:
        """Nothing to free: the reply is whole and its connection released."""


class Requests:
    """HTTPS requests, one at a time; the connection is kept for at most `idle_ms`.

    `pool` is the radio's SocketPool, `context` a fresh `ssl.create_default_context()`, which
    gets `ca_der` for its root. Raises TlsError when there is no root, or the context is seen
    not to verify.
    """

    def __init__(
        self,
        pool: "SocketPool",
        context: "TlsContext",
        ca_der: bytes,
        idle_ms: int = 20000,
    ):
        _load_root(context, ca_der)
        self._guard = Guard(pool, context)
        self._session = Session(self._guard, self._guard)
        self._idle_ms = idle_ms
        self._origin = ("", 0)
        self._is_idle = False  # whether the kept connection waits for a request
        self._used_ms = 0
        self._reply = ReplyParser(bytearray())
        self._buffer = bytearray(_READ_BYTES)

    # --- urequests' interface; it blocks until the reply is there ---

    def request(
        self,
        method: str,
        url: str,
        data: "bytes | bytearray | str | None" = None,
        json: "Any" = None,
        headers: "Any" = None,
        timeout: float = 30,
    ) -> Response:
        """One request; a Response, whatever its status.

        `data` is bytes or text, `json` a value to encode; `timeout` in seconds is for all
        of it. Raises NotSentError when nothing left, NoAnswerError when something did and
        no whole reply came in time.
        """
        start_ms = ticks_ms()
        limit_ms = int(timeout * 1000)
        try:
            base, mark, query = url.partition("?")
            host, port, path = split_url(base)
        except ProfileError:
            raise NotSentError("an https address is needed")
        self.send(method, (host, port, path + mark + query), headers, data, limit_ms, json)
        try:
            while not self.receive():
                if ticks_diff(ticks_ms(), start_ms) >= limit_ms:
                    raise NoAnswerError("no reply within %d s" % timeout)
                time.sleep(_PAUSE_S)
        finally:
            reply = self.release()
        return Response(reply)

    def get(self, url: str, **options: "Any") -> Response:
        """`request` with GET."""
        return self.request("GET", url, **options)

    def post(self, url: str, **options: "Any") -> Response:
        """`request` with POST."""
        return self.request("POST", url, **options)

    def close(self) -> None:
        """Drops the kept connection."""
        kept, self._guard.kept = self._guard.kept, None
        if kept:
            kept.close()
        connection_manager_close_all(self._guard)

    # --- in steps, for who has other things to do while the reply is awaited ---

    @property
    def sent(self) -> bool:
        """Whether a part of the last request may be with the peer."""
        return self._guard.sent

    def send(
        self,
        method: str,
        url: "Url",
        headers: "Any",
        data: "bytes | bytearray | str | None",
        limit_ms: int,
        json: "Any" = None,
        may_leave: "Callable[[], bool] | None" = None,
    ) -> None:
        """Sends one copy to url = (host, port, path); blocks while it connects.

        `may_leave` is asked when the way is open, just before the first byte.

        Afterwards `receive` until it is true, and `release` whatever happened. Raises
        NotSentError or NoAnswerError, as `request`.
        """
        guard = self._guard
        guard.begin(limit_ms, may_leave)
        if unix_time() < BUILD_EPOCH_S:
            raise TlsError("the clock is not set")
        host, port, path = url
        headers = _checked(method, url, headers, data)
        if not data and json is None and method != "GET":
            headers["Content-Length"] = "0"  # the library leaves it out
        if not self._is_usable((host, port)):
            self.close()
        self._origin = (host, port)
        self._is_idle = False
        self._reply = ReplyParser(bytearray())
        address = "https://%s:%d%s" % (host, port, path)
        self._let_out(method, address, data, json, headers)

    def _let_out(self, *request: "Any") -> None:
        done = False
        try:
            self._session.request(*request, allow_redirects=False).close()
            done = True
        except FAULTS + (TypeError, OutOfRetries) as fault:
            raise self._guard.broken(fault)
        finally:
            if not done:
                self.close()

    def _is_usable(self, origin: "Origin") -> bool:
        """Whether the kept connection leads there, is fresh, and nobody has closed it."""
        kept = self._guard.kept
        fresh = ticks_diff(ticks_ms(), self._used_ms) <= self._idle_ms
        fresh = fresh and self._is_idle and self._origin == origin
        return fresh and kept is not None and kept.is_alive()

    def receive(self) -> bool:
        """Reads what has come of the reply, without waiting; whether it is whole.

        Raises NoAnswerError when the connection ends, or the reply is none.
        """
        kept = self._guard.kept
        count = kept.receive(self._buffer) if kept else 0
        try:
            if count == 0:
                self._reply.end()
            elif count:
                self._reply.feed(bytes(self._buffer[:count]))
        except (HttpError, MemoryError) as fault:
            self.close()
            raise NoAnswerError("the reply: %s" % fault)
        return self._reply.done

    def release(self) -> ReplyParser:
        """Keeps the connection if the reply is whole and allows it, else closes it."""
        reply = self._reply
        self._used_ms = ticks_ms()
        self._is_idle = reply.done and reply.keep_alive
        if not self._is_idle:
            self.close()
        return reply


def _load_root(context: "Any", ca_der: bytes) -> None:
    """CircuitPython takes roots in one text of PEM; with an empty one it verifies nothing.

    Its context shows no mode, and checks the name whenever one is given. An AirLift's
    context takes no root at all.
    """
    verifies = ca_der and hasattr(context, "load_verify_locations")
    if hasattr(context, "verify_mode"):
        verifies = verifies and context.verify_mode == _REQUIRED and context.check_hostname
    if not verifies:
        raise TlsError("TLS verifies nothing")
    lines = []
    for root in split_der(ca_der):
        lines.append("-----BEGIN CERTIFICATE-----\n")
        for i in range(0, len(root), 48):
            lines.append(b2a_base64(root[i : i + 48]).decode())
        lines.append("-----END CERTIFICATE-----\n")
    try:
        context.load_verify_locations(cadata="".join(lines))
    except (OSError, ValueError):
        raise TlsError("the root certificate is bad")


def _checked(
    method: str, url: "Url", headers: "Any", data: "Any"
) -> "OrderedDict[str, str]":
    """The headers to send. Raises NotSentError for what the library must not be given."""
    if method not in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        raise NotSentError("the method is unknown")
    if data is not None and not isinstance(data, (bytes, bytearray, str)):
        raise NotSentError("a body is bytes or text")
    host, port, path = url
    checked: OrderedDict[str, str] = (
        OrderedDict()
    )  # so that a second copy is the first one, byte for byte
    checked["Host"] = host if port == 443 else "%s:%d" % (host, port)
    for name, value in OrderedDict(headers or {}).items():
        if name.lower() in _FRAMING or ":" in name:
            raise NotSentError("a header's name cannot be used")
        checked[name] = str(value)
    try:
        encode_request(path, host, list(checked.items()), b"")
    except HttpError as fault:
        raise NotSentError(str(fault))
    return checked
