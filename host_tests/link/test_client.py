"""One exchange is one copy: sent once, read whole, and the connection kept or closed."""

import pytest

from host_tests.kit.peer import Peer, agree
from host_tests.on_micropython.client_calls import OK

CALLS = "host_tests.on_micropython.client_calls"
REQUEST = b"POST /p HTTP/1.1\r\nHost: h\r\nX: 1\r\nContent-Length: 2\r\n\r\n{}"


def post(peer: Peer, pieces: list, posts: int = 1, **options: object) -> dict:
    result = agree(peer, CALLS, "posted", pieces, posts, options)
    assert isinstance(result, dict)
    return result


def test_keeps_the_connection_after_a_whole_reply(micropython: Peer) -> None:
    result = post(micropython, [OK, OK], 2)
    assert result["answers"] == [(200, b"{}", True)] * 2
    assert result["log"] == [("send", ("h", 443), REQUEST)] * 2


def test_names_a_port_that_is_not_443(micropython: Peer) -> None:
    ((_, origin, raw),) = post(micropython, [OK], port=8443)["log"]
    assert origin == ("h", 8443)
    assert b"\r\nHost: h:8443\r\n" in raw


def test_closes_when_the_server_says_so(micropython: Peer) -> None:
    raw = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
    assert post(micropython, [raw])["log"][1:] == [("close",)]


def test_closes_a_connection_that_was_idle_for_too_long(micropython: Peer) -> None:
    log = post(micropython, [OK], idle_ms=-1)["log"]
    assert log == [("close",), ("send", ("h", 443), REQUEST)]


@pytest.mark.parametrize(
    "pieces",
    [
        [b""],
        [b"HTTP/1.1 200 OK\r\n", b""],
        [OK[:-1], b""],
        [OK + b"HTTP"],
        [b"SSH-2.0-OpenSSH\r\n"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\n\r\n", b""],
        [b"x" * 512] * 3,
    ],
)
def test_a_bad_reply_is_no_answer_and_closes(micropython: Peer, pieces: list) -> None:
    result = post(micropython, pieces)
    assert result["answers"][0][0] == "NoAnswerError"
    assert result["log"] == [("send", ("h", 443), REQUEST), ("close",)]


def test_a_refused_connection_is_not_sent_and_closes(micropython: Peer) -> None:
    result = post(micropython, ["refuse"])
    assert result["answers"] == [("NotSentError", "refused")]
    assert result["log"] == [("close",)]


def test_follows_no_redirect(micropython: Peer) -> None:
    raw = b"HTTP/1.1 307 Go\r\nLocation: https://evil.example/\r\nContent-Length: 0\r\n\r\n"
    result = post(micropython, [raw])
    assert result["answers"] == [(307, b"", True)]
    assert len(result["log"]) == 1


def test_a_silent_server_runs_into_the_replys_deadline(micropython: Peer) -> None:
    result = post(micropython, ["stall"], reply_ms=30)
    assert result["answers"] == [("NoAnswerError", "no reply within 0 s")]
    assert result["log"][-1] == ("close",)


def test_a_reply_that_the_heap_has_no_room_for_is_no_answer(micropython: Peer) -> None:
    result = post(micropython, ["full"])
    assert result["answers"] == [("NoAnswerError", "no memory for the reply")]
    assert result["log"][-1] == ("close",)


def test_dribbling_does_not_move_the_deadline(micropython: Peer) -> None:
    result = post(micropython, ["dribble"], reply_ms=80)
    assert result["answers"] == [("NoAnswerError", "no reply within 0 s")]


@pytest.mark.parametrize("cut", range(1, len(OK), 5))
def test_a_reply_may_come_in_two_pieces(micropython: Peer, cut: int) -> None:
    assert post(micropython, [OK[:cut], OK[cut:]])["answers"] == [(200, b"{}", True)]


def test_before_the_first_exchange_nothing_is_going_on(micropython: Peer) -> None:
    assert agree(micropython, CALLS, "stage_at_first") == "idle"


def test_a_close_that_has_arrived_is_seen_before_anything_is_sent(
    micropython: Peer,
) -> None:
    log = agree(micropython, CALLS, "after_a_close_arrived")
    assert log == ["peer closed", "send"]


@pytest.mark.parametrize(
    ("pauses_ms", "log"),
    [
        ([0, 55000], ["send", "send"]),
        ([0, 55001], ["send", "close", "send"]),
        ([0, 40000, 40000, 40000], ["send"] * 4),  # it counts from the last use
        ([0, 55001, 40000], ["send", "close", "send", "send"]),
    ],
)
def test_a_call_after_the_idle_time_takes_a_new_connection(
    micropython: Peer, pauses_ms: list[int], log: list[str]
) -> None:
    assert agree(micropython, CALLS, "after_pauses", pauses_ms, 55000) == log
