"""Facts for the printer: an entry or a reply becomes the plain values of a slip.

What may be printed is decided by the response code's row; how it looks, by `receipt`.
"""

from milepad.amcash import codes
from milepad.base import clock
from milepad.base.pythons import forget
from milepad.link.session import APPROVED, UNKNOWN

_BALANCES = (
    ("cash_balance", "cashBalance"),
    ("dream_balance", "dreamBalance"),
    ("available_cash_miles", "availableCashBalance"),
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


def add_balances(facts: dict, reply) -> dict:
    """Adds what the reply says about miles, if its code lets paper show it."""
    facts["response_code"] = reply.code
    facts["balances_allowed"] = codes.Row(reply.code).balances
    for name, member in _BALANCES:
        facts[name] = reply.number(member)
    facts["available_cents"] = reply.cents("availableDollarAmount")
    return facts


def of_entry(till, entry) -> dict:
    """The facts of a ledger entry; balances are not kept, so a later reprint has none."""
    intent, result = entry.intent, entry.result
    facts = _common(till, intent.unix_s, intent.collector_number)
    reversing = intent.op == codes.REVERSE
    if result.outcome == APPROVED:
        facts["kind"] = "reversal" if reversing else "redemption"
        facts["redeemed_cents"] = result.cents or intent.redeem_cents or None
        facts["miles"] = result.miles or None  # none: the reply did not say
    else:
        facts["kind"] = "unknown" if result.outcome == UNKNOWN else "declined"
        facts["reversing"] = reversing
    facts["trace_id"] = intent.trace_id
    facts["response_code"] = result.response_code
    facts["confirmation_number"] = result.confirmation_number
    if reversing:
        facts["redemption_number"] = intent.confirmation_number
    else:
        facts["basket_cents"] = intent.basket_cents
    return facts


def of_balance(till, sale, reply, unix_s: int) -> dict:
    """The facts of a balance inquiry."""
    facts = _common(till, unix_s, sale.collector_number)
    facts["kind"] = "balance"
    return add_balances(facts, reply)


def _job(facts: dict, language: str, printer: dict, copy: str, reprint: bool) -> bytes:
    """A slip as bytes. The receipt room takes heap only until they are made."""
    from milepad.receipt import code_pages, escpos, layout, words

    try:
        slip = layout.slip(facts, language, printer["columns"], copy, reprint)
        return escpos.job(slip, printer)
    finally:
        forget(layout, escpos, code_pages, words)


async def print_slip(till, facts: dict, language: str, reprint: bool = False) -> bool:
    """Prints the customer's copy and, where the shop keeps one, the store's.

    False when the cashier gave up on one of them.
    """
    till.last_slip = (facts, language)
    if reprint or facts["kind"] == "unknown":  # an approval's own screen says it
        till.terminal.show(till.terminal.text("printing"))
    printer = till.profile["printer"]
    copies = ["customer"]
    if printer["store_copy"] and facts["kind"] != "balance":
        copies.append("store")
    for copy in copies:
        if not await till.terminal.print(_job(facts, language, printer, copy, reprint)):
            return False
    return True
