"""A till redeems: so much as it says, or what the collector chooses on the pad."""

from milepad.amcash import offer, response_codes
from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.errors import MessageError
from milepad.base.money import format_dollars, parse_dollars
from milepad.base.text import digits_only
from milepad.base.transaction import Transaction
from milepad.base.vocabulary import MANUAL, REDEEM
from milepad.pinpad import cards, conditions, messages, moving, showing
from milepad.pinpad.dialogue import Refused
from milepad.terminal import prompts

if TYPE_CHECKING:
    from milepad.amcash.offer import Offer
    from milepad.link.retry import CallResult
    from milepad.pinpad.dialogue import Dialogue
    from milepad.pinpad.messages import Node, Request
    from milepad.pinpad.protocols import Work
    from milepad.pinpad.service import Service
    from milepad.workflows.device import Device

_SAME_SALE_S = const(86400)


async def work(service: "Service", dialogue: "Dialogue") -> "Work":
    """Card, offer, confirmation, redemption. Raises Cancelled, Refused, MessageError."""
    device, request = service.device, dialogue.request
    sale = Transaction(op=REDEEM, basket_cents=total_of(device, request))
    data = first(request, "LoyaltyData")
    note = device.terminal.dollars(sale.basket_cents)
    card = await cards.card_of(service, data, note, "keyed_no_redeem")
    if card.card_entry_mode == MANUAL:
        raise Refused(conditions.NOT_ALLOWED, note="card=keyed")
    sale.collector_number = card.collector_number
    sale.card_entry_mode = card.card_entry_mode
    sale.language = language_of(device, request)
    await _ask_about_same(device, sale)
    found = await offered(device, sale)
    await _choose(device, sale, found, data.child("LoyaltyAmount"))
    answer, call = await moving.move(
        service, dialogue, sale, lambda: device.transactions.submit(REDEEM, sale)
    )
    return answer, showing.result(device, sale, call, service.sale(request).prints)


def first(request: "Request", name: str) -> "Node":
    """The first object of a list, or an empty one."""
    found = request.body.children(name)
    return found[0] if found else request.body.child("nothing")


def total_of(device: "Device", request: "Request") -> int:
    """The basket that a loyalty request is about, in cents. Raises Refused, MessageError."""
    cents = request.body.child("LoyaltyTransaction").cents("TotalAmount")
    if not cents:
        raise MessageError("TotalAmount")
    max_basket = device.profile["cashier"]["max_basket"]
    if cents > parse_dollars(max_basket):
        raise Refused(conditions.PAYMENT_RESTRICTION, note="maxBasket=" + max_basket)
    return cents


def language_of(device: "Device", request: "Request") -> str:
    """Of the collector's slip: as the till says it, or as it was chosen on the pad."""
    where = request.body.child("LoyaltyTransaction").child("TransactionConditions")
    spoken = messages.language_of(where.text("CustomerLanguage"))
    return spoken or device.terminal.slip_language


def original(device: "Device", named: "Node") -> Transaction | None:
    """The ledger's redemption that a till names by its POITransactionID; None where it names
    none that is here. Raises MessageError.
    """
    text = named.child("POITransactionID").text("TransactionID", 40)
    if not text:
        if named.has("ApprovalCode"):
            return device.ledger.find_redemption(named.text("ApprovalCode", 24))
        raise MessageError("POITransactionID")
    if len(text) == 12 and digits_only(text):
        for entry in device.ledger.holding(int(text).to_bytes(5, "big")):
            if (entry.trace_id, entry.op) == (text, REDEEM):
                return entry
    return None


async def offered(device: "Device", sale: Transaction) -> "Offer":
    """What may be redeemed. Raises Cancelled, and Refused where that is nothing."""
    inquiry = Transaction(
        basket_cents=sale.basket_cents,
        collector_number=sale.collector_number,
        card_entry_mode=sale.card_entry_mode,
        language=sale.language,
    )
    call = await device.transactions.inquire(inquiry)
    row = response_codes.lookup(call.code)
    if call.reply is None or not row.inquiry_ok or not row.prompt_allowed:
        raise failed(device, call)
    found = offer.limits(call.reply, sale.basket_cents)
    if found is None:
        fault = Refused(conditions.REFUSAL, call.code, "offer=none")
        fault.after = showing.refusal(device.terminal, device.terminal.text("no_offer"))
        raise fault
    if device.ledger.warning:
        raise Refused(conditions.DEVICE_OUT, note="storage=" + device.ledger.warning)
    return found


def failed(
    device: "Device", call: "CallResult", second_key: str = "no_discount"
) -> Refused:
    """What to raise for an inquiry that gives no way on."""
    condition = conditions.of_call(call.outcome, call.code, call.cause)
    fault = Refused(condition or conditions.of_code(call.code), call.code)
    fault.after = showing.failed_inquiry(device.terminal, call, second_key)
    return fault


async def _choose(
    device: "Device", sale: Transaction, found: "Offer", asked: "Node"
) -> None:
    """Takes the till's amount, confirmed by the customer, or has units chosen on the pad.
    Raises Refused, Cancelled, MessageError.
    """
    if asked.has("Value"):
        units = _units(asked, found)
        if units > found.units:
            most = format_dollars(found.cents(found.units))
            raise Refused(conditions.PAYMENT_RESTRICTION, note="max=" + most)
        await _confirm(device, sale, found.cents(units))
    else:
        units = await prompts.choose_units(device.terminal, found)
    sale.redeem_units = units
    sale.redeem_cents = found.cents(units)
    sale.redeem_miles = found.miles(units)


def _units(asked: "Node", found: "Offer") -> int:
    """How many whole units the till asks for. Raises Refused, MessageError."""
    if asked.text("LoyaltyUnit") == "Point":
        text, one = asked.text("Value"), found.unit_miles
        if not digits_only(text) or len(text) > 8:
            raise MessageError("Value")
        amount, note = int(text), "unit=%d" % one
    else:
        amount, one = asked.cents("Value") or 0, found.unit_cents
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
    since_s = device.time.now_s() - _SAME_SALE_S
    earlier = device.ledger.recent_unknown(
        sale.collector_number, sale.basket_cents, since_s
    )
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
