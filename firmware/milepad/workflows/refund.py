"""Refund: the redemption of a slip is taken back, whole, while the platform allows it.

What the ledger knows is said before anything is sent: a sale that was refunded, another
collector's card, a first try without an answer. To ask the platform once more is safe: it
takes a redemption back once, and answers 0057 after that.
"""

from milepad.amcash.requests import Sale
from milepad.base import clock
from milepad.base.errors import CardError, LedgerFullError, StorageError
from milepad.base.vocabulary import APPROVED, DECLINED, MANUAL, NOT_SENT, REVERSE
from milepad.card import scan
from milepad.workflows import screens, slips

_NO_SUCH_REDEMPTION = "0057"


async def run(till) -> None:
    """Confirmation number, card, reversal, slip. Raises Cancelled."""
    terminal = till.terminal
    if till.ledger.warning:  # without a ledger that lasts nothing may be reversed
        await screens.cannot_keep(till, False)
        return
    number, kept = await _redemption(till)
    if await _is_refunded(till, number):
        return
    cents = kept.moved_cents if kept else 0
    hint = terminal.dollars(cents) if cents else ""
    card = await _card(till, kept, hint)
    if kept is None and card.collector_number == number:  # both times the card
        await terminal.message("error", terminal.text("is_card"))
        return
    sale = Sale(card.collector_number, card.card_entry_mode, 0)
    if sale.card_entry_mode == MANUAL:
        await terminal.message("error", terminal.text("manual_no_redeem"))
        return
    sale.confirmation_number = number
    sale.language = terminal.slip_language
    terminal.show(
        terminal.pair(terminal.text("refund"), hint),
        terminal.confirmation(slips.shown_number(till, number, kept is not None)),
        terminal.text("refund_window") % _deadline(till),
        terminal.text("yes_no"),
    )
    await terminal.key("ENTER")
    await reverse(till, sale)


def _deadline(till) -> str:
    """Until when today's redemptions can be reversed, as the platform's clock says it."""
    return "%02d:00" % till.profile["time"]["reversal_hour"]


async def _redemption(till) -> tuple:
    """(number, the ledger's redemption or None) of the slip that was scanned or keyed.

    A number that the ledger does not know and that a card could have is asked about: some
    confirmation numbers of other tills look like one too.
    """
    terminal = till.terminal
    while True:
        number = await _confirmation_number(terminal)
        kept = till.ledger.find_redemption(number)
        if kept or not scan.is_card(number, till.profile["card"]):
            return number, kept
        terminal.announce(
            "error",
            terminal.text("is_card"),
            terminal.text("confirmation_how"),
            terminal.text("is_card_keys"),
        )
        if await terminal.key("ENTER", "00") == "00":
            return number, None


async def _confirmation_number(terminal) -> str:
    """The number of the slip: its barcode scanned, or its digits keyed."""
    while True:
        how = terminal.text("confirmation_how")
        kind, value = await terminal.ask_line(terminal.text("confirmation"), how)
        if kind == "swipe":
            await terminal.notice(terminal.text("is_card") + "\n" + how)
            continue
        try:
            return scan.confirmation_number(value)
        except CardError:
            await terminal.notice(terminal.text("code_0057"))


async def _is_refunded(till, number: str) -> bool:
    """Whether the ledger knows that nothing is left to refund, or that a try must be settled
    first; both were told. A try without an answer goes on by choice. Raises Cancelled.
    """
    terminal = till.terminal
    tries = _tries(till, number)
    done = [each for each in tries if each.result and each.result.outcome == APPROVED]
    first = _unanswered(tries)
    if done:
        await terminal.message(
            "error",
            terminal.text("already_refunded"),
            _when_and_cents(terminal, done[-1]),
            terminal.confirmation(done[-1].result.confirmation_number),
            terminal.text("go_on"),
        )
    elif first:
        return await _is_to_be_settled(terminal, first)
    return bool(done)


async def _is_to_be_settled(terminal, first) -> bool:
    """Tells of a try without an answer. True when the device itself will ask about it, False
    when the cashier chose to ask the platform once more. Raises Cancelled.
    """
    rows = [
        terminal.text("refund_unsure"),
        _when_and_cents(terminal, first),
        terminal.text("unknown_advice") % first.intent.trace_id,
    ]
    if first.state == "open":
        await terminal.message("error", *rows, terminal.text("settle_first"))
        return True
    terminal.announce("error", *rows, terminal.text("again_keys"))
    await terminal.key("00")
    return False


def _tries(till, number: str) -> list:
    """The ledger's reversals of a redemption, oldest first."""
    ledger = till.ledger
    if ledger.reversal_of(number) is None:  # as a rule; to read all entries takes longer
        return []
    return [
        entry
        for entry in ledger.entries()
        if entry.intent.op == REVERSE and entry.intent.confirmation_number == number
    ]


def _unanswered(tries: list):
    """The newest try that may have been done; None after an approval. What was refused
    after it settles nothing.
    """
    found = None
    for entry in tries:
        if entry.state != "concluded":
            found = entry
        elif entry.result.outcome == APPROVED:
            found = None
    return found


def _when_and_cents(terminal, entry) -> str:
    """When a reversal was tried and of how much, as far as that is known."""
    intent = entry.intent
    wall = clock.civil(intent.unix_s + intent.offset_min * 60)
    cents = entry.moved_cents or intent.redeem_cents
    when = "%02d-%02d %02d:%02d" % wall[1:5]
    return terminal.pair(when, terminal.dollars(cents)) if cents else when


async def _card(till, kept, hint: str):
    """The collector's card; another one than the sale's only by choice. Raises Cancelled."""
    terminal = till.terminal
    language = kept.intent.language if kept else ""
    while True:
        card = await terminal.card(till.profile["card"], hint, language)
        if kept is None or card.collector_number == kept.intent.collector_number:
            return card
        if card.card_entry_mode == MANUAL:  # refused for that reason
            return card
        terminal.announce(
            "error",
            terminal.text("other_card"),
            terminal.text("sale_card") % kept.intent.collector_number[-4:],
            terminal.text("other_card_keys"),
        )
        if await terminal.key("ENTER", "00") == "00":
            return card


async def reverse(till, sale, done_key: str = "refunded", before_telling=None) -> str:
    """Sends the reversal, tells and prints what came of it: the outcome's kind.

    `done_key`: the words for a reversal that was done, see `reversed_screen`.
    `before_telling(till, entry)` is called when its outcome is on flash.
    """
    try:
        entry, outcome = await till.move(REVERSE, sale)
    except StorageError as fault:
        await screens.cannot_keep(till, isinstance(fault, LedgerFullError))
        return NOT_SENT
    if before_telling:
        before_telling(till, entry)
    if outcome.kind == APPROVED:
        await reversed_screen(till, entry, outcome, done_key)
        return APPROVED
    if outcome.kind == DECLINED and outcome.code == _NO_SUCH_REDEMPTION:
        first = _unanswered(_tries(till, sale.confirmation_number))
        if first:
            await _probably_done(till.terminal, outcome.code, first)
            return outcome.kind
    is_told = screens.needs_slip(REVERSE, outcome)
    if is_told:
        await slips.print_slip(till, slips.of_entry(till, entry), sale.language)
    await screens.failed(till, outcome, entry.intent.trace_id, "no_refund", is_told)
    return outcome.kind


async def _probably_done(terminal, code: str, first) -> None:
    """Refused as no redemption that could be reversed: an earlier try was done, it seems."""
    await terminal.warning(
        "error",
        terminal.pair(terminal.text("refused"), code),
        terminal.text("probably_refunded"),
        terminal.text("unknown_advice") % first.intent.trace_id,
        terminal.text("go_on"),
    )


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
