"""Power that goes at each moment of an earning, under each fault, on the whole handheld.

Afterwards the queue is let drain, and the ledger on the flash is held against what the
platform has: nothing lost that was kept, nothing twice, one key and the same bytes.
"""

from __future__ import annotations

import itertools
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from host_tests.kit.headless import START
from host_tests.system.handheld.conftest import MakeHandheld
from host_tests.system.handheld.hands import CARD, home, shows, started, until
from host_tests.system.handheld.test_queue import EARNING, earn, queue
from tools.emulator.testing import RunningEmulator
from tools.handheld.client import HandheldClient
from tools.ledger.entries import LedgerEntry
from tools.ledger.sources import open_source

_HELD = {"fault": "delay", "seconds": 60}
# What the copy meets whose reply the power takes, and what the next one meets.
FAULTS: dict[str, list[dict[str, Any]]] = {
    "not committed": [{"fault": "drop_before_commit", "seconds": 60}],
    "committed": [_HELD],
    "committed, then lost again": [_HELD, {"fault": "drop_after_commit"}],
    "committed, then it fails": [_HELD, {"fault": "code", "code": "500"}],
    "committed, then a bad token": [_HELD, {"fault": "expire_token"}],
    "committed, then a broken answer": [_HELD, {"fault": "truncate", "bytes": 90}],
}
SHORT = ("not committed", "committed, then lost again")
_cents = itertools.count(2901)  # its own total for each sale


@pytest.fixture(scope="module")
def flash(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("earning-cuts") / "flash.img"


@pytest.fixture(scope="module")
def shared_handheld(make_handheld: MakeHandheld, flash: Path) -> HandheldClient:
    """Its time server tells the platform's time: the desktop's is months ahead of it, and what
    was sent by such a clock is not sent again by itself.
    """
    handheld = make_handheld(flash=flash, **EARNING)
    handheld.send({"ntp": {"unix_s": int(datetime.fromisoformat(START).timestamp())}})
    handheld.cut()
    started(handheld)
    return handheld


@pytest.fixture
def entries_before(handheld: HandheldClient, flash: Path) -> int:
    """How many entries other tests left on the module's flash."""
    return len(open_source(flash).read()[0])


def scanned(handheld: HandheldClient, flash: Path) -> None:
    """A sale that earns by itself, up to the card, which has just been scanned."""
    handheld.wait_screen("CHECKOUT")
    handheld.press("5")
    handheld.wait_screen("TOTAL BEFORE TAX")
    handheld.press("2497", "ENTER")
    handheld.wait_screen("TOTAL WITH TAX")
    handheld.press(str(next(_cents)), "ENTER")
    handheld.wait_screen("CARD")
    handheld.scan(CARD)


def returned(handheld: HandheldClient, flash: Path) -> None:
    """A sale that has earned, and its whole return, which has just been confirmed."""
    earn(handheld, str(next(_cents)))
    home(handheld)
    sale = open_source(flash).read()[0][-1]
    handheld.press("6")
    handheld.wait_screen("RETURN")
    handheld.scan(sale.trace_id)
    handheld.wait_screen("ENTER=ALL")
    handheld.press("ENTER")


ACTS = {"issue": scanned, "return": returned}


def drained(handheld: HandheldClient) -> None:
    """Power comes back, and everything that waits is sent."""
    started(handheld)
    until(lambda: queue(handheld) == 0)


def wrong(platform: RunningEmulator, entries: list[LedgerEntry]) -> list[tuple[str, int]]:
    """What is wrong between a device's earnings and what the platform committed."""
    theirs: dict[str, list[dict[str, Any]]] = {}
    for each in platform.issuances():
        theirs.setdefault(each["trace_id"], []).append(each)
    found = []
    for entry in entries:
        committed = theirs.pop(entry.trace_id, [])
        if entry.earning not in ("issued", "returned") or len(committed) != 1:
            found.append((f"{entry.earning}, {len(committed)} committed", entry.sequence))
        elif committed[0]["idempotency_key"] != entry.idempotency_key:
            found.append(("another key", entry.sequence))
    return found + [("not on the ledger", 0) for _ in theirs]


def check_copies(platform: RunningEmulator, op: str) -> None:
    """Of one earning all copies are the same, and have its key."""
    bodies: dict[str, set[bytes]] = {}
    for each in platform.requests(op):
        if each["complete"]:
            bodies.setdefault(each["headers"]["idempotency-key"], set()).add(each["raw"])
    assert all(len(found) == 1 for found in bodies.values())


@pytest.mark.parametrize(
    ("op", "fault"),
    [
        *[("issue", fault) for fault in FAULTS],
        *[("return", fault) for fault in SHORT],
        *[
            pytest.param("return", fault, marks=pytest.mark.prove)
            for fault in FAULTS
            if fault not in SHORT
        ],
    ],
)
def test_power_that_goes_while_the_answer_is_awaited_costs_nothing(
    handheld: HandheldClient,
    platform: RunningEmulator,
    flash: Path,
    entries_before: int,
    op: str,
    fault: str,
) -> None:
    for order in FAULTS[fault]:
        platform.faults(op, **order)
    ACTS[op](handheld, flash)
    until(lambda: bool(platform.requests(op)))
    handheld.cut()
    drained(handheld)
    entries = open_source(flash).read()[0][entries_before:]
    assert [entry.op for entry in entries] == (
        ["issue"] if op == "issue" else ["issue", op]
    )
    found = wrong(platform, entries)
    assert found == [], found
    check_copies(platform, op)


@pytest.mark.parametrize("op", ACTS)
def test_power_that_goes_as_soon_as_it_was_confirmed_keeps_all_or_nothing(
    handheld: HandheldClient,
    platform: RunningEmulator,
    flash: Path,
    entries_before: int,
    op: str,
) -> None:
    ACTS[op](handheld, flash)
    handheld.cut()
    drained(handheld)
    entries = open_source(flash).read()[0][entries_before:]
    found = wrong(platform, entries)
    assert found == [], found
    check_copies(platform, op)


def test_power_that_goes_after_the_approval_keeps_the_discount_and_asks_about_the_miles(
    handheld: HandheldClient, platform: RunningEmulator, flash: Path, entries_before: int
) -> None:
    """The redemption stands on its own; its earning is kept, and is sent once."""
    platform.faults("issue", **_HELD)
    handheld.press("1")
    handheld.wait_screen("TOTAL")
    handheld.press("4335", "ENTER")
    handheld.wait_screen("CARD")
    handheld.scan(CARD)
    handheld.wait_screen("UP/DOWN")
    handheld.press("ENTER")
    until(lambda: bool(platform.requests("issue")))
    assert "APPROVED" in shows(handheld, "APPROVED")[0]
    handheld.cut()
    drained(handheld)
    redemption, earning = open_source(flash).read()[0][entries_before:]
    assert (redemption.op, redemption.outcome) == ("redeem", "approved")
    assert earning.reverses == redemption.confirmation
    found = wrong(platform, [earning])
    assert found == [], found
    assert len(platform.ledger()) == 1
    check_copies(platform, "issue")
