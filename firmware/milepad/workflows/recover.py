"""Recovery: a request that a power cut left open is finished, voided or set aside.

FINISH sends the identical copy and takes its answer. VOID does the same to learn the
outcome, and takes an approved redemption back. LATER leaves it open, to be asked again.
Both need the one copy that the retry rule still allows; before it leaves, an ECHO makes
sure of the link, of the token and of the time. What is decided for a VOID is on flash before
anything is sent, so that it is carried out after any number of cuts: an open redemption with
that decision, then an approved one with it, then its reversal, then one without it.

Nothing is given up while the time is not proven: a person does it, or the age limit.
"""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.errors import Cancelled, FieldError, StorageError
from milepad.base.transaction import Transaction
from milepad.base.vocabulary import (
    APPROVED,
    DECLINED,
    NOT_SENT,
    OPEN,
    REDEEM,
    REVERSE,
    UNKNOWN,
)
from milepad.terminal import screens
from milepad.workflows import checkout, interrupted, refund

if TYPE_CHECKING:
    from milepad.link.retry import CallResult
    from milepad.workflows.device import Device
    from milepad.workflows.protocols import AtCheckout

_MAX_AHEAD_S = const(60)  # so far an entry may lie in the future; a clock is never exact
_SPENT = "no_copy_left"
_TOO_OLD = "too_old"


async def run(device: "Device", earn: "AtCheckout | None" = None) -> None:
    """Each of them by itself; what is left for later stays as it is.

    `earn`: what a checkout earns with, None where it does not.
    """
    told = []
    for entry in device.ledger.open_entries():
        await _open_entry(device, entry)
        if earn and (entry.op, entry.outcome) == (REDEEM, APPROVED):
            await _offer_to_earn(device, entry, earn)
        told.append(entry.sequence)
    for entry in device.ledger.voids_pending():
        if entry.sequence not in told:  # else it was tried a moment ago
            await _void(device, entry, told)


async def _offer_to_earn(device: "Device", sale: Transaction, earn: "AtCheckout") -> None:
    """What was finished may earn; what was voided, or is to be, has no sale here any more."""
    if sale.result.decision == "void" or device.ledger.reversal_of(
        sale.result.confirmation_number
    ):
        return
    try:
        await earn.finished(device, sale)
    except Cancelled:
        pass  # a person's word; the next entry is asked about all the same


def _is_of_void(device: "Device", reversal: Transaction) -> bool:
    """Whether it takes back what was to be voided, and not what a customer brought back."""
    number = reversal.redemption_number
    return number in [
        entry.result.confirmation_number for entry in device.ledger.voids_pending()
    ]


def _close_void_of(device: "Device", reversal: Transaction) -> bool:
    """Closes the VOID that a reversal has done, or of which nothing more can be learned here:
    before it is told, for what the cashier has read is not told again. Whether there was one.
    """
    if reversal.outcome not in (APPROVED, UNKNOWN):
        return False
    number = reversal.redemption_number
    found = [
        entry
        for entry in device.ledger.voids_pending()
        if entry.result.confirmation_number == number
    ]
    for entry in found:
        device.transactions.close_void(entry)
    return bool(found)


def obstacle(device: "Device", entry: Transaction) -> str:
    """Why the identical copy may not be sent, in a word; "" when it may."""
    if entry.result.copies_sent > 1:
        return _SPENT
    if not device.transactions.identical.is_same(entry):
        return "settings_changed"
    if not device.time.is_proven():
        # An ECHO comes before the copy, and its reply tells the time; or it did not.
        return "reply_no_time" if device.time.heard else ""
    age_s = device.time.now_s() - entry.unix_s
    if age_s < -_MAX_AHEAD_S:
        return "wrong_time"
    return _TOO_OLD if age_s > device.profile["cashier"]["finish_s"] else ""


async def _open_entry(device: "Device", entry: Transaction) -> None:
    """Until it is settled or left for later; every further round is a person's choice."""
    choice = interrupted.VOID if entry.result.decision == "void" else ""
    if entry.op == REVERSE and _is_of_void(device, entry):
        choice = interrupted.FINISH
    was_asked = False
    while await interrupted.wait_for_time(device, entry):
        if not (was_asked or device.time.is_proven()):
            was_asked = True
            await _echo(device)  # where it is too old, it need not be offered
        reason = obstacle(device, entry)
        if reason in (_SPENT, _TOO_OLD) and device.time.is_proven():
            await interrupted.unresolved(device, entry)
            device.transactions.give_up(entry)
            return
        if reason:
            if await interrupted.ask_to_give_up(device, entry, reason) != interrupted.LATER:
                await interrupted.unresolved(device, entry)
                device.transactions.give_up(entry)
            return
        choice = choice or await interrupted.ask(device, entry)
        if choice == interrupted.LATER or await _carried_out(device, entry, choice):
            return
        choice = ""


async def _carried_out(device: "Device", entry: Transaction, choice: str) -> bool:
    """Whether that settled the entry; if not, nothing left, and the cashier knows."""
    decision = "void" if choice == interrupted.VOID else "finish"
    try:
        if (
            "void" in (decision, entry.result.decision)
            and decision != entry.result.decision
        ):
            device.transactions.note(entry, 1, decision)
        return await _is_ready(device, entry) and await _finish(device, entry, decision)
    except Cancelled:
        return False
    except StorageError as fault:
        await screens.cannot_keep(device.terminal, fault.reason)
        return False


async def _echo(device: "Device") -> "CallResult | None":
    """An ECHO that may be stopped; its outcome, or None after a CANCEL."""
    try:
        return await device.transactions.test_link()
    except Cancelled:
        return None


async def _is_ready(device: "Device", entry: Transaction) -> bool:
    """Makes sure of link, token and time; False when the copy may not leave now."""
    call = await _echo(device)
    if call is None:
        return False
    if call.outcome != APPROVED:
        await interrupted.not_asked_again(device, entry, call)
        return False
    return not obstacle(device, entry)


async def _finish(device: "Device", entry: Transaction, decision: str) -> bool:
    call = await device.transactions.finish(entry, decision)
    if entry.outcome == OPEN:
        await interrupted.not_asked_again(device, entry, call)
        return False
    if call.outcome == APPROVED and entry.op == REVERSE:
        done_key = "voided" if _close_void_of(device, entry) else "refunded"
        await refund.reversed_screen(device, entry, call, done_key)
    elif call.outcome == APPROVED and decision == "void":
        await _void(device, entry, [])
    elif call.outcome == APPROVED:
        await checkout.approved(device, entry, call)
    else:
        is_told = screens.needs_slip(entry.op, call)
        if is_told:
            await device.slips.print_transaction(entry)
        key = interrupted.second_key(entry)
        await screens.failed(device.terminal, call, entry.trace_id, key, is_told)
    return True


async def _no_answer(device: "Device", entry: Transaction) -> None:
    await device.slips.print_transaction(entry)
    key = interrupted.second_key(entry)
    code = entry.result.response_code
    await screens.no_answer(device.terminal, entry.trace_id, key, "", code)


async def _void(device: "Device", entry: Transaction, told: list) -> None:
    """The redemption happened and is not wanted: it is taken back in full, once.

    Where that fails for certain it stands, and the cashier gets its slip to refund it by.
    Where nothing could be sent it is tried again; without an answer, a person has to ask.
    `told` holds the numbers of entries whose outcome the cashier has just read.
    """
    reversal = device.ledger.reversal_of(entry.result.confirmation_number)
    if reversal is None or reversal.outcome == NOT_SENT:
        outcome = await _reverse(device, entry)
    elif reversal.outcome == OPEN:  # it waits for its own answer
        return
    else:
        outcome = reversal.outcome
        _close_void_of(device, reversal)
        if reversal.sequence not in told:
            await _tell(device, reversal)
    if outcome == NOT_SENT:
        await interrupted.void_waits(device, entry)
        return
    if outcome == DECLINED:  # told again after a cut: the ledger knows that it was refused
        await _stands(device, entry)
        device.transactions.close_void(entry)


async def _stands(device: "Device", entry: Transaction) -> None:
    """The miles are gone and stay gone: what to give for them, and the slip. Where the platform
    knows no such redemption (0057), somebody else may have taken it back: nothing is given.
    """
    reversal = device.ledger.reversal_of(entry.result.confirmation_number)
    if not (reversal and reversal.result.response_code == "0057"):
        await checkout.approved(device, entry, None)


async def _reverse(device: "Device", entry: Transaction) -> str:
    """Sends the reversal and tells what came of it: its outcome."""
    reversal = Transaction(
        collector_number=entry.collector_number,
        card_entry_mode=entry.card_entry_mode,
        redemption_number=entry.result.confirmation_number,
        language=entry.language,
    )
    try:
        return await refund.reverse(device, reversal, "voided", _close_void_of)
    except (Cancelled, FieldError):  # a person's word; or no number to take it back by
        # First of all: what is given for it must not be taken back.
        device.transactions.close_void(entry)
        return DECLINED  # the redemption stands


async def _tell(device: "Device", reversal: Transaction) -> None:
    """What came of a reversal, where the power went before the cashier read it."""
    if reversal.outcome == APPROVED:
        await refund.reversed_screen(device, reversal, None, "voided")
    elif reversal.outcome == DECLINED:
        code = reversal.result.response_code
        await screens.refused(device.terminal, code, reversal.trace_id)
    else:
        await _no_answer(device, reversal)
