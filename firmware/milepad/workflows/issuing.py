"""A sale, a return or an event becomes an earning: its basket, its sending, how it is told."""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import FieldError, StorageError
from milepad.base.money import PERCENT, parse_percent
from milepad.issuance import taxes
from milepad.terminal import earned, screens

if TYPE_CHECKING:
    from typing import Sequence

    from milepad.base.transaction import Transaction
    from milepad.issuance.basket import Basket
    from milepad.issuance.protocols import Rates
    from milepad.issuance.requests import Issuance
    from milepad.transactions.earnings import Earnings
    from milepad.workflows.awards import Chosen
    from milepad.workflows.device import Device


def op_of(device: "Device", amrp_op: str, partner_op: str) -> str:
    """The operation of the shop's family."""
    is_amrp = device.profile["issuance"]["family"] == "amrp"
    return amrp_op if is_amrp else partner_op


def keyed(device: "Device", earning: "Transaction") -> "Basket":
    """The basket of an earning's totals. Where no total before tax was asked for, the shop's
    rates tell it, and it is written into the earning. Raises FieldError.
    """
    rates = device.profile["issuance"]["taxes"]
    if earning.pre_tax_cents < 0:
        earning.pre_tax_cents = _before_tax(earning.basket_cents, rates)
    return taxes.keyed(earning.pre_tax_cents, earning.basket_cents, rates)


def _before_tax(post_tax_cents: int, rates: "Rates") -> int:
    """What a total was before the shop's taxes, to the nearest cent, a half up."""
    whole = 100 * PERCENT
    with_tax = whole + sum([parse_percent(percent) for _, percent in rates])
    return (2 * post_tax_cents * whole + with_tax) // (2 * with_tax)


def left_to_pay(device: "Device", sale: "Transaction", earning: "Transaction") -> "Basket":
    """What a checkout earns on after its discount, by `[issuance] basis`; its totals are
    written into the earning.
    """
    settings = device.profile["issuance"]
    basket = keyed(device, earning)
    if settings["basis"] == "left_to_pay":
        basket = taxes.left_to_pay(basket, sale.moved_cents, settings["taxes"])
    earning.basket_cents = basket.post_tax_cents
    earning.pre_tax_cents = basket.pre_tax_cents
    return basket


def earnings(device: "Device") -> "Earnings":
    """The device's earnings. Raises FieldError where its shop's sales do not earn."""
    found = device.earnings
    if found is None:
        raise FieldError("family", "amrp or partner")
    return found


class Given:
    """The miles of an earning: `issuances` by reason, none where AIR MILES works them out
    (amrp); or `why`, the key of what is said where the shop's rules give or take none.
    """

    def __init__(self, issuances: "Sequence[Issuance]" = (), why: str = ""):
        self.issuances = issuances
        self.why = why


def award(
    device: "Device",
    earning: "Transaction",
    basket: "Basket",
    chosen: "Chosen | None" = None,
) -> Given:
    """The miles of a sale, also written into it where the shop itself works them out. Raises
    ProfileError.
    """
    if device.profile["issuance"]["family"] == "amrp":
        return Given()
    # Rules and offers are the partner family's alone.
    from milepad.workflows import awards

    found = awards.of_sale(device, earning, basket, chosen)
    if found.total:
        return Given(found.issuances)
    return Given(why="over_limit" if found.is_limited else "no_miles")


def take_back(device: "Device", back: "Transaction", left: "Transaction") -> Given:
    """The miles that a return takes back, as `award` has them, also written into it; `left` is
    what was left of its sale before, totals and miles. Raises ProfileError.
    """
    if device.profile["issuance"]["family"] == "amrp":
        return Given()
    # Rules and offers are the partner family's alone.
    from milepad.workflows import awards

    issuances = awards.of_return(device, back, left)
    return Given(issuances, "" if issuances else "no_miles")


async def ask_chosen(device: "Device") -> "Chosen | None":
    """The bonus offers that a cashier chooses for a sale; None where the shop has no rules of
    its own. Raises Cancelled, ProfileError.
    """
    if device.profile["issuance"]["family"] == "amrp":
        return None
    # Rules and offers are the partner family's alone.
    from milepad.workflows import awards

    return await awards.ask(device)


async def submit(
    device: "Device",
    op: str,
    earning: "Transaction",
    basket: "Basket",
    issuances: "Sequence[Issuance]" = (),
) -> bool:
    """Keeps an earning and tries it; its result is in it. False, and told, where it was not
    kept: then nothing leaves. Raises Cancelled: nothing was kept.
    """
    terminal, text = device.terminal, device.terminal.text
    try:
        await earnings(device).submit(op, earning, basket, issuances)
    except StorageError as fault:
        await screens.cannot_keep(terminal, fault.reason)
        return False
    except FieldError as fault:
        device.log("%s: %s" % (op, fault))
        await terminal.message("error", text("not_earned"), text("code_0035"))
        return False
    return True


async def tell(
    device: "Device", earning: "Transaction", hint: str = "", timeout_ms: int = 0
) -> None:
    """The screen and the slip of an earning, a return or an event that was kept; `hint` is
    what is to be done beside it. The screen stands until a key, or so long (0: the idle time).
    """
    rows = _rows(device, earning, hint)
    terminal = device.terminal
    is_refused = earned.state(earning) == earned.REFUSED
    terminal.announce("error" if is_refused else "ok", *rows, terminal.text("printing"))
    await device.slips.print_transaction(earning)
    if is_refused:
        timeout_ms = 0
    await terminal.message("", *rows, terminal.text("go_on"), timeout_ms=timeout_ms)


def _rows(device: "Device", earning: "Transaction", hint: str) -> list[str]:
    """What became of it, of which card and how much, and what comes next."""
    terminal = device.terminal
    card = terminal.text("card_is") % earning.collector_number[-4:]
    amount = terminal.dollars(earning.basket_cents) if earning.basket_cents else ""
    state = earned.state(earning)
    if state == earned.REFUSED:
        hint = terminal.text("see_queue")
    elif earning.result.mismatch:
        hint = terminal.text("mismatch")
    elif state == earned.LATER and not hint:
        hint = terminal.text("sent_later")
    return [earned.row(terminal, earning), terminal.pair(card, amount), hint]


async def tell_recorded(device: "Device", record: "Transaction") -> None:
    """A sale without a card has no slip: nobody has earned."""
    terminal = device.terminal
    state = earned.state(record)
    is_refused = state == earned.REFUSED
    key = "recorded" if state == earned.DONE else "recorded_later"
    if is_refused:
        key = "not_recorded"
    amount = terminal.dollars(record.basket_cents)
    hint = terminal.text("see_queue") if is_refused else ""
    sound = "error" if is_refused else "ok"
    await terminal.message(sound, terminal.text(key), amount, hint, terminal.text("go_on"))


async def tell_nothing(device: "Device", key: str, why: str) -> None:
    """Nothing is sent, for the shop's rules give or take no miles; `why` as in `Given`."""
    text = device.terminal.text
    await device.terminal.message("error", text(key), text(why), "", text("go_on"))
