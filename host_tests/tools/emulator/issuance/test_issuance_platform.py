"""Issuance's rules: what ties, what it moves and when, copies, and two at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from host_tests.tools.emulator.conftest import StillClock
from tools.emulator.cash.platform import Platform
from tools.emulator.issuance import operations
from tools.emulator.issuance.operations import MOVING, OPERATIONS
from tools.emulator.issuance.platform import IssuancePlatform
from tools.emulator.samples import SAMPLES
from tools.emulator.service import Answer

COLLECTOR = "81111111111"
MakeIssuing = Callable[..., IssuancePlatform]
GIVEN = {"issue": 1, "post": 5, "post/event": 8}
TAKEN = {"return": 1, "issuance/reverse": 5, "reverse/event": 8}


@pytest.fixture
def make_issuing(make_platform: Callable[..., Platform]) -> MakeIssuing:
    def make(**settings: object) -> IssuancePlatform:
        cash = make_platform(**settings)
        return IssuancePlatform(cash.settings, cash.clock, cash.store)

    return make


@pytest.fixture
def issuing(make_issuing: MakeIssuing) -> IssuancePlatform:
    return make_issuing()


def send(
    issuing: IssuancePlatform,
    op: str,
    key: str | None = None,
    pending: bool = False,
    **fields: Any,
) -> Answer:
    body = {"collectorNumber": COLLECTOR} if "Number" in str(SAMPLES[op]) else {}
    raw = json.dumps(SAMPLES[op] | body | fields).encode()
    return issuing.answer(op, raw, key, pending)


def reply(issuing: IssuancePlatform, op: str, **more: Any) -> dict[str, Any]:
    return dict(json.loads(send(issuing, op, **more).body))


def balances(issuing: IssuancePlatform) -> tuple[int, int]:
    account = issuing._store.collector(COLLECTOR)
    assert account is not None
    return account["cash"], account["dream"]


# What is moved


@pytest.mark.parametrize(("op", "miles"), GIVEN.items())
def test_miles_are_given(issuing: IssuancePlatform, op: str, miles: int) -> None:
    told = reply(issuing, op)
    assert (told["milesAmount"], told["cashBalance"]) == (miles, 1000 + miles)
    assert balances(issuing) == (1000 + miles, 100)


@pytest.mark.parametrize(("op", "miles"), TAKEN.items())
def test_miles_are_taken_back(issuing: IssuancePlatform, op: str, miles: int) -> None:
    assert reply(issuing, op)["milesAmount"] == miles
    assert balances(issuing) == (1000 - miles, 100)


@pytest.mark.parametrize(("op", "miles"), [("calculate", 1), ("record", 0)])
def test_these_move_nothing(issuing: IssuancePlatform, op: str, miles: int) -> None:
    told = reply(issuing, op)
    assert (told["milesAmount"], "cashBalance" in told) == (miles, False)
    assert balances(issuing) == (1000, 100)


def test_a_calculation_is_not_noted_and_a_record_is_each_time(
    issuing: IssuancePlatform,
) -> None:
    for op in ("calculate", "record", "record"):
        send(issuing, op, key="the same")
    assert [entry["op"] for entry in issuing.entries()] == ["record", "record"]


@pytest.mark.parametrize(
    ("percent", "cash", "dream"), [(0, 0, 5), (100, 5, 0), (50, 2, 3), (33, 1, 4)]
)
def test_what_is_earned_is_split_and_taken_back_in_the_same_way(
    make_issuing: MakeIssuing, percent: int, cash: int, dream: int
) -> None:
    issuing = make_issuing(issuance_cash_percent=percent)
    send(issuing, "post")
    assert balances(issuing) == (1000 + cash, 100 + dream)
    send(issuing, "issuance/reverse")
    assert balances(issuing) == (1000, 100)


def test_the_platform_computes_from_what_is_paid_before_tax(
    make_issuing: MakeIssuing,
) -> None:
    issuing = make_issuing(issuance_dollars_per_mile=5)
    assert reply(issuing, "calculate")["milesAmount"] == 4


def test_a_basket_below_a_mile_earns_nothing_and_is_done(issuing: IssuancePlatform) -> None:
    told = reply(
        issuing,
        "issue",
        items=[],
        basketPreTaxAmount=19.99,
        basketHSTAmount=0,
        basketPostTaxAmount=19.99,
    )
    assert (told["milesAmount"], told["issuances"]) == (0, [])


def test_more_may_be_taken_than_there_is_unless_a_setting_refuses(
    make_issuing: MakeIssuing,
) -> None:
    for number in ("84095202006", "81000000066"):
        send(make_issuing(), "reverse/event", collectorNumber=number)
    strict = make_issuing(issuance_below_zero="refuse", issuance_max_miles=2000)
    much = [{"issuanceOfferCode": "A", "locationCode": "1", "milesAmount": 1001}]
    assert reply(strict, "reverse/event", issuances=much)["error"] == "INSUFFICIENT_MILES"
    assert send(make_issuing(), "reverse/event", issuances=much).status == 200
    assert balances(strict) == (-1, 100)


# What is refused


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"basketPostTaxAmount": 28.23}, "basketPostTaxAmount"),
        ({"basketGSTAmount": 0.01}, "basketPostTaxAmount"),
        ({"basketPreTaxAmount": 24.98, "basketHSTAmount": 3.24}, "basketPreTaxAmount"),
    ],
)
def test_amounts_must_tie(
    make_issuing: MakeIssuing, fields: dict[str, float], named: str
) -> None:
    answer = send(make_issuing(), "issue", **fields)
    assert answer.status == 400
    assert json.loads(answer.body)["message"].startswith(named)
    assert send(make_issuing(issuance_untied="accept"), "issue", **fields).status == 200


def test_the_sample_with_the_cents_of_a_float_ties(issuing: IssuancePlatform) -> None:
    assert send(issuing, "issue").status == 200


@pytest.mark.parametrize(
    ("number", "error"),
    [("81234567898", "UNKNOWN_COLLECTOR"), ("81000000059", "INACTIVE_COLLECTOR")],
)
@pytest.mark.parametrize("op", OPERATIONS)
def test_nobody_and_the_inactive_are_rejected(
    issuing: IssuancePlatform, op: str, number: str, error: str
) -> None:
    answer = send(issuing, op, collectorNumber=number)
    assert (answer.status, json.loads(answer.body)["error"]) == (400, error)


@pytest.mark.parametrize("number", ["81000000034", "81000000041", "81000000073"])
def test_who_may_not_redeem_may_earn(issuing: IssuancePlatform, number: str) -> None:
    assert send(issuing, "issue", collectorNumber=number).status == 200


def test_hidden_balances_are_not_sent(issuing: IssuancePlatform) -> None:
    assert "cashBalance" not in reply(issuing, "issue", collectorNumber="81000000027")


def test_balances_can_be_left_out(make_issuing: MakeIssuing) -> None:
    assert "cashBalance" not in reply(make_issuing(issuance_balances="omit"), "issue")


def test_limits_are_settings(make_issuing: MakeIssuing) -> None:
    assert send(make_issuing(issuance_max_miles=4), "post").status == 400
    assert send(make_issuing(issuance_max_items=1), "issue").status == 400
    assert send(make_issuing(issuance_max_age_hours=1), "issue").status == 400


def test_an_award_of_nothing_is_rejected(issuing: IssuancePlatform) -> None:
    assert send(issuing, "post", issuances=[]).status == 400


def test_miles_come_from_lines_that_are_there(issuing: IssuancePlatform) -> None:
    told = reply(issuing, "post", items=[])
    assert told["message"].startswith("contributingItemIds")


def test_unknown_members_can_be_ignored_however_deep(make_issuing: MakeIssuing) -> None:
    items = [SAMPLES["issue"]["items"][0] | {"colour": "red", "finalAmount": 24.97}]
    assert send(make_issuing(), "issue", items=items, shop="1").status == 400
    kind = make_issuing(unknown_members="ignore")
    assert send(kind, "issue", items=items, shop="1").status == 200


# Pending miles


@pytest.mark.parametrize("op", MOVING)
def test_pending_miles_move_after_a_while(
    make_issuing: MakeIssuing, clock: StillClock, op: str
) -> None:
    issuing = make_issuing(issuance_pending_s=60)
    answer = send(issuing, op, pending=True)
    assert (answer.status, "cashBalance" in json.loads(answer.body)) == (202, False)
    clock.unix_s += 59
    issuing.entries()
    assert balances(issuing) == (1000, 100)
    clock.unix_s += 1
    (entry,) = issuing.entries()
    assert (entry["pending"], entry["posted"]) == (1, 1)
    assert balances(issuing)[0] == 1000 + (GIVEN | {n: -m for n, m in TAKEN.items()})[op]


def test_pending_miles_are_there_for_whoever_inquires_later(
    make_platform: Callable[..., Platform], clock: StillClock
) -> None:
    cash = make_platform()
    issuing = IssuancePlatform(cash.settings, cash.clock, cash.store)
    send(issuing, "issue", pending=True)
    clock.unix_s += 300
    raw = json.dumps(SAMPLES["inquire"] | {"collectorNumber": COLLECTOR}).encode()
    assert json.loads(cash.answer("inquire", raw, None).body)["cashBalance"] == "1001"


def test_a_copy_of_what_is_pending_changes_nothing(
    issuing: IssuancePlatform, clock: StillClock
) -> None:
    first = send(issuing, "issue", "key", pending=True)
    second = send(issuing, "issue", "key")
    clock.unix_s += 300
    third = send(issuing, "issue", "key")
    assert first.body == second.body == third.body
    assert (third.status, balances(issuing)) == (202, (1001, 100))


# Copies


@pytest.mark.parametrize("key", ["key", None])
@pytest.mark.parametrize("op", MOVING)
def test_the_same_request_again_gets_the_same_bytes(
    issuing: IssuancePlatform, op: str, key: str | None
) -> None:
    first, second = send(issuing, op, key), send(issuing, op, key)
    assert (first.status, first.body) == (second.status, second.body)
    assert len(issuing.entries()) == 1


@pytest.mark.parametrize("op", ["calculate", *MOVING])
def test_a_key_with_another_body_is_a_defined_error(
    issuing: IssuancePlatform, op: str
) -> None:
    send(issuing, op, "key")
    answer = send(issuing, op, "key", deviceId="POS2")
    assert (answer.status, json.loads(answer.body)["error"]) == (400, "KEY_REUSED")


def test_a_key_serves_one_operation(issuing: IssuancePlatform) -> None:
    send(issuing, "issue", "key")
    assert send(issuing, "return", "key").status == 400


def test_a_refusal_leaves_its_key_free(issuing: IssuancePlatform) -> None:
    assert send(issuing, "issue", "key", collectorNumber="81234567898").status == 400
    assert send(issuing, "issue", "key").status == 200


@pytest.mark.parametrize("key", ["", "k" * 256, "clé"])
def test_an_impossible_key_is_rejected(issuing: IssuancePlatform, key: str) -> None:
    assert send(issuing, "issue", key).status == 400
    assert send(issuing, "record", key).status == 200


# Two at once


def begun(issuing: IssuancePlatform, op: str, key: str, **fields: Any) -> Any:
    raw = json.dumps(SAMPLES[op] | {"collectorNumber": COLLECTOR} | fields).encode()
    return issuing.running(op, raw, key)


@pytest.mark.parametrize("op", MOVING)
def test_the_second_of_two_of_one_collector_fails_and_may_come_again(
    issuing: IssuancePlatform, op: str
) -> None:
    with begun(issuing, "issue", "first"), begun(issuing, op, "second"):
        told = send(issuing, op, "second")
        assert (told.status, json.loads(told.body)["error"]) == (500, "COLLECTOR_BUSY")
        assert send(issuing, "issue", "first").status == 200
    assert send(issuing, op, "second").status == 200


def test_a_copy_of_what_runs_is_not_a_second_one(issuing: IssuancePlatform) -> None:
    with begun(issuing, "issue", "key"), begun(issuing, "issue", "key"):
        assert send(issuing, "issue", "key").status == 200


def test_another_collector_may_be_served_meanwhile(issuing: IssuancePlatform) -> None:
    with begun(issuing, "issue", "first"):
        other = send(issuing, "issue", "second", collectorNumber="84095202006")
    assert other.status == 200


@pytest.mark.parametrize(
    ("rule", "op", "status"),
    [("off", "return", 200), ("stated", "return", 500), ("stated", "post", 200)],
)
def test_which_operations_run_alone_is_a_setting(
    make_issuing: MakeIssuing, rule: str, op: str, status: int
) -> None:
    issuing = make_issuing(issuance_parallel=rule)
    with begun(issuing, "issue", "first"), begun(issuing, op, "second"):
        assert send(issuing, op, "second").status == status


def test_the_status_of_the_second_is_a_setting(make_issuing: MakeIssuing) -> None:
    issuing = make_issuing(issuance_parallel_status=409)
    with begun(issuing, "issue", "first"), begun(issuing, "issue", "second"):
        assert send(issuing, "issue", "second").status == 409


def test_the_table_says_what_the_documents_say() -> None:
    with_202 = {op for op, row in OPERATIONS.items() if operations.PENDING in row.statuses}
    assert with_202 == set(MOVING) == {*GIVEN, *TAKEN}
    assert [op for op, row in OPERATIONS.items() if not row.takes_key] == ["record"]
    assert {row.path for row in OPERATIONS.values()} == {
        f"/checkout/issuance/{name}"
        for name in (
            "calculate",
            "issue",
            "return",
            "record",
            "post",
            "post/event",
            "reverse",
            "reverse/event",
        )
    }
