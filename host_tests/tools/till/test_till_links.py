"""The ways to a pad: whole messages over TCP, a pseudo-terminal and HTTPS, and how they break."""

from __future__ import annotations

import contextlib
import http.server
import os
import socket
import ssl
import threading
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.ports import own_port
from host_tests.kit.until import LONG_S
from tools.till.links import (
    Frames,
    HttpsLink,
    LinkError,
    SerialLink,
    StreamLink,
    TcpLink,
    framed,
)

WAIT_S = LONG_S
Serve = Callable[[socket.socket], None]


def heard(sock: socket.socket, frames: Frames | None = None) -> bytes:
    """The next whole message that a till sent; what follows it stays in `frames`."""
    frames = frames or Frames()
    while (message := frames.next()) is None:
        raw = sock.recv(1000)
        if not raw:
            return b""
        frames.feed(raw)
    return message


@contextlib.contextmanager
def pad(*behaviours: Serve) -> Iterator[TcpLink]:
    """A link to a port where each connection is served by the next of these."""
    server = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        for serve in behaviours:
            with contextlib.suppress(OSError), server.accept()[0] as sock:
                serve(sock)

    worker = threading.Thread(target=run)
    worker.start()
    link = TcpLink("127.0.0.1", server.getsockname()[1])
    try:
        yield link
    finally:
        link.close()
        worker.join(WAIT_S)
        server.close()


def answer(sock: socket.socket) -> None:
    frames = Frames()
    while message := heard(sock, frames):
        sock.sendall(framed(message.upper()))


@given(
    messages=st.lists(st.binary(max_size=40), max_size=6), cuts=st.lists(st.integers(1, 9))
)
def test_messages_are_whole_however_the_bytes_come(
    messages: list[bytes], cuts: list[int]
) -> None:
    stream, frames, found = b"".join(map(framed, messages)), Frames(), []
    for cut in [*cuts, len(stream)]:
        piece, stream = stream[:cut], stream[cut:]
        frames.feed(piece)
        while (message := frames.next()) is not None:
            found.append(message)
    assert found == messages


def test_a_length_that_no_message_has_is_no_frame() -> None:
    frames = Frames()
    frames.feed(b"HTTP/1.1 400")
    with pytest.raises(LinkError, match="no frame"):
        frames.next()


def test_a_message_goes_and_another_comes() -> None:
    with pad(answer) as link:
        link.send(b"one")
        link.send(b"two")
        assert [link.receive(WAIT_S), link.receive(WAIT_S)] == [b"ONE", b"TWO"]


def test_nothing_comes_in_time() -> None:
    with pad(lambda sock: None if heard(sock) == b"" else heard(sock) and None) as link:
        link.send(b"one")
        assert link.receive(0.01) is None


def test_a_message_that_breaks_off_is_told() -> None:
    def break_off(sock: socket.socket) -> None:
        heard(sock)
        sock.sendall(framed(b"a whole message")[:9])

    with pad(break_off) as link:
        link.send(b"one")
        with pytest.raises(LinkError, match="closed"):
            link.receive(WAIT_S)


def test_a_connection_that_was_hung_up_is_made_anew_before_anything_is_sent() -> None:
    closed = threading.Event()

    def once(sock: socket.socket) -> None:
        sock.sendall(framed(heard(sock)))
        sock.shutdown(socket.SHUT_RDWR)
        closed.set()

    with pad(once, answer) as link:
        link.send(b"one")
        assert link.receive(WAIT_S) == b"one"
        assert closed.wait(WAIT_S)
        link.send(b"two")
        assert link.receive(WAIT_S) == b"TWO"


def test_nobody_is_there() -> None:
    with own_port() as port, pytest.raises(LinkError, match="cannot be reached"):
        TcpLink("127.0.0.1", port).send(b"one")


@pytest.fixture
def line() -> Iterator[tuple[int, str]]:
    """The pad's end of a serial line, and the path of the till's."""
    near, far = os.openpty()
    tty.setraw(far)
    yield near, os.ttyname(far)
    os.close(near)
    os.close(far)


def test_a_serial_line_carries_the_same_frames(line: tuple[int, str]) -> None:
    near, path = line
    os.write(near, b"what was said before anybody listened")
    link: StreamLink = SerialLink(path)
    try:
        link.send(b"\x00\x11\x13\x03one")
        assert os.read(near, 100) == framed(b"\x00\x11\x13\x03one")
        os.write(near, framed(b"\x00\x11\x13\x03two")[:6])
        assert link.receive(0.01) is None
        os.write(near, framed(b"\x00\x11\x13\x03two")[6:])
        assert link.receive(WAIT_S) == b"\x00\x11\x13\x03two"
    finally:
        link.close()


def test_a_line_that_is_not_there() -> None:
    with pytest.raises(LinkError, match="cannot be reached"):
        SerialLink("/nowhere/tty").send(b"one")


class _Https(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    paths: list[str] = []  # noqa: RUF012 - what was asked for, of one test

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.paths.append(self.path)
        if body == b"abort":
            self._answer(200, b"")
        else:
            self._answer(404 if body == b"lost" else 200, body.upper())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the tests are quiet."""


@pytest.fixture
def https(tmp_path: Path) -> Iterator[Callable[[str], HttpsLink]]:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Https)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    worker = threading.Thread(target=server.serve_forever, args=[0.01])
    worker.start()
    port = server.server_address[1]
    _Https.paths.clear()
    yield lambda name: HttpsLink("127.0.0.1", port, tmp_path / "ca.pem", name)
    server.shutdown()
    server.server_close()
    worker.join(WAIT_S)


def test_https_posts_each_message(https: Callable[[str], HttpsLink]) -> None:
    link = https("localhost")
    link.send(b"one")
    assert link.receive(WAIT_S) == b"ONE"
    assert _Https.paths == ["/nexo"]


def test_an_empty_answer_is_none(https: Callable[[str], HttpsLink]) -> None:
    link = https("localhost")
    link.send(b"abort")
    link.send(b"one")
    assert link.receive(WAIT_S) == b"ONE"


def test_a_status_that_is_no_answer_is_told(https: Callable[[str], HttpsLink]) -> None:
    link = https("localhost")
    link.send(b"lost")
    with pytest.raises(LinkError, match="404"):
        link.receive(WAIT_S)


def test_a_pad_that_cannot_be_verified_gets_nothing(
    https: Callable[[str], HttpsLink],
) -> None:
    with pytest.raises(LinkError, match="cannot be reached"):
        https("another.name").send(b"one")
    assert _Https.paths == []
