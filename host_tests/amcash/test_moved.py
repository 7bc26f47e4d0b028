"""What an approval moved: never more than was asked, whichever member says so."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.peer import Peer, agree

CALLS = "host_tests.on_micropython.amcash_calls"
CHECKOUT = (4000, 4, 380)  # what the offer that was chosen from says
FINISH = (4000, None, None)  # after a power cut the units and miles are not known
LEDGER = (4000, None, 380)  # a reversal of what the ledger knows
ELSEWHERE = (None, None, None)  # a reversal of another device's redemption
UNIT = {"unitValueDollars": "10.00", "unitValueAMCash": "95"}


def moved(peer: Peer, asked: tuple, op: str = "redeem", **members: object) -> tuple:
    """(cents, units, miles, mismatch) of a reply."""
    past = "Redeemed" if op == "redeem" else "Reversed"
    wire = {
        name + past if name in ("units", "miles") else name: value
        for name, value in members.items()
    }
    body = json.dumps({"responseCode": "0000", **wire}).encode()
    found = agree(peer, CALLS, "counted", body, op, *asked)
    assert isinstance(found, tuple)
    return found


OPS = [("redeem", CHECKOUT), ("redeem", FINISH), ("reverse", LEDGER)]


@pytest.mark.parametrize(("op", "asked"), OPS)
def test_what_was_asked_is_what_counts(micropython: Peer, op: str, asked: tuple) -> None:
    found = moved(micropython, asked, op, units="4", miles="380", **UNIT)
    assert found == (4000, 4, 380, False)


@pytest.mark.parametrize(("op", "asked"), OPS)
@pytest.mark.parametrize(
    "enlarged",
    [
        {"units": "40"},
        {"units": "5"},
        {"units": "40", "miles": "3800"},
        {"units": "999999999", "miles": "999999999"},
        {"miles": "381"},
        {"units": None, "miles": "3800"},
        {"unitValueDollars": "100.00"},
        {"unitValueDollars": "10.01"},
    ],
    ids=str,
)
def test_no_member_enlarges_what_was_asked(
    micropython: Peer, op: str, asked: tuple, enlarged: dict
) -> None:
    members = {"units": "4", "miles": "380", **UNIT, **enlarged}
    cents, units, miles, mismatch = moved(micropython, asked, op, **members)
    assert cents == 4000
    assert units <= 4
    assert miles <= 380
    assert mismatch


def test_a_wild_unit_enlarges_no_miles_where_the_offer_is_known(micropython: Peer) -> None:
    members = {"units": "4", "miles": "3800", "unitValueDollars": "10.00"}
    found = moved(micropython, CHECKOUT, unitValueAMCash="950", **members)
    assert found == (4000, 4, 380, True)


@pytest.mark.parametrize(("op", "asked"), OPS)
@pytest.mark.parametrize(
    ("fewer", "expected"),
    [
        ({"units": "3", "miles": "285"}, (3000, 3, 285, True)),
        ({"units": "3", "miles": None}, (3000, 3, 285, True)),
        ({"units": None, "miles": "285"}, (3000, 3, 285, True)),
        ({"units": "3", "miles": "380"}, (3000, 3, 285, True)),
        ({"units": "0", "miles": "0"}, (0, 0, 0, True)),
    ],
    ids=str,
)
def test_fewer_is_taken_as_it_is_and_marked(
    micropython: Peer, op: str, asked: tuple, fewer: dict, expected: tuple
) -> None:
    assert moved(micropython, asked, op, **{**UNIT, **fewer}) == expected


def test_a_reply_that_names_no_unit_is_counted_by_the_offers(micropython: Peer) -> None:
    for members in ({"units": "3", "miles": "285"}, {"units": "3"}, {"miles": "285"}):
        assert moved(micropython, CHECKOUT, **members) == (3000, 3, 285, True)


def test_other_units_for_the_same_dollars_are_marked(micropython: Peer) -> None:
    members = {"units": "2", "miles": "380", "unitValueDollars": "20.00"}
    found = moved(micropython, CHECKOUT, unitValueAMCash="190", **members)
    assert found == (4000, 2, 380, True)


def test_a_reply_that_says_nothing_approves_what_was_asked(micropython: Peer) -> None:
    assert moved(micropython, CHECKOUT) == (4000, 4, 380, False)
    assert moved(micropython, FINISH) == (4000, None, None, False)
    assert moved(micropython, LEDGER, "reverse") == (4000, None, 380, False)
    assert moved(micropython, ELSEWHERE, "reverse") == (None, None, None, False)


def test_of_another_devices_redemption_the_replys_word_counts(micropython: Peer) -> None:
    found = moved(micropython, ELSEWHERE, "reverse", units="4", miles="380", **UNIT)
    assert found == (4000, 4, 380, False)
    wild = {"units": "999999999", "miles": "999999999", **UNIT}
    assert moved(micropython, ELSEWHERE, "reverse", **wild) == (None, None, None, True)


@pytest.mark.parametrize("wild", ["ten", "-1", "4.0", 4.5, "1" * 40, [], {}, True])
def test_a_count_that_cannot_be_read_is_marked(micropython: Peer, wild: object) -> None:
    for members in ({"units": wild, "miles": "380"}, {"units": "4", "miles": wild}):
        assert moved(micropython, CHECKOUT, **members, **UNIT) == (4000, 4, 380, True)


COUNTS = st.none() | st.integers(0, 999999999).map(str) | st.integers(0, 50)
DOLLARS = st.none() | st.integers(0, 99999).map(lambda n: f"{n // 100}.{n % 100:02d}")


@given(
    asked_units=st.integers(1, 75),
    units=COUNTS,
    miles=COUNTS,
    unit_dollars=DOLLARS,
    unit_miles=COUNTS,
    op=st.sampled_from(["redeem", "reverse"]),
)
def test_whatever_a_reply_says_never_more_than_was_asked_counts(
    micropython: Peer, asked_units, units, miles, unit_dollars, unit_miles, op
) -> None:
    asked = (asked_units * 1000, asked_units, asked_units * 95)
    members = {
        "units": units,
        "miles": miles,
        "unitValueDollars": unit_dollars,
        "unitValueAMCash": unit_miles,
    }
    cents, found_units, found_miles, mismatch = moved(micropython, asked, op, **members)
    assert 0 <= cents <= asked[0]
    assert 0 <= found_units <= asked[1]
    assert 0 <= found_miles <= asked[2]
    if (cents, found_units, found_miles) != asked:
        assert mismatch
