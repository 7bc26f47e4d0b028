"""Whoever watches the emulator is told that something changed, and gets no more than asked."""

from __future__ import annotations

import asyncio
import ssl
from typing import Any

import httpx
import pytest

from host_tests.kit.until import LONG_S
from tools.emulator.testing import RunningEmulator
from tools.emulator.watching import Changes, Noticing


def ask(emulator: RunningEmulator, what: str, **query: Any) -> Any:
    context = ssl.create_default_context(cafile=emulator.ca)
    address = f"{emulator.url}/_emulator/{what}"
    return httpx.get(address, params=query, verify=context, trust_env=False, timeout=LONG_S)


def test_a_watcher_that_knows_the_latest_waits_for_the_next() -> None:
    async def run() -> None:
        changes = Changes()
        waiting = asyncio.create_task(changes.after(0, 60))
        await asyncio.sleep(0)
        assert not waiting.done()
        changes.happened()
        assert await waiting == 1

    asyncio.run(run())


def test_one_that_missed_something_is_told_at_once() -> None:
    async def run() -> None:
        changes = Changes()
        changes.happened()
        assert await changes.after(0, 60) == 1
        assert await changes.after(1, 0) == 1

    asyncio.run(run())


@pytest.mark.parametrize(("method", "happened"), [("GET", 0), ("POST", 2)])
def test_who_looks_changes_nothing_and_who_sends_something_does(
    method: str, happened: int
) -> None:
    changes = Changes()

    async def serve(_scope: object, receive: Any, _send: object) -> None:
        await receive()

    async def receive() -> dict[str, str]:
        return {"type": "http.request"}

    scope = {"type": "http", "method": method}
    asyncio.run(Noticing(serve, changes)(scope, receive, receive))  # type: ignore[arg-type]
    assert changes.number == happened


def test_a_request_and_an_order_are_changes(emulator: RunningEmulator) -> None:
    with httpx.Client(
        base_url=f"{emulator.url}/_emulator",
        verify=ssl.create_default_context(cafile=emulator.ca),
        trust_env=False,
        timeout=LONG_S,
    ) as watcher:

        def latest() -> int:
            return int(watcher.get("/changes").json()["number"])

        emulator.call("echo")
        before = latest()
        emulator.call("inquire")
        assert latest() > before
        before = latest()
        emulator.faults("echo", "garbage")
        assert latest() > before


def test_the_latest_so_many_are_given_oldest_first(emulator: RunningEmulator) -> None:
    for number in range(3):
        trace_id = f"00000000000{number}"
        emulator.call("redeem", {"traceId": trace_id, "dollarRedeemRequest": "10.00"})
    whole = emulator.ledger()
    assert [each["trace_id"][-1] for each in whole] == ["0", "1", "2"]
    assert ask(emulator, "ledger", last=2).json() == whole[-2:]
    assert ask(emulator, "ledger", last=0).json() == []
    numbers = [each["number"] for each in ask(emulator, "requests", last=2).json()]
    assert numbers == [each["number"] for each in emulator.requests()][-2:]
    assert ask(emulator, "counts").json() == {"ledger": 3, "issuances": 0}
    assert ask(emulator, "ledger", last=-2).status_code == 400
