"""A till redeems: so much as it says, or what the collector chooses on the pad."""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import Cancelled, MessageError
from milepad.base.money import format_dollars
from milepad.base.text import digits_only
from milepad.base.transaction import Transaction
from milepad.base.vocabulary import MANUAL, REDEEM
from milepad.pinpad import asked, cards, conditions, moving, offering, showing
from milepad.pinpad.dialogue import Refused
from milepad.terminal import prompts

if TYPE_CHECKING:
    from milepad.amcash.offer import Offer
    from milepad.pinpad.dialogue import Dialogue
    from milepad.pinpad.messages import Node
    from milepad.pinpad.protocols import Work
    from milepad.pinpad.service import Service
    from milepad.workflows.device import Device


async def work(service: "Service", dialogue: "Dialogue") -> "Work":
    """Card, offer, confirmation, redemption. Raises Cancelled, Refused, MessageError."""
    device, request = service.device, dialogue.request
    sale = Transaction(op=REDEEM, basket_cents=asked.total_of(device, request))
    data = asked.first(request, "LoyaltyData")
    note = device.terminal.dollars(sale.basket_cents)
    card = await cards.card_of(service, data, note, "keyed_no_redeem")
    if card.card_entry_mode == MANUAL:
        raise Refused(conditions.NOT_ALLOWED, note="card=keyed")
    sale.collector_number = card.collector_number
    sale.card_entry_mode = card.card_entry_mode
    sale.language = asked.language_of(device, request)
    await _ask_about_same(device, sale)
    found = await offering.offered(device, sale)
    await _choose(device, sale, found, data.child("LoyaltyAmount"))
    answer, call = await moving.move(
        service, dialogue, sale, lambda: device.transactions.submit(REDEEM, sale)
    )
    return answer, showing.result(device, sale, call, dialogue.sale.prints)


async def _choose(
    device: "Device", sale: Transaction, found: "Offer", wanted: "Node"
) -> None:
    """Takes the till's amount, confirmed by the customer, or has units chosen on the pad.
    Raises Refused, Cancelled, MessageError.
    """
    if wanted.has("Value"):
        units = _units(wanted, found)
        if units > found.units:
            most = format_dollars(found.cents(found.units))
            raise Refused(conditions.PAYMENT_RESTRICTION, note="max=" + most)
        await _confirm(device, sale, found.cents(units))
    else:
        units = await prompts.choose_units(device.terminal, found)
        if not units:
            raise Cancelled()
    sale.redeem_units = units
    sale.redeem_cents = found.cents(units)
    sale.redeem_miles = found.miles(units)


def _units(wanted: "Node", found: "Offer") -> int:
    """How many whole units the till asks for. Raises Refused, MessageError."""
    kind = wanted.text("LoyaltyUnit")
    if kind not in ("", "Monetary", "Point"):
        raise MessageError("LoyaltyUnit")
    if kind == "Point":
        text, one = wanted.text("Value"), found.unit_miles
        if not digits_only(text) or len(text) > 8:
            raise MessageError("Value")
        amount, note = int(text), "unit=%d" % one
    else:
        amount, one = wanted.cents("Value") or 0, found.unit_cents
        note = "unit=" + format_dollars(one)
    if not amount or amount % one:
        raise Refused(conditions.NOT_ALLOWED, note=note)
    return amount // one


async def _confirm(device: "Device", sale: Transaction, cents: int) -> None:
    """The customer sees what is redeemed, and says so. Raises Cancelled."""
    terminal = device.terminal
    dollars = terminal.dollars(cents)
    terminal.drop_events()
    terminal.show(
        terminal.pair(terminal.text("redeem"), dollars),
        terminal.text("interrupted_of") % (dollars, terminal.dollars(sale.basket_cents)),
        terminal.text("card_is") % sale.collector_number[-4:],
        terminal.text("yes_no"),
    )
    await terminal.key("ENTER")


async def _ask_about_same(device: "Device", sale: Transaction) -> None:
    """An earlier try of the same sale whose outcome nobody knows is shown before another: both
    may count. Raises Cancelled.
    """
    same = (sale.collector_number, sale.basket_cents, device.time.now_s())
    earlier = device.ledger.recent_unknown(*same)
    if earlier is None:
        return
    terminal = device.terminal
    when = "%02d:%02d" % earlier.local_time[3:5]
    terminal.announce(
        "error",
        terminal.pair(terminal.text("no_answer"), when),
        terminal.pair(terminal.text("same_sale"), terminal.dollars(earlier.redeem_cents)),
        "TRACE " + earlier.trace_id,
        terminal.text("again_keys"),
    )
    await terminal.key("00")
