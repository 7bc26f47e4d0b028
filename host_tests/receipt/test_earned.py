"""What a slip says of miles: earned, to be added, taken back, or not accepted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.peer import agree
from host_tests.receipt.samples import BOTH_LANGUAGES, SALE, facts
from milepad.receipt import earned, layout
from milepad.receipt.escpos import BARCODE

MODULE = "milepad.receipt.layout"
EARNING = {
    "kind": "earning",
    "when": (2026, 1, 30, 4, 39, 59),
    "store": ["Épicerie du Coin"],
    "footer": ["1 800 555-0100"],
    "device_id": "001",
    "trace_id": "000012345679",
    "collector_number": "84095202006",
    "pre_tax_cents": 3836,
    "basket_cents": 4335,
    "earning": earned.DONE,
    "earned_miles": 12,
}
both_languages = pytest.mark.parametrize("language", BOTH_LANGUAGES)
every_state = pytest.mark.parametrize(
    "state", [earned.DONE, earned.LATER, earned.REFUSED, earned.UNKNOWN]
)


def lines(some: dict, language: str = "en-CA", copy: str = "customer") -> list[str]:
    slip = layout.slip(some, language, 32, copy)
    return [text.replace("\u00a0", " ") for style, text in slip if not style & BARCODE]


def bars(some: dict) -> list[str]:
    return [
        text
        for style, text in layout.slip(some, "en-CA", 32, "customer")
        if style & BARCODE
    ]


def test_an_earning_alone_says_what_was_earned_on_what():
    assert lines(EARNING) == [
        "Épicerie du Coin",
        "",
        "AIR MILES",
        "MILES EARNED",
        "",
        "Date         2026-01-30 04:39:59",
        "Device                       001",
        "Trace id            000012345679",
        "Collector no.      **** *** 2006",
        "",
        "Before tax                $38.36",
        "Basket total              $43.35",
        "",
        "Miles earned                  12",
        "",
        "Keep this slip for a return.",
        "",
        "CUSTOMER COPY",
        "1 800 555-0100",
    ]


def test_an_earning_alone_in_french_whose_miles_are_to_come():
    text = lines({**EARNING, "earning": earned.LATER}, "fr-CA")
    assert text[2:4] == ["AIR MILES", "MILLES À VENIR"]
    assert "Milles à venir                12" in text
    assert "Avant taxes              38,36 $" in text


@every_state
def test_a_return_and_an_event_have_no_barcode_for_nothing_can_be_returned_of_them(state):
    assert bars({**EARNING, "earning": state, "kind": "return"}) == []
    assert bars({**EARNING, "earning": state, "kind": "event"}) == []


@pytest.mark.parametrize("state", [earned.DONE, earned.LATER])
def test_an_earning_has_its_trace_id_in_bars(state):
    assert bars({**EARNING, "earning": state}) == ["000012345679"]


def test_of_an_earning_that_was_refused_nothing_can_be_returned():
    assert bars({**EARNING, "earning": earned.REFUSED}) == []


def test_a_checkout_that_redeems_and_earns_has_one_slip_and_one_barcode():
    some = facts(earning=earned.DONE, earned_miles=2, earned_on_cents=335)
    assert bars(some) == ["10000000000"]
    text = lines(some)
    assert "REDEMPTION APPROVED" in text
    assert "Earned on                  $3.35" in text
    assert "Miles earned                   2" in text
    assert "MILES EARNED" not in text


@both_languages
def test_a_checkout_that_earned_nothing_says_nothing_of_miles_to_be_earned(language):
    assert lines(facts(earning=None), language) == lines(SALE, language)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"earning": earned.DONE}, "What this sale earns was added"),
        ({"earning": earned.LATER}, "What this sale earns will be"),
        ({"earning": earned.DONE, "kind": "return"}, "had earned miles: they were"),
        ({"earning": earned.LATER, "kind": "return"}, "they will be taken"),
    ],
)
def test_where_nobody_knows_how_many_a_sentence_says_what_happens(changes, said):
    assert said in " ".join(lines({**EARNING, "earned_miles": None, **changes}))


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({"kind": "return"}, "MILES TAKEN BACK"),
        ({"kind": "return", "earning": earned.LATER}, "MILES WILL BE TAKEN BACK"),
        ({"kind": "event"}, "MILES EARNED"),
        ({"kind": "event", "taking": True}, "MILES TAKEN BACK"),
        ({"earning": earned.REFUSED}, "MILES NOT ACCEPTED"),
        ({"kind": "event", "earning": earned.REFUSED}, "MILES NOT ACCEPTED"),
    ],
)
def test_a_title_says_which_way_the_miles_go_and_whether_they_went(changes, title):
    assert lines({**EARNING, **changes})[3] == title


def test_a_return_names_its_sale():
    some = {**EARNING, "kind": "return", "sale_number": "000012345678"}
    assert "Sale no.            000012345678" in lines(some)


@both_languages
def test_a_refused_earning_of_a_checkout_quotes_its_own_trace_id(language):
    some = facts(earning=earned.REFUSED, earning_trace_id="000099999999", earned_miles=2)
    text = lines(some, language)
    assert "000099999999" in text
    assert "Miles earned                   2" not in text


@pytest.mark.parametrize("kind", earned.KINDS)
@every_state
@both_languages
def test_no_such_slip_shows_a_balance_or_a_whole_number(kind, state, language):
    some = {**SALE, **EARNING, "kind": kind, "earning": state}
    text = " ".join(lines(some, language))
    assert "5202" not in text
    for amount in ("4,620", "4 620", "545", "6,745", "6 745"):
        assert amount not in text


@given(
    kind=st.sampled_from(("redemption", *earned.KINDS)),
    state=st.sampled_from((None, earned.DONE, earned.LATER, earned.REFUSED)),
    taking=st.booleans(),
    miles=st.none() | st.integers(0, 10**8),
    reason=st.none() | st.text(max_size=60),
    language=st.sampled_from(BOTH_LANGUAGES),
    columns=st.sampled_from([32, 48]),
)
def test_both_pythons_fill_the_same_slip_and_no_line_is_wider_than_the_paper(
    micropython, kind, state, taking, miles, reason, language, columns
):
    some = {
        **EARNING,
        "kind": kind,
        "earning": state,
        "taking": taking,
        "earned_miles": miles,
        "reason": reason,
    }
    slip = agree(micropython, MODULE, "slip", some, language, columns, "customer")
    assert all(len(text) <= columns for style, text in slip if not style & BARCODE)
