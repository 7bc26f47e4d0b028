"""Checkout: basket, card, offer, redemption, slip."""

from milepad.amcash import offer, response_codes
from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.errors import StorageError
from milepad.base.money import parse_dollars
from milepad.base.transaction import Transaction
from milepad.base.vocabulary import APPROVED, MANUAL, OPEN, REDEEM
from milepad.terminal import prompts, screens

if TYPE_CHECKING:
    from milepad.amcash.replies import Reply
    from milepad.link.retry import CallResult
    from milepad.workflows.device import Device

_SAME_SALE_S = const(86400)  # a till's day: later the same basket is another sale


async def run(device: "Device") -> None:
    """One sale, from the basket's total to the slip. Raises Cancelled.

    A try that moved nothing may be made again with the same basket and card: as a new
    transaction, for a trace id stands for one intent.
    """
    sale = await _ask_basket(device)
    while await _is_tried_again(device, sale):
        sale = Transaction(
            basket_cents=sale.basket_cents,
            pre_tax_cents=sale.pre_tax_cents,
            collector_number=sale.collector_number,
            card_entry_mode=sale.card_entry_mode,
            language=sale.language,
        )


async def _ask_basket(device: "Device") -> Transaction:
    terminal = device.terminal
    cashier = device.profile["cashier"]
    rules = device.profile["card"]
    max_cents = parse_dollars(cashier["max_basket"])
    sale = Transaction()
    sale.basket_cents = await prompts.ask_money(terminal, "basket_total", max_cents, rules)
    if cashier["pre_tax"]:
        sale.pre_tax_cents = await prompts.ask_money(
            terminal, "pre_tax_total", sale.basket_cents, rules
        )
    return sale


async def _ask_card(device: "Device", sale: Transaction) -> None:
    """The card; it is said before one is keyed that its number cannot redeem."""
    terminal = device.terminal
    note = terminal.dollars(sale.basket_cents)
    rules = device.profile["card"]
    card = await prompts.ask_card(terminal, rules, note, or_key="keyed_no_redeem")
    sale.collector_number = card.collector_number
    sale.card_entry_mode = card.card_entry_mode
    sale.language = terminal.slip_language


async def _is_tried_again(device: "Device", sale: Transaction) -> bool:
    """One try, told to its end; whether the cashier makes another. Raises Cancelled."""
    terminal = device.terminal
    if not sale.collector_number:
        await _ask_card(device, sale)
    await _ask_about_same(device, sale)
    call = await device.transactions.inquire(sale)
    row = response_codes.lookup(call.code)
    if call.reply is None or not row.inquiry_ok:
        return await device.slips.inquiry_failed(sale, call, "no_discount")
    if not row.prompt_allowed:
        await screens.refused(terminal, call.code)
        return False
    if sale.card_entry_mode == MANUAL:
        sale.collector_number = ""  # a card has to be read in its place
        rows = (terminal.text("keyed_no_redeem"), terminal.text("card_how"))
        return await terminal.again(*rows, takes_card=True)
    return await _choose(device, sale, call.reply) and await _redeem(device, sale)


async def _ask_about_same(device: "Device", sale: Transaction) -> None:
    """Shows an earlier try of the same sale whose outcome is not known, and asks whether to
    redeem once more: both may count, and the collector gets one discount. Raises Cancelled.
    """
    since_s = device.time.now_s() - _SAME_SALE_S
    first = device.ledger.recent_unknown(sale.collector_number, sale.basket_cents, since_s)
    if first is None or sale.card_entry_mode == MANUAL:  # which cannot redeem
        return
    terminal = device.terminal
    state = "interrupted" if first.outcome == OPEN else "no_answer"
    terminal.announce(
        "error",
        terminal.pair(terminal.text(state), "%02d:%02d" % first.local_time[3:5]),
        terminal.pair(terminal.text("same_sale"), terminal.dollars(first.redeem_cents)),
        "TRACE " + first.trace_id,
        terminal.text("again_keys"),
    )
    await terminal.key("00")


async def _choose(device: "Device", sale: Transaction, reply: "Reply") -> bool:
    """Whether units were chosen. Raises Cancelled."""
    terminal = device.terminal
    found = offer.limits(reply, sale.basket_cents)
    if not found:
        await screens.no_offer(terminal, reply, sale.basket_cents)
        return False
    if device.ledger.warning:  # without a ledger that lasts nothing may be redeemed
        await screens.cannot_keep(terminal, device.ledger.warning)
        return False
    sale.redeem_units = await prompts.choose_units(terminal, found)
    sale.redeem_cents = found.cents(sale.redeem_units)
    sale.redeem_miles = found.miles(sale.redeem_units)
    return True


async def _redeem(device: "Device", sale: Transaction) -> bool:
    """Whether nothing was sent and the cashier tries again."""
    try:
        call = await device.transactions.submit(REDEEM, sale)
    except StorageError as fault:
        await screens.cannot_keep(device.terminal, fault.reason)
        return False
    if call.outcome == APPROVED:
        await approved(device, sale, call)
        return False
    is_told = screens.needs_slip(REDEEM, call)
    if is_told:
        await device.slips.print_transaction(sale)
    return await screens.failed(
        device.terminal, call, sale.trace_id, is_told=is_told, may_retry=True
    )


async def approved(device: "Device", sale: Transaction, call: "CallResult | None") -> None:
    """The discount counts: confirmation number on the screen, then on paper.

    `call` is None for a redemption of an earlier life of the device.
    """
    terminal = device.terminal
    dollars = terminal.dollars(sale.moved_cents)
    give = terminal.text("give_discount") % dollars
    rows = [
        terminal.pair(terminal.text("approved"), dollars),
        terminal.confirmation(sale.result.confirmation_number),
        give if sale.moved_cents else terminal.text("no_discount"),
    ]
    await device.slips.approved(sale, call, rows)
