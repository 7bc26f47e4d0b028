"""Return: goods come back, and what their sale has earned is taken back, whole or in part.

The sale is found on this device's ledger, by the trace id on an earning's slip or by the
confirmation number of a redemption whose checkout earned. Never more is returned than is left
of what the sale earned on: every return before this one counts, unless it is certain that it
came to nothing. Of a checkout that earned on what was left to pay, that rest is all there is
to return here; what was paid with miles is given back by a refund, key 3.
"""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import CardError
from milepad.base.transaction import Transaction
from milepad.base.vocabulary import (
    APPROVED,
    DECLINED,
    ISSUE,
    NOT_SENT,
    OPEN,
    POST,
    RETURN,
    REVERSE_POST,
)
from milepad.card import scan
from milepad.ledger.earned import earning_of, find_earning, returns_of
from milepad.terminal import prompts, screens
from milepad.workflows import issuing

if TYPE_CHECKING:
    from milepad.workflows.device import Device


async def run(device: "Device") -> None:
    """The slip, how much comes back, what was taken back. Raises Cancelled."""
    if device.ledger.warning:  # what is not kept could be taken twice, or never
        await screens.cannot_keep(device.terminal, device.ledger.warning)
        return
    sale = await _sale(device)
    if not await _may_be_returned(device, sale):
        return
    left = _left_of(device, sale)
    if left.basket_cents <= 0:
        terminal = device.terminal
        await terminal.message("error", terminal.text("all_returned"), _when(device, sale))
        return
    back = await _ask(device, sale, left)
    basket = issuing.keyed(device, back)
    given = issuing.take_back(device, sale, back, left)
    if given.why:
        await issuing.tell_nothing(device, "not_taken", given.why)
        return
    op = issuing.op_of(device, RETURN, REVERSE_POST)
    if await issuing.submit(device, op, back, basket, given.issuances):
        await issuing.tell(device, back, _hint(device, sale))


async def _sale(device: "Device") -> Transaction:
    """The earning of the slip that is scanned, or whose number is keyed. Raises Cancelled."""
    terminal = device.terminal
    while True:
        kind, value = await prompts.ask_line(
            terminal,
            terminal.text("return"),
            terminal.text("confirmation_how"),
            terminal.text("or_key"),
        )
        found = _find(device, value) if kind in ("key", "scan") else None
        if found:
            return found
        unread = kind in ("swipe", "noise")
        await terminal.notice(terminal.text("slip_bad" if unread else "sale_not_found"))


def _find(device: "Device", value: str) -> Transaction | None:
    try:
        number = scan.confirmation_number(value)
    except CardError:
        return None
    for each in (number, scan.without_code_letters(number)):
        found = find_earning(device.ledger, each) or earning_of(device.ledger, each)
        if found and found.op in (ISSUE, POST):
            return found
    return None


async def _may_be_returned(device: "Device", sale: Transaction) -> bool:
    """Whether it has earned, or will: of anything else there is nothing to take back."""
    if sale.outcome in (APPROVED, OPEN):
        return True
    terminal = device.terminal
    is_certain = sale.outcome in (DECLINED, NOT_SENT)
    await terminal.message(
        "error",
        terminal.text("not_earned" if is_certain else "no_answer"),
        _when(device, sale),
        "TRACE " + sale.trace_id,
        terminal.text("go_on"),
    )
    return False


def _left_of(device: "Device", sale: Transaction) -> Transaction:
    """What is left of a sale: totals and miles, less what returns have taken or may take."""
    left = Transaction(
        basket_cents=sale.basket_cents,
        pre_tax_cents=sale.pre_tax_cents,
        miles=sale.miles,
    )
    for each in returns_of(device.ledger, sale.trace_id):
        if each.outcome not in (DECLINED, NOT_SENT) or each.is_parked:
            left.basket_cents -= each.basket_cents
            left.pre_tax_cents -= each.pre_tax_cents
            left.miles -= each.miles
    return left


def _when(device: "Device", sale: Transaction) -> str:
    terminal = device.terminal
    when = "%02d-%02d %02d:%02d" % sale.local_time[1:5]
    return terminal.pair(when, terminal.dollars(sale.basket_cents))


async def _ask(device: "Device", sale: Transaction, left: Transaction) -> Transaction:
    """What comes back: all that is left, or as much as is keyed. Raises Cancelled."""
    terminal = device.terminal
    rest = terminal.dollars(left.basket_cents)
    is_whole = left.basket_cents == sale.basket_cents
    title = terminal.text("return" if is_whole else "return_rest")
    terminal.show(
        terminal.pair(title, rest),
        _when(device, sale),
        terminal.text("card_is") % sale.collector_number[-4:],
        terminal.text("all_or_part"),
    )
    back = Transaction(
        collector_number=sale.collector_number,
        card_entry_mode=sale.card_entry_mode,
        language=sale.language,
        redemption_number=sale.trace_id,
        basket_cents=left.basket_cents,
        pre_tax_cents=left.pre_tax_cents,
        miles=left.miles,
    )
    if await terminal.key("ENTER", "00") == "00":
        await _ask_part(device, back, left)
    return back


async def _ask_part(device: "Device", back: Transaction, left: Transaction) -> None:
    """Both totals of what comes back; what stays has its taxes too, so it can come back."""
    terminal, rules = device.terminal, device.profile["card"]
    pre_tax_cents = await prompts.ask_money(
        terminal, "back_pre_tax", left.pre_tax_cents, rules
    )
    most_tax_cents = left.basket_cents - left.pre_tax_cents
    back.basket_cents = await prompts.ask_money(
        terminal,
        "back_with_tax",
        pre_tax_cents + most_tax_cents,
        rules,
        pre_tax_cents,
    )
    back.pre_tax_cents = pre_tax_cents


def _hint(device: "Device", sale: Transaction) -> str:
    """That the same checkout's redemption stands, if it does: a refund is another key."""
    number = sale.redemption_number
    if not number or device.ledger.find_redemption(number) is None:
        return ""
    return "" if device.ledger.reversal_of(number) else device.terminal.text("refund_too")
