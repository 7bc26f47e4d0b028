"""Every reply dates the clock, and a refused certificate is told, whoever asked."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from milepad.base.errors import NoAnswerError, NotSentError, TlsError
from milepad.link.dated import DatedClient


class Client:
    stage = "waiting"
    sent = True
    closed = False

    def __init__(self, what: Any) -> None:
        self._what = what

    async def post(self, url: tuple, headers: list, body: bytes) -> Any:
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
