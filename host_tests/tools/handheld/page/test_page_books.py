"""Both ledgers side by side: what is the same, what differs, what only one of them has."""

from __future__ import annotations

from typing import Any

import pytest

from tools.handheld.page import books
from tools.ledger.entries import LedgerEntry
from tools.ledger.sources import Identity

IDENTITY = Identity("LOY1", "0001", "001")


def ours(**changed: Any) -> LedgerEntry:
    """An entry of the device: a redemption of $40.00 that was approved."""
    values: dict[str, Any] = {
        "sequence": 1,
        "op": "redeem",
        "outcome": "approved",
        "unix_s": 1_769_785_200,
        "offset_min": -300,
        "trace_id": "000000000007",
        "idempotency_key": "one",
        "collector": "*******2006",
        "redeem_cents": 4000,
        "reverses": "",
        "response_code": "0000",
        "confirmation": "03007368806",
        "miles": 380,
        "cents": 4000,
        "revision": 0,
        "decision": "",
        "mismatch": False,
    }
    return LedgerEntry(**(values | changed))


def theirs(**changed: Any) -> dict[str, Any]:
    """The platform's entry of the same."""
    return {
        "id": 5,
        "kind": "redemption",
        "trace_id": "000000000007",
        "miles": 380,
        "dollars": "40.00",
        "confirmation": "03007368806",
        "cancelled": False,
        "sponsor_code": "LOY1",
        "store_id": "0001",
        "device_id": "001",
    } | changed


def compared(
    entries: list[LedgerEntry], platform: list[dict[str, Any]] | None
) -> tuple[list[dict[str, Any]], list[int]]:
    found = books.Books(entries, IDENTITY, {}, {})
    lists = None if platform is None else {"ledger": platform}
    rows, missing = books.compared(found, lists)
    return rows, missing["ledger"]


def test_what_both_have_alike_is_the_same() -> None:
    (row,), missing = compared([ours()], [theirs()])
    assert (row["match"], row["platform"], row["platform_list"]) == ("same", 5, "ledger")
    assert row["differences"] == [] and missing == []


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({"miles": 285}, ["miles"]),
        ({"dollars": "30.00"}, ["dollars"]),
        ({"confirmation": "1"}, ["confirmation"]),
        ({"cancelled": True}, ["cancelled"]),
        ({"miles": 285, "dollars": "30.00"}, ["miles", "dollars"]),
    ],
)
def test_what_differs_is_named(changed: dict[str, Any], names: list[str]) -> None:
    (row,), _ = compared([ours()], [theirs(**changed)])
    assert (row["match"], row["differences"]) == ("differs", names)


@pytest.mark.parametrize("outcome", ["open", "unknown"])
def test_what_is_not_settled_waits(outcome: str) -> None:
    for platform in ([], [theirs()]):
        (row,), _ = compared([ours(outcome=outcome, cents=0)], platform)
        assert (row["match"], row["redeem_cents"]) == ("waiting", 4000)


@pytest.mark.parametrize("outcome", ["declined", "not_sent"])
def test_a_refusal_that_moved_miles_is_a_difference(outcome: str) -> None:
    entry = ours(outcome=outcome, confirmation="", miles=0, cents=0)
    assert compared([entry], [])[0][0]["match"] == "none"
    assert compared([entry], [theirs(cancelled=True)])[0][0]["match"] == "none"
    assert compared([entry], [theirs()])[0][0]["match"] == "differs"


def test_what_only_one_of_them_has_is_told() -> None:
    (row,), missing = compared([ours()], [theirs(id=6, trace_id="000000000008")])
    assert row["match"] == "only_device" and missing == [6]


def test_another_devices_entries_are_no_difference() -> None:
    _, missing = compared([], [theirs(device_id="002"), theirs(store_id="0002")])
    assert missing == []


def test_a_reversal_is_not_taken_for_the_redemption_with_its_trace_id() -> None:
    (row,), missing = compared([ours(op="reverse", reverses="1")], [theirs()])
    assert row["match"] == "only_device" and missing == [5]


def test_without_an_emulated_platform_nothing_is_claimed() -> None:
    (row,), missing = compared([ours()], None)
    assert row["match"] is None and missing == []


def test_the_card_is_masked() -> None:
    (row,), _ = compared([ours()], [])
    assert row["collector"] == "*******2006"


def earned(**changed: Any) -> LedgerEntry:
    """An earning of the device that was issued."""
    values = {
        "op": "issue",
        "earning": "issued",
        "miles": 2,
        "cents": 0,
        "confirmation": "",
    }
    return ours(**(values | changed))


def issued(**changed: Any) -> dict[str, Any]:
    """The platform's entry of the same."""
    values = {"id": 7, "op": "issue", "trace_id": "000000000007", "miles": 2}
    return values | {"device_id": "001", "post_tax": "45.20"} | changed


@pytest.mark.parametrize(
    ("entry", "platform", "match"),
    [
        (earned(), [issued()], "same"),
        (
            earned(miles=0),
            [issued()],
            "same",
        ),  # accepted for later: no reply told the miles
        (earned(miles=3), [issued()], "differs"),
        (earned(), [], "only_device"),
        (earned(op="return"), [issued()], "only_device"),
        (earned(outcome="open", earning="queued"), [], "waiting"),
    ],
)
def test_an_earning_is_held_against_what_was_issued(
    entry: LedgerEntry, platform: list[dict[str, Any]], match: str
) -> None:
    rows, _ = books.compared(
        books.Books([entry], IDENTITY, {}, {}), {"ledger": [], "issuances": platform}
    )
    assert rows[0]["match"] == match
    assert rows[0]["platform_list"] == (
        "issuances" if match in ("same", "differs") else None
    )


def test_the_queue_is_what_the_device_still_holds() -> None:
    entries = [earned(), earned(sequence=2, outcome="open", earning="queued")]
    (row,) = books.queued(books.Books(entries, IDENTITY, {}, {}))
    assert (row["sequence"], row["earning"]) == (2, "queued")
