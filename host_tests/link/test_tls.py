"""Real TLS on both Pythons: whom the device talks to, and what leaves when it should not."""

from __future__ import annotations

import datetime
import socket
import ssl
import time
from collections.abc import Callable, Iterator

import pytest
import trustme

from host_tests.kit import tls_server
from host_tests.kit.peer import Peer
from host_tests.kit.ports import own_port
from host_tests.kit.tls_server import Exchange, TlsServer
from host_tests.kit.until import LONG_S, until
from host_tests.on_micropython import tls_calls
from milepad.base.compat import BUILD_EPOCH_S
from milepad.base.errors import TlsError
from milepad.link import transport

MODULE = "host_tests.on_micropython.tls_calls"
TEXT = b'{"responseCode":"0000"}'
REPLY = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n17\r\n" + TEXT + b"\r\n0\r\n\r\n"
)
REQUEST = (
    b"POST /p HTTP/1.1\r\nHost: localhost:%d\r\nAuthorization: Bearer t\r\n"
    b"Content-Length: 26\r\n\r\n" + tls_calls.BODY
)
AUTHORITY = trustme.CA()
CA_DER = tls_server.der(AUTHORITY)
GOOD = AUTHORITY.issue_cert("localhost")
NOW = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)

Script = Callable[[Exchange], object]
Call = Callable[..., object]


@pytest.fixture(params=["cpython", "micropython"])
def python(request: pytest.FixtureRequest, micropython: Peer) -> Call:
    """Calls a function of `tls_calls` on one of the two Pythons."""
    if request.param == "cpython":
        return lambda function, *args: getattr(tls_calls, function)(*args)
    return lambda function, *args: micropython.call(MODULE, function, *args)


def is_micropython(python: Call) -> bool:
    return python("is_micropython") is True


@pytest.fixture
def serve() -> Iterator[Callable[..., TlsServer]]:
    """Starts scripted servers, and ends them after the test."""
    servers = []

    def start(
        script: Script,
        certificate: trustme.LeafCert = GOOD,
        context: ssl.SSLContext | None = None,
        **limits: object,
    ) -> TlsServer:
        context = context or tls_server.server_context(certificate)
        for name, value in limits.items():
            setattr(context, name, value)
        servers.append(TlsServer(context, script))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def answer(exchange: Exchange) -> None:
    """A server that behaves: answers each request until the client goes."""
    exchange.shake_hands()
    while exchange.request():
        exchange.reply(REPLY)


def posted(python: Call, port: int, posts: int = 1, **options: object) -> dict:
    ca_der = options.pop("ca_der", CA_DER)
    result = python("posted", port, ca_der, posts, options)
    assert isinstance(result, dict)
    return result


def test_sends_the_request_to_a_server_that_it_verified(
    python: Call, serve: Callable[..., TlsServer]
) -> None:
    server = serve(answer)
    assert posted(python, server.port)["answers"] == [(200, TEXT)]
    assert server.requests == [REQUEST % server.port]


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_one_set_up_serves_many_calls(
    python: Call, serve: Callable[..., TlsServer], version: ssl.TLSVersion
) -> None:
    server = serve(answer, minimum_version=version, maximum_version=version)
    result = posted(python, server.port, 5, pause_ms=5)
    if version == ssl.TLSVersion.TLSv1_3 and not python("has_tls_1_3"):
        assert result["answers"] == [("NotSentError", False)] * 5, "no version in common"
        return
    assert result == {"answers": [(200, TEXT)] * 5, "opened": 1}
    assert len(server.exchanges) == 1


def test_verifies_a_chain_with_an_intermediate(
    python: Call, serve: Callable[..., TlsServer]
) -> None:
    child = AUTHORITY.create_child_ca()
    server = serve(answer, child.issue_cert("localhost"))
    assert posted(python, server.port)["answers"] == [(200, TEXT)]


def test_verifies_an_rsa_certificate(python: Call, serve: Callable[..., TlsServer]) -> None:
    rsa = AUTHORITY.issue_cert("localhost", key_type=trustme.KeyType.RSA)
    server = serve(answer, rsa)
    assert posted(python, server.port)["answers"] == [(200, TEXT)]


# --- who is not the platform ---

STRANGERS = {
    "another authority": trustme.CA().issue_cert("localhost"),
    "another host": AUTHORITY.issue_cert("other.example"),
    "a sub-domain's wildcard": AUTHORITY.issue_cert("*.localhost"),
    "expired": AUTHORITY.issue_cert(
        "localhost", not_before=NOW - 9 * DAY, not_after=NOW - DAY
    ),
    "not valid yet": AUTHORITY.issue_cert(
        "localhost", not_before=NOW + DAY, not_after=NOW + 9 * DAY
    ),
    "self-signed": tls_server.self_signed(),
}


@pytest.mark.parametrize("who", STRANGERS)
def test_not_one_byte_goes_to_a_server_that_cannot_prove_itself(
    python: Call, serve: Callable[..., TlsServer], who: str
) -> None:
    seen = []

    def listen(exchange: Exchange) -> None:
        exchange.shake_hands()
        seen.append(exchange.request())

    server = serve(listen, STRANGERS[who])
    assert posted(python, server.port)["answers"] == [("TlsError", False)]
    server.close()
    assert b"".join(seen) == b""


NOT_TRUSTED = "its certificate leads to no root that is trusted"
OTHER_NAME = "its certificate is for another name"
REASONS = {
    "another authority": ("stranger", NOT_TRUSTED),
    "another host": ("stranger", OTHER_NAME),
    "a sub-domain's wildcard": ("stranger", OTHER_NAME),
    "expired": ("tls", "its certificate has expired"),
    "not valid yet": ("tls", "its certificate is not valid yet"),
    "self-signed": ("stranger", NOT_TRUSTED),
}


@pytest.mark.parametrize("who", STRANGERS)
def test_what_is_wrong_with_a_certificate_is_told_apart(
    python: Call, serve: Callable[..., TlsServer], who: str
) -> None:
    server = serve(answer, STRANGERS[who])
    assert python("reason", server.port, CA_DER, {}) == ("not_sent", *REASONS[who])


def test_all_that_is_wrong_with_a_certificate_is_told(
    micropython: Peer, serve: Callable[..., TlsServer]
) -> None:
    stranger = trustme.CA().issue_cert(
        "other.example", not_before=NOW - 9 * DAY, not_after=NOW - DAY
    )
    server = serve(answer, stranger)
    outcome, cause, reason = micropython.call(MODULE, "reason", server.port, CA_DER, {})
    assert (outcome, cause) == ("not_sent", "stranger")
    assert reason.split(", ") == [NOT_TRUSTED, OTHER_NAME, "its certificate has expired"]


def without_a_common_cipher() -> ssl.SSLContext:
    """Anonymous key exchange alone: no client that verifies offers it."""
    context = tls_server.server_context(GOOD)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ADH-AES128-GCM-SHA256:@SECLEVEL=0")
    return context


def wants_a_certificate(version: ssl.TLSVersion) -> ssl.SSLContext:
    context = tls_server.server_context(GOOD)
    context.minimum_version = context.maximum_version = version
    context.verify_mode = ssl.CERT_REQUIRED
    AUTHORITY.configure_trust(context)
    return context


def alerts(exchange: Exchange) -> None:
    """Refuses with an alert and closes when the client has: a reset would overtake it."""
    exchange.shake_hands(lingers=True)


NO_CIPHER = "it has no cipher or version of TLS that we do"
WANTS_OURS = "it ended the handshake: it may want a certificate of the device"
EITHER = "it refuses the handshake: no cipher in common, or it wants our certificate"


def test_no_shared_cipher_is_told_apart(
    python: Call, serve: Callable[..., TlsServer]
) -> None:
    server = serve(alerts, context=without_a_common_cipher())
    outcome, cause, reason = python("reason", server.port, CA_DER, {})
    assert (outcome, cause) == ("not_sent", "handshake")
    assert reason == (NO_CIPHER if is_micropython(python) else EITHER)


def test_a_wanted_client_certificate_is_told_apart(
    python: Call, serve: Callable[..., TlsServer]
) -> None:
    server = serve(alerts, context=wants_a_certificate(ssl.TLSVersion.TLSv1_2))
    outcome, cause, reason = python("reason", server.port, CA_DER, {})
    assert (outcome, cause) == ("not_sent", "handshake")
    assert reason == (WANTS_OURS if is_micropython(python) else EITHER)


def test_in_tls_1_3_a_wanted_client_certificate_is_told_after_the_request_left(
    micropython: Peer, serve: Callable[..., TlsServer]
) -> None:
    if not micropython.call(MODULE, "has_tls_1_3"):
        return
    server = serve(alerts, context=wants_a_certificate(ssl.TLSVersion.TLSv1_3))
    outcome, _, reason = micropython.call(MODULE, "reason", server.port, CA_DER, {})
    assert outcome == "unknown"  # for all that this side knows it may have been read
    assert "may want a certificate of the device" in reason


@pytest.mark.parametrize(
    ("status", "body"),
    [(502, b"<html>"), (504, b""), (429, b"slow down"), (404, b"<html>"), (200, b"[]")],
)
def test_a_page_instead_of_an_answer_is_told_with_its_status(
    python: Call, serve: Callable[..., TlsServer], status: int, body: bytes
) -> None:
    def page(exchange: Exchange) -> None:
        exchange.shake_hands()
        while exchange.request():
            head = b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
            exchange.reply(head + body)

    reason = python("reason", serve(page).port, CA_DER, {})
    assert reason == ("unknown", "network", f"HTTP {status}: the reply is no JSON object")


def test_a_good_certificate_for_a_name_that_was_not_asked_for_is_refused(
    python: Call, serve: Callable[..., TlsServer]
) -> None:
    server = serve(answer)
    result = posted(python, server.port, host="cert.airmilesapis.ca")
    assert result["answers"] == [("TlsError", False)]
    assert server.requests == []


@pytest.mark.parametrize(
    "ca_der", [b"", b"\x30\x03\x02\x01\x00", b"-----BEGIN", CA_DER[:-1]]
)
def test_a_root_that_cannot_be_read_verifies_nobody(
    python: Call, serve: Callable[..., TlsServer], ca_der: bytes
) -> None:
    server = serve(answer)
    assert posted(python, server.port, ca_der=ca_der)["answers"] == [("TlsError", False)]
    assert server.requests == []


def test_any_of_several_roots_verifies(
    python: Call, serve: Callable[..., TlsServer]
) -> None:
    for ca_der in (
        CA_DER + tls_server.der(trustme.CA()),
        tls_server.der(trustme.CA()) + CA_DER,
    ):
        server = serve(answer)
        assert posted(python, server.port, ca_der=ca_der)["answers"] == [(200, TEXT)]


def test_a_good_root_before_what_is_none_verifies_nobody(
    python: Call, serve: Callable[..., TlsServer]
) -> None:
    server = serve(answer)
    result = posted(python, server.port, ca_der=CA_DER + b"\x00")
    assert result["answers"] == [("TlsError", False)]


def test_the_next_call_after_a_stranger_may_succeed(
    python: Call, serve: Callable[..., TlsServer]
) -> None:
    other = serve(answer, STRANGERS["expired"])
    server = serve(answer)
    assert posted(python, other.port)["answers"] == [("TlsError", False)]
    assert posted(python, server.port)["answers"] == [(200, TEXT)]


def test_a_clock_that_is_not_set_verifies_nobody(
    serve: Callable[..., TlsServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("milepad.link.transport.unix_time", lambda: BUILD_EPOCH_S - 1)
    server = serve(answer)
    assert tls_calls.posted(server.port, CA_DER, 1, {})["answers"] == [("TlsError", False)]
    assert server.exchanges == []


# --- a display that dies while the way is opened ---


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_nothing_that_moves_miles_leaves_once_the_display_is_dark(
    python: Call, serve: Callable[..., TlsServer], version: ssl.TLSVersion
) -> None:
    if version == ssl.TLSVersion.TLSv1_3 and not python("has_tls_1_3"):
        return
    server = serve(answer, minimum_version=version, maximum_version=version)
    assert python("called_in_the_dark", server.port, CA_DER) == "cancelled"
    until(lambda: server.exchanges)
    server.close()
    assert len(server.exchanges) == 1
    assert server.requests == []


# --- a peer that never gets as far as TLS ---


def hears_only_a_hello(raw: bytes) -> bool:
    """Whether a server saw nothing but a TLS ClientHello."""
    return raw[:2] in (b"", b"\x16\x03") and b"POST" not in raw and b"Bearer" not in raw


def plain_http(exchange: Exchange) -> bytes:
    heard = exchange.sock.recv(4096)
    exchange.sock.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    return heard


def closes_after_hello(exchange: Exchange) -> bytes:
    return exchange.sock.recv(4096)


def closes_at_once(exchange: Exchange) -> bytes:
    exchange.cut()
    return b""


def resets_after_hello(exchange: Exchange) -> bytes:
    heard = exchange.sock.recv(4096)
    exchange.reset()
    return heard


def half_a_record(exchange: Exchange) -> bytes:
    heard = exchange.sock.recv(4096)
    exchange.sock.sendall(b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03")
    return heard


def stalls(exchange: Exchange) -> bytes:
    heard = exchange.sock.recv(4096)
    exchange.sock.sendall(b"\x16\x03\x03\x00\x7a\x02")
    more = exchange.sock.recv(4096)  # until the client goes
    return heard + more


NOT_TLS = [
    plain_http,
    closes_after_hello,
    closes_at_once,
    resets_after_hello,
    half_a_record,
    stalls,
]


@pytest.mark.parametrize("script", NOT_TLS)
def test_nothing_leaves_when_the_handshake_does_not_end(
    python: Call, serve: Callable[..., TlsServer], script: Callable[[Exchange], bytes]
) -> None:
    heard: list[bytes] = []
    server = serve(lambda exchange: heard.append(script(exchange)))
    start_s = time.monotonic()
    ((name, sent),) = posted(python, server.port, connect_ms=150)["answers"]
    assert time.monotonic() - start_s < LONG_S / 2  # the server would hold on for all of it
    server.close()
    assert name in ("NotSentError", "TlsError")
    assert sent is False
    assert hears_only_a_hello(b"".join(heard))


def test_an_earlier_copy_does_not_make_a_failed_handshake_look_sent(
    python: Call, serve: Callable[..., TlsServer]
) -> None:
    def once(exchange: Exchange) -> None:
        if exchange.index:
            closes_after_hello(exchange)
            return
        exchange.shake_hands()
        exchange.request()
        exchange.reply(REPLY.replace(b" OK\r\n", b" OK\r\nConnection: close\r\n"))

    server = serve(once)
    first, (name, sent) = posted(python, server.port, 2)["answers"]
    assert first == (200, TEXT)
    assert name in ("NotSentError", "TlsError")
    assert sent is False


def test_a_refused_connection_is_not_sent(python: Call) -> None:
    with own_port() as port:
        assert posted(python, port)["answers"] == [("NotSentError", False)]


def test_cancel_during_the_handshake_sends_nothing(
    python: Call, serve: Callable[..., TlsServer]
) -> None:
    heard: list[bytes] = []
    server = serve(lambda exchange: heard.append(stalls(exchange)))
    assert python("cancelled", server.port, CA_DER) == (True, True)
    server.close()
    assert hears_only_a_hello(b"".join(heard))


# --- a reply that does not come whole ---


def test_a_reply_cut_after_any_byte_gets_one_identical_copy(
    serve: Callable[..., TlsServer],
) -> None:
    def cut(exchange: Exchange) -> None:
        exchange.shake_hands()
        exchange.request()
        odd = exchange.index % 2
        exchange.reply(REPLY if odd else REPLY[: exchange.index // 2])
        exchange.cut()

    server = serve(cut)
    for _ in range(len(REPLY)):
        assert tls_calls.called(server.port, CA_DER, 1, {}) == [("approved", "0000", 2)]
    assert len(server.requests) == 2 * len(REPLY)
    assert len(set(server.requests)) == 1


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n" % len(TEXT)
ODD_ANSWERS = {
    "a long header": HEAD + b"Set-Cookie: " + b"x" * 5000 + b"\r\n\r\n" + TEXT,
    "a long head": HEAD + (b"Report-To: " + b"x" * 2000 + b"\r\n") * 7 + b"\r\n" + TEXT,
    "no length": b"HTTP/1.1 200 OK\r\n\r\n" + TEXT,
    "HTTP/1.0, no length": b"HTTP/1.0 200 OK\r\n\r\n" + TEXT,
    "a byte-order mark": b"HTTP/1.1 200 OK\r\n\r\n\xef\xbb\xbf" + TEXT,
    "a bad byte": b'HTTP/1.1 200 OK\r\n\r\n{"message":"\xe9","responseCode":"0000"}',
}


@pytest.mark.parametrize("how", ODD_ANSWERS)
def test_an_answer_that_arrived_is_not_thrown_away(
    python: Call, serve: Callable[..., TlsServer], how: str
) -> None:
    def script(exchange: Exchange) -> None:
        exchange.shake_hands()
        exchange.request()
        exchange.reply(ODD_ANSWERS[how])
        exchange.goodbye()

    server = serve(script)
    assert python("called", server.port, CA_DER, 1, {}) == [("approved", "0000", 1)]
    assert len(server.requests) == 1


def test_a_body_without_a_length_that_is_cut_gets_one_identical_copy(
    python: Call, serve: Callable[..., TlsServer]
) -> None:
    def script(exchange: Exchange) -> None:
        exchange.shake_hands()
        exchange.request()
        whole = exchange.index > 0
        exchange.reply(b"HTTP/1.1 200 OK\r\n\r\n" + (TEXT if whole else TEXT[:-1]))
        exchange.goodbye()

    server = serve(script)
    assert python("called", server.port, CA_DER, 1, {}) == [("approved", "0000", 2)]
    assert server.requests[0] == server.requests[1]


@pytest.mark.parametrize("goodbye", ["cut", "reset"])
@pytest.mark.parametrize("length", [0, 1, 17, 50, 60, len(REPLY) - 1])
def test_a_reply_cut_twice_is_unknown_after_two_copies(
    python: Call, serve: Callable[..., TlsServer], length: int, goodbye: str
) -> None:
    def cut(exchange: Exchange) -> None:
        exchange.shake_hands()
        exchange.request()
        exchange.reply(REPLY[:length])
        getattr(exchange, goodbye)()

    server = serve(cut)
    assert python("called", server.port, CA_DER, 1, {}) == [("unknown", "", 2)]
    assert len(server.requests) == 2 and len(set(server.requests)) == 1


def test_a_dribbled_reply_runs_into_the_total_deadline(
    python: Call, serve: Callable[..., TlsServer]
) -> None:
    def dribble(exchange: Exchange) -> None:
        exchange.shake_hands()
        exchange.request()
        for i in range(len(REPLY)):
            exchange.reply(REPLY[i : i + 1])
            if server.over.wait(0.15):
                return

    server = serve(dribble)  # it would take fourteen seconds
    result = posted(python, server.port, reply_ms=200)
    assert result["answers"] == [("NoAnswerError", True)]


def test_a_dribbled_reply_within_the_deadline_is_read(
    python: Call, serve: Callable[..., TlsServer]
) -> None:
    def dribble(exchange: Exchange) -> None:
        exchange.shake_hands()
        exchange.request()
        for i in range(len(REPLY)):
            exchange.reply(REPLY[i : i + 1])

    server = serve(dribble)
    assert posted(python, server.port)["answers"] == [(200, TEXT)]


def test_a_root_that_could_not_be_loaded_once_is_tried_again(
    serve: Callable[..., TlsServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    good, faults = transport.client_context, [TlsError("no room")]

    def loaded(ca_der: bytes) -> ssl.SSLContext:
        if faults:
            raise faults.pop()
        return good(ca_der)

    monkeypatch.setattr(transport, "client_context", loaded)
    assert tls_calls.posted(serve(answer).port, CA_DER, 1, {})["answers"] == [(200, TEXT)]
    assert not faults


# --- a connection that was kept ---


def unasked_bytes(exchange: Exchange) -> None:
    exchange.reply(b"HTTP/1.1 408 Request Timeout\r\n\r\n")


GOODBYES = {
    "TLS goodbye": Exchange.goodbye,
    "TCP goodbye": Exchange.cut,
    "reset": Exchange.reset,
    "unasked bytes": unasked_bytes,
}


@pytest.mark.parametrize("goodbye", GOODBYES)
def test_a_stale_connection_is_replaced_and_costs_no_copy(
    python: Call, serve: Callable[..., TlsServer], goodbye: str
) -> None:
    def once(exchange: Exchange) -> None:
        exchange.shake_hands()
        exchange.request()
        exchange.reply(REPLY)
        if not exchange.index:
            waiting, _ = gate.accept()  # the client has read it, and keeps the connection
            with waiting:
                GOODBYES[goodbye](exchange)
        if goodbye == "unasked bytes":
            exchange.request()  # stays open until the client goes

    with socket.create_server(("127.0.0.1", 0)) as gate:
        server = serve(once)
        options = {"wait_port": gate.getsockname()[1]}
        outcomes = python("called", server.port, CA_DER, 2, options)
        server.close()
    assert outcomes == [("approved", "0000", 1)] * 2
    assert [len(exchange.requests) for exchange in server.exchanges] == [1, 1]


def test_over_a_link_that_is_gone_nothing_is_sent_though_the_connection_was_kept(
    python: Call, serve: Callable[..., TlsServer]
) -> None:
    server = serve(answer)
    outcome, opened = python("called_without_link", server.port, CA_DER)
    assert (outcome, opened) == (("not_sent", 0, "wifi"), 1)
    assert len(server.requests) == 1


def test_a_server_that_closes_by_its_word_is_asked_on_a_new_connection(
    python: Call, serve: Callable[..., TlsServer]
) -> None:
    def once(exchange: Exchange) -> None:
        exchange.shake_hands()
        exchange.request()
        exchange.reply(REPLY.replace(b" OK\r\n", b" OK\r\nConnection: close\r\n"))

    server = serve(once)
    result = posted(python, server.port, 3)
    assert result == {"answers": [(200, TEXT)] * 3, "opened": 3}
