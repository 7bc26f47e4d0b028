"""The platform is found again wherever it moves: real TCP and TLS on both Pythons."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator

import pytest
import trustme

from host_tests.kit import tls_server
from host_tests.kit.peer import Peer
from host_tests.kit.tls_server import Exchange, TlsServer
from host_tests.on_micropython import sockets_calls

MODULE = "host_tests.on_micropython.sockets_calls"
AUTHORITY = trustme.CA()
CA_DER = tls_server.der(AUTHORITY)
GOOD = AUTHORITY.issue_cert("localhost")
STRANGER = trustme.CA().issue_cert("localhost")
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
CLOSING = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture(params=["cpython", "micropython"])
def posted(request: pytest.FixtureRequest, micropython: Peer) -> Callable[..., dict]:
    """Posts on one of the two Pythons."""

    def post(look_ups: list[list[int]], posts: int, **options: int) -> dict:
        args = (look_ups, CA_DER, posts, options)
        if request.param == "cpython":
            return sockets_calls.posted(*args)
        result = micropython.call(MODULE, "posted", *args)
        assert isinstance(result, dict)
        return result

    return post


@pytest.fixture
def serve() -> Iterator[Callable[..., int]]:
    """Starts servers, tells their ports, and ends them after the test."""
    servers = []

    def start(
        script: Callable[[Exchange], object], certificate: trustme.LeafCert = GOOD
    ) -> int:
        servers.append(TlsServer(tls_server.server_context(certificate), script))
        return servers[-1].port

    yield start
    for server in servers:
        server.close()


def answer(exchange: Exchange) -> None:
    exchange.shake_hands()
    while exchange.request():
        exchange.reply(OK)


def answer_once(exchange: Exchange) -> None:
    exchange.shake_hands()
    exchange.request()
    exchange.reply(CLOSING)


def mute(exchange: Exchange) -> None:
    """Takes the connection and says nothing until the other end goes."""
    while exchange.sock.recv(4096):
        pass


def shut(exchange: Exchange) -> None:
    exchange.sock.recv(5)
    exchange.reset()


def silent(exchange: Exchange) -> None:
    """Is who it should be, and answers nothing."""
    exchange.shake_hands()
    exchange.request()
    exchange.request()


@pytest.fixture
def old_address(serve: Callable[..., int]) -> Iterator[Callable[[str], int]]:
    """Ports at which the platform was once, by what is there now."""
    with contextlib.ExitStack() as stack:

        def port_of(kind: str) -> int:
            if kind == "another's certificate":
                return serve(answer, STRANGER)
            if kind in ("mute", "shut"):
                return serve({"mute": mute, "shut": shut}[kind])
            listener = stack.enter_context(socket.socket())
            listener.bind(("127.0.0.1", 0))
            port: int = listener.getsockname()[1]
            if kind == "black hole":  # a full queue: what knocks is not answered
                listener.listen(0)
                for _ in range(3):
                    waiting = stack.enter_context(socket.socket())
                    waiting.setblocking(False)
                    waiting.connect_ex(("127.0.0.1", port))
            return port

        yield port_of


QUICK = ["refused", "another's certificate", "shut"]
SLOW = ["mute", "black hole"]
HURRIED = {kind: {"connect_ms": 300} for kind in SLOW}


@pytest.mark.parametrize("kind", QUICK + SLOW)
def test_an_address_at_which_nobody_proves_himself_is_looked_up_anew(
    posted: Callable[..., dict],
    serve: Callable[..., int],
    old_address: Callable[[str], int],
    kind: str,
) -> None:
    new = serve(answer)
    result = posted([[old_address(kind)], [new]], 3, **HURRIED.get(kind, {}))
    assert result["answers"][1:] == [200, 200]
    assert result["answers"][0] in ("NotSentError", "TlsError")
    assert result["asked"] == 2
    assert result["failures"] == [1, 0, 0]


@pytest.mark.parametrize("kind", QUICK + SLOW)
def test_every_kind_of_failure_is_counted(
    posted: Callable[..., dict], old_address: Callable[[str], int], kind: str
) -> None:
    result = posted([[old_address(kind)]], 3, hurried=3, **HURRIED.get(kind, {}))
    assert result["failures"] == [1, 2, 3]
    assert result["asked"] == 3


@pytest.mark.parametrize("kind", QUICK)
def test_of_several_addresses_the_next_is_tried_at_once_and_the_good_one_kept(
    posted: Callable[..., dict],
    serve: Callable[..., int],
    old_address: Callable[[str], int],
    kind: str,
) -> None:
    new = serve(answer_once)
    result = posted([[old_address(kind), old_address("refused"), new]], 3)
    assert result == {"answers": [200] * 3, "asked": 1, "failures": [0] * 3}


@pytest.mark.parametrize("kind", SLOW)
def test_an_address_that_took_all_the_time_is_not_tried_before_the_others_again(
    posted: Callable[..., dict],
    serve: Callable[..., int],
    old_address: Callable[[str], int],
    kind: str,
) -> None:
    result = posted([[old_address(kind), serve(answer)]], 3, **HURRIED[kind])
    assert result["answers"] == ["NotSentError", 200, 200]
    assert result["asked"] == 1


def test_a_platform_that_moves_after_it_was_there_is_found_again(
    posted: Callable[..., dict], serve: Callable[..., int]
) -> None:
    def answer_the_first(exchange: Exchange) -> None:
        if exchange.index:
            exchange.reset()
        else:
            answer_once(exchange)

    result = posted([[serve(answer_the_first)], [serve(answer)]], 3)
    assert result["answers"] == [200, "NotSentError", 200]
    assert result["asked"] == 2


def test_who_answers_nothing_is_looked_up_anew_and_the_wifi_is_not_to_blame(
    posted: Callable[..., dict], serve: Callable[..., int]
) -> None:
    result = posted([[serve(silent)], [serve(answer)]], 2, reply_ms=300)
    assert result["answers"] == ["NoAnswerError", 200]
    assert (result["asked"], result["failures"]) == (2, [0, 0])


def test_a_call_that_was_cancelled_while_it_connected_counts_as_a_failure(
    posted: Callable[..., dict], old_address: Callable[[str], int]
) -> None:
    result = posted([[old_address("mute")]], 2, cancel_ms=200)
    assert result["answers"] == ["cancelled"] * 2
    assert (result["asked"], result["failures"]) == (2, [1, 2])


@pytest.mark.parametrize("python", ["cpython", "micropython"])
def test_a_socket_sends_at_once_what_it_is_given(python: str, micropython: Peer) -> None:
    if python == "cpython":
        options = sockets_calls.options_of_a_socket()
    else:
        options = micropython.call(MODULE, "options_of_a_socket")
    assert options == [[socket.IPPROTO_TCP, socket.TCP_NODELAY, 1]]
