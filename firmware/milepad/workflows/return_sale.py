"""Return: goods come back, and what their sale has earned is taken back, whole or in part.

The sale is found on this device's ledger, by the trace id on an earning's slip or by the
confirmation number of a redemption whose checkout earned. Of a sale of another handheld its
slip is keyed, with a supervisor: nothing published says that a return has to name its sale
(FACTS 6.6), and the platform decides. Never more is returned than is left
of what the sale earned on: every return before this one counts, unless it is certain that it
came to nothing. Of a checkout that earned on what was left to pay, that rest is all there is
to return here; what was paid with miles is given back by a refund, key 3.
"""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.errors import Cancelled, CardError
from milepad.base.money import parse_dollars
from milepad.base.transaction import Result, Transaction
from milepad.base.vocabulary import (
    APPROVED,
    DECLINED,
    GIVING,
    ISSUE,
    NOT_SENT,
    OPEN,
    POST,
    RETURN,
    REVERSE_POST,
    TAKING,
)
from milepad.card import scan
from milepad.ledger.earned import earning_of, find_earning, left_of
from milepad.terminal import prompts, screens
from milepad.terminal.terminal import COLUMNS
from milepad.workflows import issuing, supervisor

if TYPE_CHECKING:
    from milepad.workflows.device import Device

_MAX_MILES = const(99999)


async def run(device: "Device") -> None:
    """The slip, how much comes back, what was taken back. Raises Cancelled."""
    if device.ledger.warning:  # what is not kept could be taken twice, or never
        await screens.cannot_keep(device.terminal, device.ledger.warning)
        return
    sale = await _sale(device)
    if not await _may_be_returned(device, sale):
        return
    left = left_of(device.ledger, sale)
    if left.basket_cents <= 0:
        terminal = device.terminal
        await terminal.message("error", terminal.text("all_returned"), _when(device, sale))
        return
    back = await _ask(device, sale, left)
    basket = issuing.keyed(device, back)
    given = issuing.take_back(device, back, left)
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
        number = _number(value) if kind in ("key", "scan") else ""
        if not number:
            await terminal.notice(terminal.text("slip_bad"))
            continue
        found = _find(device, number)
        if found:
            return found
        if scan.is_card(number, device.profile["card"]):
            await terminal.notice(terminal.text("is_card"))
            continue
        if _is_of_this_device(device, number):
            await terminal.notice(terminal.text("sale_not_found"))
            continue
        rows = (terminal.text("sale_not_found"), terminal.text("use_or_again"))
        terminal.announce("error", *rows)
        if await terminal.key("ENTER", "00") == "00":
            return await _of_another_device(device, scan.without_code_letters(number))


def _number(value: str) -> str:
    """A slip's number; "" where it is none."""
    try:
        return scan.confirmation_number(value)
    except CardError:
        return ""


def _find(device: "Device", number: str) -> Transaction | None:
    for each in (number, scan.without_code_letters(number)):
        found = find_earning(device.ledger, each) or earning_of(device.ledger, each)
        if found and found.op in (ISSUE, POST):
            return found
    return None


def _is_of_this_device(device: "Device", number: str) -> bool:
    """Whether its ledger knows it as something of which nothing can be returned."""
    bare, ledger = scan.without_code_letters(number), device.ledger
    known = find_earning(ledger, bare, GIVING + TAKING) or ledger.find_redemption(number)
    return known is not None


async def _of_another_device(device: "Device", number: str) -> Transaction:
    """The sale of a slip that another handheld has printed, as a supervisor reads it there: its
    number, totals, miles where the shop works them out, and the card. Raises Cancelled.
    """
    if not await supervisor.ask(device):
        raise Cancelled("no supervisor")
    terminal, rules = device.terminal, device.profile["card"]
    most_cents = parse_dollars(device.profile["cashier"]["max_basket"])
    sale = Transaction(trace_id=number)
    sale.result = Result(outcome=APPROVED)
    sale.pre_tax_cents = await prompts.ask_money(
        terminal, "pre_tax_total", most_cents, rules
    )
    sale.basket_cents = await prompts.ask_money(
        terminal, "basket_total", most_cents, rules, sale.pre_tax_cents
    )
    if device.profile["issuance"]["family"] == "partner":
        title = terminal.text("slip_miles")
        sale.miles = await prompts.ask_number(terminal, title, _MAX_MILES)
    card = await prompts.ask_card(terminal, rules, terminal.dollars(sale.basket_cents))
    sale.collector_number = card.collector_number
    sale.card_entry_mode = card.card_entry_mode
    sale.language = terminal.slip_language
    return sale


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


def _when(device: "Device", sale: Transaction) -> str:
    terminal = device.terminal
    if not sale.sequence:  # of another device: its slip is at hand
        return "# " + sale.trace_id[-COLUMNS + 2 :]
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
