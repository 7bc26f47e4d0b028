"""Facts for the printer: an entry or a reply becomes the plain values of a slip.

What may be printed is decided by the response code's row; how it looks, by `receipt`.
"""

from milepad import words
from milepad.amcash import response_codes
from milepad.base import clock
from milepad.base.compat import forget
from milepad.base.vocabulary import APPROVED, FRENCH, INQUIRE, NOT_SENT, REVERSE, UNKNOWN
from milepad.card import scan
from milepad.card.collector_number import masked
from milepad.workflows import screens

_BALANCES = (
    ("cash_balance", "cashBalance"),
    ("dream_balance", "dreamBalance"),
    ("available_cash_miles", "availableCashBalance"),
)
_TOTALS = (
    "redeemed_count",
    "redeemed_cents",
    "redeemed_miles",
    "reversed_count",
    "reversed_cents",
    "reversed_miles",
    "unresolved_count",
    "unresolved_cents",
)


def _common(till, unix_s: int, collector_number: str) -> dict:
    receipt = till.profile["receipt"]
    return {
        "when": clock.local(unix_s, till.zone),
        "store": receipt["header"],
        "footer": receipt["footer"],
        "device_id": till.identity.device_id,
        "collector_number": collector_number,
    }


def shown_number(till, number: str, is_known: bool) -> str:
    """A redemption's number for screen and paper: a card's that was taken for it is masked.

    `is_known`: the ledger or the platform knows a redemption by it, so it is no card's.
    """
    if is_known or not scan.may_be_card(number, till.profile["card"]):
        return number
    return masked(number)


def _reversed_number(till, entry) -> str:
    """The number of what a reversal takes back, as it may be printed."""
    number = entry.intent.confirmation_number
    is_known = entry.result.outcome == APPROVED or till.ledger.find_redemption(number)
    return shown_number(till, number, bool(is_known))


def add_balances(facts: dict, reply) -> dict:
    """Adds what the reply says about miles, if its code lets paper show it."""
    facts["response_code"] = reply.code
    facts["balances_allowed"] = response_codes.lookup(reply.code).balances_allowed
    for name, member in _BALANCES:
        facts[name] = reply.number(member)
    facts["available_cents"] = reply.cents("availableDollarAmount")
    return facts


def of_entry(till, entry) -> dict:
    """The facts of a ledger entry; balances are not kept, so a later reprint has none."""
    intent, result = entry.intent, entry.result
    facts = _common(till, intent.unix_s, intent.collector_number)
    reversing = intent.op == REVERSE
    facts["asked_cents"] = intent.redeem_cents or None
    if result.outcome == APPROVED:
        facts["kind"] = "reversal" if reversing else "redemption"
        # None: the reply did not say, and the device does not know.
        facts["redeemed_cents"] = (
            entry.moved_cents if result.mismatch else (entry.moved_cents or None)
        )
        facts["miles"] = result.miles or None
        facts["mismatch"] = result.mismatch
        facts["response_code"] = result.response_code
    elif result.outcome == UNKNOWN:
        facts["kind"] = "unknown"
        facts["reversing"] = reversing
        facts["response_code"] = result.response_code
    elif result.outcome == NOT_SENT:
        facts["kind"] = "declined"
        facts["message"] = words.text("not_sent", intent.language)
    else:
        add_refusal(facts, result.response_code, intent.language)
    facts["trace_id"] = intent.trace_id
    facts["confirmation_number"] = result.confirmation_number
    if reversing:
        facts["redemption_number"] = _reversed_number(till, entry)
    else:
        facts["basket_cents"] = intent.basket_cents
    return facts


def add_refusal(facts: dict, code: str, language: str) -> dict:
    """Adds what a refusal says, in the collector's language."""
    facts["kind"] = "declined"
    facts["response_code"] = code
    facts["message"] = words.text(response_codes.lookup(code).message_key, language)
    facts["needs_support"] = screens.needs_support(code)
    return facts


def of_outcome(till, entry, outcome) -> dict:
    """The facts of an entry that was approved just now.

    Takes the reply out of the outcome: its members would be in the slip's way in the heap.
    """
    reply, outcome.reply = outcome.reply, None
    facts = add_balances(of_entry(till, entry), reply)
    facts["units"] = outcome.units
    if entry.intent.op == REVERSE:
        return facts
    french = entry.intent.language == FRENCH
    facts["offer_text"] = reply.text("offerDescFr" if french else "offerDescEn")
    return facts


def of_balance(till, sale, reply, unix_s: int) -> dict:
    """The facts of a balance inquiry."""
    facts = _common(till, unix_s, sale.collector_number)
    facts["kind"] = "balance"
    return add_balances(facts, reply)


def _elements(facts: dict, language: str, columns: int, copy: str, reprint: bool) -> list:
    from milepad.receipt import layout

    try:
        return layout.slip(facts, language, columns, copy, reprint)
    finally:
        forget(layout)


def _job(elements: list, printer: dict) -> bytes:
    from milepad.receipt import code_pages, escpos

    try:
        return escpos.job(elements, printer)
    finally:
        forget(escpos, code_pages)


async def approved(till, entry, outcome, rows: list[str], voided: bool = False) -> None:
    """Shows an approval's rows while its slip is printed, and then until a key.

    What is odd about it follows on screens of its own. `outcome` is None for one of an
    earlier life of the device, whose reply was not kept. `voided`: a reversal of a redemption
    whose discount was never given.
    """
    terminal = till.terminal
    terminal.announce("ok", *rows, terminal.text("printing"))
    facts = of_outcome(till, entry, outcome) if outcome else of_entry(till, entry)
    facts["voided"] = voided
    await print_slip(till, facts, entry.intent.language)
    await terminal.message("", *rows, terminal.text("go_on"))
    await _odd(terminal, entry)


async def _odd(terminal, entry) -> None:
    """An approval that names another amount than was asked, or no number to prove it by."""
    intent, result = entry.intent, entry.result
    support = terminal.text("advice_escalate")
    quote = terminal.text("unknown_advice") % intent.trace_id
    go_on = terminal.text("go_on")
    if result.mismatch:
        asked = terminal.text("asked")
        if intent.redeem_cents:
            asked = terminal.pair(asked, terminal.dollars(intent.redeem_cents))
        title = terminal.text("mismatch")
        await terminal.warning(
            "error", title, asked if intent.redeem_cents else support, quote, go_on
        )
    if not result.confirmation_number:
        title = terminal.text("no_confirmation")
        await terminal.warning("error", title, support, quote, go_on)


async def inquiry_failed(till, sale, outcome, second_key: str) -> None:
    """An inquiry that was refused or got no answer; its trace id where support asks for it."""
    is_told = screens.needs_slip(INQUIRE, outcome)
    if is_told:
        facts = _common(till, till.time.now_s(), sale.collector_number)
        add_refusal(facts, outcome.code, sale.language)
        facts["trace_id"] = outcome.trace_id
        await print_slip(till, facts, sale.language)
    await screens.failed(till, outcome, "", second_key, is_told)


def _announce(terminal, facts: dict, reprint: bool) -> None:
    """Says what the slip is about while it is printed; an approval's own screen says it."""
    printing = terminal.text("printing")
    if reprint:
        terminal.show(printing)
    elif facts["kind"] == "unknown":
        second = terminal.text("no_refund" if facts["reversing"] else "no_discount")
        advice = terminal.text("unknown_advice") % facts["trace_id"]
        title = screens.no_answer_title(terminal, facts["response_code"])
        terminal.announce("error", title, second, advice, printing)
    elif facts["kind"] == "declined":
        code, trace_id = facts["response_code"], facts["trace_id"]
        terminal.announce("error", *screens.refused_rows(terminal, code, trace_id))


async def print_slip(till, facts: dict, language: str, reprint: bool = False) -> bool:
    """Prints the customer's copy and, where the shop keeps one, the store's.

    False when the cashier gave up on one of them.
    """
    till.last_slip = (facts, language)
    terminal = till.terminal
    _announce(terminal, facts, reprint)
    printer = till.profile["printer"]
    copies = ["customer"]
    if printer["store_copy"] and facts["kind"] != "balance":
        copies.append("store")
    for copy in copies:
        # The halves of the receipt room take heap one after the other, and none of it while
        # the paper moves.
        job = _job(_elements(facts, language, printer["columns"], copy, reprint), printer)
        if not await terminal.print(job):
            return False
    return True


async def print_totals(till, totals, day_start_s: int) -> bool:
    """Prints a day's totals in the cashier's language; False when the cashier gave up.

    It is no sale's slip: a reprint goes on giving the last of those.
    """
    facts = _common(till, till.time.now_s(), "")
    facts["kind"] = "totals"
    facts["day_start"] = clock.local(day_start_s, till.zone)
    for name in _TOTALS:
        facts[name] = getattr(totals, name)
    facts["net_cents"] = totals.net_cents()
    facts["net_miles"] = totals.net_miles()
    printer = till.profile["printer"]
    language = till.terminal.language
    elements = _elements(facts, language, printer["columns"], "store", False)
    return await till.terminal.print(_job(elements, printer))
