"""What arrives of an earning under every fault, and under a connection cut after every byte.

Real firmware on MicroPython with its ledger and queue on littlefs, real TLS, the real
emulator. Of each earning: one key, identical bytes, at most one commitment, and the ledger
says nothing that is untrue. A result such as "open 500 3" is what the ledger says once all
that leaves at once has left, and the number of copies that arrived.

`make test` takes every fault once for two or three of the operations, by turns, twice for
issue, and for ever for post; `make prove` takes each for all. The rule of copies does not know
one operation from another.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from host_tests.kit.peer import Peer
from host_tests.kit.relay import Direction, Ending
from host_tests.system.wire.earning import Earned, EarningShop, Seen, earning_shop
from host_tests.system.wire.test_wire_cuts import near_the_ends
from tools.emulator.issuance.operations import MOVING
from tools.emulator.testing import RunningEmulator

OPS = [*MOVING, "record"]
_IN_FULL = [pytest.mark.prove, pytest.mark.timeout(900)]
pytestmark = pytest.mark.timeout(400)


def _fault(name: str, **more: Any) -> dict[str, Any]:
    return {"fault": name} | more


def _code(code: str, **more: Any) -> dict[str, Any]:
    return _fault("code", code=code, **more)


# The fault; what an earning comes to when it strikes once, twice, and for ever.
TABLE = [
    # No answer: two more copies at once, then it rests in the queue.
    (_fault("drop_before_commit"), "approved 200 2", "approved 200 3", "open 3"),
    (_fault("drop_after_commit"), "approved 200 2", "approved 200 3", "open 3"),
    (_fault("reset"), "approved 200 2", "approved 200 3", "open 3"),
    (_fault("reset", after_commit=True), "approved 200 2", "approved 200 3", "open 3"),
    (_fault("garbage"), "approved 200 2", "approved 200 3", "open 3"),
    (_fault("garbage", after_commit=True), "approved 200 2", "approved 200 3", "open 3"),
    (_fault("truncate", bytes=0), "approved 200 2", "approved 200 3", "open 3"),
    (_fault("truncate", bytes=100), "approved 200 2", "approved 200 3", "open 3"),
    (_fault("truncate", bytes=300), "approved 200 2", "approved 200 3", "open 3"),
    (_fault("oversized"), "approved 200 2", "approved 200 3", "open 3"),
    # A failure, whoever it is that fails.
    (_fault("html_502"), "approved 200 2", "approved 200 3", "open 502 3"),
    (_fault("html_502", after_commit=True), "approved 200 2", "approved 200 3", "open 502 3"),
    (_fault("missing_code", status=500), "approved 200 2", "approved 200 3", "open 500 3"),
    (_code("500"), "approved 200 2", "approved 200 3", "open 500 3"),
    (_code("500", after_commit=True), "approved 200 2", "approved 200 3", "open 500 3"),
    (_code("404"), "approved 200 2", "approved 200 3", "open 404 3"),
    (_code("408"), "approved 200 2", "approved 200 3", "open 408 3"),
    (_code("409"), "approved 200 2", "approved 200 3", "open 409 3"),
    (_fault("busy"), "approved 200 2", "approved 200 3", "open 500 3"),
    # It asks to wait, and is left alone.
    (_code("429"), "open 429 1", "open 429 1", "open 429 1"),
    (_code("503"), "open 503 1", "open 503 1", "open 503 1"),
    # The token: another one and the same bytes again.
    (_fault("expire_token"), "approved 200 2", "approved 200 3", "open 401 4"),
    (_code("401"), "approved 200 2", "approved 200 3", "open 401 4"),
    (_code("403"), "approved 200 2", "approved 200 3", "open 403 4"),
    # An answer, whatever its body is.
    (_fault("hang_up"), "approved 200 1", "approved 200 1", "approved 200 1"),
    (_fault("missing_code"), "approved 200 1", "approved 200 1", "approved 200 1"),
    (_fault("wrong_shape"), "approved 200 1", "approved 200 1", "approved 200 1"),
    (_fault("deep"), "approved 200 1", "approved 200 1", "approved 200 1"),
    (_fault("pending"), "approved 202 1", "approved 202 1", "approved 202 1"),
    # Refused: a person has to decide.
    (_code("400"), "parked 400 1", "parked 400 1", "parked 400 1"),
]  # fmt: skip
LATE = (
    _fault("delay", seconds=60),
    "approved 200 2",
    "approved 200 3",
    "open 3",
)
_cards = itertools.cycle(["84095202006", "81000000010", "81000000027", "81000000066"])


def result(platform: RunningEmulator, earned: Earned) -> str:
    """An earning as the table writes it, after it was held against what was seen."""
    seen = Seen(platform)
    copies = seen.check(earned)
    assert seen.faults() == []
    outcome = "parked" if earned.parked else earned.outcome
    return " ".join(f"{outcome} {earned.code} {copies}".split())


async def one(
    platform: RunningEmulator, shop: EarningShop, op: str, order: dict[str, Any]
) -> str:
    """An earning that meets a fault. What waits afterwards is sent, and is the same."""
    await asyncio.to_thread(platform.reset)
    await asyncio.to_thread(lambda: platform.faults(op, **order))
    earned = await shop.earn(op, next(_cards))
    told = await asyncio.to_thread(result, platform, earned)
    if earned.waiting:
        await asyncio.to_thread(lambda: platform._order("DELETE", "faults"))
        done = await shop.send_now(earned)
        assert (done.outcome, done.waiting) == ("approved", 0)
        await asyncio.to_thread(result, platform, done)
    return told


def played(
    platform: RunningEmulator,
    peer: Peer,
    op: str,
    orders: Sequence[dict[str, Any]],
    **more: Any,
) -> list[str]:
    """What an earning comes to under each of the faults; every one meets a new device."""

    async def play() -> list[str]:
        told = []
        for order in orders:
            async with earning_shop(platform, peer, **more) as shop:
                told.append(await one(platform, shop, op, order))
        return told

    return asyncio.run(play())


def _is_for(op: str, order: dict[str, Any]) -> bool:
    return order["fault"] != "pending" or op in MOVING


_ALL = slice(None)


@pytest.mark.parametrize(
    ("op", "count", "share"),
    [
        *[(op, 1, slice(number % 3, None, 3)) for number, op in enumerate(OPS)],
        ("issue", 2, _ALL),
        ("post", None, _ALL),
        *[pytest.param(op, 1, _ALL, marks=_IN_FULL) for op in OPS],
        *[pytest.param(op, 2, _ALL, marks=_IN_FULL) for op in OPS if op != "issue"],
        *[pytest.param(op, None, _ALL, marks=_IN_FULL) for op in OPS if op != "post"],
    ],
)
def test_a_fault_costs_identical_copies_and_one_commitment(
    platform: RunningEmulator,
    micropython: Peer,
    op: str,
    count: int | None,
    share: slice,
) -> None:
    rows = [row for row in TABLE[share] if _is_for(op, row[0])]
    orders = [row[0] | {"count": count} for row in rows]
    column = {1: 1, 2: 2, None: 3}[count]
    assert played(platform, micropython, op, orders) == [row[column] for row in rows]


@pytest.mark.parametrize(("op", "count"), [("issue", 2), ("issuance/reverse", 1)])
def test_a_reply_that_comes_too_late_is_none(
    platform: RunningEmulator, micropython: Peer, op: str, count: int
) -> None:
    orders = [LATE[0] | {"count": count}]
    late = {"copy": [*range(1, count + 1)]}
    told = played(platform, micropython, op, orders, late=late)
    assert told == [LATE[count]]


# First copy: whether it was committed. Second copy: what it makes of it; the third is plain.
FIRST = [
    (_fault("drop_before_commit"), False),
    (_fault("drop_after_commit"), True),
    (_code("500", after_commit=True), True),
    (_fault("garbage", after_commit=True), True),
    (_fault("expire_token"), False),
]
SECOND = [
    (_fault("drop_before_commit"), "approved 200 3"),
    (_fault("drop_after_commit"), "approved 200 3"),
    (_code("500"), "approved 200 3"),
    (_fault("expire_token"), "approved 200 3"),
    (_code("429"), "open 429 2"),
    (_fault("hang_up"), "approved 200 2"),
    (_fault("pending"), "approved 202 2"),  # it never undoes a 200
    (_code("400"), "parked 400 2"),  # after a commitment a platform with keys cannot say so
]


@pytest.mark.parametrize(
    ("first", "committed"), FIRST, ids=[row[0]["fault"] for row in FIRST]
)
def test_the_second_fault_decides_and_the_commitment_stays_one(
    platform: RunningEmulator,
    micropython: Peer,
    first: dict[str, Any],
    committed: bool,
) -> None:
    async def play() -> list[str]:
        told = []
        for order, expected in SECOND:
            if committed and expected.startswith("parked"):
                continue
            await asyncio.to_thread(platform.reset)
            for each in (first, order):
                await asyncio.to_thread(lambda each=each: platform.faults("post", **each))
            async with earning_shop(platform, micropython) as shop:
                earned = await shop.earn("post", next(_cards))
                told.append(await asyncio.to_thread(result, platform, earned))
        return told

    expected = [text for _, text in SECOND if not (committed and "parked" in text)]
    if committed:
        expected = [text.replace("202", "200") for text in expected]
    assert asyncio.run(play()) == expected


@pytest.mark.parametrize(
    ("orders", "outcome"),
    [
        ([_code("400")], "declined"),
        ([_fault("drop_before_commit"), _code("400")], "unknown"),
        ([_code("500"), _code("400")], "unknown"),
    ],
)
def test_what_is_given_up_was_declined_only_where_the_refused_copy_was_the_only_one(
    platform: RunningEmulator,
    micropython: Peer,
    orders: list[dict[str, Any]],
    outcome: str,
) -> None:
    async def play() -> str:
        for each in orders:
            await asyncio.to_thread(lambda: platform.faults("issue", **each))  # noqa: B023
        async with earning_shop(platform, micropython) as shop:
            earned = await shop.earn("issue")
            assert (earned.parked, earned.copies) == (True, len(orders))
            return await shop.delete(earned)

    assert asyncio.run(play()) == outcome


def test_a_calculation_is_asked_once_and_moves_nothing(
    platform: RunningEmulator, micropython: Peer
) -> None:
    async def play() -> None:
        for order, expected in [
            (_code("500"), "unknown 500 1"),
            (_fault("drop_after_commit"), "unknown 1"),
            (_fault("expire_token"), "approved 200 2"),
            (_code("400"), "declined 400 1"),
            (_fault("hang_up"), "approved 200 1"),
        ]:
            await asyncio.to_thread(platform.reset)
            async with earning_shop(platform, micropython) as shop:
                await asyncio.to_thread(lambda: platform.faults("calculate", **order))  # noqa: B023
                earned = await shop.earn("calculate")
                assert await asyncio.to_thread(result, platform, earned) == expected

    asyncio.run(play())
    assert platform.issuances() == []


# Cuts


class Walk:
    """Earnings that were cut after a byte of the request, or of the reply."""

    def __init__(self, direction: Direction, endings: tuple[Ending, Ending]) -> None:
        self._direction = direction
        self._endings = endings
        self.sizes: dict[str, int] = {}
        self.records: dict[str, list[int]] = {}
        self.earned: list[tuple[int, Earned, bool]] = []

    async def measure(self, shop: EarningShop, ops: Iterable[str]) -> None:
        """Lets each operation through and notes how long it is."""
        for op in ops:
            await self._warm(shop)
            shop.relay.watch()
            await shop.earn(op)
            self.sizes[op] = shop.relay.count(self._direction)
            self.records[op] = shop.relay.records(self._direction)

    async def take(self, shop: EarningShop, op: str, points: Iterable[int]) -> None:
        """Cuts an earning after each of `points`, by a closed connection or a reset one."""
        for point in points:
            await self._warm(shop)
            shop.relay.cut_after(self._direction, point, self._endings[point % 2])
            earned = await shop.earn(op)
            was_cut = not shop.relay.mend()
            self.earned.append((point, earned, was_cut))
            assert earned.outcome == "approved", (point, earned)
            assert earned.waiting == 0

    @staticmethod
    async def _warm(shop: EarningShop) -> None:
        if not shop.relay.is_open:
            await shop.earn("calculate")

    def check(self, platform: RunningEmulator) -> None:
        """Every earning against what was seen; each was cut where it should be."""
        seen = Seen(platform)
        assert seen.faults() == []
        for point, earned, was_cut in self.earned:
            copies = seen.check(earned)
            size = self.sizes[earned.op]
            if not was_cut:
                assert point >= size - 1, (point, earned)
                assert copies == 1
            elif self._direction == "request" and point < size:
                assert copies == 1, (point, earned)  # the first one never came as a whole
            else:
                assert copies in (1, 2), (point, earned)


@pytest.mark.parametrize("direction", ["request", "reply"])
@pytest.mark.parametrize(
    ("ops", "endings", "stride"),
    [
        (("issue", "post/event"), ("FIN", "RST"), 389),
        *[
            pytest.param((op,), endings, 1, marks=_IN_FULL, id=f"{op} {endings[0]}")
            for op in MOVING
            for endings in (("FIN", "RST"), ("RST", "FIN"))
        ],
    ],
)
def test_a_cut_after_any_byte_leaves_one_commitment_under_one_key(
    platform: RunningEmulator,
    micropython: Peer,
    direction: Direction,
    ops: tuple[str, ...],
    endings: tuple[Ending, Ending],
    stride: int,
) -> None:
    """Around every edge of a TLS record, and every 389th byte; every byte to prove it."""
    walk = Walk(direction, endings)

    async def play() -> None:
        async with earning_shop(platform, micropython) as shop:
            await walk.measure(shop, ops)
            for op in ops:
                await walk.take(shop, op, near_the_ends(walk.records[op], stride))

    asyncio.run(play())
    walk.check(platform)
    assert sum(was_cut for _, _, was_cut in walk.earned) > 10 * len(ops)
