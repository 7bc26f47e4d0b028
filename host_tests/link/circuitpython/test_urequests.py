"""The shim, which serves other programs too: urequests' interface, bounded and without trust."""

from __future__ import annotations

import importlib
import ssl
import sys
from collections.abc import Callable

import pytest
import trustme

from host_tests.kit.ports import own_port
from host_tests.kit.tls_server import (
    Exchange,
    TlsServer,
    der,
    self_signed,
    server_context,
)
from host_tests.link.circuitpython.radio import Radio
from milepad.base.errors import NotSentError, TlsError
from milepad.link.circuitpython import urequests
from milepad.link.circuitpython.guard import Guard
from milepad.link.circuitpython.urequests import Requests

Serve = Callable[..., TlsServer]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n" + '{"miles":"é"}'.encode()


def answering(raw: bytes) -> Callable[[Exchange], None]:
    def script(exchange: Exchange) -> None:
        while exchange.request():
            exchange.reply(raw)

    return script


def url(server: TlsServer, path: str = "/p") -> str:
    return f"https://127.0.0.1:{server.port}{path}"


def head_and_body(server: TlsServer) -> tuple[list[bytes], bytes]:
    (raw,) = server.requests
    head, _, body = raw.partition(b"\r\n\r\n")
    return head.split(b"\r\n"), body


# --- what comes back ---


def test_a_program_finds_the_face_under_urequests_own_name(
    radio: Radio, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(answering(OK))
    monkeypatch.setitem(sys.modules, "urequests", radio.guarded())
    urequests = importlib.import_module("urequests")
    reply = urequests.get(url(server))
    assert reply.status_code == 200
    assert reply.content == '{"miles":"é"}'.encode()
    assert reply.text == '{"miles":"é"}'
    assert reply.json() == {"miles": "é"}
    reply.close()
    assert urequests.post(url(server), data=b"").status_code == 200
    assert urequests.request("PUT", url(server)).status_code == 200


@pytest.mark.parametrize("status", [200, 204, 304, 401, 404, 408, 500, 503])
def test_every_status_is_a_response(radio: Radio, serve: Serve, status: int) -> None:
    raw = b"HTTP/1.1 %d X\r\nContent-Length: 0\r\n\r\n" % status
    assert radio.guarded().get(url(serve(answering(raw)))).status_code == status


def test_reads_chunks_and_skips_interim_replies(radio: Radio, serve: Serve) -> None:
    raw = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"
    server = serve(answering(raw + b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: 1\r\n\r\n"))
    requests = radio.guarded()
    for _ in range(2):
        assert requests.get(url(server)).content == b"abcde"
    assert len(server.exchanges) == 1


def test_keeps_one_connection_to_one_server_at_a_time(radio: Radio, serve: Serve) -> None:
    first, second = serve(answering(OK)), serve(answering(OK))
    requests = radio.guarded()
    for server in (first, first, second, second, first):
        requests.get(url(server))
        assert radio.open_sockets() == 1
    assert (len(first.exchanges), len(second.exchanges)) == (2, 1)


def test_a_request_does_not_follow_one_whose_reply_was_not_fetched(
    radio: Radio, serve: Serve
) -> None:
    def script(exchange: Exchange) -> None:
        exchange.request()
        exchange.reply(OK)
        while exchange.request():
            pass

    server = serve(script)
    requests = radio.guarded()
    requests.get(url(server))
    for _ in range(2):
        requests.send("GET", ("127.0.0.1", server.port, "/p"), None, None, 60000)
    assert radio.open_sockets() == 1
    assert [stream.sends for stream in radio.streams] == [2, 1]


# --- what goes out ---


def test_a_post_to_the_byte(radio: Radio, serve: Serve) -> None:
    server = serve(answering(OK))
    radio.guarded().post(url(server), data="é", headers={"X": "1"})
    assert server.requests[0].decode() == (
        f"POST /p HTTP/1.1\r\nUser-Agent: Adafruit CircuitPython\r\nContent-Length: 2\r\n"
        f"Host: 127.0.0.1:{server.port}\r\nX: 1\r\n\r\né"
    )


@pytest.mark.parametrize("path", ["", "/", "/a/b", "/a?x=1&y=/", "/a?x=?"])
def test_the_path_and_the_query_arrive_as_they_are(
    radio: Radio, serve: Serve, path: str
) -> None:
    server = serve(answering(OK))
    radio.guarded().get(url(server, path))
    lines, _ = head_and_body(server)
    assert lines[0] == f"GET {path or '/'} HTTP/1.1".encode()


def test_a_value_is_sent_as_json(radio: Radio, serve: Serve) -> None:
    server = serve(answering(OK))
    radio.guarded().post(url(server), json={})
    lines, body = head_and_body(server)
    assert body == b"{}"
    assert b"Content-Type: application/json" in lines
    assert b"Content-Length: 2" in lines


def test_an_empty_post_says_its_length(radio: Radio, serve: Serve) -> None:
    server = serve(answering(OK))
    radio.guarded().post(url(server))
    assert b"Content-Length: 0" in head_and_body(server)[0]


@pytest.mark.parametrize("bad", ["\r\nX-Injected: 1", "\n", "\0", "\x7f", "é"])
@pytest.mark.parametrize("place", ["name", "value", "query"])
def test_no_text_can_break_the_head(radio: Radio, place: str, bad: str) -> None:
    headers = {"X": "1", **({"N" + bad: "1"} if place == "name" else {})}
    if place == "value":
        headers["X"] = "1" + bad
    query = "?" + bad if place == "query" else ""
    with pytest.raises(NotSentError, match=r"printable ASCII|a header's name"):
        radio.guarded().get("https://127.0.0.1:9/p" + query, headers=headers)
    assert not radio.sockets


@pytest.mark.parametrize(
    "name", ["Host", "content-length", "Transfer-Encoding", "Transfer-Encoding: chunked, X"]
)
def test_no_caller_frames_a_request(radio: Radio, name: str) -> None:
    with pytest.raises(NotSentError, match="a header's name cannot be used"):
        radio.guarded().post("https://127.0.0.1:9/", data=b"x", headers={name: "1"})
    assert not radio.sockets


def test_bytes_cannot_smuggle_a_line_into_the_head(radio: Radio, serve: Serve) -> None:
    server = serve(answering(OK))
    radio.guarded().get(url(server), headers={"X": b"1\r\nX-Injected: 1"})
    lines, _ = head_and_body(server)
    assert not [line for line in lines if line.startswith(b"X-Injected")]


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/",
        "ftp://h/",
        "https://",
        "https://h:0/",
        "https://u@h/",
        "h",
        "",
    ],
)
def test_only_https_addresses(radio: Radio, address: str) -> None:
    with pytest.raises(NotSentError, match="an https address is needed"):
        radio.guarded().get(address)
    assert not radio.sockets


@pytest.mark.parametrize("method", ["HEAD", "get", "CONNECT", "GET / HTTP/1.1\r\nX: ", ""])
def test_only_methods_whose_reply_can_be_framed(radio: Radio, method: str) -> None:
    with pytest.raises(NotSentError, match="the method is unknown"):
        radio.guarded().request(method, "https://127.0.0.1:9/")


@pytest.mark.parametrize("data", [{"a": "b&c"}, 5, ["x"], object()])
def test_a_body_is_bytes_or_text(radio: Radio, data: object) -> None:
    with pytest.raises(NotSentError, match="a body is bytes or text"):
        radio.guarded().post("https://127.0.0.1:9/", data=data)


# --- where nothing leaves ---


def test_a_refused_connection_sends_nothing(radio: Radio, serve: Serve) -> None:
    def script(exchange: Exchange) -> None:
        exchange.request()
        exchange.reply(OK)

    server = serve(script)
    requests = radio.guarded()
    requests.get(url(server))  # what was sent before does not count
    with own_port() as port, pytest.raises(NotSentError):
        requests.get(f"https://127.0.0.1:{port}/p")
    assert not requests.sent
    assert not radio.open_sockets()


def test_an_unknown_name_sends_nothing(
    radio: Radio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def getaddrinfo(*_question: object) -> None:
        raise OSError(-2, "unknown")

    monkeypatch.setattr(radio, "getaddrinfo", getaddrinfo)
    with pytest.raises(NotSentError):
        radio.guarded().get("https://nowhere.example/")


def test_no_free_socket_sends_nothing(
    radio: Radio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def socket(*_kind: object) -> None:
        raise RuntimeError("Out of sockets")

    monkeypatch.setattr(radio, "socket", socket)
    with pytest.raises(NotSentError):
        radio.guarded().get("https://127.0.0.1:9/")


def test_a_server_that_does_not_shake_hands_is_left_in_time(radio: Radio) -> None:
    server = TlsServer(None, lambda exchange: exchange.sock.recv(9999) and over(server))
    with pytest.raises(NotSentError):
        radio.guarded().get(url(server), timeout=0.2)
    assert not radio.open_sockets()
    server.close()


def over(server: TlsServer) -> None:
    server.over.wait(60)


def test_a_guard_lets_out_one_copy_for_each_request(radio: Radio) -> None:
    guard = Guard(radio, radio.context)
    for call in (
        lambda: guard.getaddrinfo("h", 1),
        lambda: guard.socket(2, 1),
        guard.mark_sent,
    ):
        guard.begin(1000)
        guard.mark_sent()
        with pytest.raises(NotSentError, match="a second copy was held back"):
            call()


# --- who answers ---


@pytest.fixture(scope="module")
def strangers(authority: trustme.CA) -> dict[str, ssl.SSLContext]:
    return {
        "another authority": server_context(trustme.CA().issue_cert("127.0.0.1")),
        "another name": server_context(authority.issue_cert("127.0.0.2")),
        "itself": server_context(self_signed()),
    }


@pytest.mark.parametrize("vouched_by", ["another authority", "another name", "itself"])
def test_a_stranger_gets_nothing(
    radio: Radio, serve: Serve, strangers: dict[str, ssl.SSLContext], vouched_by: str
) -> None:
    server = serve(answering(OK), strangers[vouched_by])
    requests = radio.guarded()
    with pytest.raises(TlsError, match=r"its certificate (leads to no|is for another)"):
        requests.post(url(server), data=b"secret")
    assert not requests.sent
    assert not radio.open_sockets()
    assert not server.requests


def lenient() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    return context


def blind() -> ssl.SSLContext:
    context = lenient()
    context.verify_mode = ssl.CERT_NONE
    return context


@pytest.mark.parametrize("context", [lenient(), blind(), None, object()])
def test_a_context_that_does_not_verify_is_refused(radio: Radio, context: object) -> None:
    with pytest.raises(TlsError, match="TLS verifies nothing"):
        Requests(radio, context, radio.root)


def test_no_root_is_refused(radio: Radio) -> None:
    with pytest.raises(TlsError, match="TLS verifies nothing"):
        Requests(radio, radio.context, b"")


@pytest.mark.parametrize("root", [b"no certificate", b"\x30\x03\x02\x01\x00"])
def test_a_root_that_is_none_is_refused(radio: Radio, root: bytes) -> None:
    with pytest.raises(TlsError, match="the root certificate is bad"):
        Requests(radio, radio.context, root)


class DeviceContext:
    """CircuitPython's: it shows no mode and takes roots in one text of PEM."""

    def load_verify_locations(self, cadata: str) -> None:
        self.cadata = cadata


def test_all_roots_reach_circuitpython_as_one_pem(
    radio: Radio, authority: trustme.CA
) -> None:
    context = DeviceContext()
    other = trustme.CA()
    Requests(radio, context, radio.root + der(other))
    both = authority.cert_pem.bytes() + other.cert_pem.bytes()
    assert context.cadata == both.decode()


def test_without_a_clock_nothing_leaves(
    radio: Radio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(urequests, "unix_time", lambda: 0)
    with pytest.raises(TlsError, match="the clock is not set"):
        radio.guarded().get("https://127.0.0.1:9/")
    assert not radio.sockets
