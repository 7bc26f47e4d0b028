"""Every message stands in both languages and fits the 20 columns of the screen."""

import ast
import re
from pathlib import Path
from types import ModuleType

import pytest

from host_tests.kit.peer import Peer, agree
from host_tests.kit.profile import BLUE_REWARDS
from milepad import words
from milepad.amcash import response_codes
from milepad.base.money import display_dollars
from milepad.base.programme import DEFAULT, Programme, is_form
from milepad.base.vocabulary import ENGLISH, FRENCH, LANGUAGES
from milepad.drivers.lcd_glyphs import rom_code
from milepad.terminal.prompts import whole_words
from milepad.words import (
    en_ca,
    en_ca_seldom,
    en_ca_slips,
    fr_ca,
    fr_ca_seldom,
    fr_ca_slips,
    table,
)

COLUMNS = 20
FIRMWARE = Path(words.__file__).parents[1]
SOURCES = [path for path in FIRMWARE.rglob("*.py") if path.parent.name != "words"]
MOST = 100000  # cents: the basket that the profile allows unless it says otherwise

BLUE = Programme(BLUE_REWARDS)
LONG = Programme({**BLUE_REWARDS, "name": "W" * 12, "currency_en": "w" * 7,
                  "currency_fr": "w" * 7, "balances": 2})  # fmt: skip
# Of a unit of 1,500 points, and of a whole day's 75 units.
WORST_POINTS = {
    "units": (75, "$10", 112500),
    "reversed": (112500,),
    "miles": (112500,),
    "miles_before": (112500,),
}
# The widest values that a key is filled with: units and miles of a whole day's limit
# ($750, 7,125 miles), the largest basket, a trace id, a confirmation number as sampled.
WORST: dict[str, dict[str, tuple]] = {
    language: {
        "too_much": (display_dollars(99999999, language),),
        "refund_window": ("03:00",),
        "units": (75, "10 $" if language == FRENCH else "$10", 7125),
        "most_units": (75, "75"),
        "no_offer_why": (display_dollars(1000, language),),
        "confirmation_is": ("10000000000",),
        "give_discount": (display_dollars(MOST, language),),
        "reversed": (9500,),
        "interrupted_of": (display_dollars(9999, language), display_dollars(9999, language)),
        "interrupted_reversal": ("9999",),
        "card_is": ("9999",),
        "open_entries": (9,),
        "root_ends": (60,),
        "unknown_advice": ("000012345678",),
        "sale_card": ("2006",),
        "queue_count": (1000,),
        "queue_hours": (1000, 23),
        "queue_days": (999, 99),
        "pin_is": ("*" * 8,),
        "pins_wrong": (255,),
        "pin_waits": (10, 0),
        "report_net_of": (12, 31),
        "report_redeemed": (99,),
        "report_reversed": (99,),
        "report_unresolved": (99,),
        "miles": (99999,),
        "bonus_items": (999,),
        "miles_before": (99999,),
        "earn_on": (display_dollars(MOST, language),),
        "too_little": (display_dollars(99999999, language),),
        "report_issued": (99,),
        "report_returned": (99,),
        "report_queued": (99,),
        "report_pending": (9,),
        "report_parked": (99,),
    }
    for language in LANGUAGES
}  # fmt: skip


def filled(key: str, language: str, programme: Programme = DEFAULT) -> str:
    text = words.text(key, language, programme)
    worst = WORST[language] | (WORST_POINTS if programme is BLUE else {})
    return text % worst[key] if "%" in text else text


def test_both_languages_have_the_same_keys() -> None:
    assert table(ENGLISH).keys() == table(FRENCH).keys()


@pytest.mark.parametrize(
    "module", [en_ca, fr_ca, en_ca_seldom, fr_ca_seldom, en_ca_slips, fr_ca_slips]
)
def test_every_key_stands_once(module: ModuleType) -> None:
    tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            keys = [ast.literal_eval(key) for key in node.keys if key]
            assert len(keys) == len(set(keys)) > 20


@pytest.mark.parametrize("files", [(en_ca, en_ca_seldom), (fr_ca, fr_ca_seldom)])
def test_no_key_stands_in_both_files_of_a_language(files: tuple) -> None:
    assert not files[0].TEXTS.keys() & files[1].TEXTS.keys()


@pytest.mark.parametrize(
    "files", [(en_ca_slips, en_ca_seldom), (fr_ca_slips, fr_ca_seldom)]
)
def test_no_key_of_slips_stands_in_both_files_of_a_language(files: tuple) -> None:
    both = files[0].SLIP_TEXTS, files[1].SLIP_TEXTS
    assert not both[0].keys() & both[1].keys()
    whole = {**both[0], **both[1]}
    for texts in both:  # a form is looked for beside its plain key
        forms = [key for key in texts if is_form(whole, key)]
        assert all(is_form(texts, key) for key in forms)


def test_both_languages_take_the_same_values() -> None:
    english, french = table(ENGLISH), table(FRENCH)
    for key in english:
        assert re.findall("%.", english[key]) == re.findall("%.", french[key]), key


@pytest.mark.parametrize("programme", [DEFAULT, BLUE, LONG], ids=lambda p: p.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_fits_with_its_widest_values(language: str, programme: Programme) -> None:
    for key in table(language):
        rows = filled(key, language, programme).split("\n")
        if key == "units":
            rows = [whole_words(row) for row in rows]
        assert len(rows) <= 2, key
        for row in rows:
            assert 0 < len(row) <= COLUMNS, key
            assert row == row.strip(), key


# Rows that the terminal makes of a text on the left and one on the right.
PAIRS = [
    *[("menu_more", "link_" + link) for link in ("unknown", "up", "down", "login", "wifi")],
    ("menu_more", "ledger_warning"),
    ("card", MOST),
    ("redeem", 75000),
    ("approved", MOST),
    ("refused", "0051"),
    ("interrupted", MOST),
    ("no_answer", "14:32"),
    ("same_sale", MOST),
    ("interrupted", "23:59"),
    ("card_is", "interrupted_later"),
    ("card_is", MOST),
    ("menu_checkout", "card_is"),
    ("interrupted_finish", "interrupted_void"),
    ("menu_more", "open_entries"),
    ("menu_more", "root_ends"),
    ("refunded", MOST),
    ("report_net", -9999999),
    ("report_net_of", -999999),
    ("report_redeemed", 9999999),
    ("report_reversed", 999999),
    ("report_unresolved", "enter"),
    ("more_language", "more_device"),
    ("more_link", "more_queue"),
    ("more_reports", "more_adjust"),
    ("menu_balance", "menu_earn"),
    ("earn", MOST),
    ("return", MOST),
    ("return_rest", MOST),
    ("will_be_added", "enter"),
    ("delete", MOST),
    ("bonus", "20/20"),
    ("refused", "400 23:59"),
    ("not_earned", "enter"),
    ("report_issued", "999999"),
    ("report_returned", "999999"),
    ("report_queued", "report_pending"),
    ("report_parked", "report_print"),
    ("about_store", "000000000001"),
    ("about_device", "00000000001"),
    ("about_ledger", "2000"),
    ("about_heap", "8192 K"),
    *[("about_reset", f"reset_{cause}") for cause in ("power", "button", "watchdog", "program")],
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_two_texts_share_a_row_without_touching(
    left: str, right: str | int, language: str
) -> None:
    if isinstance(right, int):
        second = display_dollars(right, language)
    else:
        second = filled(right, language) if right in table(language) else right
    assert len(filled(left, language)) + 1 + len(second) <= COLUMNS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", [*response_codes.known(), response_codes.NO_CODE, "9999"])
def test_every_response_code_has_its_message_and_its_advice(
    code: str, language: str
) -> None:
    row = response_codes.lookup(code)
    assert words.text(row.message_key, language)
    if not row.approved:
        assert words.text("advice_" + row.advice_key, language)


def named_outright() -> set[str]:
    """The keys that the firmware asks the terminal for by name."""
    found: set[str] = set()
    for path in SOURCES:
        found.update(re.findall(r'terminal\.text\("(\w+)"\)', path.read_text("utf-8")))
    return found


def literals() -> set[str]:
    """Every text in the firmware's own sources."""
    trees = [ast.parse(path.read_text("utf-8")) for path in SOURCES]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    return {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_key_that_the_firmware_names_exists() -> None:
    assert len(named_outright()) > 20
    assert named_outright() <= set(table(ENGLISH))


@pytest.mark.parametrize(
    "texts",
    [en_ca.TEXTS, en_ca_seldom.TEXTS, en_ca_slips.SLIP_TEXTS, en_ca_seldom.SLIP_TEXTS],
)
def test_every_key_is_used(texts: dict[str, str]) -> None:
    written = literals()
    # A key such as "link_up" is put together of a beginning and a name.
    beginnings = [text for text in written if text.endswith("_")]
    whole = {begin + text for begin in beginnings for text in written} | written
    assert {key for key in texts if not is_form(texts, key)} <= whole


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_can_be_shown(language: str) -> None:
    for key, text in table(language).items():
        for letter in text.replace("\n", "").replace("?", ""):
            assert rom_code(letter) != ord("?"), (key, letter)


def test_english_needs_no_accent_but_for_the_name_of_french() -> None:
    texts = [
        text.replace("FRANÇAIS", "").replace("DÉMARRAGE", "")
        for text in table(ENGLISH).values()
    ]
    assert all(text.isascii() for text in texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_pythons_read_the_same_texts(micropython: Peer, language: str) -> None:
    for key, text in table(language).items():
        assert agree(micropython, "milepad.words", "text", key, language) == text


def test_another_language_has_no_texts(micropython: Peer) -> None:
    with pytest.raises(KeyError):
        agree(micropython, "milepad.words", "text", "card", "fr")


@pytest.mark.parametrize("key", ["", "nothing", "code_00", "ode_0000", "\ncard", "card="])
def test_no_text_stands_for_an_unknown_key(micropython: Peer, key: str) -> None:
    with pytest.raises(KeyError):
        agree(micropython, "milepad.words", "text", key, ENGLISH)


def test_the_question_for_a_card_has_no_word_of_the_offer() -> None:
    for key in ("card", "card_how", "or_key", "keyed_no_redeem", "keyed_no_refund"):
        assert words.text("redeem", ENGLISH) not in words.text(key, ENGLISH)
        assert words.text("redeem", FRENCH) not in words.text(key, FRENCH)


def test_the_words_that_scripts_wait_for() -> None:
    english = table(ENGLISH)
    waited = {
        "menu_checkout": "CHECKOUT", "basket_total": "TOTAL", "card": "CARD",
        "redeem": "REDEEM", "approved": "APPROVED", "no_answer": "NO ANSWER",
        "no_discount": "NO DISCOUNT", "not_sent": "NOT SENT", "interrupted": "INTERRUPTED",
    }  # fmt: skip
    assert all(word in english[key] for key, word in waited.items())
