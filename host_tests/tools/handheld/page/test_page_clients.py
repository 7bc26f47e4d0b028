"""A page that is slow or gone costs a bounded amount, and is told the whole state later."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable

from host_tests.kit.until import LONG_S
from tools.handheld.events import Outgoing
from tools.handheld.page.clients import MOST_CHARACTERS, MOST_MESSAGES, Clients


class Counting:
    """A state that says how often it was asked for."""

    def __init__(self) -> None:
        self.asked = 0

    def ready(self) -> Outgoing:
        self.asked += 1
        return {"ready": {"asked": self.asked}}


def play(script: Callable[[Clients, Counting], Awaitable[None]]) -> None:
    async def run() -> None:
        state = Counting()
        await asyncio.wait_for(script(Clients(state.ready), state), LONG_S)

    asyncio.run(run())


def test_a_page_gets_the_state_first_and_then_what_happens_in_order() -> None:
    async def script(clients: Clients, _: Counting) -> None:
        page = clients.join()
        clients.tell({"log": "before it looked"})
        assert json.loads(await page.next()) == {"ready": {"asked": 1}}
        clients.tell({"log": "1"})
        clients.tell({"log": "2"})
        assert [await page.next(), await page.next()] == ['{"log":"1"}', '{"log":"2"}']

    play(script)


def test_a_page_that_takes_nothing_holds_a_bounded_amount() -> None:
    async def script(clients: Clients, state: Counting) -> None:
        page = clients.join()
        await page.next()
        for number in range(10_000):
            clients.tell({"log": str(number)})
            assert len(page) <= MOST_MESSAGES
        assert json.loads(await page.next()) == {"ready": {"asked": 2}}
        assert state.asked == 2
        clients.tell({"log": "again"})
        assert await page.next() == '{"log":"again"}'

    play(script)


def test_few_messages_that_are_long_are_bounded_too() -> None:
    async def script(clients: Clients, _: Counting) -> None:
        page = clients.join()
        await page.next()
        for _number in range(4):
            clients.tell({"log": "x" * (MOST_CHARACTERS // 3)})
        assert len(page) == 0
        assert "ready" in await page.next()

    play(script)


def test_a_slow_page_costs_the_others_nothing() -> None:
    async def script(clients: Clients, _: Counting) -> None:
        slow, quick = clients.join(), clients.join()
        await slow.next()
        await quick.next()
        for number in range(2 * MOST_MESSAGES):
            clients.tell({"log": str(number)})
            assert json.loads(await quick.next()) == {"log": str(number)}
        assert "ready" in await slow.next()

    play(script)


def test_a_page_that_left_is_told_nothing() -> None:
    async def script(clients: Clients, _: Counting) -> None:
        page = clients.join()
        await page.next()
        clients.leave(page)
        clients.tell({"log": "1"})
        assert len(page) == 0 and len(clients) == 0

    play(script)
