"""A queue's file that somebody has altered: nothing that was not kept so is ever sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from host_tests.kit.earner import CARDS, Earner
from host_tests.kit.virtual_time import StoryClock, story
from milepad.ledger import frames

BODIES, TRIED = "/queue/00000001", "/queue/tried"


def renamed(raw: bytes) -> bytes:
    """The first body under another number, which has one too."""
    return frames.seal(frames.BODY, (2).to_bytes(4, "big") + body_of(raw)) + raw


def anothers(raw: bytes) -> bytes:
    """A body that another device has made."""
    body = body_of(raw).replace(CARDS[0].encode(), b"89999999999")
    first = frames.seal(frames.BODY, (1).to_bytes(4, "big") + body)
    return first + raw[frames.measure(raw, 0, frames.BODY) :]


def body_of(raw: bytes) -> bytes:
    payload = frames.payload_of(raw, 0, frames.BODY)
    assert payload
    return payload[4:]


@pytest.mark.parametrize(
    "alter",
    [
        lambda raw: raw[:-7],
        lambda raw: raw[:40] + raw[41:],
        lambda raw: b"",
        lambda raw: b"\x14\xff\xff" + bytes(100000),
        renamed,
        anothers,
    ],
    ids=["torn", "a byte gone", "empty", "huge", "renamed", "another's"],
)
@story
async def test_only_what_was_kept_is_sent(
    clock: StoryClock, alter: Callable[[bytes], bytes]
) -> None:
    earner: Any = Earner()
    earner.wifi = False
    for card in CARDS[:2]:
        await earner.earn(card)
    files = earner.medium.content
    kept = {bytes(earner.earnings.queue.body(each)) for each in earner.earnings.items()}
    files[BODIES] = alter(files[BODIES])
    earner.boot()
    earner.wifi = True
    await earner.passes(100)
    sent = {raw for copies in earner.platform.copies.values() for raw in copies}
    assert sent <= kept and earner.faults() == []
    assert len(sent) + earner.earnings.waiting()[0] == 2
    assert (await earner.earn(CARDS[2])).outcome == "approved"
    for number in list(earner.earnings.queue.numbers):
        assert (await earner.earnings.send_now(number)).cause in ("damaged", "settings")
        assert earner.earnings.delete(number) == "not_sent"


@story
async def test_an_older_copy_that_is_put_back_commits_nothing_twice(
    clock: StoryClock,
) -> None:
    earner: Any = Earner()
    earner.wifi = False
    await earner.earn()
    older = dict(earner.medium.content)
    earner.wifi = True
    await earner.drained()
    earner.medium.content.clear()
    earner.medium.content.update(older)
    earner.boot()
    await earner.drained()
    assert len(earner.platform.commits) == 1 and earner.faults() == []


@story
async def test_where_nobody_can_read_what_was_tried_all_of_it_may_have_been(
    clock: StoryClock,
) -> None:
    earner: Any = Earner()
    earner.wifi = False
    await earner.earn()
    earner.medium.content[TRIED] = b"garbage...."
    earner.boot()
    (item,) = earner.earnings.items()
    assert earner.earnings.delete(item.sequence) == "unknown"
