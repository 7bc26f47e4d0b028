"""One request to one reply: members, idempotency, day and window, self-cancellation."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from host_tests.tools.emulator.conftest import StillClock
from tools.emulator.cash.platform import Answer, Platform
from tools.emulator.clock import parse_moment
from tools.emulator.collectors import COLLECTORS
from tools.emulator.samples import SAMPLES
from tools.emulator.settings import Settings
from tools.emulator.store import Store

ALWAYS = {"message", "responseCode", "transDateTime"}
BALANCES = {"availableCashBalance", "availableDollarAmount", "cashBalance", "dreamBalance"}
OFFER = {
    "availableOfferUnits",
    "dailyOfferLimit",
    "offerDescEn",
    "offerDescFr",
    "offerId",
    "offerType",
    "unitValueAMCash",
    "unitValueDollars",
}
MakePlatform = Callable[..., Platform]


def send(platform: Platform, op: str, key: str | None = None, **fields: str) -> Answer:
    return platform.answer(op, json.dumps(SAMPLES[op] | fields).encode(), key)


def reply(
    platform: Platform, op: str, key: str | None = None, **fields: str
) -> dict[str, Any]:
    members: dict[str, Any] = json.loads(send(platform, op, key, **fields).body)
    return members


def cash(platform: Platform, number: str = "84095202006") -> int:
    account = platform.store.collector(number) or {}
    return int(account["cash"])


def at(clock: Any, text: str) -> None:
    clock.unix_s = parse_moment(text).timestamp()


# Members


@pytest.mark.parametrize("op", ["echo", "inquire", "redeem"])
def test_an_approved_request_is_echoed(platform: Platform, op: str) -> None:
    assert SAMPLES[op].items() <= reply(platform, op).items()


def test_every_value_of_a_reply_is_a_string_with_something_in_it(
    platform: Platform,
) -> None:
    redeemed = reply(platform, "redeem")
    number = redeemed["txnConfirmationNumber"]
    undone = reply(platform, "reverse", redemptionConfirmationNum=number)
    for members in (reply(platform, "inquire"), redeemed, undone):
        assert all(isinstance(value, str) and value for value in members.values())


def test_an_inquiry_has_the_members_of_the_sample(platform: Platform) -> None:
    members = set(reply(platform, "inquire")) - set(SAMPLES["inquire"])
    assert members == ALWAYS | BALANCES | OFFER


def test_a_redemption_has_the_members_of_the_sample(platform: Platform) -> None:
    members = set(reply(platform, "redeem")) - set(SAMPLES["redeem"])
    extra = {"milesRedeemed", "txnConfirmationNumber", "unitsRedeemed"}
    assert members == ALWAYS | BALANCES | (OFFER - {"availableOfferUnits"}) | extra


def test_a_reversal_has_the_members_of_the_sample(platform: Platform) -> None:
    number = reply(platform, "redeem")["txnConfirmationNumber"]
    members = reply(platform, "reverse", redemptionConfirmationNum=number)
    extra = {"milesReversed", "txnConfirmationNumber", "unitsReversed"}
    extra |= {"unitValueAMCash", "unitValueDollars"}
    assert set(members) - set(SAMPLES["reverse"]) == ALWAYS | BALANCES | extra
    assert members["unitValueDollars"] == "10"


def test_the_numbers_of_the_sample_of_redeem(platform: Platform) -> None:
    members = reply(
        platform, "redeem", collectorNumber="80000000001", dollarRedeemRequest="10.00"
    )
    expected = {
        "availableCashBalance": "95",
        "availableDollarAmount": "10",
        "cashBalance": "120",
        "dreamBalance": "550",
        "milesRedeemed": "95",
        "unitsRedeemed": "1",
        "unitValueAMCash": "95",
        "unitValueDollars": "10.00",
    }
    assert expected.items() <= members.items()


def test_a_basket_of_43_35_is_offered_four_units(platform: Platform) -> None:
    assert reply(platform, "inquire")["availableOfferUnits"] == "4"


@pytest.mark.parametrize(
    ("number", "mode"),
    [
        ("84095202006", "MANUAL"),
        ("81000000066", "SWIPE"),
        ("81000000073", "SCAN"),
        ("81000000034", "SWIPE"),
        ("81000000041", "SWIPE"),
    ],
)
def test_without_an_offer_none_of_its_members_is_there(
    platform: Platform, number: str, mode: str
) -> None:
    members = reply(platform, "inquire", collectorNumber=number, cardEntryMode=mode)
    assert not OFFER & set(members)
    assert set(members) >= BALANCES


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("84095202006", "0000"),
        ("81000000010", "0000"),
        ("81000000027", "0001"),
        ("81000000034", "0005"),
        ("81000000041", "0006"),
        ("81000000059", "0002"),
        ("81000000066", "0000"),
        ("81000000073", "0000"),
        ("81000000080", "0067"),
        ("80000000001", "0000"),
        ("81111111111", "0000"),
        ("81234567898", "0025"),
        ("1234567890123456789", "0025"),
    ],
)
def test_what_an_inquiry_says_of_each_collector(
    platform: Platform, number: str, code: str
) -> None:
    assert reply(platform, "inquire", collectorNumber=number)["responseCode"] == code


def test_hidden_balances_can_be_left_out(make_platform: MakePlatform) -> None:
    silent = make_platform(suppressed_balances="omit")
    members = reply(silent, "inquire", collectorNumber="81000000027")
    assert (members["responseCode"], BALANCES & set(members)) == ("0001", set())


def test_a_refusal_has_nothing_but_code_message_and_time(platform: Platform) -> None:
    assert set(reply(platform, "redeem", cardEntryMode="MANUAL")) == ALWAYS


def test_a_bad_parameter_is_named_in_the_message(platform: Platform) -> None:
    members = reply(platform, "inquire", dateTime="yesterday")
    assert members["responseCode"] == "0035"
    assert members["message"] == "Invalid request parameter: dateTime"


def test_messages_are_in_the_language_asked_for(platform: Platform) -> None:
    french = reply(platform, "inquire", instantMessage="fr-CA")
    assert french["message"] == "Approuvé"
    refused = reply(platform, "redeem", instantMessage="fr-CA", cardEntryMode="MANUAL")
    assert refused["message"] == "Carte ni glissée ni numérisée"


def test_the_offer_is_described_in_both_languages_with_accents(platform: Platform) -> None:
    raw = send(platform, "inquire").body
    assert "Économisez 10 $ dès maintenant à la caisse grâce".encode() in raw
    assert json.loads(raw)["offerDescEn"].isascii()


def test_the_time_of_a_reply_is_eastern_and_carries_no_zone(
    platform: Platform, clock: Any
) -> None:
    at(clock, "2019-01-30T16:41:55Z")
    assert reply(platform, "echo")["transDateTime"] == "2019-01-30T11:41:55"


# Redeem and reverse


def test_a_redemption_takes_the_miles(platform: Platform) -> None:
    assert reply(platform, "redeem")["cashBalance"] == "4620"
    assert cash(platform) == 5000 - 380


def test_a_reversal_gives_miles_and_allowance_back(make_platform: MakePlatform) -> None:
    small = make_platform(daily_cap_dollars=40)
    number = reply(small, "redeem")["txnConfirmationNumber"]
    assert reply(small, "redeem", "again")["responseCode"] == "0065"
    undone = reply(small, "reverse", redemptionConfirmationNum=number)
    assert (undone["milesReversed"], undone["unitsReversed"]) == ("380", "4")
    assert (cash(small), undone["availableCashBalance"]) == (5000, "380")


def test_confirmation_numbers_have_eleven_digits_and_differ(platform: Platform) -> None:
    numbers = {
        reply(platform, "redeem", f"key {n}")["txnConfirmationNumber"] for n in range(9)
    }
    assert len(numbers) == 9
    assert all(len(number) == 11 and number.isdigit() for number in numbers)


def test_a_redemption_is_reversed_once(platform: Platform) -> None:
    number = reply(platform, "redeem")["txnConfirmationNumber"]
    codes = [
        reply(platform, "reverse", key, redemptionConfirmationNum=number)["responseCode"]
        for key in ("first", "second")
    ]
    assert codes == ["0000", "0057"]
    assert cash(platform) == 5000


def test_nobody_reverses_the_redemption_of_another(platform: Platform) -> None:
    number = reply(platform, "redeem")["txnConfirmationNumber"]
    members = reply(
        platform,
        "reverse",
        redemptionConfirmationNum=number,
        collectorNumber="81111111111",
    )
    assert members["responseCode"] == "0057"


def test_a_reversal_cannot_be_reversed(platform: Platform) -> None:
    number = reply(platform, "redeem")["txnConfirmationNumber"]
    own = reply(platform, "reverse", redemptionConfirmationNum=number)[
        "txnConfirmationNumber"
    ]
    assert own != number
    again = reply(platform, "reverse", redemptionConfirmationNum=own)
    assert again["responseCode"] == "0057"


def test_a_reversal_can_repeat_the_number_of_its_redemption(
    make_platform: MakePlatform,
) -> None:
    platform = make_platform(reversal_confirmation="original")
    number = reply(platform, "redeem")["txnConfirmationNumber"]
    undone = reply(platform, "reverse", redemptionConfirmationNum=number)
    assert undone["txnConfirmationNumber"] == number


@pytest.mark.parametrize(
    ("sold", "returned", "code"),
    [
        ("2026-01-30T12:00:00-0500", "2026-01-31T02:59:59-0500", "0000"),
        ("2026-01-30T12:00:00-0500", "2026-01-31T03:00:00-0500", "0080"),
        ("2026-01-30T01:00:00-0500", "2026-01-30T03:00:00-0500", "0080"),
    ],
)
def test_the_window_of_a_reversal_ends_at_three(
    platform: Platform, clock: Any, sold: str, returned: str, code: str
) -> None:
    at(clock, sold)
    sale = send(platform, "redeem")
    platform.store.mark_delivered(sale.entry or 0)
    at(clock, returned)
    number = json.loads(sale.body)["txnConfirmationNumber"]
    undone = reply(platform, "reverse", redemptionConfirmationNum=number)
    assert undone["responseCode"] == code


def test_the_allowance_is_renewed_at_three(make_platform: MakePlatform, clock: Any) -> None:
    platform = make_platform(daily_cap_dollars=40, self_cancel_s=-1)
    codes = []
    for moment in ("T02:00:00", "T02:59:59", "T03:00:00", "T23:59:59"):
        at(clock, f"2026-01-30{moment}-0500")
        codes.append(reply(platform, "redeem", moment)["responseCode"])
    assert codes == ["0000", "0065", "0000", "0065"]


def test_the_unit_is_a_setting(make_platform: MakePlatform) -> None:
    platform = make_platform(unit_miles=60, unit_dollars=5)
    offer = reply(platform, "inquire")
    assert (offer["availableOfferUnits"], offer["unitValueDollars"]) == ("8", "5.00")
    assert reply(platform, "redeem")["milesRedeemed"] == "480"


# Idempotency


@pytest.mark.parametrize("key", ["6f1e8a0c-0b7e-4e55-9a3f-2f8c1d7f9a10", None])
def test_the_same_request_again_gets_the_same_bytes(
    platform: Platform, key: str | None
) -> None:
    first, second = send(platform, "redeem", key), send(platform, "redeem", key)
    assert (first.status, first.body) == (second.status, second.body)
    assert len(platform.store.entries()) == 1
    assert cash(platform) == 4620


def test_the_same_reversal_again_gets_the_same_bytes(platform: Platform) -> None:
    number = reply(platform, "redeem")["txnConfirmationNumber"]
    first = send(platform, "reverse", "key", redemptionConfirmationNum=number)
    second = send(platform, "reverse", "key", redemptionConfirmationNum=number)
    assert (first.code, first.body) == ("0000", second.body)
    assert cash(platform) == 5000


def test_a_refusal_is_replayed_too(platform: Platform) -> None:
    first = send(platform, "redeem", "key", collectorNumber="81000000066")
    second = send(platform, "redeem", "key", collectorNumber="81000000066")
    assert (first.code, first.body) == ("0051", second.body)
    assert second.detail == "replayed"


def test_without_a_key_another_timestamp_is_another_transaction(platform: Platform) -> None:
    send(platform, "redeem", None)
    send(platform, "redeem", None, dateTime="1972-07-16T13:32:01+0400")
    assert len(platform.store.entries()) == 2


def test_another_key_is_another_transaction(platform: Platform) -> None:
    send(platform, "redeem", "one")
    send(platform, "redeem", "two")
    assert len(platform.store.entries()) == 2


def test_a_key_with_another_body_is_a_bad_parameter(platform: Platform) -> None:
    send(platform, "redeem", "key")
    other = reply(platform, "redeem", "key", dollarRedeemRequest="30.00")
    assert other["responseCode"] == "0035"
    assert other["message"].endswith(": Idempotency-Key")
    assert len(platform.store.entries()) == 1


def test_a_key_serves_one_operation(platform: Platform) -> None:
    number = reply(platform, "redeem", "key")["txnConfirmationNumber"]
    other = reply(platform, "reverse", "key", redemptionConfirmationNum=number)
    assert other["responseCode"] == "0035"


@pytest.mark.parametrize("key", ["", "k" * 256, "clé"])
def test_an_impossible_key_is_a_bad_parameter(platform: Platform, key: str) -> None:
    assert reply(platform, "redeem", key)["message"].endswith(": Idempotency-Key")


def test_a_key_is_forgotten_after_its_retention(
    make_platform: MakePlatform, clock: Any
) -> None:
    platform = make_platform(retention_hours=1, self_cancel_s=-1)
    send(platform, "redeem", "key")
    clock.unix_s += 3599
    send(platform, "redeem", "key")
    assert len(platform.store.entries()) == 1
    clock.unix_s += 3602
    send(platform, "redeem", "key")
    assert len(platform.store.entries()) == 2


def test_an_inquiry_is_never_a_replay(platform: Platform) -> None:
    before = reply(platform, "inquire", "key")
    send(platform, "redeem", "other")
    after = reply(platform, "inquire", "key")
    assert (before["cashBalance"], after["cashBalance"]) == ("5000", "4620")


def test_commitment_and_remembered_reply_are_written_together(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise sqlite3.OperationalError("disk full")

    monkeypatch.setattr(platform.store, "remember", fail)
    with pytest.raises(sqlite3.OperationalError):
        send(platform, "redeem", "key")
    assert platform.store.entries() == []
    assert cash(platform) == 5000


# A redemption whose reply never left


def test_a_redemption_whose_reply_was_lost_is_cancelled(
    platform: Platform, clock: Any
) -> None:
    send(platform, "redeem", "key")
    clock.unix_s += 60
    platform.cancel_due()
    assert [entry["cancelled"] for entry in platform.store.entries()] == [1]
    assert cash(platform) == 5000


def test_a_redemption_whose_reply_left_stays(platform: Platform, clock: Any) -> None:
    platform.store.mark_delivered(send(platform, "redeem", "key").entry or 0)
    clock.unix_s += 3600
    platform.cancel_due()
    assert [entry["cancelled"] for entry in platform.store.entries()] == [0]


def test_a_copy_in_time_gets_the_first_reply(platform: Platform, clock: Any) -> None:
    first = send(platform, "redeem", "key")
    clock.unix_s += 59
    assert send(platform, "redeem", "key").body == first.body


def test_a_copy_after_the_cancellation_is_a_new_transaction(
    platform: Platform, clock: Any
) -> None:
    first = send(platform, "redeem", "key")
    clock.unix_s += 60
    second = send(platform, "redeem", "key")
    assert first.body != second.body
    assert [entry["cancelled"] for entry in platform.store.entries()] == [1, 0]
    assert cash(platform) == 4620


def test_a_cancelled_redemption_cannot_be_reversed(platform: Platform, clock: Any) -> None:
    number = reply(platform, "redeem")["txnConfirmationNumber"]
    clock.unix_s += 60
    undone = reply(platform, "reverse", redemptionConfirmationNum=number)
    assert undone["responseCode"] == "0057"
    assert cash(platform) == 5000


def test_cancellation_can_be_turned_off(make_platform: MakePlatform, clock: Any) -> None:
    platform = make_platform(self_cancel_s=-1)
    send(platform, "redeem", "key")
    clock.unix_s += 10**6
    platform.cancel_due()
    assert [entry["cancelled"] for entry in platform.store.entries()] == [0]


def test_a_file_of_an_earlier_version_is_taken_on(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    Store(path).close()
    with sqlite3.connect(path) as old:
        old.execute("ALTER TABLE entries DROP COLUMN basket_cents")
    old.close()
    store = Store(path)
    platform = Platform(Settings(), StillClock(), store)
    reply(platform, "redeem")
    assert [entry["basket_cents"] for entry in store.entries()] == [4335]
    store.close()


def test_reset_brings_every_first_balance_back(platform: Platform) -> None:
    send(platform, "redeem", "key")
    platform.store.reset()
    assert platform.store.entries() == []
    assert {row["number"]: row["cash"] for row in platform.store.collectors()} == {
        each.number: each.cash for each in COLLECTORS
    }
