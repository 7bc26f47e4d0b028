"""The shim and the real library, on CPython and on the device's virtual machine: the same."""

from __future__ import annotations

import pytest

from host_tests.kit.peer import Peer, agree

SCRIPTED = "host_tests.link.circuitpython.scripted"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
CALL = ("POST", "https://h.example/p", {"data": b"{}", "headers": {"X": "1"}})
OPENED = [("wrap", "h.example"), ("timeout", True), ("connect", ("h.example", 443))]
OPENED += [("timeout", False)]


@pytest.fixture(params=["micropython", "circuitpython"])
def peer(request: pytest.FixtureRequest) -> Peer:
    """MicroPython, whose virtual machine is CircuitPython's, with all its names or with few."""
    found: Peer = request.getfixturevalue(request.param)
    return found


def play(peer: Peer, connections: list, *calls: tuple) -> tuple[list, list]:
    result = agree(peer, SCRIPTED, "played", connections, list(calls))
    assert isinstance(result, dict)
    root, *log = result["log"]
    assert root == (
        "root",
        "-----BEGIN CERTIFICATE-----\ncm9vdA==\n-----END CERTIFICATE-----\n",
    )
    return result["answers"], log


def sent(log: list) -> list[bytes]:
    return [entry[1] for entry in log if entry[0] == "send"]


def test_two_calls_share_a_connection_that_is_looked_at_in_between(
    peer: Peer,
) -> None:
    answers, log = play(peer, [[OK, None, None, OK[:9], OK[9:]]], CALL, CALL)
    assert answers == [(200, b"{}", True)] * 2
    assert [entry for entry in log if entry[0] != "send"] == OPENED
    assert sent(log)[0] == (
        b"POST /p HTTP/1.1\r\nUser-Agent: Adafruit CircuitPython\r\nContent-Length: 2\r\n"
        b"Host: h.example\r\nX: 1\r\n\r\n{}"
    )
    assert len(set(sent(log))) == 1


@pytest.mark.parametrize(
    "pieces",
    [
        [],
        [OK[:-1]],
        [OK + b"H"],
        [b"SSH-2.0\r\n"],
        [b"HTTP/1.1 200 OK\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 2", 113],
    ],
)
def test_an_unusable_reply_is_no_answer_and_no_second_copy(
    peer: Peer, pieces: list
) -> None:
    answers, log = play(peer, [pieces, [OK]], CALL)
    ((name, _, may_be_there),) = answers
    assert (name, may_be_there) == ("NoAnswerError", True)
    assert len(sent(log)) == 1
    assert log[-1] == ("close",)


@pytest.mark.parametrize(
    ("number", "name"), [(113, "NotSentError"), (-0x2700, "TlsError"), (12, "NotSentError")]
)
def test_a_failed_connection_sends_nothing(peer: Peer, number: int, name: str) -> None:
    answers, log = play(peer, [[number], [OK]], CALL, CALL)
    assert answers[0][::2] == (name, False)
    assert answers[1] == (200, b"{}", True)
    assert len(sent(log)) == 1


def test_a_connection_that_ended_while_idle_is_replaced(peer: Peer) -> None:
    answers, log = play(peer, [[OK, b""], [OK]], CALL, CALL)
    assert answers == [(200, b"{}", True)] * 2
    assert [entry[0] for entry in log].count("close") == 1
    assert len(sent(log)) == 2


@pytest.mark.parametrize(
    "call",
    [
        ("POST", "http://h/", {}),
        ("HEAD", "https://h/", {}),
        ("POST", "https://h/", {"data": 5}),
        ("GET", "https://h/", {"headers": {"X": "a\r\nb"}}),
        ("GET", "https://h/", {"headers": {"Host": "other"}}),
    ],
)
def test_what_cannot_be_asked_sends_nothing(peer: Peer, call: tuple) -> None:
    answers, log = play(peer, [[OK]], call)
    assert answers[0][::2] == ("NotSentError", False)
    assert log == []
