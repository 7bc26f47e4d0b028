"""Refund: the redemption of a slip is taken back, whole, while the platform allows it.

What the ledger knows is said before anything is sent: a sale that was refunded, another
collector's card, a first try without an answer. To ask the platform once more is safe: it
takes a redemption back once, and answers 0057 after that.
"""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import Cancelled, CardError, StorageError
from milepad.base.transaction import Transaction
from milepad.base.vocabulary import APPROVED, DECLINED, MANUAL, NOT_SENT, OPEN, REVERSE
from milepad.card import scan
from milepad.ledger.earned import earning_of, find_earning, returns_of
from milepad.terminal import prompts, screens

if TYPE_CHECKING:
    from collections.abc import Callable

    from milepad.card.collector_number import Card
    from milepad.link.retry import CallResult
    from milepad.terminal.terminal import Terminal
    from milepad.workflows.device import Device

_NO_SUCH_REDEMPTION = "0057"
# In the place of an outcome: nothing was sent, and the cashier tries again.
_AGAIN = "again"


async def run(device: "Device") -> None:
    """Confirmation number, card, reversal, slip. Raises Cancelled."""
    terminal = device.terminal
    if device.ledger.warning:  # without a ledger that lasts nothing may be reversed
        await screens.cannot_keep(device.terminal, device.ledger.warning)
        return
    number, kept = await _redemption(device)
    if await _is_refunded(device, number):
        return
    cents = kept.moved_cents if kept else 0
    hint = terminal.dollars(cents) if cents else ""
    card = await _card(device, kept, hint)
    if kept is None and card.collector_number == number:  # both times the card
        await terminal.message("error", terminal.text("is_card"))
        return
    terminal.show(
        terminal.pair(terminal.text("refund"), hint),
        terminal.confirmation(device.slips.facts.shown_number(number, kept is not None)),
        terminal.text("refund_window") % _deadline(device),
        terminal.text("yes_no"),
    )
    await terminal.key("ENTER")
    outcome = _AGAIN
    while outcome == _AGAIN:  # as a new transaction: a trace id stands for one intent
        reversal = Transaction(
            collector_number=card.collector_number,
            card_entry_mode=card.card_entry_mode,
            redemption_number=number,
            language=terminal.slip_language,
        )
        outcome = await reverse(device, reversal, may_retry=True)


def _deadline(device: "Device") -> str:
    """Until when today's redemptions can be reversed, as the platform's clock says it."""
    return "%02d:00" % device.profile["time"]["reversal_hour"]


async def _redemption(device: "Device") -> tuple[str, Transaction | None]:
    """(number, the ledger's redemption or None) of the slip that was scanned or keyed.

    A number that the ledger does not know and that a card could have is asked about: some
    confirmation numbers of other tills look like one too. An earning's is for another key.
    """
    terminal = device.terminal
    while True:
        number = await _confirmation_number(terminal)
        kept = device.ledger.find_redemption(number)
        bare = scan.without_code_letters(number)
        if kept is None and bare != number:  # the number itself may begin with letters
            kept = device.ledger.find_redemption(bare)
            number = bare if kept else number
        if not kept and find_earning(device.ledger, bare):
            await terminal.notice(terminal.text("is_earning"))
            continue
        if kept or not scan.is_card(number, device.profile["card"]):
            return number, kept
        terminal.announce(
            "error",
            terminal.text("is_card"),
            terminal.text("confirmation_how"),
            terminal.text("use_or_again"),
        )
        if await terminal.key("ENTER", "00") == "00":
            return number, None


async def _confirmation_number(terminal: "Terminal") -> str:
    """The number of the slip: its barcode scanned, or its digits keyed."""
    while True:
        how = terminal.text("confirmation_how")
        title, or_key = terminal.text("confirmation"), terminal.text("or_key")
        kind, value = await prompts.ask_line(terminal, title, how, or_key)
        if kind == "swipe":
            await terminal.notice(terminal.text("is_card") + "\n" + how)
            continue
        if kind == "noise":
            await terminal.notice(terminal.text("slip_bad"))
            continue
        try:
            return scan.confirmation_number(value)
        except CardError:
            await terminal.notice(terminal.text("code_0057"))


async def _is_refunded(device: "Device", number: str) -> bool:
    """Whether the ledger knows that nothing is left to refund, or that a try must be settled
    first; both were told. A try without an answer goes on by choice. Raises Cancelled.
    """
    terminal = device.terminal
    tries = _tries(device, number)
    done = [each for each in tries if each.outcome == APPROVED]
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


async def _is_to_be_settled(terminal: "Terminal", first: Transaction) -> bool:
    """Tells of a try without an answer. True when the device itself will ask about it, False
    when the cashier chose to ask the platform once more. Raises Cancelled.
    """
    rows = [
        terminal.text("refund_unsure"),
        _when_and_cents(terminal, first),
        terminal.text("unknown_advice") % first.trace_id,
    ]
    if first.outcome == OPEN:
        await terminal.message("error", *rows, terminal.text("settle_first"))
        return True
    terminal.announce("error", *rows, terminal.text("again_keys"))
    await terminal.key("00")
    return False


def _tries(device: "Device", number: str) -> list[Transaction]:
    """The ledger's reversals of a redemption, oldest first."""
    ledger = device.ledger
    if ledger.reversal_of(number) is None:  # as a rule; to read all entries takes longer
        return []
    return [
        entry
        for entry in ledger.entries()
        if entry.op == REVERSE and entry.redemption_number == number
    ]


def _unanswered(tries: list[Transaction]) -> Transaction | None:
    """The newest try that may have been done; None after an approval. What was refused
    after it settles nothing.
    """
    found = None
    for entry in tries:
        if entry.is_unresolved:
            found = entry
        elif entry.outcome == APPROVED:
            found = None
    return found


def _when_and_cents(terminal: "Terminal", entry: Transaction) -> str:
    """When a reversal was tried and of how much, as far as that is known."""
    cents = entry.moved_cents or entry.redeem_cents
    when = "%02d-%02d %02d:%02d" % entry.local_time[1:5]
    return terminal.pair(when, terminal.dollars(cents)) if cents else when


async def _card(device: "Device", kept: Transaction | None, hint: str) -> "Card":
    """The collector's card; another one than the sale's only by choice. Raises Cancelled."""
    terminal = device.terminal
    language = kept.language if kept else ""
    while True:
        card = await prompts.ask_card(
            terminal, device.profile["card"], hint, language, "keyed_no_refund"
        )
        if card.card_entry_mode == MANUAL:
            rows = (terminal.text("keyed_no_refund"), terminal.text("card_how"))
            if not await terminal.again(*rows, takes_card=True):
                raise Cancelled("no card")
            continue
        if kept is None or card.collector_number == kept.collector_number:
            return card
        terminal.announce(
            "error",
            terminal.text("other_card"),
            terminal.text("sale_card") % kept.collector_number[-4:],
            terminal.text("other_card_keys"),
        )
        if await terminal.key("ENTER", "00") == "00":
            return card


async def reverse(
    device: "Device",
    reversal: Transaction,
    done_key: str = "refunded",
    before_telling: "Callable[[Device, Transaction], object] | None" = None,
    may_retry: bool = False,
) -> str:
    """Sends the reversal, tells and prints what came of it: its outcome.

    `done_key`: the words for a reversal that was done, see `reversed_screen`.
    `before_telling(device, reversal)` is called when its outcome is on flash. `may_retry`:
    where nothing was sent, ENTER=AGAIN is offered; the outcome is then `_AGAIN`.
    """
    try:
        call = await device.transactions.submit(REVERSE, reversal)
    except StorageError as fault:
        await screens.cannot_keep(device.terminal, fault.reason)
        return NOT_SENT
    if before_telling:
        before_telling(device, reversal)
    if call.outcome == APPROVED:
        await reversed_screen(device, reversal, call, done_key)
        return APPROVED
    if call.outcome == DECLINED and call.code == _NO_SUCH_REDEMPTION:
        first = _unanswered(_tries(device, reversal.redemption_number))
        if first:
            await _probably_done(device.terminal, call.code, first)
            return call.outcome
    is_told = screens.needs_slip(REVERSE, call)
    if is_told:
        await device.slips.print_transaction(reversal)
    is_again = await screens.failed(
        device.terminal, call, reversal.trace_id, "no_refund", is_told, may_retry
    )
    return _AGAIN if is_again else call.outcome


async def _probably_done(terminal: "Terminal", code: str, first: Transaction) -> None:
    """Refused as no redemption that could be reversed: an earlier try was done, it seems."""
    await terminal.warning(
        "error",
        terminal.pair(terminal.text("refused"), code),
        terminal.text("probably_refunded"),
        terminal.text("unknown_advice") % first.trace_id,
        terminal.text("go_on"),
    )


async def reversed_screen(
    device: "Device",
    reversal: Transaction,
    call: "CallResult | None",
    done_key: str = "refunded",
) -> None:
    """The miles are back with the collector. `done_key`: "refunded", or "voided" for a
    redemption whose discount was never given; nothing but a redemption says APPROVED.
    """
    terminal = device.terminal
    result = reversal.result
    title = terminal.text(done_key)
    if result.cents and done_key == "refunded":
        title = terminal.pair(title, terminal.dollars(result.cents))
    last = terminal.text("reversed") % result.miles if result.miles else ""
    if done_key == "refunded" and device.earnings and _has_earned(device, reversal):
        last = terminal.text("return_too")  # the miles that came back are on the slip
    rows = [title, terminal.confirmation(result.confirmation_number), last]
    await device.slips.approved(reversal, call, rows, done_key == "voided")


def _has_earned(device: "Device", reversal: Transaction) -> bool:
    """Whether the same checkout has earned, and not all of that is taken back."""
    try:
        earning = earning_of(device.ledger, reversal.redemption_number)
        if earning is None or earning.outcome not in (APPROVED, OPEN):
            return False
        left_cents = earning.basket_cents
        for each in returns_of(device.ledger, earning.trace_id):
            if each.outcome in (APPROVED, OPEN):
                left_cents -= each.basket_cents
    except StorageError:  # a hint is not worth an outcome's screen
        return False
    return left_cents > 0
