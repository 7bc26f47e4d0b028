"""Every response code, for every operation, in both languages: what the cashier reads then.

The rows are those of the status tables of the API library (and what they leave out: a
reply without a code, and a code that nobody knows).
"""

from __future__ import annotations

import pytest

from host_tests.kit.session import answer, nothing_sent, silence
from host_tests.kit.shop import Shop
from host_tests.kit.virtual_time import story
from milepad import VERSION, words
from milepad.amcash.response_codes import known

LANGUAGES = ("en-CA", "fr-CA")
TITLES = {
    "en-CA": ("REFUSED", "NOT SENT", "NO ANSWER"),
    "fr-CA": ("REFUSÉ", "PAS ENVOYÉ", "AUCUNE RÉPONSE"),
}

# code: (message, advice) in English, then in French
REFUSALS = {
    "0002": ("ACCOUNT NOT ACTIVE", "AIRMILES.CA", "COMPTE INACTIF", "AIRMILES.CA"),
    "0005": ("UNABLE TO REDEEM", "DO NOT OFFER", "ÉCHANGE NON PERMIS", "NE PAS OFFRIR"),
    "0006": ("UNABLE TO REDEEM", "DO NOT OFFER", "ÉCHANGE NON PERMIS", "NE PAS OFFRIR"),
    "0008": ("TIMED OUT", "SUPPORT", "DÉLAI DÉPASSÉ", "SOUTIEN"),
    "0009": ("CARD NOT PRESENTED", "SWIPE OR SCAN", "CARTE NON PRÉSENTÉE", "BALAYER"),
    "0025": ("INVALID CARD NUMBER", "AIRMILES.CA", "NO DE CARTE INVALIDE", "AIRMILES.CA"),
    "0035": ("INVALID REQUEST", "SUPPORT", "DEMANDE INVALIDE", "SOUTIEN"),
    "0051": ("NOT ENOUGH MILES", "HISTORY", "TROP PEU DE MILLES", "RELEVÉ"),
    "0057": ("INVALID CONFIRMATION", "CHECK THE NUMBER", "NO CONFIRM. INVALIDE", "REÇU"),
    "0065": ("DAILY LIMIT REACHED", "TOMORROW", "LIMITE DU JOUR", "DEMAIN"),
    "0066": ("BASKET TOO SMALL", "ADD ITEMS", "ACHAT TROP PETIT", "AJOUTER"),
    "0067": ("OFFER NOT AVAILABLE", "LATER", "OFFRE INDISPONIBLE", "PLUS TARD"),
    "0080": ("TOO LATE TO REVERSE", "STORE CREDIT", "DÉLAI D'ANNUL. PASSÉ", "CRÉDIT"),
    "0092": ("SCHEDULED OUTAGE", "LATER", "ENTRETIEN PRÉVU", "PLUS TARD"),
    "0096": ("PLATFORM ERROR", "SUPPORT", "ERREUR DU SERVICE", "SOUTIEN"),
    "": ("LOGIN REFUSED", "SUPPORT", "ACCÈS REFUSÉ", "SOUTIEN"),
    "9999": ("UNKNOWN ANSWER", "SUPPORT", "RÉPONSE INCONNUE", "SOUTIEN"),
}
APPROVALS = ("0000", "0001")
# To the only copies of a call that moves miles these say nothing that is certain.
UNCERTAIN = ("0008", "0096", "9999")
CERTAIN = tuple(code for code in REFUSALS if code not in UNCERTAIN)


def test_every_code_of_the_table_is_played_here() -> None:
    assert {*REFUSALS, *APPROVALS} == {*known(), "", "9999"}


def reads(code: str, language: str) -> tuple[str, str, str]:
    """Title with the code, message and advice of a refusal."""
    english, advice, french, conseil = REFUSALS[code]
    title = TITLES[language][0]
    if language == "fr-CA":
        return title, french, conseil
    return title, english, advice


async def refused(shop: Shop, code: str, language: str) -> None:
    rows = await shop.sees(*reads(code, language))
    assert rows[0] == TITLES[language][0] + " " * (20 - len(TITLES[language][0] + code)) + (
        code
    )
    assert shop.buzzer.sounds[-1] == "error"
    await shop.press("ENTER")
    assert await shop.ended() == ""


async def says_what_support_asks_for(shop: Shop, code: str, trace_id: str) -> None:
    """The trace id on screen and paper where AIR MILES is to be called; else no slip."""
    quote = shop.terminal.text("unknown_advice") % trace_id
    if code not in ("0008", "0035", "0096", "9999", ""):
        assert shop.printer.jobs == [] and quote not in shop.screens
        return
    last = [rows for rows in shop.display.screens if quote in rows][-1]
    assert last[0] == shop.terminal.pair(shop.terminal.text("refused"), code)
    assert last[2:] == [shop.terminal.text("advice_escalate"), quote]
    (slip,) = shop.printer.slips
    assert trace_id in slip and code in slip and "AIR MILES" in slip
    assert "84095202006" not in slip and "2006" in slip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", REFUSALS)
@story
async def test_an_inquiry_that_is_refused_ends_a_checkout_without_a_prompt(code, language):
    # The offer is in the reply all the same: the code decides, not what else there is.
    shop = Shop(language, inquire=answer("inquire", code))
    await shop.to_card()
    await shop.swipe()
    await refused(shop, code, language)
    await says_what_support_asks_for(shop, code, shop.session.arrived[-1].trace_id)
    assert shop.terminal.text("offer_keys") not in shop.screens
    assert shop.session.ops() == ["inquire"]
    assert shop.entries == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", APPROVALS)
@story
async def test_an_approved_inquiry_leads_to_the_offer(code, language):
    shop = Shop(language, inquire=answer("inquire", code))
    await shop.to_offer()
    await shop.press("CANCEL")
    assert await shop.ended() == ""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", CERTAIN)
@story
async def test_a_redemption_that_is_refused_gives_no_discount_and_no_slip(code, language):
    shop = Shop(language, redeem=answer("redeem", code))
    await shop.to_offer()
    await shop.press("ENTER")
    await refused(shop, code, language)
    (entry,) = shop.entries
    assert entry.outcome == "declined"
    assert entry.result.response_code == code
    await says_what_support_asks_for(shop, code, entry.trace_id)
    assert "$40.00 OFF" not in shop.screens and "RABAIS DE" not in shop.screens


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("op", ["redeem", "reverse"])
@pytest.mark.parametrize("code", UNCERTAIN)
@story
async def test_a_code_that_settles_nothing_is_no_answer_with_the_code_beside_it(
    code, op, language
):
    shop = Shop(language, **{op: answer(op, code)})
    await begin(shop, op)
    rows = await shop.sees(TITLES[language][2], shop.terminal.text("go_on"))
    (entry,) = shop.entries
    assert rows == [
        shop.terminal.pair(TITLES[language][2], code),
        shop.terminal.text("no_refund" if op == "reverse" else "no_discount"),
        shop.terminal.text("unknown_advice") % entry.trace_id,
        shop.terminal.text("go_on"),
    ]
    assert (entry.outcome, entry.result.response_code) == ("unknown", code)
    assert "NOT DONE" not in shop.screens and "ÉCHEC" not in shop.screens
    assert TITLES[language][0] not in shop.screens
    (slip,) = shop.printer.slips
    assert TITLES[language][2] in slip and entry.trace_id in slip and code in slip
    await shop.press("ENTER")
    assert await shop.ended() == ""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", APPROVALS)
@story
async def test_an_approved_redemption_shows_and_prints_its_confirmation(code, language):
    shop = Shop(language, redeem=answer("redeem", code))
    await shop.to_offer()
    await shop.press("ENTER")
    rows = await shop.sees(shop.terminal.text("approved"), shop.terminal.text("go_on"))
    assert "03007368806" in rows[1]
    assert "40" in rows[0] and "40" in rows[2]
    (slip,) = shop.printer.slips
    assert "03007368806" in slip
    assert ("777" in slip) == (code == "0000")
    assert ("888" in slip) == (code == "0000")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", CERTAIN)
@story
async def test_a_reversal_that_is_refused_says_why(code, language):
    shop = Shop(language, reverse=answer("reverse", code))
    await shop.to_refund_question()
    await shop.press("ENTER")
    await refused(shop, code, language)
    (entry,) = shop.entries
    assert (entry.op, entry.outcome) == ("reverse", "declined")
    if code == "0080":
        assert len(shop.printer.slips) == 1
    else:
        await says_what_support_asks_for(shop, code, entry.trace_id)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", APPROVALS)
@story
async def test_an_approved_reversal_shows_and_prints_its_confirmation(code, language):
    shop = Shop(language, reverse=answer("reverse", code))
    await shop.to_refund_question()
    await shop.press("ENTER")
    rows = await shop.sees(shop.terminal.text("refunded"), shop.terminal.text("go_on"))
    assert "03007369999" in rows[1] and "380" in rows[2]
    assert not any(word in shop.screens for word in ("APPROVED", "APPROUVÉ"))
    (slip,) = shop.printer.slips
    assert "03007369999" in slip
    assert not any(word in slip for word in ("APPROVED", "APPROUVÉ"))
    assert ("777" in slip) == (code == "0000")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", [*REFUSALS, *APPROVALS])
@story
async def test_a_balance_is_printed_or_the_refusal_is_shown(code, language):
    shop = Shop(language, inquire=answer("inquire", code))
    shop.begin("balance")
    await shop.sees(shop.terminal.text("card"))
    await shop.scan("84095202006")
    if code not in (*APPROVALS, "0005", "0006"):
        await refused(shop, code, language)
        await says_what_support_asks_for(shop, code, shop.session.arrived[-1].trace_id)
        return
    key = "balance_printed" if code in ("0000", "0006") else "balance_hidden"
    await shop.sees(*shop.terminal.text(key).split("\n"))
    (slip,) = shop.printer.slips
    assert ("777" in slip) == (code in ("0000", "0006"))
    assert ("888" in slip) == (code in ("0000", "0006"))
    assert ("700" in slip) == (code == "0000")
    # Nothing on the slip of a locked account suggests that its Cash can be used.
    is_locked = code in ("0005", "0006")
    locked = " ".join(words.slip_text("locked", language).split())
    assert (locked in " ".join(slip.split())) == is_locked
    usable = words.slip_text("available_cash_miles", language)
    assert (usable in slip) == (code == "0000")
    assert shop.session.ops() == ["inquire"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", [*REFUSALS, *APPROVALS])
@story
async def test_a_link_test_says_what_the_platform_said(code, language):
    shop = Shop(language, echo=answer("echo", code))
    shop.begin("menu")
    await shop.sees(shop.terminal.text("menu_more"))
    await shop.press("4")
    await shop.sees(shop.terminal.text("more_link"))
    await shop.press("3")
    if code in APPROVALS:
        await shop.sees(shop.terminal.text("link_answered"), f"MILEPAD {VERSION}")
    else:
        await shop.sees(*reads(code, language))
    await shop.press("ENTER")
    link = shop.terminal.text(
        "link_up" if code else "link_down"
    )  # a device that cannot log in
    await shop.sees(shop.terminal.text("menu_checkout"), link)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("op", ["inquire", "redeem", "reverse", "balance", "echo"])
@pytest.mark.parametrize(("outcome", "at"), [(nothing_sent, 1), (silence, 2)])
@story
async def test_not_sent_and_no_answer_cannot_be_taken_for_a_refusal(
    op, outcome, at, language
):
    called = "inquire" if op == "balance" else op
    shop = Shop(language, **{called: outcome()})
    await begin(shop, op)
    rows = await shop.sees(TITLES[language][at])
    if rows[3] == shop.terminal.text("printing"):
        rows = await shop.sees(shop.terminal.text("go_on"))
    others = [title for title in TITLES[language] if title != TITLES[language][at]]
    assert not any(title in "\n".join(rows) for title in others)
    assert rows[0].strip() == TITLES[language][at]
    assert all(row.strip() for row in rows)
    moves = op in ("redeem", "reverse")
    quotes = any(shop.entries and shop.entries[0].trace_id in row for row in rows)
    assert quotes == (moves and at == 2)
    second = {"reverse": "no_refund", "balance": "no_balance", "echo": "link_down"}
    assert rows[1] == shop.terminal.text(second.get(op, "no_discount"))
    assert bool(shop.printer.jobs) == quotes


async def begin(shop: Shop, op: str) -> None:
    """Everything up to the call of an operation."""
    if op == "reverse":
        await shop.to_refund_question()
        await shop.press("ENTER")
    elif op == "redeem":
        await shop.to_offer()
        await shop.press("ENTER")
    elif op == "balance":
        shop.begin("balance")
        await shop.swipe()
    elif op == "inquire":
        await shop.to_card()
        await shop.swipe()
    else:
        shop.begin("menu")
        await shop.press("4", "3")


@pytest.mark.parametrize("op", ["inquire", "reverse", "balance", "echo"])
@story
async def test_no_refusal_of_these_speaks_of_a_discount(op):
    # "No discount" is an answer to a redemption; a refund or a balance has none to lose.
    for code in REFUSALS:
        if op == "balance" and code in ("0005", "0006"):
            continue  # these are answers to a balance inquiry
        called = "inquire" if op == "balance" else op
        shop = Shop(**{called: answer(called, code)})
        await begin(shop, op)
        unknown = op == "reverse" and code in UNCERTAIN
        await shop.sees("NO ANSWER" if unknown else "REFUSED")
        assert "DISCOUNT" not in shop.screens, code


@pytest.mark.parametrize(
    ("language", "credit", "never"),
    [
        ("en-CA", "STORE CREDIT OR GIFT", "NEVER CASH"),
        ("fr-CA", "CRÉDIT OU CARTE-", "PAS COMPTANT"),
    ],
)
@story
async def test_a_reversal_that_is_too_late_is_store_credit_or_a_gift_card_never_cash(
    language, credit, never
):
    shop = Shop(language, reverse=answer("reverse", "0080"))
    await shop.to_refund_question()
    await shop.press("ENTER")
    rows = await shop.sees("0080", never)
    assert rows[2] == credit and never in rows[3]
    await shop.press("ENTER")
    assert await shop.ended() == ""
    paper = {
        "en-CA": ("store credit or a gift", "NEVER as cash"),
        "fr-CA": ("crédit en magasin ou", "JAMAIS en argent"),
    }
    text = " ".join(shop.printer.slips[0].split())
    assert all(part in text for part in paper[language])


@pytest.mark.parametrize("missing", ["availableOfferUnits", "availableDollarAmount",
    "unitValueAMCash", "unitValueDollars"])  # fmt: skip
@pytest.mark.parametrize("language", LANGUAGES)
@story
async def test_an_offer_that_lacks_a_member_is_none(missing, language):
    shop = Shop(language, inquire=answer("inquire", "0000", **{missing: None}))
    await shop.to_card()
    await shop.swipe()
    await shop.sees(shop.terminal.text("no_offer"))
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert shop.terminal.text("offer_keys") not in shop.screens
    assert shop.session.ops() == ["inquire"]
