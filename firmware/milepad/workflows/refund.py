"""Refund: the redemption of a slip is taken back, whole, while the platform allows it."""

from milepad.amcash import codes, requests
from milepad.base.errors import CardError, LedgerFullError, StorageError
from milepad.card import scan
from milepad.link.session import APPROVED, UNKNOWN
from milepad.workflows import screens, slips


async def run(till) -> None:
    """Confirmation number, card, reversal, slip. Raises Cancelled."""
    terminal = till.terminal
    number = await _confirmation_number(terminal)
    kept = till.ledger.find(number)
    cents = kept.result.cents if kept else 0
    hint = terminal.dollars(cents) if cents else ""
    card = await terminal.card(till.profile["card"], hint)
    sale = requests.Sale(card.collector_number, card.card_entry_mode, 0)
    if sale.card_entry_mode == requests.MANUAL:
        await terminal.message("error", terminal.text("manual_no_redeem"))
        return
    sale.confirmation_number = number
    sale.language = terminal.language
    terminal.show(
        terminal.pair(terminal.text("refund"), hint),
        terminal.text("confirmation_is") % number[-17:],
        terminal.text("refund_window") % _deadline(till),
        terminal.text("yes_no"),
    )
    await terminal.key("ENTER")
    await reverse(till, sale)


def _deadline(till) -> str:
    """Until when today's redemptions can be reversed, as the platform's clock says it."""
    return "%02d:00" % till.profile["time"]["reversal_hour"]


async def _confirmation_number(terminal) -> str:
    """The number of the slip: its barcode scanned, or its digits keyed."""
    while True:
        kind, value = await terminal.ask_line(
            terminal.text("confirmation"), terminal.text("confirmation_how")
        )
        try:
            if kind != "swipe":  # a card is no slip
                return scan.confirmation_number(value)
            await terminal.notice(terminal.text("code_0057"))
        except CardError:
            await terminal.notice(terminal.text("code_0057"))


async def reverse(till, sale) -> None:
    """Sends the reversal, tells and prints what came of it."""
    terminal = till.terminal
    try:
        entry, outcome = await till.move(codes.REVERSE, sale)
    except StorageError as fault:
        await screens.cannot_keep(till, isinstance(fault, LedgerFullError))
        return
    facts = slips.of_entry(till, entry)
    if outcome.kind == APPROVED:
        await reversed_screen(till, entry, outcome.reply)
        return
    row = codes.Row(outcome.code)
    if outcome.kind == UNKNOWN or row.code == "0080":
        facts["message"] = terminal.text(row.message_key)
        await slips.print_slip(till, facts, sale.language)
    await screens.failed(till, outcome, entry.intent.trace_id, "no_refund")


async def reversed_screen(till, entry, reply) -> None:
    """The miles are back with the collector."""
    terminal = till.terminal
    result = entry.result
    rows = [
        terminal.pair(terminal.text("approved"), terminal.dollars(result.cents)),
        terminal.text("confirmation_is") % result.confirmation_number,
        terminal.text("reversed") % result.miles,
    ]
    terminal.sound("ok")
    terminal.show(*rows, terminal.text("printing"))
    facts = slips.add_balances(slips.of_entry(till, entry), reply)
    facts["units"] = reply.number("unitsReversed")
    await slips.print_slip(till, facts, entry.intent.language)
    await terminal.message("ok", *rows, terminal.text("go_on"))
