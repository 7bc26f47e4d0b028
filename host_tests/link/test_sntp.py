"""SNTP to the byte, and a real time server that lets the other tasks run."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.others import MANY_TURNS, OthersRun
from host_tests.kit.peer import Peer, agree
from host_tests.kit.time_server import TimeServer, kiss_of_death, mute, right, short
from host_tests.on_micropython import sntp_calls

CALLS = "host_tests.on_micropython.sntp_calls"
COOKIE = bytes(range(0xF8, 0x100))
NOW_S = 1780000000
QUESTION = b"\x23" + bytes(39) + COOKIE


def reply(
    first: int = 0x24, stratum: int = 2, cookie: bytes = COOKIE, ntp_s: int = 1
) -> bytes:
    """RFC 5905, figure 8: the stamp at 24 is the question's, the last one the server's."""
    return (
        bytes((first, stratum))
        + bytes(22)
        + cookie
        + bytes(8)
        + struct.pack(">II", ntp_s, 0)
    )


def test_a_question_to_the_byte(micropython: Peer) -> None:
    assert agree(micropython, CALLS, "question", COOKIE) == QUESTION


@pytest.mark.parametrize(
    ("ntp_s", "unix_s"),
    [
        (NOW_S + 2208988800, NOW_S),
        (0xFFFFFFFF, 2085978495),
        (1, 2085978497),  # era 1 begins in 2036
    ],
)
def test_a_reply_tells_the_time_over_the_end_of_the_era_too(
    micropython: Peer, ntp_s: int, unix_s: int
) -> None:
    assert agree(micropython, CALLS, "told", reply(ntp_s=ntp_s), COOKIE) == unix_s


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        QUESTION,
        reply()[:20],
        reply()[:47],
        reply(cookie=bytes(8)),
        reply(first=0x23),
        reply(first=0x25),
    ],
    ids=["nothing", "echo", "20 bytes", "47 bytes", "cookie", "client", "broadcast"],
)
def test_what_is_no_reply_to_the_question_is_ignored(micropython: Peer, raw: bytes) -> None:
    assert agree(micropython, CALLS, "told", raw, COOKIE) is None


@pytest.mark.parametrize(
    "raw",
    [
        kiss_of_death(QUESTION, NOW_S),
        reply(stratum=0, ntp_s=NOW_S + 2208988800),
        reply(stratum=16),
        reply(first=0xE4),
        reply(ntp_s=0),
    ],
    ids=["kiss of death", "with a time", "stratum 16", "not synchronised", "no time"],
)
def test_a_server_that_has_no_time_refuses(micropython: Peer, raw: bytes) -> None:
    with pytest.raises(ValueError, match="has no time"):
        agree(micropython, CALLS, "told", raw, COOKIE)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_reply_or_ignored(micropython: Peer, raw: bytes) -> None:
    assert agree(micropython, CALLS, "told", raw, COOKIE) is None


# --- a server on this machine ---

Ask = Callable[..., object]


@pytest.fixture(params=["cpython", "micropython"])
def ask(request: pytest.FixtureRequest, micropython: Peer) -> Ask:
    """Asks on one of the two Pythons."""

    def asked(
        server: TimeServer,
        turns: int = MANY_TURNS,
        host: str = "127.0.0.1",
        tell_port: int = 0,
    ) -> object:
        args = (host, server.port, turns, tell_port)
        if request.param == "cpython":
            return sntp_calls.asked(*args)
        return micropython.call(CALLS, "asked", *args)

    return asked


@pytest.fixture
def server() -> Iterator[TimeServer]:
    started = TimeServer(lambda: NOW_S)
    yield started
    started.close()


def test_a_server_tells_its_time(ask: Ask, server: TimeServer) -> None:
    assert ask(server) == NOW_S


def test_a_server_that_refuses_is_an_error(ask: Ask, server: TimeServer) -> None:
    server.reply = kiss_of_death
    assert ask(server) == "the time server has no time"


def test_the_other_tasks_run_while_a_server_is_silent(ask: Ask, server: TimeServer) -> None:
    server.reply = mute
    assert ask(server, 50) == "too late"


def test_a_reply_that_is_cut_off_is_none(ask: Ask, server: TimeServer) -> None:
    server.reply = short
    assert ask(server, 30) == "too late"


def test_a_strangers_reply_is_none(ask: Ask, server: TimeServer) -> None:
    server.reply = lambda _, now_s: right(bytes(48), now_s)
    assert ask(server, 30) == "too late"


def test_a_late_reply_counts(ask: Ask, server: TimeServer) -> None:
    others = OthersRun()

    def late(question: bytes, now_s: int) -> bytes:
        others.wait()
        return right(question, now_s)

    server.reply = late
    assert ask(server, tell_port=others.port) == NOW_S
    others.close()


def test_a_server_that_nobody_knows_is_an_error(ask: Ask, server: TimeServer) -> None:
    assert isinstance(ask(server, host="no-such-host.invalid"), str)
