"""A connection that is cut after each byte of the request, and after each byte of the reply.

The bytes are those of TLS, counted from the first of the request on a connection that has
been shaken hands on. The relay ends both sides, by FIN or by RST. `make test`
cuts a redemption and a reversal after each byte around the edges of a TLS record; inside one,
where nobody sees how far the record came, after each 97th. `make prove` cuts both after every
byte, with both endings.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from itertools import chain

import pytest

from host_tests.kit.books import Books
from host_tests.kit.peer import Peer
from host_tests.kit.relay import Direction, Ending
from host_tests.system.wire.shop import Call, Shop, shop
from tools.emulator.testing import RunningEmulator

DIRECTIONS: list[Direction] = ["request", "reply"]
ONE_A_BYTE: tuple[Ending, Ending] = ("FIN", "RST")
OTHER_ONE: tuple[Ending, Ending] = ("RST", "FIN")
_IN_FULL = [pytest.mark.prove, pytest.mark.timeout(900)]
_LANES = 3  # devices at once, so that device and platform each have something to do


class Walk:
    """The calls of a walk: each with the byte after which it was cut, if it came to that."""

    def __init__(self, direction: Direction, endings: tuple[Ending, Ending]) -> None:
        self.direction = direction
        self.endings = endings  # for a redemption and its reversal at an odd byte
        self.calls: list[tuple[int, Call, bool]] = []
        self.sizes: dict[str, int] = {}
        self.records: dict[str, list[int]] = {}

    async def measure(self, bench: Shop) -> None:
        """Lets a sale and its reversal through and notes how long they are."""
        await bench.approved("echo")
        redeemed = ""
        for op in ("redeem", "reverse"):
            bench.relay.watch()
            redeemed = (await bench.approved(op, confirmation=redeemed)).confirmation
            self.sizes[op] = bench.relay.count(self.direction)
            self.records[op] = bench.relay.records(self.direction)

    def points(self, stride: int) -> list[int]:
        """Where to cut: what `near_the_ends` says for the one or the other."""
        every = [near_the_ends(records, stride) for records in self.records.values()]
        return sorted({*chain.from_iterable(every)})

    async def take(self, bench: Shop, points: Iterable[int]) -> None:
        """Cuts a redemption and its reversal after each of `points`."""
        for point in points:
            endings = self.endings if point // 2 % 2 else self.endings[::-1]
            number = await self._cut(bench, "redeem", point, endings[0], "")
            if point <= self.sizes["reverse"]:
                await self._cut(bench, "reverse", point, endings[1], number)

    async def _cut(
        self, bench: Shop, op: str, point: int, ending: Ending, confirmation: str
    ) -> str:
        """One call that meets a cut; its confirmation number."""
        if not bench.relay.is_open:
            await bench.approved("echo")
        bench.relay.cut_after(self.direction, point, ending)
        call = await bench.call(op, confirmation=confirmation)
        assert call.outcome == "approved", (point, call)
        self.calls.append((point, call, not bench.relay.mend()))
        return call.confirmation

    def check(self, platform: RunningEmulator) -> None:
        """Every call against the retry rule; every one came to an approval."""
        books = Books(platform)
        reversed_ones = {call.order["confirmation"] for _, call, _ in self.calls}
        arrived = 0
        for point, call, was_cut in self.calls:
            books.check(call, reversed_later=call.confirmation in reversed_ones)
            copies = len(books.copies(call.request))
            arrived += copies
            if was_cut:
                self._check_cut(point, call, copies)
            else:
                assert point >= self.sizes[call.order["op"]] - 1
                assert copies == call.copies == 1, (point, call)
        # Nothing arrived that no device sent.
        moving = [each for each in books.arrived if each["op"] in ("redeem", "reverse")]
        assert len(moving) - 2 == arrived
        assert not books.of(None)

    def _check_cut(self, point: int, call: Call, copies: int) -> None:
        size = self.sizes[call.order["op"]]
        if self.direction == "request" and point < size:
            assert (copies, call.copies) == (1, 2), (point, call)
        elif self.direction == "request":
            assert (copies, call.copies) in ((1, 2), (2, 2)), (point, call)
        elif point < size:
            assert (copies, call.copies) == (2, 2), (point, call)
        else:  # the reply was whole, if it was read before the end was seen
            assert (copies, call.copies) in ((1, 1), (2, 2)), (point, call)


def near_the_ends(records: list[int], stride: int) -> list[int]:
    """Every point within a TLS record's header, the last points of each, and some between."""
    points, start = set(), 0
    for length in records:
        end = start + length
        points |= {*range(start, start + 7), *range(end - 2, end + 1)}
        points |= set(range(start, end, stride))
        start = end
    return sorted(points)


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize(
    ("endings", "stride"),
    [
        (ONE_A_BYTE, 97),
        pytest.param(ONE_A_BYTE, 1, marks=_IN_FULL),
        pytest.param(OTHER_ONE, 1, marks=_IN_FULL),
    ],
)
def test_a_cut_after_any_byte_leaves_one_commitment_and_an_approval(
    platform: RunningEmulator,
    python: Peer | None,
    direction: Direction,
    endings: tuple[Ending, Ending],
    stride: int,
) -> None:
    walk = Walk(direction, endings)
    lanes = 1 if python else _LANES

    async def lane(number: int) -> None:
        async with shop(platform, python) as bench:
            await walk.take(bench, walk.points(stride)[number::lanes])

    async def play() -> None:
        async with shop(platform, python) as bench:
            await walk.measure(bench)
        await asyncio.gather(*[lane(number) for number in range(lanes)])

    asyncio.run(play())
    walk.check(platform)
    cut = {(call.order["op"], point) for point, call, was_cut in walk.calls if was_cut}
    for op, size in walk.sizes.items():
        edges = near_the_ends(walk.records[op], stride)
        assert {(op, point) for point in edges if point < size} <= cut
