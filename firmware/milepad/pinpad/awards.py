"""A till's sale earns, and what it earned is taken back: kept on flash first, as any earning.

TotalAmount is what the collector pays, taxes included; the amounts of SaleItem are before tax.
Where they come to more than that (a part was paid with miles), or there are none, the shop's
rates tell the total before tax, and the lines are left out.
"""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import MessageError
from milepad.base.money import format_dollars
from milepad.base.text import digits_only, printable
from milepad.base.transaction import Transaction
from milepad.base.vocabulary import (
    APPROVED,
    ISSUE,
    OPEN,
    POST,
    RETURN,
    REVERSE_POST,
)
from milepad.issuance.basket import Basket, Line
from milepad.ledger.earned import find_earning, left_of
from milepad.pinpad import asked, cards, conditions, moving
from milepad.pinpad.dialogue import Refused
from milepad.terminal import earned
from milepad.workflows import issuing

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from milepad.pinpad.dialogue import Dialogue
    from milepad.pinpad.messages import Node
    from milepad.pinpad.protocols import After, Work
    from milepad.pinpad.service import Service
    from milepad.workflows.device import Device

_MAX_LINES = 60
_MAX_NAME_CHARS = 40
_MAX_QUANTITY_CHARS = 4


async def award(service: "Service", dialogue: "Dialogue") -> "Work":
    """Award. Raises Cancelled, Refused, MessageError, FieldError."""
    device, request = service.device, dialogue.request
    _check_family(device)
    sale = request.body.child("LoyaltyTransaction")
    earning = Transaction(basket_cents=asked.total_of(device, request))
    redeemed = _redeemed(device, sale)
    if redeemed:
        earning.redemption_number = redeemed.result.confirmation_number
    data = asked.first(request, "LoyaltyData")
    if redeemed and not data.members:  # its card is the sale's
        earning.collector_number = redeemed.collector_number
        earning.card_entry_mode = redeemed.card_entry_mode
        earning.language = redeemed.language
    else:
        note = device.terminal.dollars(earning.basket_cents)
        card = await cards.card_of(service, data, note, "or_key")
        earning.collector_number = card.collector_number
        earning.card_entry_mode = card.card_entry_mode
        earning.language = asked.language_of(device, request)
    basket = _basket(device, earning, sale.children("SaleItem"))
    given = issuing.award(device, earning, basket)
    if given.why:
        raise Refused(conditions.NOT_ALLOWED, note="why=" + given.why)
    op = issuing.op_of(device, ISSUE, POST)
    return await _submit(
        service, dialogue, earning, lambda: (op, earning, basket, given.issuances)
    )


def _check_family(device: "Device") -> None:
    """Raises Refused where this shop's sales do not earn."""
    if device.earnings is None:
        raise Refused(conditions.UNAVAILABLE_SERVICE)


def _redeemed(device: "Device", sale: "Node") -> Transaction | None:
    """The redemption of the same sale, where the till names it. Raises Refused."""
    named = sale.child("OriginalPOITransaction")
    if not named.members:
        return None
    from_ledger = asked.original(device, named)
    if from_ledger is None or from_ledger.outcome != APPROVED:
        raise Refused(conditions.NOT_FOUND)
    return from_ledger


def _basket(device: "Device", earning: Transaction, items: "list[Node]") -> Basket:
    """The basket that earns; its total before tax is written into `earning`."""
    if len(items) > _MAX_LINES:
        raise Refused(conditions.NOT_ALLOWED, note="maxItems=%d" % _MAX_LINES)
    lines = [_line(item, at) for at, item in enumerate(items, 1)]
    pre_tax_cents = sum([line.final_cents for line in lines])
    fits = 0 < pre_tax_cents <= earning.basket_cents
    if fits:
        earning.pre_tax_cents = pre_tax_cents
    basket = issuing.keyed(device, earning)
    if fits:
        basket.lines = lines
    return basket


def _line(item: "Node", at: int) -> Line:
    """A line of the bill. Raises MessageError."""
    cents = item.cents("ItemAmount")
    if cents is None:
        raise MessageError("ItemAmount")
    name = printable(item.text("ProductLabel"), _MAX_NAME_CHARS)
    code = printable(item.text("ProductCode") or str(at), _MAX_NAME_CHARS)
    count = item.text("Quantity")
    is_whole = digits_only(count) and len(count) <= _MAX_QUANTITY_CHARS
    quantity = max(1, int(count)) if is_whole else 1  # what is weighed is one piece
    each = item.cents("UnitPrice")
    if each is None:
        each = cents // quantity
    return Line(code, name or code, each, cents, quantity)


async def _submit(
    service: "Service",
    dialogue: "Dialogue",
    earning: Transaction,
    what: "Callable[[], Any]",
) -> "Work":
    """Keeps and sends `what()`, as `Earnings.submit` takes it."""
    device = service.device
    answer, call = await moving.move(
        service, dialogue, earning, lambda: issuing.earnings(device).submit(*what())
    )
    if call is None or not earning.sequence:
        return answer, None
    return answer, _told(device, earning, dialogue.sale.prints)


def _told(device: "Device", earning: Transaction, till_prints: bool) -> "After":
    """What became of it, on the screen and on paper."""

    async def after() -> None:
        terminal = device.terminal
        rows = [
            earned.row(terminal, earning),
            terminal.pair(
                terminal.text("card_is") % earning.collector_number[-4:],
                terminal.dollars(earning.basket_cents),
            ),
        ]
        is_refused = earned.state(earning) == earned.REFUSED
        terminal.announce("error" if is_refused else "ok", *rows)
        if not till_prints:
            await device.slips.print_transaction(earning)
            terminal.show(*rows)

    return after


# --- what is taken back ---


async def refund(service: "Service", dialogue: "Dialogue") -> "Work":
    """AwardRefund: so much as TotalAmount says, or all that is left of what the sale earned on.
    Raises Refused, MessageError, FieldError.
    """
    device = service.device
    _check_family(device)
    node = dialogue.request.body.child("LoyaltyTransaction")
    sale = named(device, node.child("OriginalPOITransaction"))
    if sale is None:
        raise Refused(conditions.NOT_FOUND)
    return await take_back(service, dialogue, sale, node.cents("TotalAmount"))


async def reverse(service: "Service", dialogue: "Dialogue", node: "Node") -> "Work":
    """Reversal of an award, whole or in part. Raises Refused, MessageError, FieldError."""
    sale = named(service.device, node)
    if sale is None:
        raise Refused(conditions.NOT_FOUND)
    cents = dialogue.request.body.cents("ReversedAmount")
    return await take_back(service, dialogue, sale, cents)


def named(device: "Device", node: "Node") -> Transaction | None:
    """The earning of this ledger that a till names; None where there is none."""
    text = node.child("POITransactionID").text("TransactionID")
    found = find_earning(device.ledger, text)
    return found if found and found.op in (ISSUE, POST) else None


async def take_back(
    service: "Service", dialogue: "Dialogue", sale: Transaction, cents: int | None
) -> "Work":
    """Takes back what `cents` of a sale have earned; None: all that is left. Raises Refused,
    FieldError.
    """
    device = service.device
    _check_family(device)
    if sale.outcome not in (APPROVED, OPEN):
        raise Refused(conditions.NOT_FOUND)
    left = left_of(device.ledger, sale)
    left_cents = left.basket_cents
    if left_cents <= 0:
        raise Refused(conditions.NOT_ALLOWED, note="refunded=true")
    if cents is None:
        cents = left_cents
    if not 0 < cents <= left_cents:  # a till that says nothing back does not mean all
        raise Refused(
            conditions.PAYMENT_RESTRICTION, note="left=" + format_dollars(left_cents)
        )
    # As the whole has it, to the nearest cent, a half up.
    pre_tax_cents = (2 * left.pre_tax_cents * cents + left_cents) // (2 * left_cents)
    back = Transaction(
        collector_number=sale.collector_number,
        card_entry_mode=sale.card_entry_mode,
        language=sale.language,
        redemption_number=sale.trace_id,
        basket_cents=cents,
        pre_tax_cents=pre_tax_cents,
    )
    basket = issuing.keyed(device, back)
    given = issuing.take_back(device, back, left)
    if given.why:
        raise Refused(conditions.NOT_ALLOWED, note="why=" + given.why)
    op = issuing.op_of(device, RETURN, REVERSE_POST)
    return await _submit(
        service, dialogue, back, lambda: (op, back, basket, given.issuances)
    )
