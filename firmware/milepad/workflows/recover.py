"""Recovery: a request that a power cut left open is finished, voided or set aside.

FINISH sends the identical copy and takes its answer. VOID does the same to learn the
outcome, and takes an approved redemption back. LATER leaves it open, to be asked again.
Both need the one copy that the retry rule still allows; before it leaves, an ECHO makes
sure of the link, of the token and of the time. What is decided for a VOID is on flash before
anything is sent, so that it is carried out after any number of cuts: an open redemption with
that decision, then an approved one with it, then its reversal, then one without it.

Nothing is given up while the time is not proven: a person does it, or the age limit.
"""

from milepad.amcash.requests import Sale
from milepad.base.compat import const
from milepad.base.errors import Cancelled, FieldError, StorageError
from milepad.base.vocabulary import APPROVED, DECLINED, NOT_SENT, REVERSE, UNKNOWN
from milepad.workflows import checkout, interrupted, refund, screens, slips

_MAX_AHEAD_S = const(60)  # so far an entry may lie in the future; a clock is never exact
_SPENT = "no_copy_left"
_TOO_OLD = "too_old"


def is_needed(till) -> bool:
    """Whether something is open, or a VOID was decided and is not settled."""
    ledger = till.ledger
    return bool(ledger.open_entries() or ledger.voids_pending())


async def run(till) -> None:
    """Each of them by itself; what is left for later stays as it is."""
    told = []
    for entry in till.ledger.open_entries():
        await _open_entry(till, entry)
        told.append(entry.sequence)
    for entry in till.ledger.voids_pending():
        if entry.sequence not in told:  # else it was tried a moment ago
            await _void(till, entry, told)


def _is_of_void(till, reversal) -> bool:
    """Whether it takes back what was to be voided, and not what a customer brought back."""
    number = reversal.intent.confirmation_number
    return number in [_number(entry) for entry in till.ledger.voids_pending()]


def _settle_void_of(till, reversal) -> bool:
    """Settles the VOID that a reversal has done, or of which nothing more can be learned here:
    before it is told, for what the cashier has read is not told again. Whether there was one.
    """
    if reversal.result.outcome not in (APPROVED, UNKNOWN):
        return False
    number = reversal.intent.confirmation_number
    voids = [entry for entry in till.ledger.voids_pending() if _number(entry) == number]
    for entry in voids:
        till.settle_void(entry)
    return bool(voids)


def _number(entry) -> str:
    """The confirmation number of a redemption."""
    return entry.result.confirmation_number


def obstacle(till, entry) -> str:
    """Why the identical copy may not be sent, in a word; "" when it may."""
    intent = entry.intent
    if entry.copies_sent > 1:
        return _SPENT
    if not till.is_same_request(intent):
        return "settings_changed"
    if not till.time.is_proven():
        # An ECHO comes before the copy, and its reply tells the time; or it did not.
        return "reply_no_time" if till.time.heard else ""
    age_s = till.time.now_s() - intent.unix_s
    if age_s < -_MAX_AHEAD_S:
        return "wrong_time"
    return _TOO_OLD if age_s > till.profile["cashier"]["finish_s"] else ""


async def _open_entry(till, entry) -> None:
    """Until it is settled or left for later; every further round is a person's choice."""
    choice = interrupted.VOID if entry.decision == "void" else ""
    if entry.intent.op == REVERSE and _is_of_void(till, entry):
        choice = interrupted.FINISH
    was_asked = False
    while await interrupted.wait_for_time(till, entry):
        if not (was_asked or till.time.is_proven()):
            was_asked = True
            await _echo(till)  # where it is too old, it need not be offered
        reason = obstacle(till, entry)
        if reason in (_SPENT, _TOO_OLD) and till.time.is_proven():
            await interrupted.unresolved(till, entry)
            till.give_up(entry)
            return
        if reason:
            if await interrupted.ask_to_give_up(till, entry, reason) != interrupted.LATER:
                await interrupted.unresolved(till, entry)
                till.give_up(entry)
            return
        choice = choice or await interrupted.ask(till, entry)
        if choice == interrupted.LATER or await _carried_out(till, entry, choice):
            return
        choice = ""


async def _carried_out(till, entry, choice: str) -> bool:
    """Whether that settled the entry; if not, nothing left, and the cashier knows."""
    decision = "void" if choice == interrupted.VOID else "finish"
    try:
        if "void" in (decision, entry.decision) and decision != entry.decision:
            till.note(entry, 1, decision)
        return await _is_ready(till, entry) and await _finish(till, entry, decision)
    except Cancelled:
        return False
    except StorageError:
        await screens.cannot_keep(till, False)
        return False


async def _echo(till):
    """An ECHO that may be stopped; its outcome, or None after a CANCEL."""
    session = till.session
    try:
        return await till.terminal.wait_for(
            "link_testing", till.echo(), lambda: session.stage, lambda: True
        )
    except Cancelled:
        return None


async def _is_ready(till, entry) -> bool:
    """Makes sure of link, token and time; False when the copy may not leave now."""
    outcome = await _echo(till)
    if outcome is None:
        return False
    if outcome.kind != APPROVED:
        await interrupted.not_asked_again(till, entry, outcome)
        return False
    return not obstacle(till, entry)


async def _finish(till, entry, decision: str) -> bool:
    outcome = await till.finish(entry, decision)
    if entry.result is None:
        await interrupted.not_asked_again(till, entry, outcome)
        return False
    if outcome.kind == APPROVED and entry.intent.op == REVERSE:
        done_key = "voided" if _settle_void_of(till, entry) else "refunded"
        await refund.reversed_screen(till, entry, outcome, done_key)
    elif outcome.kind == APPROVED and decision == "void":
        await _void(till, entry, [])
    elif outcome.kind == APPROVED:
        await checkout.approved(till, entry, outcome)
    else:
        intent = entry.intent
        is_told = screens.needs_slip(intent.op, outcome)
        if is_told:
            await slips.print_slip(till, slips.of_entry(till, entry), intent.language)
        key = interrupted.second_key(entry)
        await screens.failed(till, outcome, intent.trace_id, key, is_told)
    return True


async def _no_answer(till, entry) -> None:
    await slips.print_slip(till, slips.of_entry(till, entry), entry.intent.language)
    key = interrupted.second_key(entry)
    code = entry.result.response_code
    await screens.no_answer(till, entry.intent.trace_id, key, "", code)


async def _void(till, entry, told: list) -> None:
    """The redemption happened and is not wanted: it is taken back in full, once.

    Where that fails for certain it stands, and the cashier gets its slip to refund it by.
    Where nothing could be sent it is tried again; without an answer, a person has to ask.
    `told` holds the numbers of entries whose outcome the cashier has just read.
    """
    reversal = till.ledger.reversal_of(_number(entry)) if _number(entry) else None
    if reversal is None or (reversal.result and reversal.result.outcome == NOT_SENT):
        kind = await _reverse(till, entry)
    elif reversal.result is None:  # it waits for its own answer
        return
    else:
        kind = reversal.result.outcome
        _settle_void_of(till, reversal)
        if reversal.sequence not in told:
            await _tell(till, reversal)
    if kind == NOT_SENT:
        await interrupted.void_waits(till, entry)
        return
    if kind == DECLINED:  # told again after a cut: the ledger knows that it was refused
        await _stands(till, entry)
        till.settle_void(entry)


async def _stands(till, entry) -> None:
    """The miles are gone and stay gone: what to give for them, and the slip. Where the platform
    knows no such redemption (0057), somebody else may have taken it back: nothing is given.
    """
    reversal = till.ledger.reversal_of(_number(entry)) if _number(entry) else None
    if not (reversal and reversal.result and reversal.result.response_code == "0057"):
        await checkout.approved(till, entry, None)


async def _reverse(till, entry) -> str:
    """Sends the reversal and tells what came of it: the outcome's kind."""
    intent = entry.intent
    sale = Sale(intent.collector_number, intent.card_entry_mode, 0)
    sale.confirmation_number = _number(entry)
    sale.language = intent.language
    try:
        return await refund.reverse(till, sale, "voided", _settle_void_of)
    except (Cancelled, FieldError):  # a person's word; or no number to take it back by
        till.settle_void(entry)  # first of all: what is given for it must not be taken back
        return DECLINED  # the redemption stands


async def _tell(till, reversal) -> None:
    """What came of a reversal, where the power went before the cashier read it."""
    if reversal.result.outcome == APPROVED:
        await refund.reversed_screen(till, reversal, None, "voided")
    elif reversal.result.outcome == DECLINED:
        intent, result = reversal.intent, reversal.result
        await screens.refused(till, result.response_code, intent.trace_id)
    else:
        await _no_answer(till, reversal)
