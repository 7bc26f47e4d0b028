"""What `adafruit_requests` does behind a caller's back, and that the shim lets none of it happen.

Each trap is sprung twice: by the bare library of the pinned version, which proves that the
trap is there, and by the shim. A1 to A12 are the numbers of the field notes.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any

import adafruit_connection_manager
import adafruit_requests
import pytest

from host_tests.kit.tls_server import Exchange, TlsServer
from host_tests.kit.until import LONG_S, until
from host_tests.link.circuitpython.radio import Radio, Spinning, Stream
from milepad.base.errors import LinkError, NoAnswerError, NotSentError, TlsError
from milepad.link.circuitpython import urequests

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
BODY = b'{"award":95}'
BEARER = {"Authorization": "Bearer abc"}
Serve = Callable[..., TlsServer]


def url(server: TlsServer, path: str = "/award") -> str:
    return f"https://127.0.0.1:{server.port}{path}"


def answer(*replies: bytes) -> Callable[[Exchange], None]:
    """A script that gives these replies, one a request, the last one for ever."""
    left = list(replies)

    def script(exchange: Exchange) -> None:
        while exchange.request():
            exchange.reply(left.pop(0) if len(left) > 1 else left[0])

    return script


def cut_after(raw: bytes) -> Callable[[Exchange], None]:
    """A script that answers with `raw` and ends the connection."""

    def script(exchange: Exchange) -> None:
        exchange.request()
        exchange.reply(raw)

    return script


def awards(radio: Radio, server: TlsServer) -> int:
    """How many times the award arrived, now that every connection has ended."""
    radio.close()
    for thread in server._threads[1:]:
        thread.join(LONG_S)
    return sum(raw.startswith(b"POST /award ") for raw in server.requests)


# --- A1: a second copy after a time-out, a lost reply, a reset ---


def silent(exchange: Exchange) -> None:
    """Reads requests and answers none of them."""
    while exchange.request():
        pass


def lost(exchange: Exchange) -> None:
    """Serves a request; its reply is lost."""
    exchange.request()


def reset(exchange: Exchange) -> None:
    exchange.request()
    exchange.reset()


def garbage(exchange: Exchange) -> None:
    exchange.request()
    exchange.reply(b"SSH-2.0-OpenSSH\r\n")


class Impatient(Stream):
    """Waits half a second for a reply, and as long as it takes for the handshake."""

    def read(self, *args: Any) -> Any:
        if self.gettimeout():
            self.settimeout(0.5)
        return super().read(*args)


UNANSWERED = pytest.mark.parametrize("script", [silent, lost, reset, garbage])


@UNANSWERED
def test_a1_the_library_sends_an_unanswered_post_twice(
    radio: Radio, serve: Serve, monkeypatch: pytest.MonkeyPatch, script: Callable
) -> None:
    monkeypatch.setattr(radio.context, "sslsocket_class", Impatient)
    server = serve(script)
    with pytest.raises(adafruit_requests.OutOfRetries):
        radio.bare().post(url(server), data=BODY, timeout=LONG_S)
    assert awards(radio, server) == 2


def silent_after_the_first(exchange: Exchange) -> None:
    exchange.request()
    exchange.reply(OK)
    silent(exchange)


@pytest.mark.parametrize("script", [lost, reset, garbage])
def test_a1_the_shim_sends_an_unanswered_post_once(
    radio: Radio, serve: Serve, script: Callable
) -> None:
    server = serve(script)
    requests = radio.guarded()
    with pytest.raises(NoAnswerError):
        requests.post(url(server), data=BODY, timeout=LONG_S)
    assert requests.sent
    assert not radio.open_sockets()
    assert awards(radio, server) == 1


def test_a1_the_shim_sends_a_post_that_meets_silence_once(
    radio: Radio, serve: Serve
) -> None:
    server = serve(silent_after_the_first)
    requests = radio.guarded()
    requests.get(url(server, "/news"), timeout=LONG_S)  # it has its time to connect
    with pytest.raises(NoAnswerError, match="no reply within"):
        requests.post(url(server), data=BODY, timeout=0.5)
    assert requests.sent
    assert not radio.open_sockets()
    assert awards(radio, server) == 1


def test_a1_a_time_out_of_the_library_takes_twice_its_time_and_the_shims_once(
    radio: Radio, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(radio.context, "sslsocket_class", Impatient)
    server = serve(silent)
    start_s = time.monotonic()
    with pytest.raises(adafruit_requests.OutOfRetries):
        radio.bare().post(url(server), data=BODY, timeout=LONG_S)
    assert time.monotonic() - start_s > 1.0

    def takes_once_its_time() -> bool:
        start_s = time.monotonic()
        with pytest.raises(LinkError) as caught:
            radio.guarded().post(url(server), data=BODY, timeout=0.5)
        return caught.type is NoAnswerError and time.monotonic() - start_s < 0.9

    until(takes_once_its_time)  # a machine that is busy at first is not so for ever


class Stubborn(adafruit_requests.Session):
    """A library that tries again whatever is raised."""

    def request(self, *args: object, **options: object) -> adafruit_requests.Response:
        try:
            return super().request(*args, **options)
        except Exception:  # noqa: BLE001  (what such a version would do)
            self._connection_manager._free_sockets(force=True)
            return super().request(*args, **options)


class BreaksOff(Stream):
    """Breaks off after a first whole record of the request."""

    def send(self, data: object, flags: int = 0) -> int:
        if self.sends:
            raise ConnectionResetError(104, "reset")
        return super().send(bytes(data)[:20], flags)  # type: ignore[call-overload]


def test_a1_the_guard_holds_back_the_second_try_of_any_future_version(
    radio: Radio, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(urequests, "Session", Stubborn)
    monkeypatch.setattr(radio.context, "sslsocket_class", BreaksOff)
    server = serve(silent)
    with pytest.raises(NoAnswerError, match="a second copy was held back"):
        radio.guarded().post(url(server), data=BODY)
    assert len(server.exchanges) == 1


# --- A2: a body that was not read is taken for the next reply ---

LONG = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + b"x" * 500


def test_a2_the_library_sends_on_a_socket_with_an_unread_body_and_awards_twice(
    radio: Radio, serve: Serve
) -> None:
    server = serve(answer(LONG, OK))
    bare = radio.bare()
    bare.get(url(server, "/news")).close()
    assert bare.post(url(server), data=BODY).status_code == 200
    assert awards(radio, server) == 2


def test_a2_the_shim_reads_every_body_and_awards_once(radio: Radio, serve: Serve) -> None:
    server = serve(answer(LONG, OK))
    requests = radio.guarded()
    requests.get(url(server, "/news")).close()
    assert requests.post(url(server), data=BODY).status_code == 200
    assert awards(radio, server) == 1
    assert len(server.exchanges) == 1


def test_a2_bytes_that_nobody_asked_for_end_the_connection(
    radio: Radio, serve: Serve
) -> None:
    server = serve(answer(OK + b"HTTP/1.1 200 OK\r\n"))
    requests = radio.guarded()
    with pytest.raises(NoAnswerError):
        requests.get(url(server))
    assert not radio.open_sockets()


def test_a2_late_bytes_that_nobody_asked_for_are_not_taken_for_a_reply(
    radio: Radio, serve: Serve
) -> None:
    def script(exchange: Exchange) -> None:
        exchange.request()
        exchange.reply(OK)
        if exchange.index == 0:
            exchange.reply(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate")
        exchange.request()

    server = serve(script)
    requests = radio.guarded()
    assert requests.get(url(server, "/news")).content == b"{}"
    kept = requests._guard.kept
    until(lambda: kept is None or not kept.is_alive())
    assert requests.post(url(server), data=BODY).content == b"{}"
    assert awards(radio, server) == 1


# --- A3: redirects ---


def redirect(server: TlsServer, status: int) -> bytes:
    head = f"HTTP/1.1 {status} Go\r\nLocation: {url(server)}\r\nContent-Length: 0\r\n\r\n"
    return head.encode()


REDIRECTS = pytest.mark.parametrize("status", [301, 302, 303, 307, 308])


@REDIRECTS
def test_a3_the_library_takes_post_and_token_to_another_server(
    radio: Radio, serve: Serve, status: int
) -> None:
    other = serve(answer(OK))
    server = serve(answer(redirect(other, status)))
    radio.bare().post(url(server), data=BODY, headers=BEARER)
    assert awards(radio, other) == 1
    assert b"Bearer abc" in other.requests[0]


@REDIRECTS
def test_a3_the_shim_hands_a_redirect_to_its_caller(
    radio: Radio, serve: Serve, status: int
) -> None:
    other = serve(answer(OK))
    server = serve(answer(redirect(other, status)))
    reply = radio.guarded().post(url(server), data=BODY, headers=BEARER)
    assert reply.status_code == status
    assert not other.exchanges


# --- A4: a body that ends early ---

SHORT = b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n"


@pytest.mark.parametrize("piece", [b"", b'{"approved":', b"x" * 19])
def test_a4_the_library_takes_part_of_a_body_for_all_of_it(
    radio: Radio, serve: Serve, piece: bytes
) -> None:
    server = serve(cut_after(SHORT + piece))
    assert radio.bare().post(url(server), data=BODY).content == piece


@pytest.mark.parametrize("piece", [b"", b'{"approved":', b"x" * 19])
def test_a4_the_shim_takes_part_of_a_body_for_no_answer(
    radio: Radio, serve: Serve, piece: bytes
) -> None:
    server = serve(cut_after(SHORT + piece))
    with pytest.raises(NoAnswerError, match="it ended early"):
        radio.guarded().post(url(server), data=BODY)
    assert not radio.open_sockets()


# --- A5: an end between two chunks ---

FIRST_CHUNK = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}"


def test_a5_the_library_spins_when_the_connection_ends_after_a_chunk(
    radio: Radio, serve: Serve
) -> None:
    server = serve(cut_after(FIRST_CHUNK))
    with pytest.raises(Spinning):
        _ = radio.bare().post(url(server), data=BODY).content


def test_a5_the_shim_ends_with_the_connection(radio: Radio, serve: Serve) -> None:
    server = serve(cut_after(FIRST_CHUNK))
    with pytest.raises(NoAnswerError, match="it ended early"):
        radio.guarded().post(url(server), data=BODY)


# --- A6: a socket stays checked out after an error ---


def test_a6_the_library_is_stuck_after_a_bad_header(radio: Radio, serve: Serve) -> None:
    server = serve(answer(OK))
    bare = radio.bare()
    with pytest.raises(TypeError):
        bare.post(url(server), data=BODY, headers={"X": 1})
    with pytest.raises(RuntimeError, match="already connected"):
        bare.post(url(server), data=BODY)


@pytest.mark.parametrize(
    "wrong", [{"json": {1, 2}}, {"data": b"", "headers": {"X": "a\r\nEvil: 1"}}]
)
def test_a6_the_shim_goes_on_after_a_request_that_cannot_be_made(
    radio: Radio, serve: Serve, wrong: dict
) -> None:
    server = serve(answer(OK))
    requests = radio.guarded()
    with pytest.raises(NotSentError):
        requests.post(url(server), **wrong)
    assert not requests.sent
    assert not radio.open_sockets()
    assert requests.post(url(server), data=BODY).status_code == 200
    assert awards(radio, server) == 1


def test_a6_the_library_is_stuck_after_a_bad_status_line(
    radio: Radio, serve: Serve
) -> None:
    server = serve(answer(b"HTTP/1.1 what? \r\n\r\n"))
    bare = radio.bare()
    with pytest.raises(ValueError, match="what"):
        bare.get(url(server))
    with pytest.raises(RuntimeError, match="already connected"):
        bare.get(url(server))


def test_a6_the_shim_goes_on_after_a_bad_status_line(radio: Radio, serve: Serve) -> None:
    server = serve(answer(b"HTTP/1.1 what? \r\n\r\n", OK))
    requests = radio.guarded()
    with pytest.raises(NoAnswerError):
        requests.get(url(server))
    assert requests.get(url(server)).status_code == 200


class OutOfMemory(Stream):
    """There is no room for a record, once."""

    made = 0

    def send(self, data: object, flags: int = 0) -> int:
        OutOfMemory.made += 1
        if OutOfMemory.made == 1:
            raise MemoryError
        return super().send(data, flags)


def test_a6_the_shim_goes_on_after_it_ran_out_of_memory(
    radio: Radio, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OutOfMemory, "made", 0)
    monkeypatch.setattr(radio.context, "sslsocket_class", OutOfMemory)
    server = serve(answer(OK))
    requests = radio.guarded()
    with pytest.raises(NotSentError):
        requests.post(url(server), data=BODY)
    assert requests.post(url(server), data=BODY).status_code == 200
    assert awards(radio, server) == 1


# --- A7: a kept socket keeps its first time-out ---


def served_slowly(serve: Serve, delay_s: float) -> TlsServer:
    """The second request of a connection is answered so much later."""

    def script(exchange: Exchange) -> None:
        exchange.request()
        exchange.reply(OK)
        exchange.request()
        server.over.wait(delay_s)
        exchange.reply(OK)

    server = serve(script)
    return server


def test_a7_the_library_waits_as_long_as_the_first_caller_said(
    radio: Radio, serve: Serve
) -> None:
    server = served_slowly(serve, 0.8)
    bare = radio.bare()
    assert bare.get(url(server), timeout=LONG_S).content == b"{}"
    start = time.monotonic()
    assert bare.get(url(server), timeout=0.1).content == b"{}"
    assert time.monotonic() - start > 0.7


def test_a7_the_shim_waits_as_long_as_this_caller_says(radio: Radio, serve: Serve) -> None:
    server = served_slowly(serve, 10)  # the first caller would get that answer
    requests = radio.guarded()
    assert requests.get(url(server), timeout=LONG_S).content == b"{}"
    with pytest.raises(NoAnswerError, match="no reply within"):
        requests.get(url(server), timeout=0.1)
    assert len(server.exchanges) == 1  # it was a kept socket


def test_a7_a_reply_in_drops_does_not_move_the_deadline(radio: Radio, serve: Serve) -> None:
    def script(exchange: Exchange) -> None:
        exchange.request()
        exchange.reply(OK)
        exchange.request()
        for byte in OK:
            exchange.reply(bytes([byte]))
            if server.over.wait(0.2):
                return

    server = serve(script)  # the second reply takes eight seconds
    requests = radio.guarded()
    requests.get(url(server), timeout=LONG_S)
    with pytest.raises(NoAnswerError, match="no reply within"):
        requests.get(url(server), timeout=0.5)


# --- A8: an end that was announced, or came while idle ---

LAST = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"


def says_close(exchange: Exchange) -> None:
    """Says that it closes, and looks what is sent all the same."""
    while exchange.request():
        if len(exchange.requests) > 1:
            return
        exchange.reply(LAST)


def test_a8_the_library_sends_where_the_server_has_said_close(
    radio: Radio, serve: Serve
) -> None:
    server = serve(says_close)
    bare = radio.bare()
    for _ in range(2):
        assert bare.post(url(server), data=BODY).content == b"{}"
    assert awards(radio, server) == 3


def test_a8_the_shim_closes_where_the_server_has_said_close(
    radio: Radio, serve: Serve
) -> None:
    server = serve(says_close)
    requests = radio.guarded()
    for _ in range(2):
        assert requests.post(url(server), data=BODY).content == b"{}"
        assert not radio.open_sockets()
    assert awards(radio, server) == 2


def once(exchange: Exchange) -> None:
    """Answers one request and ends the connection without a word about it."""
    exchange.request()
    exchange.reply(OK)


def test_a8_the_library_writes_to_a_socket_that_has_ended(
    radio: Radio, serve: Serve
) -> None:
    server = serve(once)
    bare = radio.bare()
    for _ in range(2):
        assert bare.get(url(server)).content == b"{}"
    assert radio.streams[0].sends > radio.streams[1].sends


def test_a8_the_shim_looks_before_it_writes(radio: Radio, serve: Serve) -> None:
    server = serve(once)
    requests = radio.guarded()
    for _ in range(3):
        assert requests.post(url(server), data=BODY).content == b"{}"
        for thread in server._threads[1:]:
            thread.join(LONG_S)
    assert awards(radio, server) == 3
    assert [stream.sends for stream in radio.streams] == [1, 1, 1]


def test_a8_a_connection_that_was_idle_for_too_long_is_not_used(
    radio: Radio, serve: Serve
) -> None:
    server = serve(answer(OK))
    requests = radio.guarded(idle_ms=-1)
    for _ in range(2):
        requests.get(url(server))
    assert len(server.exchanges) == 2


# --- A9: sockets that leak ---


@pytest.fixture
def unwrappable(radio: Radio, monkeypatch: pytest.MonkeyPatch) -> Radio:
    """A radio whose context cannot wrap, as CircuitPython's with a broken root."""

    def wrap_socket(*_args: object, **_options: object) -> None:
        raise ValueError("invalid cert")

    monkeypatch.setattr(radio.context, "wrap_socket", wrap_socket)
    return radio


def test_a9_the_library_leaks_a_socket_that_cannot_be_wrapped(unwrappable: Radio) -> None:
    with pytest.raises(ValueError, match="invalid cert"):
        unwrappable.bare().get("https://127.0.0.1:9/")
    assert unwrappable.open_sockets() == 1


def test_a9_the_shim_closes_a_socket_that_cannot_be_wrapped(unwrappable: Radio) -> None:
    with pytest.raises(TlsError):
        unwrappable.guarded().get("https://127.0.0.1:9/")
    assert unwrappable.open_sockets() == 0


class ClosedStream:
    """CircuitPython's TLS socket after a failed handshake: its `close` does nothing more."""

    def __init__(self, number: int) -> None:
        self._number = number

    def settimeout(self, _timeout_s: float) -> None:
        pass

    def connect(self, _address: tuple) -> None:
        raise OSError(self._number, "refused")

    def close(self) -> None:
        pass


@pytest.mark.parametrize(("number", "error"), [(-0x2700, TlsError), (116, NotSentError)])
def test_a9_the_socket_under_a_failed_handshake_is_closed_too(
    radio: Radio, monkeypatch: pytest.MonkeyPatch, number: int, error: type
) -> None:
    def wrap_socket(*_args: object, **_options: object) -> ClosedStream:
        return ClosedStream(number)

    monkeypatch.setattr(radio.context, "wrap_socket", wrap_socket)
    with pytest.raises(OSError, match=str(number)):
        radio.bare().get("https://127.0.0.1:9/")
    assert radio.open_sockets() == 1
    with pytest.raises(LinkError) as caught:
        radio.guarded().get("https://127.0.0.1:9/")
    assert caught.type is error
    assert radio.open_sockets() == 1  # the library's, still


# --- A10: heads without bounds, or without an end ---


def test_a10_the_library_keeps_any_header_of_any_length(radio: Radio, serve: Serve) -> None:
    server = serve(answer(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 50000 + OK[15:]))
    reply = radio.bare().get(url(server))
    assert len(reply.headers["x"]) == 50000
    reply.close()


@pytest.mark.parametrize(
    "lines",
    [b"Connection: " + b"a" * 1100 + b"\r\n", b"X: " + b"a" * 17000, b"X: a\r\n" * 3000],
    ids=["one that counts", "one line", "all lines"],
)
def test_a10_the_shim_bounds_a_line_that_counts_and_the_whole_head(
    radio: Radio, serve: Serve, lines: bytes
) -> None:
    server = serve(answer(b"HTTP/1.1 200 OK\r\n" + lines + OK[17:]))
    with pytest.raises(NoAnswerError, match="its head is too long"):
        radio.guarded().get(url(server))


def test_a10_the_shim_bounds_the_body(radio: Radio, serve: Serve) -> None:
    server = serve(answer(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"))
    with pytest.raises(NoAnswerError, match="the reply: over"):
        radio.guarded().get(url(server))


CUT_HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1"  # of 12


def test_a10_the_library_takes_part_of_a_head_for_all_of_it(
    radio: Radio, serve: Serve
) -> None:
    server = serve(cut_after(CUT_HEAD))
    reply = radio.bare().get(url(server))
    assert (reply.status_code, reply.headers["content-length"]) == (200, "1")
    reply.close()


def test_a10_the_shim_takes_part_of_a_head_for_no_answer(
    radio: Radio, serve: Serve
) -> None:
    server = serve(cut_after(CUT_HEAD))
    with pytest.raises(NoAnswerError, match="it ended early"):
        radio.guarded().get(url(server))


# --- A11: a TLS record for every fragment; A12: TLS without a root ---


def test_a11_the_library_sends_many_records_and_the_shim_one(
    radio: Radio, serve: Serve
) -> None:
    server = serve(answer(OK))
    radio.bare().post(url(server), data=BODY).close()
    radio.guarded().post(url(server), data=BODY)
    bare, guarded = radio.streams
    assert bare.sends > 15
    assert guarded.sends == 1


def test_a12_the_shim_refuses_a_coprocessors_context(radio: Radio) -> None:
    class Coprocessor:
        TLS_MODE = 2

    context = adafruit_connection_manager.create_fake_ssl_context(radio, Coprocessor())
    with pytest.raises(TlsError):
        urequests.Requests(radio, context, radio.root)


# --- found on the way: a network that takes nothing for now keeps the library spinning ---


class Full(Stream):
    """The network's buffers are full: CircuitPython's `send` never waits for room."""

    room_after = 10**9

    def send(self, data: object, flags: int = 0) -> int:
        self.sends += 1
        if self.sends > 2000:
            raise Spinning
        if self.sends <= self.room_after:
            raise BlockingIOError(11, "again")
        return super().send(data, flags)


def test_a13_the_library_spins_while_the_network_takes_nothing(
    radio: Radio, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(radio.context, "sslsocket_class", Full)
    with pytest.raises(Spinning):
        radio.bare().post(url(serve(silent)), data=BODY, timeout=LONG_S)


class Filling(Stream):
    """They take the first request, so that it has its time to connect."""

    def send(self, data: object, flags: int = 0) -> int:
        if self.sends:
            raise BlockingIOError(11, "again")
        return super().send(data, flags)


def test_a13_the_shim_gives_up_in_time_and_knows_that_nothing_left(
    radio: Radio, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(radio.context, "sslsocket_class", Filling)
    server = serve(answer(OK))
    requests = radio.guarded()
    requests.get(url(server, "/news"), timeout=LONG_S)
    with pytest.raises(NotSentError, match="not sent within"):
        requests.post(url(server), data=BODY, timeout=0.5)
    assert awards(radio, server) == 0
    assert not radio.open_sockets()


def test_a13_the_shim_sends_once_there_is_room(
    radio: Radio, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Full, "room_after", 3)
    monkeypatch.setattr(radio.context, "sslsocket_class", Full)
    server = serve(answer(OK))
    assert radio.guarded().post(url(server), data=BODY).status_code == 200
    assert awards(radio, server) == 1


def test_nothing_is_left_open_for_the_garbage_collector(radio: Radio, serve: Serve) -> None:
    server = serve(answer(OK))
    requests = radio.guarded()
    requests.get(url(server))
    assert radio.open_sockets() == 1
    requests.close()
    gc.collect()
    assert radio.open_sockets() == 0
