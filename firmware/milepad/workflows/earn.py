"""Earning: a sale's miles, on its own or within a checkout.

A checkout earns by itself only where it knows what the collector pays:

- after an approval, on what is left to pay, or on the whole basket (`[issuance] basis`); a
  basket that is paid in full earns nothing on what is left;
- where nothing was taken off for certain (refused, not sent, no offer, CANCEL on the offer),
  on the whole basket. An account that is not there or not active earns nothing.

Where it does not know, a person says so first. After an answer that did not come the screen
has said that no discount is given, so the whole basket is offered to be earned on; a sale of
which that was said, and which is redeemed again, earns no second time. What was interrupted
and then finished is offered on what its discount leaves, and so is a redemption after which
the power went before its earning was kept. After a VOID nothing is: the sale may be long over,
and key 5 earns on what was paid. Who leaves a question alone has not earned.

The discount is told first, and stands while the earning is sent. It is kept before it is
sent: whatever the network does, the cashier goes on, and the queue sends it.
"""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.errors import Cancelled, MilepadError, StorageError
from milepad.base.money import parse_dollars
from milepad.base.transaction import Transaction
from milepad.base.vocabulary import APPROVED, ISSUE, OPEN, POST, RECORD, REDEEM, UNKNOWN
from milepad.ledger.reading import SAME_SALE_S
from milepad.terminal import prompts, screens
from milepad.workflows import issuing

if TYPE_CHECKING:
    from typing import Sequence

    from milepad.issuance.basket import Basket
    from milepad.issuance.requests import Issuance
    from milepad.workflows.device import Device

_BY_ITSELF_MS = const(8000)  # what nobody asked for is told, and asks for no key


async def run(device: "Device") -> None:
    """Key 5: both totals, the card, what was earned. Raises Cancelled."""
    if device.ledger.warning:  # what is not kept could be sent twice, or never
        await screens.cannot_keep(device.terminal, device.ledger.warning)
        return
    terminal = device.terminal
    rules = device.profile["card"]
    max_cents = parse_dollars(device.profile["cashier"]["max_basket"])
    sale = Transaction()
    sale.pre_tax_cents = await prompts.ask_money(
        terminal, "pre_tax_total", max_cents, rules
    )
    sale.basket_cents = await prompts.ask_money(
        terminal, "basket_total", max_cents, rules, sale.pre_tax_cents
    )
    note = terminal.dollars(sale.basket_cents)
    if device.profile["issuance"]["record_without_card"]:
        card = await prompts.ask_card_or_none(terminal, rules, note)
    else:
        card = await prompts.ask_card(terminal, rules, note)
    if card:
        sale.collector_number = card.collector_number
        sale.card_entry_mode = card.card_entry_mode
    sale.language = terminal.slip_language
    basket = issuing.keyed(device, sale)
    if not card:
        await _record(device, sale, basket)
        return
    chosen = await issuing.ask_chosen(device)
    given = issuing.award(device, sale, basket, chosen)
    if given.why:
        await issuing.tell_nothing(device, "not_earned", given.why)
    elif await _is_wanted(device, sale, basket):
        await _earn(device, sale, basket, given.issuances)


async def _record(device: "Device", sale: Transaction, basket: "Basket") -> None:
    """A sale without a card is told to AIR MILES; nobody earns, and nothing is printed."""
    if await issuing.submit(device, RECORD, sale, basket):
        await issuing.tell_recorded(device, sale)


async def _is_wanted(device: "Device", sale: Transaction, basket: "Basket") -> bool:
    """Where the shop wants it, how many miles the platform would give, before it does.

    No answer is no obstacle: the miles are worked out again when they are issued.
    """
    settings = device.profile["issuance"]
    if not settings["calculate"] or settings["family"] != "amrp":
        return True
    terminal = device.terminal
    call = await issuing.earnings(device).calculate(sale, basket)
    if not call.miles:
        return True
    terminal.show(
        terminal.pair(terminal.text("earn"), terminal.dollars(sale.basket_cents)),
        prompts.whole_words(terminal.text("miles_before") % call.miles),
        terminal.text("card_is") % sale.collector_number[-4:],
        terminal.text("yes_no"),
    )
    await terminal.key("ENTER")
    return True


async def _earn(
    device: "Device",
    sale: Transaction,
    basket: "Basket",
    issuances: "Sequence[Issuance]",
    timeout_ms: int = 0,
) -> None:
    op = issuing.op_of(device, ISSUE, POST)
    if await issuing.submit(device, op, sale, basket, issuances):
        await issuing.tell(device, sale, timeout_ms=timeout_ms)


# --- within a checkout ---


def needs_pre_tax(device: "Device") -> bool:
    """Whether a checkout has to ask for the total before tax: without rates nothing else tells
    it. A shop that also sells goods without tax asks for it by `[cashier] pre_tax`.
    """
    return not device.profile["issuance"]["taxes"]


async def redeemed(
    device: "Device", sale: Transaction, rows: list[str]
) -> tuple[Transaction | None, str]:
    """(what an approved redemption's checkout earns, kept and tried while `rows` stand, None
    where it earns nothing; the key of what kept it from being kept, or "").

    Raises nothing that is foreseen: the discount's slip is still to come.
    """
    device.terminal.told = rows
    try:
        return await _rest(device, sale), ""
    except Cancelled:  # before it was kept: a person wants none
        return None, ""
    except StorageError as fault:
        return None, "storage_" + fault.reason
    except (MilepadError, MemoryError) as fault:
        device.log("earning: %s %s" % (type(fault).__name__, fault))
        return None, "code_0035"
    finally:
        device.terminal.told = []


async def _rest(device: "Device", sale: Transaction) -> Transaction | None:
    """What is left to pay earns, or the whole basket; None where that is nothing."""
    earning = _of(sale)
    basket = issuing.left_to_pay(device, sale, earning)
    if not basket.post_tax_cents or _has_earned(device, sale):
        return None
    given = issuing.award(device, earning, basket)
    if given.why:
        return None
    earning.redemption_number = sale.result.confirmation_number
    op = issuing.op_of(device, ISSUE, POST)
    await issuing.earnings(device).submit(op, earning, basket, given.issuances)
    return earning


async def not_kept(device: "Device", why: str) -> None:
    """After the discount's slip: its sale has not earned, and why."""
    text = device.terminal.text
    await device.terminal.message("error", text("not_earned"), text(why), "", text("go_on"))


async def unredeemed(device: "Device", sale: Transaction, in_doubt: bool) -> None:
    """A checkout's sale that has no discount earns on its whole basket; asks first where it is
    `in_doubt` whether one was taken. Raises Cancelled.
    """
    if device.ledger.warning or _has_earned(device, sale):
        return
    earning = _of(sale)
    basket = issuing.keyed(device, earning)
    given = issuing.award(device, earning, basket)
    if given.why:
        return
    if in_doubt:
        await _ask(device, earning, "no_discount_given")
    await _earn(device, earning, basket, given.issuances, _BY_ITSELF_MS)


async def finished(device: "Device", sale: Transaction) -> None:
    """A redemption that was interrupted and then approved: asks whether its sale earns, on what
    its discount leaves; what a till asked for earns when that asks. Raises Cancelled.
    """
    if device.till and device.till.has_asked_for(sale.sequence):
        return
    earning = _of(sale)
    basket = issuing.left_to_pay(device, sale, earning)
    if not basket.post_tax_cents or _has_earned(device, sale):
        return
    given = issuing.award(device, earning, basket)
    if given.why:
        return
    earning.redemption_number = sale.result.confirmation_number
    await _ask(device, earning, "earn", "%02d:%02d" % sale.local_time[3:5])
    await _earn(device, earning, basket, given.issuances)


async def look_back(device: "Device") -> None:
    """After a start: the last thing on the ledger is a redemption, so its sale has not earned,
    or the power went first. Raises Cancelled.
    """
    for last in device.ledger.recent(1):
        age_s = device.time.now_s() - last.unix_s
        is_old = device.time.is_proven() and age_s > SAME_SALE_S
        if (last.op, last.outcome) == (REDEEM, APPROVED) and not is_old:
            await finished(device, last)


def _has_earned(device: "Device", sale: Transaction) -> bool:
    """Whether an earlier try of the same sale, which had no answer, has earned already: what a
    sale earns it earns once, however often its redemption is tried.
    """
    ledger, number = device.ledger, sale.collector_number
    first = ledger.recent_unknown(number, sale.basket_cents, device.time.now_s())
    if first is None:
        return False
    return any(
        entry.op in (ISSUE, POST)
        and entry.collector_number == number
        and entry.basket_cents == sale.basket_cents
        and entry.outcome in (APPROVED, OPEN, UNKNOWN)
        for entry in ledger.entries(first.sequence)
    )


def _of(sale: Transaction) -> Transaction:
    """An earning of the card and the basket of a checkout's sale."""
    return Transaction(
        collector_number=sale.collector_number,
        card_entry_mode=sale.card_entry_mode,
        language=sale.language,
        basket_cents=sale.basket_cents,
        pre_tax_cents=sale.pre_tax_cents,
    )


async def _ask(
    device: "Device", earning: Transaction, title_key: str, when: str = ""
) -> None:
    """ENTER earns; anything else raises Cancelled. `when` the sale was, where that is past."""
    terminal = device.terminal
    title = terminal.text(title_key)
    terminal.announce(
        "error",
        terminal.pair(title, when) if when else title,
        terminal.text("earn_on") % terminal.dollars(earning.basket_cents),
        terminal.text("card_is") % earning.collector_number[-4:],
        terminal.text("yes_no"),
    )
    await terminal.key("ENTER")
