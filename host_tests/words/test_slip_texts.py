"""Every text of a slip exists in both languages and fits the narrow paper."""

from __future__ import annotations

import pytest

from host_tests.kit.peer import agree
from host_tests.kit.profile import BLUE_REWARDS
from host_tests.receipt.samples import BOTH_LANGUAGES, EVERY_KIND, facts
from milepad import words
from milepad.base.errors import FieldError
from milepad.base.programme import DEFAULT, Programme, is_form
from milepad.base.vocabulary import LANGUAGES
from milepad.receipt import paper
from milepad.words import en_ca_seldom, en_ca_slips, fr_ca_seldom, fr_ca_slips

ENGLISH_TEXTS = {**en_ca_slips.SLIP_TEXTS, **en_ca_seldom.SLIP_TEXTS}
FRENCH_TEXTS = {**fr_ca_slips.SLIP_TEXTS, **fr_ca_seldom.SLIP_TEXTS}
TEXTS = [ENGLISH_TEXTS, FRENCH_TEXTS]
BLUE = Programme(BLUE_REWARDS)
# The widest value that stands beside each label.
VALUES = {
    "when": "2026-01-30 04:39:59",
    "device_id": "0" * 16,
    "trace_id": "000012345678",
    "collector_number": "**** *** 2006",
    "basket_cents": "$10,000.00",
    "redeemed_cents": "$10,000.00",
    "reversed": "$10,000.00",
    "to_pay": "$10,000.00",
    "units": "1,000",
    "miles": "95,000",
    "confirmation_number": "10000000000",
    "cash_balance": "999,999",
    "dream_balance": "999,999",
    "available_cash_miles": "95,000",
    "available_cents": "$10,000.00",
    "response_code": "0000",
    "day_start": "2026-01-30 00:00:00",
    "redeemed_count": "2,000",
    "redeemed_miles": "9,999,999",
    "reversed_count": "2,000",
    "reversed_cents": "$1,000,000.00",
    "reversed_miles": "9,999,999",
    "net_cents": "-$1,000,000.00",
    "net_miles": "-9,999,999",
    "unresolved_count": "2,000",
    "unresolved_cents": "$1,000,000.00",
    "pre_tax_cents": "$10,000.00",
    "earned_on_cents": "$10,000.00",
    "sale_number": "000012345678",
    "count_earned": "99,999",
    "later_count_earned": "99,999",
    "count_taken": "99,999",
    "later_count_taken": "99,999",
    "issued_count": "2,000",
    "issued_miles": "9,999,999",
    "returned_count": "2,000",
    "returned_miles": "9,999,999",
    "pending_count": "2,000",
    "pending_miles": "-9,999,999",
    "queued_count": "2,000",
    "parked_count": "2,000",
}


def test_both_languages_have_the_same_keys():
    english, french = ({key for key in texts if not is_form(texts, key)} for texts in TEXTS)
    assert english == french


@pytest.mark.parametrize("texts", TEXTS)
def test_no_text_is_empty(texts):
    assert all(text.strip() for text in texts.values())
    assert all(key.replace("_", "").isalpha() and key.islower() for key in texts)


@pytest.mark.parametrize("key", ENGLISH_TEXTS)
def test_both_pythons_read_a_keys_own_two_texts(micropython, key):
    for texts, language in zip(TEXTS, LANGUAGES, strict=True):
        if key in texts:
            read = agree(micropython, "milepad.words", "slip_text", key, language)
            assert read == DEFAULT.message(texts, key, language)


@pytest.mark.parametrize("programme", [DEFAULT, BLUE], ids=lambda p: p.name)
@pytest.mark.parametrize("language", BOTH_LANGUAGES)
@pytest.mark.parametrize("key", VALUES)
def test_a_label_fits_32_columns_with_its_widest_value(key, language, programme):
    label = words.slip_text(key, language, programme)
    assert len(paper.pair(label, VALUES[key], 32)) == 1


@pytest.mark.parametrize("language", BOTH_LANGUAGES)
@pytest.mark.parametrize(
    "key",
    [
        *EVERY_KIND,
        *["earned", "later_earned", "taken", "later_taken", "not_accepted"],
        *["totals", "no_discount", "no_refund", "reprint", "customer"],
    ],
)
def test_a_title_is_one_line(key, language):
    for programme in (DEFAULT, BLUE):
        assert len(words.slip_text(key, language, programme)) <= 32


def test_french_breaks_no_line_before_a_colon():
    assert not any(" :" in text for text in FRENCH_TEXTS.values())


def test_another_language_is_refused(micropython):
    with pytest.raises(FieldError, match="en-CA or fr-CA"):
        agree(micropython, "milepad.receipt.layout", "slip", facts(), "fr", 32, "store")


@pytest.mark.parametrize("key", ["nothing", "", "Date", "AIR MILES Cash"])
def test_a_key_that_is_not_there_is_a_mistake_of_ours(micropython, key):
    with pytest.raises(KeyError):
        agree(micropython, "milepad.words", "slip_text", key, "en-CA")
