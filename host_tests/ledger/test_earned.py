"""Earnings on the ledger: their bytes, where they count, and how they are found again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.peer import Peer, agree
from host_tests.kit.stores import KINDS, makers
from host_tests.ledger.on_micropython.samples import earning_of, intent_of, result_of
from milepad.base.errors import StorageError
from milepad.base.transaction import Result
from milepad.base.vocabulary import GIVING, TAKING
from milepad.ledger.earned import earning_of as earning_of_checkout
from milepad.ledger.earned import find_earning, returns_of
from milepad.ledger.ledger import Ledger
from milepad.ledger.totals import between

PLAIN = "host_tests.ledger.plain"
UUID = "3f2b8c1e-5a77-4c09-9e41-0a1b2c3d4e5f"
ISSUE = (
    *("issue", "004200000017", UUID, 1769765999, -300, "84095202006", "SCAN"),
    *(2822, 2497, 0, "10000000000", "en-CA", 0x89ABCDEF, 3, 0),
)
RECORD = (
    *("record", "004200000018", UUID, 1769765999, -300, "", "SWIPE"),
    *(2822, 2497, 0, "", "fr-CA", 1, 3, 0),
)
REVERSE_EVENT = (
    *("reverse/event", "004200000019", UUID, 1769765999, -300, "84095202006", "MANUAL"),
    *(0, -1, 0, "", "en-CA", 1, 3, 193),
)
# As they stand on flashes: these bytes never change.
GOLDEN = {
    ISSUE: "31 0038 00000007 12 00fa56ea11 3f2b8c1e5a774c099e410a1b2c3d4e5f 697c7c6f 0474"
    " 8b84095202006f 8616 c213 00 8b10000000000f 89abcdef 00",
    RECORD: "31 002c 00000007 28 00fa56ea12 3f2b8c1e5a774c099e410a1b2c3d4e5f 697c7c6f 0474"
    " 00 8616 c213 00 00 00000001 00",
    REVERSE_EVENT: "31 0031 00000007 46 00fa56ea13 3f2b8c1e5a774c099e410a1b2c3d4e5f"
    " 697c7c6f 0474 8b84095202006f 00 00 00 00 00000001 c101",
}
OPS = (*GIVING, *TAKING, "record")


def done(code: str = "200", miles: int = 5) -> Result:
    return Result(outcome="approved", response_code=code, miles=miles, copies_sent=1)


def parked() -> Result:
    return Result(outcome="declined", response_code="400", copies_sent=1, decision="later")


@pytest.fixture(params=KINDS)
def boot(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Ledger]:
    make = makers(tmp_path)[request.param]
    return lambda: Ledger(make(), 15)  # type: ignore[arg-type]


@pytest.mark.parametrize("intent", GOLDEN, ids=lambda intent: intent[0])
def test_an_earning_has_these_bytes_and_they_are_read(
    micropython: Peer, intent: tuple
) -> None:
    raw = agree(micropython, PLAIN, "earning_bytes", 7, intent)
    assert raw[:-4] == bytes.fromhex(GOLDEN[intent])
    sequence, read, result = agree(micropython, PLAIN, "earning_values", raw)
    assert (sequence, read) == (7, intent)
    assert result[0] == "open" and result[6] == 1  # without more, a copy may have left


@pytest.mark.parametrize(
    ("outcome", "copies", "expected"),
    [
        ("declined", 1, "220011 00000007 01 59 00 83400f 00 00 00 697c7c71"),
        ("unknown", 2, "220011 00000007 01 9b 00 83400f 00 00 00 697c7c71"),
    ],
)
def test_a_refusal_that_waits_for_a_person_has_these_bytes(
    micropython: Peer, outcome: str, copies: int, expected: str
) -> None:
    result = (outcome, "400", "", 0, 0, 1769766001, copies, "later", False)
    raw = agree(micropython, PLAIN, "result_bytes", 7, result, 1)
    assert raw[:-4] == bytes.fromhex(expected)
    intent = agree(micropython, PLAIN, "earning_bytes", 7, ISSUE)
    assert agree(micropython, PLAIN, "earning_values", intent + raw)[2] == result


def test_an_earning_of_which_no_copy_left_says_so(micropython: Peer) -> None:
    raw = agree(micropython, PLAIN, "earning_bytes", 7, (*ISSUE, 0))
    *_, result = agree(micropython, PLAIN, "earning_values", raw)
    assert result[6] == 0


@given(
    op=st.sampled_from(OPS),
    collector=st.text("0123456789", min_size=1, max_size=19),
    miles=st.integers(0, 99999999),
    copies=st.integers(0, 1),
)
def test_any_earning_is_read_as_it_was_written(
    micropython: Peer, op: str, collector: str, miles: int, copies: int
) -> None:
    intent = (op, *ISSUE[1:5], collector, *ISSUE[6:-1], miles)
    raw = agree(micropython, PLAIN, "earning_bytes", 7, (*intent, copies))
    assert len(raw) <= 96  # a cell of the ring has no more
    _, read, result = agree(micropython, PLAIN, "earning_values", raw)
    assert (read, result[6]) == (intent, copies)


def test_an_open_earning_waits_in_the_queue_and_nobody_is_asked(
    boot: Callable[[], Ledger],
) -> None:
    ledger = boot()
    sequence = ledger.begin(earning_of(1))
    for each in (ledger, boot()):
        assert each.queued == [sequence]
        assert each.open_entries() == []


def test_open_earnings_do_not_fill_the_ledger(boot: Callable[[], Ledger]) -> None:
    ledger = boot()
    for number in range(6):
        ledger.begin(earning_of(number))
    ledger = boot()
    assert len(ledger.queued) == 6
    assert ledger._store.used() == 0
    sequence = ledger.begin(intent_of("000112345678", 0))
    ledger.conclude(sequence, result_of(sequence))


def test_open_earnings_stay_however_many_entries_follow(
    boot: Callable[[], Ledger],
) -> None:
    ledger = boot()
    waiting = [ledger.begin(earning_of(number)) for number in range(3)]
    for number in range(60):
        sequence = ledger.begin(intent_of("000112345678", number))
        ledger.conclude(sequence, result_of(sequence))
        ledger.mark_exported(sequence)
    ledger = boot()
    assert ledger.queued == waiting
    assert [ledger.entry(each).trace_id for each in waiting] == [
        "004200000000",
        "004200000001",
        "004200000002",
    ]


def test_a_refused_earning_is_parked_until_somebody_decides(
    boot: Callable[[], Ledger],
) -> None:
    ledger = boot()
    sequence = ledger.begin(earning_of(1))
    ledger.conclude(sequence, parked())
    ledger = boot()
    assert ledger.queued == [sequence] and ledger.entry(sequence).is_parked
    ledger.conclude(sequence, done())
    assert boot().queued == []
    assert boot().entry(sequence).outcome == "approved"


def test_a_refusal_in_doubt_waits_for_a_person_as_well(boot: Callable[[], Ledger]) -> None:
    ledger = boot()
    sequence = ledger.begin(earning_of(1))
    ledger.conclude(
        sequence, Result(outcome="unknown", response_code="400", decision="later")
    )
    ledger = boot()
    assert ledger.queued == [sequence] and ledger.entry(sequence).is_parked
    ledger.conclude(sequence, Result(outcome="unknown", response_code="400"))
    assert boot().queued == []


def test_what_earlier_firmware_took_for_certain_after_several_copies_is_in_doubt(
    boot: Callable[[], Ledger],
) -> None:
    ledger = boot()
    sequence = ledger.begin(earning_of(1))
    result = parked()
    result.copies_sent = 2
    ledger.conclude(sequence, result)
    assert boot().queued == [sequence]
    assert boot().entry(sequence).outcome == "unknown"


def test_what_is_concluded_is_never_open_again(boot: Callable[[], Ledger]) -> None:
    ledger = boot()
    sequence = ledger.begin(earning_of(1))
    ledger.conclude(sequence, done())
    with pytest.raises(StorageError, match="has_outcome"):
        ledger.note(sequence, 2, "")
    with pytest.raises(StorageError, match="has_outcome"):
        ledger.conclude(sequence, parked())
    assert boot().queued == []


def test_a_note_says_what_was_answered_and_when_it_is_tried_again(
    boot: Callable[[], Ledger],
) -> None:
    ledger = boot()
    sequence = ledger.begin(earning_of(1))
    ledger.note(sequence, 9, "", "500", 1780000000)
    result = boot().entry(sequence).result
    assert (result.outcome, result.response_code) == ("open", "500")
    assert (result.copies_sent, result.unix_s) == (3, 1780000000)  # at most 3 are counted


def test_totals_tell_what_was_issued_returned_pending_parked_and_queued(
    boot: Callable[[], Ledger],
) -> None:
    ledger = boot()
    for number, (op, result) in enumerate(
        [
            ("issue", done(miles=5)),
            ("post/event", done(miles=7)),
            ("return", done(miles=2)),
            ("issue", done("202", 4)),
            ("issuance/reverse", done("202", 1)),
            ("post", parked()),
            ("record", done(miles=0)),
            ("issue", None),
        ]
    ):
        sequence = ledger.begin(earning_of(number, op=op))
        if result is not None:
            ledger.conclude(sequence, result)
    totals = between(boot(), 0, 1 << 32)
    assert (totals.issued_count, totals.issued_miles) == (2, 12)
    assert (totals.returned_count, totals.returned_miles) == (1, 2)
    assert (totals.pending_count, totals.pending_miles) == (2, 3)
    assert (totals.parked_count, totals.queued_count) == (1, 1)
    assert totals.unresolved_count == totals.reversed_count == 0


def test_an_earning_is_found_by_its_trace_id(boot: Callable[[], Ledger]) -> None:
    ledger = boot()
    ledger.begin(earning_of(1))
    sale = ledger.begin(earning_of(2))
    ledger.begin(earning_of(3, op="return", redemption_number="004200000002"))
    found = find_earning(boot(), "004200000002")
    assert found is not None and found.sequence == sale
    assert find_earning(boot(), "004200000009") is None
    assert find_earning(boot(), "no digits") is None


def test_an_earning_is_found_by_its_checkouts_redemption(
    boot: Callable[[], Ledger],
) -> None:
    ledger = boot()
    ledger.begin(earning_of(1, redemption_number="10000000001"))
    earned = ledger.begin(earning_of(2, redemption_number="10000000002"))
    found = earning_of_checkout(boot(), "10000000002")
    assert found is not None and found.sequence == earned
    assert earning_of_checkout(boot(), "") is None


def test_what_was_given_back_of_a_sale_is_found(boot: Callable[[], Ledger]) -> None:
    ledger = boot()
    ledger.begin(earning_of(1))
    for number in (2, 3):
        ledger.begin(earning_of(number, op="return", redemption_number="004200000001"))
    found = [entry.sequence for entry in returns_of(boot(), "004200000001")]
    assert found == [2, 3]
