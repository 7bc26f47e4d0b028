"""Storage that takes no more: read-only, out of room, or a ledger that is full.

The device says so on its screen, sends nothing, loses nothing, and goes on when all is well.
"""

from __future__ import annotations

from typing import Any

import pytest

from host_tests.kit.books import Books
from host_tests.system.power.bench import Handheld, Life, faults

EROFS = 30
CELLS = 24  # of the ledger on FAT
MANY = 60


def outcomes(life: Life) -> list[str]:
    assert life.ledger is not None
    return [entry["result"]["outcome"] for entry in life.ledger["entries"]]


def redeems(handheld: Handheld) -> int:
    """How many requests to redeem have left the device."""
    return len(handheld.emulator.requests("redeem"))


def books_agree(handheld: Handheld, *lives: Life) -> bool:
    assert lives[-1].ledger is not None
    return faults(Books(handheld.emulator), list(lives)) == []


def refused(life: Life, why: str) -> bool:
    """Whether the cashier was told, and not told to give anything."""
    told = life.shows(why) and life.shows("NO REDEMPTION")
    return told and not life.promised() and life.ended == "over"


@pytest.mark.parametrize(
    ("kind", "told"),
    [("littlefs", "STORAGE: READ ONLY"), ("fat", "STORAGE FAILED")],  # FAT hides the reason
)
def test_on_a_read_only_flash_nothing_is_redeemed_and_the_reports_can_be_read(
    handheld: Handheld, kind: str, told: str
) -> None:
    handheld.format(kind)
    first = handheld.live("checkout")
    protected: dict[str, Any] = {"limit": 0, "goes_on": True, "error": EROFS}
    for job in ("checkout", "refund"):
        life = handheld.live(job, look=True, **protected)
        assert refused(life, told)
        assert outcomes(life) == ["approved"]
    assert redeems(handheld) == 1
    assert handheld.emulator.requests("reverse") == []
    assert handheld.live("reports", **protected).shows("REDEEM 1")
    last = handheld.live("checkout", "refund", look=True)
    assert outcomes(last) == ["approved"] * 3
    assert books_agree(handheld, first, last)


def test_on_a_filesystem_without_room_nothing_is_redeemed_until_there_is_some(
    handheld: Handheld,
) -> None:
    handheld.format("littlefs")
    handheld.live("balance")
    handheld.fill()
    first = handheld.live(*["checkout"] * MANY, look=True)  # a small file needs no block
    assert first.shows("STORAGE FAILED") and first.ended == "over"
    left = redeems(handheld)
    assert left < MANY
    assert len(outcomes(first)) == left == len(set(first.promised()))
    second = handheld.live("checkout", "reports", look=True)
    assert refused(second, "STORAGE FAILED")
    assert second.shows("REDEEM %d" % left)
    assert redeems(handheld) == left
    handheld.fill()
    third = handheld.live("checkout", look=True)
    assert outcomes(third) == ["approved"] * (left + 1)
    assert books_agree(handheld, first, second, third)


def test_a_full_ledger_redeems_nothing_until_it_is_exported(handheld: Handheld) -> None:
    handheld.format("fat")
    first = handheld.live(*["checkout"] * CELLS)
    second = handheld.live("checkout", look=True)
    assert refused(second, "LEDGER IS FULL")
    assert second.shows("EXPORT IT FIRST")
    assert redeems(handheld) == CELLS
    assert outcomes(second) == ["approved"] * CELLS
    assert books_agree(handheld, first, second)
    third = handheld.live("export", "checkout", look=True)
    assert redeems(handheld) == CELLS + 1
    assert outcomes(third)[-1] == "approved"
