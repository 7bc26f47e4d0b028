"""Slips as bytes: what a printer receives, byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.peer import agree
from host_tests.receipt.samples import (
    BOLD_OFF,
    BOLD_ON,
    CENTER_OFF,
    CENTER_ON,
    CUT,
    FEED,
    INIT,
    TALL_OFF,
    TALL_ON,
    facts,
)
from milepad.base.errors import ProfileError
from milepad.receipt import escpos, layout

MODULE = "milepad.receipt.escpos"
PAGE_858 = b"\x1bt\x13"
BARS = (
    b"\x1ba\x01" + b"\x1dh\x50" + b"\x1dw\x02" + b"\x1dH\x02"
    b"\x1dk\x49\x0a{B1{C\x00\x00\x00\x00\x00" + b"\x1ba\x00"
)
TITLE_ON, TITLE_OFF = CENTER_ON + TALL_ON + BOLD_ON, BOLD_OFF + TALL_OFF + CENTER_OFF
LOUD_ON, LOUD_OFF = CENTER_ON + BOLD_ON, BOLD_OFF + CENTER_OFF


def plain(*lines: str) -> bytes:
    return "".join(line + "\n" for line in lines).encode("cp858")


def bold(*lines: str) -> bytes:
    return b"".join(BOLD_ON + plain(line) + BOLD_OFF for line in lines)


def centred(*lines: str) -> bytes:
    return b"".join(CENTER_ON + plain(line) + CENTER_OFF for line in lines)


def title(*lines: str) -> bytes:
    return b"".join(TITLE_ON + plain(line) + TITLE_OFF for line in lines)


ENGLISH_HEAD = plain(
    "",
    "Date         2026-01-30 04:39:59",
    "Device                       001",
    "Trace id            000012345678",
    "Collector no.      **** *** 2006",
    "",
    "Basket total              $43.35",
)
FRENCH_HEAD = plain(
    "",
    "Date         2026-01-30 04:39:59",
    "Appareil                     001",
    "No de suivi         000012345678",
    "No d'adhérent      **** *** 2006",
    "",
    "Total du panier          43,35 $",
)
ENGLISH_BALANCES = plain(
    "",
    "Cash miles balance         4,620",
    "Dream miles balance          545",
    "Cash miles usable today    6,745",
    "In dollars, today        $710.00",
    "",
    "$10 off for every 95 Cash miles,",
    "today only.",
    "",
)
FRENCH_BALANCES = plain(
    "",
    "Solde de milles Argent     4 620",
    "Solde de milles Rêves        545",
    "Utilisables aujourd'hui    6 745",
    "Soit en dollars         710,00 $",
    "",
    "$10 off for every 95 Cash miles,",
    "today only.",
    "",
)
BODIES = {
    ("redemption", "en-CA"): title("REDEMPTION APPROVED")
    + ENGLISH_HEAD
    + bold("Redeemed                  $40.00")
    + plain(
        "Units                          4",
        "Miles                        380",
    )
    + bold("Left to pay                $3.35")
    + plain("")
    + bold("Confirmation no.     10000000000")
    + BARS
    + ENGLISH_BALANCES
    + centred("Keep this slip for a refund."),
    ("redemption", "fr-CA"): title("ÉCHANGE APPROUVÉ")
    + FRENCH_HEAD
    + bold("Échangé                  40,00 $")
    + plain(
        "Unités                         4",
        "Milles                       380",
    )
    + bold("Reste à payer             3,35 $")
    + plain("")
    + bold("No de confirmation   10000000000")
    + BARS
    + FRENCH_BALANCES
    + centred("Gardez ce reçu pour un", "remboursement."),
    ("reversal", "en-CA"): title("REFUNDED")
    + ENGLISH_HEAD
    + bold("Reversed                  $40.00")
    + plain("Units                          4", "Miles                        380", "")
    + bold("Confirmation no.     10000000000")
    + ENGLISH_BALANCES,
    ("reversal", "fr-CA"): title("REMBOURSÉ")
    + FRENCH_HEAD
    + bold("Annulé                   40,00 $")
    + plain("Unités                         4", "Milles                       380", "")
    + bold("No de confirmation   10000000000")
    + FRENCH_BALANCES,
    ("balance", "en-CA"): title("BALANCE INQUIRY") + ENGLISH_HEAD + ENGLISH_BALANCES,
    ("balance", "fr-CA"): title("CONSULTATION DU SOLDE") + FRENCH_HEAD + FRENCH_BALANCES,
    ("declined", "en-CA"): title("NOT APPROVED")
    + ENGLISH_HEAD
    + plain("")
    + bold(
        "Message",
        "Refund as store credit or a gift",
        "card, NEVER as cash.",
    )
    + plain("Response code               0080", ""),
    ("declined", "fr-CA"): title("NON APPROUVÉ")
    + FRENCH_HEAD
    + plain("")
    + bold(
        "Message",
        "Remboursez par crédit en magasin",
        "ou carte-cadeau, JAMAIS en",
        "argent comptant.",
    )
    + plain("Code de réponse             0080", ""),
    ("unknown", "en-CA"): title("NO ANSWER", "NO DISCOUNT")
    + ENGLISH_HEAD
    + plain(
        "",
        "Amount asked              $40.00",
        "Response code               0000",
        "No discount was given: please",
        "pay the full amount. If miles",
        "were taken all the same, AIR",
        "MILES puts them back; the store",
        "checks it.",
        "",
        "Staff: quote this trace id to",
        "AIR MILES support:",
    )
    + LOUD_ON
    + plain("000012345678")
    + LOUD_OFF
    + plain(""),
    ("unknown", "fr-CA"): title("AUCUNE RÉPONSE", "AUCUN RABAIS")
    + FRENCH_HEAD
    + plain(
        "",
        "Montant demandé          40,00 $",
        "Code de réponse             0000",
        "Aucun rabais n'a été accordé :",
        "le montant est à payer en",
        "entier. Si des milles ont tout",
        "de même été retirés, AIR MILES",
        "les remet; le magasin le",
        "vérifie.",
        "",
        "Personnel : donnez ce numéro de",
        "suivi au soutien AIR MILES :",
    )
    + LOUD_ON
    + plain("000012345678")
    + LOUD_OFF
    + plain(""),
}


@pytest.mark.parametrize(("kind", "language"), BODIES)
def test_a_whole_slip_to_the_byte(micropython, kind, language):
    some = facts(
        kind=kind,
        message="Message",
        response_code="0080" if kind == "declined" else "0000",
    )
    slip = agree(
        micropython, "milepad.receipt.layout", "slip", some, language, 32, "customer"
    )
    french = language == "fr-CA"
    assert agree(micropython, MODULE, "job", slip, {"columns": 32}) == (
        INIT
        + PAGE_858
        + centred("Épicerie du Coin")
        + plain("")
        + centred("AIR MILES Argent" if french else "AIR MILES Cash")
        + BODIES[kind, language]
        + centred("COPIE DU CLIENT" if french else "CUSTOMER COPY", "1 800 555-0100")
        + FEED
    )


@pytest.mark.parametrize(
    ("page", "number"),
    [("CP437", 0), ("CP850", 2), ("CP863", 4), ("WPC1252", 16), ("CP858", 19)],
)
def test_every_job_starts_from_nothing_and_chooses_its_page(micropython, page, number):
    raw = agree(micropython, MODULE, "job", [], {"code_page": page})
    assert raw == INIT + b"\x1bt" + bytes([number]) + FEED


@pytest.mark.parametrize("number", [0, 71])
def test_a_printer_s_own_page_number_rules(micropython, number):
    printer = {"code_page": "WPC1252", "code_page_number": number}
    raw = agree(micropython, MODULE, "job", [(0, "é")], printer)
    assert raw == INIT + b"\x1bt" + bytes([number]) + b"\xe9\n" + FEED


def test_minus_one_is_the_page_s_usual_number(micropython):
    assert INIT + PAGE_858 in agree(
        micropython, MODULE, "job", [], {"code_page_number": -1}
    )


def test_a_cutter_cuts_after_the_feed(micropython):
    raw = agree(micropython, MODULE, "job", [], {"cutter": True})
    assert raw == INIT + PAGE_858 + FEED + CUT


def test_the_pieces_are_the_job():
    slip = layout.slip(facts(), "fr-CA", 48, "customer")
    printer = {"columns": 48, "code_page": "CP863"}
    assert b"".join(escpos.pieces(slip, printer)) == escpos.job(slip, printer)


def test_an_unknown_page_is_refused(micropython):
    with pytest.raises(ProfileError):
        agree(micropython, MODULE, "job", [], {"code_page": "UTF-8"})


@given(
    text=st.text(
        st.characters(codec="utf-8") | st.sampled_from("\x1b\x1d\x10\x00\n"), max_size=90
    )
)
def test_no_text_from_outside_becomes_a_command(micropython, text):
    """The control bytes of the job are those of the same slip with harmless texts."""

    def controls(slip: list[tuple[int, str]]) -> list[int]:
        return [byte for byte in escpos.job(slip, {}) if byte < 0x20 or byte == 0x7F]

    slip = agree(
        micropython,
        "milepad.receipt.layout",
        "slip",
        facts(store=[text], offer_text=text, message=text, device_id=text, kind="reversal"),
        "en-CA",
        32,
        "customer",
    )
    assert controls(slip) == controls([(style, "x") for style, _ in slip])
    raw_slip = [(0, text)]  # even when a layout lets it through
    assert controls(raw_slip) == controls([(0, "x")])
