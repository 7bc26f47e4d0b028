"""Recovery: a request that a power cut left open is finished, voided or set aside.

FINISH sends the identical copy and takes its answer. VOID does the same to learn the
outcome, and takes an approved redemption back. Both need the one copy that the retry rule
still allows; when that is gone, or too old, the entry is marked unresolved.
"""

from binascii import crc32

from milepad.amcash import codes
from milepad.amcash.values import Sale
from milepad.base.errors import Cancelled, FieldError, StorageError
from milepad.base.pythons import const
from milepad.link.session import APPROVED, DECLINED, NOT_SENT
from milepad.workflows import checkout, refund, screens

_PAUSE_MS = const(2000)


async def run(till) -> None:
    """Asks about every open entry; returns when none is left, or the time stays unknown."""
    try:
        await _wait_for_time(till)
    except Cancelled:  # the entry stays open
        return
    for entry in till.ledger.open_entries():
        while may_finish(till, entry):  # nothing left the device: the question comes again
            if await _finish(till, entry, await _choose(till, entry)):
                break
        else:
            await _unresolved(till, entry)


async def _wait_for_time(till) -> None:
    """Without a proven time no age is known, so nothing is offered and nothing given up.

    The platform is asked, whose reply tells it. Raises Cancelled when the cashier goes on.
    """
    terminal, session = till.terminal, till.session
    while not till.time.is_proven():
        await terminal.wait_for(
            "waiting_time", till.echo(), lambda: session.stage, lambda: True
        )
        if till.time.is_proven():
            return
        terminal.show(
            terminal.text("waiting_time"),
            terminal.text("try_again"),
            "",
            terminal.text("wait_cancel"),
        )
        try:
            kind, name = await terminal.event(_PAUSE_MS)
        except Cancelled:
            continue
        if (kind, name) == ("key", "CANCEL"):
            raise Cancelled("CANCEL was pressed")


def may_finish(till, entry) -> bool:
    """Whether the identical copy may still be sent."""
    intent = entry.intent
    age_s = till.time.now_s() - intent.unix_s
    if not -60 <= age_s <= till.profile["cashier"]["finish_s"]:
        return False
    if till.ledger.entry(entry.sequence).copies_sent > 1:
        return False
    try:
        return crc32(till.rebuild(intent).body) == intent.request_crc32
    except FieldError:  # the profile has changed since
        return False


async def _choose(till, entry) -> bool:
    """True for FINISH, False for VOID; waits for as long as it takes."""
    terminal = till.terminal
    intent = entry.intent
    what = terminal.text("op_" + intent.op)
    terminal.forget_events()
    terminal.sound("error")
    while True:
        terminal.show(
            terminal.text("interrupted"),
            terminal.pair(what, terminal.dollars(intent.redeem_cents)),
            terminal.text("interrupted_keys"),
        )
        try:
            name = await terminal.key("ENTER", "CANCEL", "1", "2")
            return name in ("ENTER", "1")
        except Cancelled:
            continue


async def _finish(till, entry, keep: bool) -> bool:
    """Sends the copy; False when nothing left the device and the choice stands again."""
    if not may_finish(till, entry):  # the cashier came back too late
        return False
    second_key = _second_key(entry)
    try:
        outcome = await till.finish(entry)
    except Cancelled:
        return False
    except StorageError:
        await screens.cannot_keep(till, False)
        return False
    if outcome.kind == NOT_SENT or entry.result is None:
        await screens.not_sent(till, outcome.cause, second_key)
        return False
    if outcome.kind == APPROVED:
        await _settle(till, entry, outcome, keep)
    elif outcome.kind == DECLINED:
        await screens.refused(till, outcome.code, entry.intent.trace_id)
    else:
        trace_id = entry.intent.trace_id
        await screens.no_answer(till, trace_id, second_key, code=outcome.code)
    return True


def _second_key(entry) -> str:
    return "no_refund" if entry.intent.op == codes.REVERSE else "no_discount"


async def _settle(till, entry, outcome, keep: bool) -> None:
    if entry.intent.op == codes.REVERSE:
        await refund.reversed_screen(till, entry, outcome)
    elif keep:
        await checkout.approved(till, entry, outcome)
    else:
        await _void(till, entry, outcome)


async def _void(till, entry, outcome) -> None:
    """The redemption happened and is not wanted: it is taken back in full.

    Where that fails for certain it stands, and the cashier gets its slip to refund it by.
    """
    intent = entry.intent
    sale = Sale(intent.collector_number, intent.card_entry_mode, 0)
    sale.confirmation_number = entry.result.confirmation_number
    sale.language = intent.language
    try:
        kind = await refund.reverse(till, sale, "voided")
    except Cancelled:
        kind = NOT_SENT
    if kind in (NOT_SENT, DECLINED):
        await checkout.approved(till, entry, outcome)


async def _unresolved(till, entry) -> None:
    till.give_up(entry)
    terminal = till.terminal
    await terminal.warning(
        "error",
        terminal.pair(
            terminal.text("interrupted"), terminal.dollars(entry.intent.redeem_cents)
        ),
        terminal.text("unresolved"),
        terminal.text("unknown_advice") % entry.intent.trace_id,
        terminal.text(_second_key(entry)),
    )
