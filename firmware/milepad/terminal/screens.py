"""The screens that workflows end on: refused, not sent, no answer, nothing to redeem."""

from milepad.amcash import response_codes
from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import DAMAGED, FULL, NO_TIME, OPEN_FIRST, QUEUE_FULL
from milepad.base.vocabulary import DECLINED, NOT_SENT, REDEEM, REVERSE, UNKNOWN

if TYPE_CHECKING:
    from milepad.amcash.replies import Reply
    from milepad.base.transaction import Transaction
    from milepad.link.retry import CallResult
    from milepad.terminal.terminal import Terminal

_STORAGE_ADVICE = {  # where the cashier can do something about it
    FULL: "storage_full_advice",
    QUEUE_FULL: "storage_queue_full_advice",
    NO_TIME: "storage_queue_full_advice",
    OPEN_FIRST: "storage_open_first_advice",
    DAMAGED: "storage_damaged_advice",
}

_NOT_SENT_ADVICE = {  # where it may pass by itself, or be seen to in the shop
    "wifi": "check_wifi",
    "network": "try_again",
    "token": "try_again",
    "busy": "try_again",
}


def needs_support(code: str) -> bool:
    """Whether AIR MILES support has to be called: it asks for the trace id."""
    return response_codes.lookup(code).advice_key == "escalate"


def needs_slip(op: str, call: "CallResult") -> bool:
    """Whether what is not approved has to be on paper: nobody knows what became of it, support
    asks for its trace id, or the customer is owed something else than cash.
    """
    if call.outcome == UNKNOWN:
        return op in (REDEEM, REVERSE)
    too_late = op == REVERSE and call.code == "0080"
    return call.outcome == DECLINED and (too_late or needs_support(call.code))


def refused_rows(terminal: "Terminal", code: str, trace_id: str) -> list[str]:
    """What a response code says, and what to do; with the trace id where it is asked for."""
    row = response_codes.lookup(code)
    rows = [
        terminal.pair(terminal.text("refused"), code),
        terminal.text(row.message_key),
        terminal.text("advice_" + row.advice_key),
    ]
    if trace_id and needs_support(code):
        rows.append(terminal.text("unknown_advice") % trace_id)
    return rows


async def refused(
    terminal: "Terminal", code: str, trace_id: str = "", sound: str = "error"
) -> None:
    """The screen of a refusal, until a key. No sound: its slip has announced it."""
    await terminal.message(sound, *refused_rows(terminal, code, trace_id))


async def _not_sent(
    terminal: "Terminal", cause: str, second_key: str, may_retry: bool
) -> bool:
    """Nothing left the device, so nothing is lost; what to do depends on the cause."""
    rows = [terminal.text(key) for key in ("not_sent", second_key, "not_sent_" + cause)]
    if may_retry:
        return await terminal.again(*rows)
    advice = _NOT_SENT_ADVICE.get(cause, "call_service")
    await terminal.message("error", *rows, terminal.text(advice))
    return False


async def no_answer(
    terminal: "Terminal",
    trace_id: str,
    second_key: str,
    sound: str = "error",
    code: str = "",
) -> None:
    """A request left and nobody knows what became of it; no trace id: it moved no miles.

    With one it stands until a key is pressed: the trace id has to be written down. `code` is
    what was answered without settling it.
    """
    advice = terminal.text("unknown_advice") % trace_id
    await (terminal.warning if trace_id else terminal.message)(
        sound,
        *_no_answer_rows(terminal, code, second_key),
        advice if trace_id else terminal.text("try_again"),
        terminal.text("go_on"),
    )


def _no_answer_rows(terminal: "Terminal", code: str, second_key: str) -> list[str]:
    return [no_answer_title(terminal, code), terminal.text(second_key)]


def no_answer_title(terminal: "Terminal", code: str) -> str:
    """The first row where the outcome is unknown, with the code that came, if any."""
    title = terminal.text("no_answer")
    return terminal.pair(title, code) if code else title


async def failed(
    terminal: "Terminal",
    call: "CallResult",
    trace_id: str,
    second_key: str = "no_discount",
    is_told: bool = False,
    may_retry: bool = False,
) -> bool:
    """The screen of any outcome that is not an approval; whether the cashier tries again.

    `trace_id`: of a call that moves miles, else "". `is_told`: its slip has announced it.
    `may_retry`: ENTER=AGAIN is offered where nothing can have moved.
    """
    sound = "" if is_told else "error"
    if call.outcome == NOT_SENT:
        return await _not_sent(terminal, call.cause, second_key, may_retry)
    if call.outcome == UNKNOWN and may_retry and not trace_id:
        rows = _no_answer_rows(terminal, call.code, second_key)
        return await terminal.again(*rows, terminal.text("try_again"))
    if call.outcome == UNKNOWN:
        await no_answer(terminal, trace_id, second_key, sound, call.code)
    else:
        await refused(terminal, call.code, call.trace_id, sound)
    return False


async def cannot_keep(terminal: "Terminal", reason: str) -> None:
    """The ledger takes no intent, so nothing may be sent; `reason` is a StorageError's."""
    advice = _STORAGE_ADVICE.get(reason, "storage_advice")
    await terminal.message(
        "error", terminal.text("storage_" + reason), terminal.text(advice)
    )


async def no_offer(terminal: "Terminal", reply: "Reply", basket_cents: int) -> None:
    """Why there is none, as far as a reply tells; what balance it holds is not shown."""
    balance = reply.number("cashBalance") or 0
    available = reply.number("availableCashBalance") or 0
    if available < terminal.programme.unit_miles <= balance:
        why = terminal.text("code_0065") + "\n" + terminal.text("advice_tomorrow")
    else:
        unit_cents = reply.cents("unitValueDollars") or terminal.programme.unit_cents
        unit_cents = min(unit_cents, 99999)
        why = terminal.text("code_0051")
        if basket_cents < unit_cents:
            why = terminal.text("no_offer_why") % terminal.dollars(unit_cents)
    await terminal.message("error", terminal.text("no_offer"), why)


async def odd_approval(terminal: "Terminal", transaction: "Transaction") -> None:
    """An approval that names another amount than was asked, or no number to prove it by."""
    result = transaction.result
    if not result.mismatch and result.confirmation_number:
        return
    support = terminal.text("advice_escalate")
    quote = terminal.text("unknown_advice") % transaction.trace_id
    go_on = terminal.text("go_on")
    if result.mismatch:
        asked_cents = transaction.redeem_cents
        asked = terminal.pair(terminal.text("asked"), terminal.dollars(asked_cents))
        title = terminal.text("mismatch")
        await terminal.warning(
            "error", title, asked if asked_cents else support, quote, go_on
        )
    if not result.confirmation_number:
        title = terminal.text("no_confirmation")
        await terminal.warning("error", title, support, quote, go_on)
