"""Every reply dates the clock, as RFC 9110 has it, and a refused certificate is told."""

from __future__ import annotations

import asyncio
from email.utils import formatdate
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepad.base.errors import NoAnswerError, NotSentError, TlsError
from milepad.link.reply_date import DatedClient, parse_date

LAST_MOMENT_S = 253402300799


class Client:
    stage = "waiting"
    sent = True
    closed = False

    def __init__(self, what: Any) -> None:
        self._what = what

    async def post(
        self, url: tuple, headers: list, body: bytes, may_leave: Any = None
    ) -> Any:
        if isinstance(self._what, Exception):
            raise self._what
        return self._what

    def close(self) -> None:
        self.closed = True


class Time:
    def __init__(self) -> None:
        self.told: list[object] = []

    def note_platform(self, unix_s: int) -> None:
        self.told.append(unix_s)

    def note_refused(self) -> None:
        self.told.append("refused")


def post(what: Any) -> tuple[Any, list[object]]:
    time = Time()
    client = DatedClient(Client(what), time)
    return asyncio.run(client.post(("host", 443, "/"), [], b"")), time.told


def test_a_reply_dates_the_clock_and_goes_on() -> None:
    reply = SimpleNamespace(date=b"Thu, 28 May 2026 20:26:40 GMT")
    assert post(reply) == (reply, [1780000000])


@pytest.mark.parametrize(
    ("fault", "told"),
    [(TlsError(""), ["refused"]), (NotSentError(""), []), (NoAnswerError(""), [])],
    ids=lambda what: type(what).__name__,
)
def test_only_a_refused_certificate_is_told(fault: Exception, told: list) -> None:
    time = Time()
    with pytest.raises(type(fault)):
        asyncio.run(DatedClient(Client(fault), time).post(("host", 443, "/"), [], b""))
    assert time.told == told


def test_the_rest_is_the_clients_own() -> None:
    inner = Client(None)
    client = DatedClient(inner, Time())
    assert (client.stage, client.sent) == ("waiting", True)
    client.close()
    assert inner.closed


# --- the header's text ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"Sun, 06 Nov 1994 08:49:37 GMT", 784111777),
        (b"sun, 06 nov 1994 08:49:37 gmt", 784111777),
        (b"Sun,  6  Nov 1994  08:49:37 GMT", 784111777),
        (b"Thu, 29 Feb 2024 23:59:60 GMT", 1709251199),
        (b"Fri, 31 Dec 9999 23:59:59 GMT", LAST_MOMENT_S),
        (b"", 0),
        (b"now", 0),
        (b"Sunday, 06-Nov-94 08:49:37 GMT", 0),
        (b"Sun Nov  6 08:49:37 1994", 0),
        (b"Sun, 06 Nov 1994 08:49:37 EST", 0),
        (b"Sun, 06 Nov 1994 08:49:37 +0000", 0),
        (b"Sun, 31 Feb 2026 08:49:37 GMT", 0),
        (b"Sun, 29 Feb 2026 08:49:37 GMT", 0),
        (b"Sun, 00 Nov 1994 08:49:37 GMT", 0),
        (b"Sun, 06 Nov 1994 24:00:00 GMT", 0),
        (b"Sun, 06 Nov 1994 08:60:00 GMT", 0),
        (b"Sun, 06 Nov 1994 08:49:61 GMT", 0),
        (b"Sun, 06 ovd 1994 08:49:37 GMT", 0),
        (b"Sun, 06 Nov -994 08:49:37 GMT", 0),
        (b"Sun, 06 Nov 1969 08:49:37 GMT", 0),
        (b"Sun, 06 Nov 99999 08:49:37 GMT", 0),
        (b"Sun, 06 Nov 1994 +8:49:37 GMT", 0),
        (b"Sun, 06 Nov 1994 08:49 GMT", 0),
        (b"Sun, \xff\xfe Nov 1994 08:49:37 GMT", 0),
    ],
)
def test_a_date_is_read_as_it_has_to_be_sent_and_nothing_else(
    text: bytes, expected: int
) -> None:
    assert parse_date(text) == expected


@given(st.integers(0, LAST_MOMENT_S))
def test_every_date_is_read(unix_s: int) -> None:
    assert parse_date(formatdate(unix_s, usegmt=True).encode()) == unix_s


@given(st.binary(max_size=60))
def test_no_bytes_of_a_date_are_an_error(raw: bytes) -> None:
    assert parse_date(raw) >= 0
