"""Checkout: basket, card, offer, redemption, slip.

Screens of failure and slips are loaded when a sale comes to them, after its request: they
take no heap while the link needs most of it.
"""

from milepad.amcash import response_codes
from milepad.amcash.requests import Sale
from milepad.base import clock
from milepad.base.compat import const, forget
from milepad.base.errors import LedgerFullError, StorageError
from milepad.base.vocabulary import APPROVED, MANUAL, REDEEM

_SAME_SALE_S = const(86400)  # a till's day: later the same basket is another sale


async def run(till) -> None:
    """One sale, from the basket's total to the slip. Raises Cancelled."""
    sale = await _ask(till)
    await _ask_about_same(till, sale)
    if await _inquire(till, sale):
        await _redeem(till, sale)


async def _ask(till) -> Sale:
    """Basket and card."""
    terminal = till.terminal
    total_cents = await terminal.ask_money("basket_total", till.max_basket_cents)
    pre_tax_cents = -1
    if till.profile["cashier"]["pre_tax"]:
        pre_tax_cents = await terminal.ask_money("pre_tax_total", total_cents)
    card = await terminal.card(till.profile["card"], terminal.dollars(total_cents))
    sale = Sale(card.collector_number, card.card_entry_mode, total_cents)
    sale.pre_tax_cents = pre_tax_cents
    sale.language = terminal.slip_language
    if sale.card_entry_mode == MANUAL:
        await terminal.notice(terminal.text("manual_no_redeem"))
    return sale


async def _ask_about_same(till, sale) -> None:
    """Shows an earlier try of the same sale whose outcome is not known, and asks whether to
    redeem once more: both may count, and the collector gets one discount. Raises Cancelled.
    """
    since_s = till.time.now_s() - _SAME_SALE_S
    first = till.ledger.recent_unknown(sale.collector_number, sale.basket_cents, since_s)
    if first is None or sale.card_entry_mode == MANUAL:  # which cannot redeem
        return
    terminal = till.terminal
    intent = first.intent
    wall = clock.civil(intent.unix_s + intent.offset_min * 60)
    state = "interrupted" if first.state == "open" else "no_answer"
    terminal.announce(
        "error",
        terminal.pair(terminal.text(state), "%02d:%02d" % wall[3:5]),
        terminal.pair(terminal.text("same_sale"), terminal.dollars(intent.redeem_cents)),
        "TRACE " + intent.trace_id,
        terminal.text("again_keys"),
    )
    await terminal.key("00")


async def _inquire(till, sale) -> bool:
    """Whether there is an offer and units were chosen, or why not was told."""
    terminal = till.terminal
    inquiry = await till.inquire(sale)
    row = response_codes.lookup(inquiry.code)
    if inquiry.reply and row.prompt_allowed and sale.card_entry_mode != MANUAL:
        return await _choose(till, sale, inquiry.reply)
    from milepad.workflows import screens

    if inquiry.reply is None or not row.inquiry_ok:
        from milepad.workflows import slips

        await slips.inquiry_failed(till, sale, inquiry, "no_discount")
    elif not row.prompt_allowed:
        await screens.refused(till, inquiry.code)
    else:
        await terminal.message("error", terminal.text("manual_no_redeem"))
    return False


async def _choose(till, sale, reply) -> bool:
    """Whether units were chosen. Raises Cancelled."""
    from milepad.amcash import offer

    terminal = till.terminal
    found = offer.limits(reply, sale.basket_cents)
    forget(offer)
    if found and till.ledger.warning:  # without a ledger that lasts nothing may be redeemed
        from milepad.workflows import screens

        await screens.cannot_keep(till, False)
        return False
    if found:
        units = await terminal.choose_units(found)
        sale.redeem_units = units
        sale.redeem_cents = found.cents(units)
        sale.redeem_miles = found.miles(units)
        return True
    from milepad.workflows import screens

    await screens.no_offer(terminal, reply)
    return False


async def _redeem(till, sale) -> None:
    try:
        entry, outcome = await till.move(REDEEM, sale)
    except StorageError as fault:
        from milepad.workflows import screens

        await screens.cannot_keep(till, isinstance(fault, LedgerFullError))
        return
    if outcome.kind == APPROVED:
        await approved(till, entry, outcome)
        return
    from milepad.workflows import screens, slips

    is_told = screens.needs_slip(REDEEM, outcome)
    if is_told:
        await slips.print_slip(till, slips.of_entry(till, entry), sale.language)
    await screens.failed(till, outcome, entry.intent.trace_id, is_told=is_told)


async def approved(till, entry, outcome) -> None:
    """The discount counts: confirmation number on the screen, then on paper."""
    from milepad.workflows import slips

    terminal = till.terminal
    dollars = terminal.dollars(entry.moved_cents)
    give = terminal.text("give_discount") % dollars
    rows = [
        terminal.pair(terminal.text("approved"), dollars),
        terminal.confirmation(entry.result.confirmation_number),
        give if entry.moved_cents else terminal.text("no_discount"),
    ]
    await slips.approved(till, entry, outcome, rows)
