"""Refund: the redemption of a slip is taken back, whole, while the platform allows it."""

from milepad.amcash import codes
from milepad.amcash.values import MANUAL, Sale
from milepad.base.errors import CardError, LedgerFullError, StorageError
from milepad.card import scan
from milepad.card.collector_number import masked
from milepad.link.session import APPROVED, NOT_SENT
from milepad.workflows import screens, slips


async def run(till) -> None:
    """Confirmation number, card, reversal, slip. Raises Cancelled."""
    terminal = till.terminal
    if till.ledger.warning:  # without a ledger that lasts nothing may be reversed
        await screens.cannot_keep(till, False)
        return
    number = await _confirmation_number(terminal)
    kept = till.ledger.find_redemption(number)
    cents = kept.moved_cents if kept else 0
    hint = terminal.dollars(cents) if cents else ""
    language = kept.intent.language if kept else ""
    card = await terminal.card(till.profile["card"], hint, language)
    if card.collector_number == number:  # the card was scanned in place of the slip
        await terminal.message("error", terminal.text("code_0057"))
        return
    sale = Sale(card.collector_number, card.card_entry_mode, 0)
    if sale.card_entry_mode == MANUAL:
        await terminal.message("error", terminal.text("manual_no_redeem"))
        return
    sale.confirmation_number = number
    sale.language = terminal.slip_language
    terminal.show(
        terminal.pair(terminal.text("refund"), hint),
        terminal.confirmation(_shown(number, till.profile["card"])),
        terminal.text("refund_window") % _deadline(till),
        terminal.text("yes_no"),
    )
    await terminal.key("ENTER")
    await reverse(till, sale)


def _shown(number: str, rules: dict) -> str:
    """The number for the screen; masked where a card may have been scanned by mistake."""
    try:
        is_card = not scan.scan(number, rules).warning
    except CardError:
        is_card = False
    return masked(number) if is_card else number


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


async def reverse(till, sale, done_key: str = "refunded") -> str:
    """Sends the reversal, tells and prints what came of it: the outcome's kind.

    `done_key`: the words for a reversal that was done, see `reversed_screen`.
    """
    try:
        entry, outcome = await till.move(codes.REVERSE, sale)
    except StorageError as fault:
        await screens.cannot_keep(till, isinstance(fault, LedgerFullError))
        return NOT_SENT
    if outcome.kind == APPROVED:
        await reversed_screen(till, entry, outcome, done_key)
        return APPROVED
    is_told = screens.needs_slip(codes.REVERSE, outcome)
    if is_told:
        await slips.print_slip(till, slips.of_entry(till, entry), sale.language)
    await screens.failed(till, outcome, entry.intent.trace_id, "no_refund", is_told)
    return outcome.kind


async def reversed_screen(till, entry, outcome, done_key: str = "refunded") -> None:
    """The miles are back with the collector. `done_key`: "refunded", or "voided" for a
    redemption whose discount was never given; nothing but a redemption says APPROVED.
    """
    terminal = till.terminal
    result = entry.result
    title = terminal.text(done_key)
    if result.cents and done_key == "refunded":
        title = terminal.pair(title, terminal.dollars(result.cents))
    rows = [
        title,
        terminal.confirmation(result.confirmation_number),
        terminal.text("reversed") % result.miles if result.miles else "",
    ]
    await slips.approved(till, entry, outcome, rows, done_key == "voided")
