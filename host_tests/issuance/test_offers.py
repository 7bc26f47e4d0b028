"""A file of earning rules is checked in full, and each fault is named."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.board import Files
from host_tests.kit.peer import Peer, agree
from milepad.base.errors import ProfileError
from milepad.issuance import offers

CALLS = "host_tests.issuance.award_calls"
GOOD: dict[str, Any] = {"name": "TEA", "code": "TEA1", "miles": 5}


def faults(peer: Peer, document: object) -> list[str]:
    found = agree(peer, CALLS, "examined", document)
    assert isinstance(found, list)
    return found


def with_offer(**keys: Any) -> dict[str, Any]:
    return {"offer": [{**GOOD, **keys}]}


def test_an_empty_file_has_the_defaults(micropython: Peer) -> None:
    filled: Any = agree(micropython, CALLS, "filled", {})
    assert filled["base"]["dollars_per_mile"] == "20.00"
    assert filled["base"]["code"] == "STANDARD"
    assert filled["offer"] == []
    assert agree(micropython, CALLS, "filled", filled) == filled


@pytest.mark.parametrize(
    ("section", "key", "good", "wrong"),
    [
        ("base", "dollars_per_mile", ["0.01", "20"], ["0", "", "-1", 20, 1.5, "1.005"]),
        ("base", "times", [0, 50, 99999], [-1, 100000, "5", 1.0, True]),
        ("base", "tax", ["none", "hst", "gst_qst"], ["HST", "", "qst", []]),
        ("base", "rounding", ["down", "nearest"], ["up", ""]),
        ("base", "over_max", ["limit", "nothing"], ["refuse"]),
        ("base", "code", ["STANDARD", "A" * 16], ["", "A" * 17, "A-B", "é"]),
        ("base", "id", ["", "123454"], ["1 2", "1" * 17]),
        ("base", "description", ["", "d" * 80], ["d" * 81, "é", "a\nb"]),
        ("incentive", "factor", ["1.00", "2.5"], ["0", "x", 2]),
        ("incentive", "begins", ["", "20260228"], ["20260229", "2026", "202602", "x" * 8]),
        ("incentive", "ends", ["", "20240229"], ["20261301", "19991231", "20260600"]),
    ],
)
def test_takes_and_refuses_by_the_meaning_of_a_key(
    micropython: Peer, section: str, key: str, good: list, wrong: list
) -> None:
    for value in good:
        assert faults(micropython, {section: {key: value}}) == []
    for value in wrong:
        (text,) = faults(micropython, {section: {key: value}})
        assert text.startswith(f"[{section}] {key}: expected ")


@pytest.mark.parametrize(
    ("key", "good", "wrong"),
    [
        ("name", ["T", "T" * 16], ["", "T" * 17, "é", 5]),
        ("code", ["A"], ["", "A B"]),
        ("kind", ["per_item"], ["item", ""]),
        ("miles", [1, 99999], [0, -1, 100000, "5"]),
        ("items", [[], ["SKU"] * 20], [["S" * 41], ["S"] * 21, "SKU", [5]]),
        ("automatic", [True, False], [1, "yes"]),
        ("trade", ["retail", "wholesale", "both"], ["", "all"]),
        ("begins", ["", "20260101"], ["20260132"]),
    ],
)
def test_takes_and_refuses_each_key_of_an_offer(
    micropython: Peer, key: str, good: list, wrong: list
) -> None:
    for value in good:
        assert faults(micropython, with_offer(**{key: value})) == []
    for value in wrong:
        (text,) = faults(micropython, with_offer(**{key: value}))
        assert text.startswith(f"[[offer]] 1 {key}: expected ")


BASE2 = {"name": "B", "code": "B", "kind": "of_base", "factor": "2"}


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ([], "expected [base], [incentive] and [[offer]]"),
        ({"bonus": {}}, "[bonus] is unknown; expected one of base, incentive, offer"),
        ({"base": []}, "[base]: expected keys with values"),
        ({"base": {"colour": 1}}, "[base] colour is unknown; expected one of code, "),
        ({"offer": {}}, "[[offer]]: expected up to 20 offers"),
        ({"offer": [GOOD] * 21}, "[[offer]]: expected up to 20 offers"),
        ({"offer": [5]}, "[[offer]] 1: expected keys with values"),
        ({"offer": [GOOD, {"code": "A"}]}, "[[offer]] 2 name is missing: expected "),
        ({"offer": [GOOD, GOOD]}, "[[offer]] 2 name: expected one that no other offer has"),
        (with_offer(kind="of_base"), "[[offer]] 1 factor: expected more than 1.00"),
        (
            with_offer(kind="of_offer", factor="2"),
            "[[offer]] 1 of: expected the name of an ",
        ),
        (
            {"offer": [{**BASE2, "kind": "of_offer", "of": "B"}]},
            "[[offer]] 1 of: expected the name of an offer that is no of_offer",
        ),
        (
            with_offer(begins="20260102", ends="20260101"),
            "[[offer]] 1 ends: expected no day",
        ),
        (
            {"incentive": {"begins": "20260102", "ends": "20260101"}},
            "[incentive] ends: expected no day before it begins",
        ),
    ],
)
def test_names_what_is_wrong(micropython: Peer, document: object, fault: str) -> None:
    assert faults(micropython, document)[0].startswith(fault)


def test_every_fault_is_told(micropython: Peer) -> None:
    document = {"base": {"times": -1, "tax": "x"}, "offer": [{"name": "A"}, {"code": "B"}]}
    assert len(faults(micropython, document)) == 4
    with pytest.raises(ProfileError, match=r"^offers: \[base\] "):
        offers.checked(document)


def test_a_factor_may_be_of_an_offer_that_stands_below_it(micropython: Peer) -> None:
    first = {**BASE2, "name": "A", "kind": "of_offer", "of": "TEA"}
    assert faults(micropython, {"offer": [first, GOOD, BASE2]}) == []


def test_a_device_reads_its_file_and_names_what_it_cannot_read() -> None:
    files = Files({"offers.json": json.dumps({"offer": [GOOD]}).encode(), "bad": b"{"})
    assert offers.load(files, "offers.json")["offer"][0]["name"] == "TEA"
    assert offers.load(files, "")["offer"] == []
    with pytest.raises(ProfileError, match="bad: expected JSON"):
        offers.load(files, "bad")
    with pytest.raises(ProfileError, match="none is missing"):
        offers.load(files, "none")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["base", "incentive", "offer", "name", "code", "miles", "of"]),
            inner,
            max_size=3,
        )
    ),
)


@given(document=VALUES)
def test_any_document_is_rules_or_faults(document: object) -> None:
    filled, wrong = offers.examine(document)
    assert wrong or offers.checked(filled) == filled
    assert all(len(text) < 400 for text in wrong)
