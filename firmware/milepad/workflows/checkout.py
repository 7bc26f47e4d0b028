"""Checkout: basket, card, offer, redemption, slip; and what the sale earns, where it does."""

from milepad.amcash import offer, response_codes
from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import StorageError
from milepad.base.money import parse_dollars
from milepad.base.transaction import Transaction
from milepad.base.vocabulary import APPROVED, MANUAL, OPEN, REDEEM, UNKNOWN
from milepad.terminal import prompts, screens

if TYPE_CHECKING:
    from milepad.link.retry import CallResult
    from milepad.workflows.device import Device
    from milepad.workflows.protocols import AtCheckout

# What a try came to, for what follows it:
_AGAIN = "again"  # it moved nothing, and the cashier makes another
_NOTHING_TAKEN = "nothing taken"  # for certain, and the sale goes on without a discount
_IN_DOUBT = "in doubt"  # no answer: no discount is given
_OVER = "over"  # all was told: nothing follows
_NO_ACCOUNT = ("0002", "0025")  # an account that is not active or not there earns nothing


async def run(device: "Device", earn: "AtCheckout | None" = None) -> None:
    """One sale, from the basket's total to the slip. Raises Cancelled.

    A try that moved nothing may be made again with the same basket and card: as a new
    transaction, for a trace id stands for one intent. `earn` is what a sale earns with, None
    where a checkout does not earn.
    """
    sale = await _ask_basket(device, earn)
    came_to = await _try(device, sale, earn)
    while came_to == _AGAIN:
        sale = Transaction(
            basket_cents=sale.basket_cents,
            pre_tax_cents=sale.pre_tax_cents,
            collector_number=sale.collector_number,
            card_entry_mode=sale.card_entry_mode,
            language=sale.language,
        )
        came_to = await _try(device, sale, earn)
    if earn and came_to in (_NOTHING_TAKEN, _IN_DOUBT):
        await earn.unredeemed(device, sale, came_to == _IN_DOUBT)


async def _ask_basket(device: "Device", earn: "AtCheckout | None") -> Transaction:
    terminal = device.terminal
    cashier = device.profile["cashier"]
    rules = device.profile["card"]
    max_cents = parse_dollars(cashier["max_basket"])
    sale = Transaction()
    sale.basket_cents = await prompts.ask_money(terminal, "basket_total", max_cents, rules)
    if cashier["pre_tax"] or (earn and earn.needs_pre_tax(device)):
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


async def _try(device: "Device", sale: Transaction, earn: "AtCheckout | None") -> str:
    """One try, told to its end; what it came to. Raises Cancelled."""
    if not sale.collector_number:
        await _ask_card(device, sale)
    await _ask_about_same(device, sale)
    found = await _offered(device, sale)
    if isinstance(found, str):
        return found
    return await _redeem(device, sale, found, earn)


async def _offered(device: "Device", sale: Transaction) -> "offer.Offer | str":
    """What the platform lets be redeemed; else what the try came to, told. Raises Cancelled.

    The answer ends here: it is 2 KB, which the redemption and its slip need.
    """
    call = await device.transactions.inquire(sale)
    row = response_codes.lookup(call.code)
    if call.reply is None or not row.inquiry_ok:
        if await device.slips.inquiry_failed(sale, call, "no_discount"):
            return _AGAIN
        return _OVER if call.code in _NO_ACCOUNT else _NOTHING_TAKEN
    if not row.prompt_allowed:
        await screens.refused(device.terminal, call.code)
        return _NOTHING_TAKEN
    terminal = device.terminal
    if sale.card_entry_mode == MANUAL:
        rows = (terminal.text("keyed_no_redeem"), terminal.text("card_how"))
        if not await terminal.again(*rows, takes_card=True):
            return _NOTHING_TAKEN
        sale.collector_number = ""  # a card has to be read in its place
        return _AGAIN
    found = offer.limits(call.reply, sale.basket_cents)
    if found is None:
        await screens.no_offer(terminal, call.reply, sale.basket_cents)
    return found or _NOTHING_TAKEN


async def _cannot_keep(device: "Device", reason: str) -> str:
    """Says so; an earning could not be kept either."""
    await screens.cannot_keep(device.terminal, reason)
    return _OVER


async def _ask_about_same(device: "Device", sale: Transaction) -> None:
    """Shows an earlier try of the same sale whose outcome is not known, and asks whether to
    redeem once more: both may count, and the collector gets one discount. Raises Cancelled.
    """
    same = (sale.collector_number, sale.basket_cents, device.time.now_s())
    first = device.ledger.recent_unknown(*same)
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


async def _redeem(
    device: "Device", sale: Transaction, found: "offer.Offer", earn: "AtCheckout | None"
) -> str:
    """The offer, and what the redemption of its units came to, told. Raises Cancelled."""
    if device.ledger.warning:  # without a ledger that lasts nothing may be redeemed
        return await _cannot_keep(device, device.ledger.warning)
    sale.redeem_units = await prompts.choose_units(device.terminal, found)
    if not sale.redeem_units:
        return _NOTHING_TAKEN
    sale.redeem_cents = found.cents(sale.redeem_units)
    sale.redeem_miles = found.miles(sale.redeem_units)
    try:
        call = await device.transactions.submit(REDEEM, sale)
    except StorageError as fault:
        return await _cannot_keep(device, fault.reason)
    if call.outcome == APPROVED:
        await approved(device, sale, call, earn)
        return _OVER
    is_told = screens.needs_slip(REDEEM, call)
    if is_told:
        await device.slips.print_transaction(sale)
    if await screens.failed(
        device.terminal, call, sale.trace_id, is_told=is_told, may_retry=True
    ):
        return _AGAIN
    return _IN_DOUBT if call.outcome == UNKNOWN else _NOTHING_TAKEN


async def approved(
    device: "Device",
    sale: Transaction,
    call: "CallResult | None",
    earn: "AtCheckout | None" = None,
) -> None:
    """The discount counts: confirmation number on the screen, then on paper.

    `call` is None for a redemption of an earlier life of the device. Where the sale earns, it
    does so while the screen tells the discount, and one slip tells of both.
    """
    terminal = device.terminal
    dollars = terminal.dollars(sale.moved_cents)
    give = terminal.text("give_discount") % dollars
    rows = [
        terminal.pair(terminal.text("approved"), dollars),
        terminal.confirmation(sale.result.confirmation_number),
        give if sale.moved_cents else terminal.text("no_discount"),
    ]
    if earn is None:
        await device.slips.approved(sale, call, rows)
        return
    terminal.announce("ok", *rows, terminal.text("wait_issue"))
    earning, why = await earn.redeemed(device, sale, rows)
    await device.slips.approved(sale, call, rows, earning=earning, is_told=True)
    if why:
        await earn.not_kept(device, why)
