"""What stands on a slip, and what must never stand there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.peer import agree
from host_tests.receipt.samples import BOTH_LANGUAGES, EVERY_KIND, facts
from milepad.base.errors import FieldError
from milepad.receipt import code_pages, layout
from milepad.receipt.escpos import BARCODE, BOLD

MODULE = "milepad.receipt.layout"
PAPER = "milepad.receipt.paper"
NBSP = "\u00a0"

both_languages = pytest.mark.parametrize("language", BOTH_LANGUAGES)
every_kind = pytest.mark.parametrize("kind", EVERY_KIND)


def lines(changes: dict, language="en-CA", copy="customer", reprint=False) -> list[str]:
    """The slip's lines of text on narrow paper, no-break spaces as plain ones."""
    slip = layout.slip(facts(**changes), language, 32, copy, reprint)
    return [text.replace(NBSP, " ") for style, text in slip if not style & BARCODE]


# Plain values ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("84095202006", "**** *** 2006"),
        ("1234567890123456789", "***************6789"),
        ("12345", "*****"),
        ("1234", "****"),
        ("", ""),
    ],
)
def test_a_collector_number_shows_its_last_four_digits_only(micropython, number, text):
    assert agree(micropython, MODULE, "as_on_card", number) == text


# Lines ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one two three", ["one two", "three"]),
        ("  one   two ", ["one two"]),
        ("unbreakable", ["unbreaka", "ble"]),
        ("a unbreakable b", ["a", "unbreaka", "ble b"]),
        ("exactly8 eight888", ["exactly8", "eight888"]),
        ("12 345,00\u00a0$", ["12", "345,00\u00a0$"]),
        ("one\ntwo", ["one two"]),
        ("", []),
        (" ", []),
    ],
)
def test_words_wrap_and_long_ones_are_cut(micropython, text, expected):
    assert agree(micropython, PAPER, "wrap", text, 8) == expected


@given(text=st.text(max_size=200), columns=st.integers(1, 48))
def test_wrapped_text_keeps_every_character_and_never_the_width(micropython, text, columns):
    wrapped = agree(micropython, PAPER, "wrap", text, columns)
    assert all(0 < len(line) <= columns for line in wrapped)
    assert "".join(wrapped).replace(" ", "") == code_pages.normalize(text).replace(" ", "")


@pytest.mark.parametrize(
    ("label", "value", "expected"),
    [
        ("Miles", "380", ["Miles    380"]),
        ("Collector", "12", ["Collector 12"]),
        ("Collector", "123", ["Collector", "         123"]),
        ("No", "12345678901234", ["No", "123456789012", "          34"]),
        ("No", "s\x1bœur", ["No    s oeur"]),
    ],
)
def test_a_pair_shares_a_line_or_has_one_each(micropython, label, value, expected):
    assert agree(micropython, PAPER, "pair", label, value, 12) == expected


# What a slip says -----------------------------------------------------------------------


@both_languages
def test_the_confirmation_number_stands_as_text_and_as_a_barcode(language):
    for copy in ("customer", "store"):
        slip = layout.slip(facts(), language, 32, copy)
        assert (BARCODE, "10000000000") in slip
        assert any(style == BOLD and text.endswith(" 10000000000") for style, text in slip)


@pytest.mark.parametrize("kind", ["reversal", "balance", "declined", "unknown"])
def test_only_a_redemption_has_a_barcode(kind):
    slip = layout.slip(facts(kind=kind), "en-CA", 32, "customer")
    assert not any(style & BARCODE for style, _ in slip)


def test_a_reversal_shows_its_confirmation_number():
    assert "Confirmation no.     10000000000" in lines({"kind": "reversal"})


@every_kind
def test_what_is_absent_is_left_out(micropython, kind):
    slip = agree(micropython, MODULE, "slip", {"kind": kind}, "en-CA", 32, "store")
    assert "None" not in str(slip)
    assert (0, "Date") not in slip


@pytest.mark.parametrize("code", ["0001", "0005"])
@both_languages
@every_kind
def test_suppressed_balances_stand_nowhere_whatever_the_caller_allows(kind, language, code):
    text = " ".join(lines({"kind": kind, "response_code": code}, language))
    for amount in ("4,620", "4 620", "545", "6,745", "6 745", "710"):
        assert amount not in text


@both_languages
@pytest.mark.parametrize("kind", ["redemption", "reversal", "balance"])
def test_the_store_s_copy_shows_no_balance(kind, language):
    customer, store = (
        " ".join(lines({"kind": kind}, language, copy)) for copy in ("customer", "store")
    )
    for amount in ("620", "545", "745", "710"):
        assert amount in customer
        assert amount not in store


@pytest.mark.parametrize("allowed", [False, None, "yes", 1])
def test_balances_need_a_plain_true(allowed):
    assert "4,620" not in " ".join(lines({"balances_allowed": allowed}))


def test_an_inquiry_says_why_it_shows_no_balance():
    slip = lines({"kind": "balance", "balances_allowed": False})
    assert "Balances hidden by choice of the" in slip


@every_kind
@both_languages
def test_a_full_collector_number_is_never_printed(kind, language):
    for copy in ("customer", "store"):
        text = " ".join(lines({"kind": kind}, language, copy))
        assert "**** *** 2006" in text
        assert "5202" not in text


def test_a_refusal_that_support_has_to_know_of_quotes_its_trace_id():
    refusal = {"kind": "declined", "response_code": "0035", "message": "Invalid"}
    quote = ["Quote the trace id to AIR MILES", "support:", "000012345678"]
    told = lines({**refusal, "needs_support": True})
    at = told.index(quote[0])
    assert told[at : at + 3] == quote
    assert quote[0] not in lines(refusal)


def test_0080_says_store_credit_or_gift_card_never_cash():
    english = {"kind": "declined", "response_code": "0080", "message": "Too late"}
    assert lines(english)[-7:-3] == [
        "Too late",
        "Refund as store credit or a gift",
        "card, NEVER as cash.",
        "Response code               0080",
    ]
    assert "JAMAIS" in " ".join(lines(english, "fr-CA"))


@pytest.mark.parametrize("code", ["0000", "0051", "0096", None])
def test_other_codes_give_no_advice_about_cash(code):
    assert "NEVER" not in " ".join(lines({"kind": "declined", "response_code": code}))


@pytest.mark.parametrize(
    ("language", "title"), [("en-CA", "NO DISCOUNT"), ("fr-CA", "AUCUN RABAIS")]
)
def test_no_answer_to_a_redemption_is_no_discount(language, title):
    assert title in lines({"kind": "unknown"}, language)


def test_no_answer_to_a_reversal_is_no_refund_yet():
    slip = lines({"kind": "unknown", "reversing": True})
    assert "NO REFUND" in slip
    assert "NO DISCOUNT" not in slip


@both_languages
def test_no_answer_gives_the_trace_id_to_quote(language):
    assert "000012345678" in lines({"kind": "unknown"}, language)


@pytest.mark.parametrize(
    ("language", "mark"), [("en-CA", "COPY - "), ("fr-CA", "COPIE - ")]
)
@every_kind
def test_a_reprint_is_marked(kind, language, mark):
    def marked(reprint: bool) -> bool:
        return any(
            line.startswith(mark)
            for line in lines({"kind": kind}, language, reprint=reprint)
        )

    assert marked(True)
    assert not marked(False)


def test_a_wild_offer_does_not_eat_the_roll():
    assert len(lines({"offer_text": "free " * 1000})) == len(lines({"offer_text": "x"})) + 7


@pytest.mark.parametrize(
    ("kind", "language", "copy"),
    [
        ("refund", "en-CA", "store"),
        (None, "en-CA", "store"),
        ("balance", "de-DE", "store"),
        ("balance", "en-CA", "both"),
    ],
)
def test_what_is_no_slip_is_refused(micropython, kind, language, copy):
    with pytest.raises(FieldError):
        agree(micropython, MODULE, "slip", {"kind": kind}, language, 32, copy)


# Any facts ------------------------------------------------------------------------------

texts = st.text(max_size=80)
amounts = st.integers(-(10**10), 10**10)
BALANCES = {
    "cash_balance": 8765432,
    "dream_balance": 7654321,
    "available_cash_miles": 6543218,
    "available_cents": 543218700,
}
SHOWN = ("8,765,432", "7,654,321", "6,543,218", "5,432,187.00")
any_facts = st.fixed_dictionaries(
    {"kind": st.sampled_from(EVERY_KIND), "balances_allowed": st.booleans()},
    optional={
        "when": st.tuples(*[st.integers(0, 9999)] + [st.integers(0, 99)] * 5),
        "store": st.lists(texts, max_size=3),
        "footer": st.lists(texts, max_size=3),
        "basket_cents": amounts,
        "redeemed_cents": amounts,
        "miles": amounts,
        "units": amounts,
        "reversing": st.booleans(),
        "response_code": st.sampled_from(["0000", "0001", "0005", "0080", None]),
        **{
            name: st.none() | texts
            for name in (
                "device_id",
                "trace_id",
                "collector_number",
                "confirmation_number",
                "offer_text",
                "message",
            )
        },
    },
)


@given(
    some=any_facts,
    how=st.tuples(
        st.sampled_from(BOTH_LANGUAGES),
        st.sampled_from([32, 48]),
        st.sampled_from(["customer", "store"]),
        st.booleans(),
    ),
)
def test_no_line_is_ever_wider_than_the_paper(micropython, some, how):
    slip = agree(micropython, MODULE, "slip", some, *how)
    assert all(len(text) <= how[1] for style, text in slip if not style & BARCODE)


@given(some=any_facts, copy=st.sampled_from(["customer", "store"]))
def test_balances_stand_on_a_slip_exactly_when_allowed(some, copy):
    slip = layout.slip({**some, **BALANCES}, "en-CA", 48, copy)
    text = " ".join(text for _, text in slip)
    allowed = (
        some["balances_allowed"]
        and copy == "customer"
        and some["kind"] in ("redemption", "reversal", "balance")
        and some.get("response_code") not in ("0001", "0005")
    )
    assert [amount in text for amount in SHOWN] == [allowed] * 4


# What is left to pay ---------------------------------------------------------------------


@both_languages
@given(basket_cents=st.integers(0, 99999999), redeemed_cents=st.integers(-1000, 99999999))
def test_left_to_pay_is_never_negative_and_never_above_the_basket(
    language, basket_cents, redeemed_cents
):
    some = {"basket_cents": basket_cents, "redeemed_cents": redeemed_cents}
    label = "Left to pay" if language == "en-CA" else "Reste à payer"
    (line,) = [line for line in lines(some, language) if line.startswith(label)]
    left_cents = int("".join(c for c in line if c.isdigit()))
    assert 0 <= left_cents <= basket_cents
    assert "-" not in line


@both_languages
def test_a_voided_redemption_says_that_there_is_no_discount(language):
    text = "\n".join(lines({"kind": "reversal", "voided": True}, language))
    english = "VOIDED\nNO DISCOUNT" in text
    assert english if language == "en-CA" else "ANNULÉ\nAUCUN RABAIS" in text


@both_languages
@pytest.mark.parametrize("kind", ["reversal", "balance", "declined", "unknown"])
def test_nothing_but_a_redemption_says_that_it_is_approved(kind, language):
    text = "\n".join(lines({"kind": kind}, language))
    for refusal in ("NOT APPROVED", "NON APPROUVÉ"):
        text = text.replace(refusal, "")
    assert "APPROVED" not in text and "APPROUVÉ" not in text
