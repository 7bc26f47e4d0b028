"""Checkout: basket, card, offer, redemption, slip."""

from milepad.amcash import codes
from milepad.amcash.sale import MANUAL, Sale
from milepad.base.errors import LedgerFullError, StorageError
from milepad.base.pythons import const, forget
from milepad.link.session import APPROVED

_UNIT_MILES = const(95)  # where the reply names no unit, because it holds no offer


async def run(till) -> None:
    """One sale, from the basket's total to the slip. Raises Cancelled."""
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

    inquiry = await till.inquire(sale)
    found = await _offer(till, sale, inquiry)
    if found:
        units = await terminal.choose_units(found)
        sale.redeem_cents = found.cents(units)
        await _redeem(till, sale)


async def _offer(till, sale, inquiry):
    """The offer of an inquiry, or None after the cashier was told why there is none."""
    terminal = till.terminal
    from milepad.workflows import screens

    if inquiry.reply is None or not codes.Row(inquiry.code).read:
        await screens.failed(till, inquiry, "")
    elif not codes.Row(inquiry.code).prompt:
        await screens.refused(till, inquiry.code)
    elif sale.card_entry_mode == MANUAL:
        await terminal.message("error", terminal.text("manual_no_redeem"))
    else:
        found = _limits(inquiry.reply, sale.basket_cents)
        if found:
            return found
        await _no_offer(terminal, inquiry.reply)
    return None


async def _no_offer(terminal, reply) -> None:
    """Why there is none, as far as a reply tells; what balance it holds is not shown."""
    balance = reply.number("cashBalance") or 0
    available = reply.number("availableCashBalance") or 0
    if available < _UNIT_MILES <= balance:
        why = terminal.text("code_0065") + "\n" + terminal.text("advice_tomorrow")
    else:
        unit_cents = reply.cents("unitValueDollars") or 1000
        why = terminal.text("no_offer_why") % terminal.dollars(min(unit_cents, 99999))
    await terminal.message("error", terminal.text("no_offer"), why)


def _limits(reply, basket_cents: int):
    from milepad.amcash import offer

    forget(offer)  # its code is free again after the next line
    return offer.limits(reply, basket_cents)


async def _redeem(till, sale) -> None:
    try:
        entry, outcome = await till.move(codes.REDEEM, sale)
    except StorageError as fault:
        from milepad.workflows import screens

        await screens.cannot_keep(till, isinstance(fault, LedgerFullError))
        return
    if outcome.kind == APPROVED:
        await approved(till, entry, outcome.reply)
        return
    from milepad.workflows import screens, slips

    if outcome.kind == "unknown":
        await slips.print_slip(till, slips.of_entry(till, entry), sale.language)
    await screens.failed(till, outcome, entry.intent.trace_id)


async def approved(till, entry, reply) -> None:
    """The discount counts: confirmation number on the screen, then on paper."""
    terminal = till.terminal
    cents = entry.result.cents or entry.intent.redeem_cents
    rows = [
        terminal.pair(terminal.text("approved"), terminal.dollars(cents)),
        terminal.confirmation(entry.result.confirmation_number),
        terminal.text("give_discount") % terminal.dollars(cents),
    ]
    terminal.sound("ok")
    terminal.show(*rows, terminal.text("printing"))
    from milepad.workflows import slips  # as late as can be: no request is in flight now

    facts = slips.add_balances(slips.of_entry(till, entry), reply)
    facts["units"] = reply.number("unitsRedeemed")
    french = entry.intent.language == "fr-CA"
    facts["offer_text"] = reply.text("offerDescFr" if french else "offerDescEn")
    await slips.print_slip(till, facts, entry.intent.language)
    await terminal.message("ok", *rows, terminal.text("go_on"))
