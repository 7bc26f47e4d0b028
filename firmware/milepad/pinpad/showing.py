"""What the pad shows and prints of a till's request, once the till has its answer."""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.vocabulary import APPROVED, NOT_SENT, REVERSE, UNKNOWN
from milepad.terminal import screens

if TYPE_CHECKING:
    from milepad.base.transaction import Transaction
    from milepad.link.retry import CallResult
    from milepad.pinpad.protocols import After
    from milepad.terminal.terminal import Terminal
    from milepad.workflows.device import Device


def result(
    device: "Device",
    entry: "Transaction",
    call: "CallResult | None",
    till_prints: bool,
    second_key: str = "no_discount",
) -> "After | None":
    """The end of a redemption or a reversal; None where its customer has stopped it."""
    if call is None:
        return None

    async def after() -> None:
        is_slip = call.outcome == APPROVED or screens.needs_slip(entry.op, call)
        rows = _rows(device.terminal, entry, call, second_key)
        device.terminal.announce("ok" if call.outcome == APPROVED else "error", *rows)
        if is_slip and not till_prints:
            await _print(device, entry, call)
            device.terminal.show(*rows)
        if call.outcome == APPROVED:
            await screens.odd_approval(device.terminal, entry)
            device.terminal.show(*rows)

    return after


async def _print(device: "Device", entry: "Transaction", call: "CallResult") -> None:
    facts = device.slips.facts
    approved = call.outcome == APPROVED
    made = facts.of_approval(entry, call) if approved else facts.of_transaction(entry)
    await device.slips.print(made, entry.language)


def _rows(
    terminal: "Terminal", entry: "Transaction", call: "CallResult", second_key: str
) -> list[str]:
    """Of an approval what to give and its number; else why there is none."""
    if call.outcome == APPROVED:
        dollars = terminal.dollars(entry.moved_cents)
        word = "refunded" if entry.op == REVERSE else "approved"
        number = terminal.confirmation(entry.result.confirmation_number)
        return [terminal.pair(terminal.text(word), dollars), number]
    if call.outcome == NOT_SENT:
        keys = ("not_sent", second_key, "not_sent_" + call.cause)
        return [terminal.text(key) for key in keys]
    if call.outcome == UNKNOWN:
        title = screens.no_answer_title(terminal, call.code)
        advice = terminal.text("unknown_advice") % entry.trace_id
        return [title, terminal.text(second_key), advice]
    return screens.refused_rows(terminal, call.code, entry.trace_id)


def refusal(terminal: "Terminal", *rows: str) -> "After":
    """Rows that stand for a while."""

    async def after() -> None:
        terminal.announce("error", *rows)

    return after


def failed_inquiry(terminal: "Terminal", call: "CallResult", second_key: str) -> "After":
    """An inquiry that was refused or not answered; it moved nothing."""
    if call.outcome == NOT_SENT:
        keys = ("not_sent", second_key, "not_sent_" + call.cause)
        return refusal(terminal, *[terminal.text(key) for key in keys])
    if call.outcome == UNKNOWN:
        title = screens.no_answer_title(terminal, call.code)
        return refusal(terminal, title, terminal.text(second_key))
    return refusal(terminal, *screens.refused_rows(terminal, call.code, call.trace_id))
