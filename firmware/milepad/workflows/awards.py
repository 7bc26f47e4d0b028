"""What a sale earns where the shop itself works it out (the partner family): by its rules, with
the bonus offers that a cashier chooses; and what a return takes back of it.
"""

from milepad.base import clock
from milepad.base.compat import TYPE_CHECKING, const
from milepad.issuance import offers, rules
from milepad.issuance.requests import Issuance
from milepad.terminal.terminal import DIGIT_KEYS

if TYPE_CHECKING:
    from typing import Any

    from milepad.base.transaction import Transaction
    from milepad.issuance.basket import Basket
    from milepad.terminal.terminal import Terminal
    from milepad.workflows.device import Device

_RETAIL = "retail"
_WHOLESALE = "wholesale"
_MAX_ITEMS = const(999)


class Chosen:
    """What a cashier chose: the trade, and {offer's name: items}."""

    def __init__(self) -> None:
        self.trade = _RETAIL
        self.items: dict[str, int] = {}


def load(device: "Device") -> "dict[str, Any]":
    """The shop's checked rules. Raises ProfileError."""
    name = offers.FILE if device.profile["issuance"]["offers"] else ""
    return offers.load(device.board.files, name)


async def ask(device: "Device") -> Chosen:
    """The trade, where offers differ by it, and how many items each offer of today is for; one
    that is a factor is chosen by any number. Raises Cancelled, ProfileError.
    """
    terminal, chosen = device.terminal, Chosen()
    shop_rules, today = load(device), _today(device)
    if any(each["trade"] != offers.BOTH for each in rules.offers_on(shop_rules, today)):
        terminal.show(terminal.text("trade_retail"), terminal.text("trade_wholesale"))
        if await terminal.key("1", "2") == "2":
            chosen.trade = _WHOLESALE
    found = [
        each
        for each in rules.offers_on(shop_rules, today, chosen.trade)
        if not each["automatic"]
    ]
    if found:
        await _ask_items(terminal, [each["name"] for each in found], chosen.items)
    return chosen


async def _ask_items(terminal: "Terminal", names: list[str], items: dict[str, int]) -> None:
    """Goes through the offers until ENTER; digits are the items of the one that is shown."""
    at = 0
    while True:
        name = names[at]
        terminal.show(
            terminal.pair(terminal.text("bonus"), "%d/%d" % (at + 1, len(names))),
            name,
            terminal.text("bonus_items") % items.get(name, 0),
            terminal.text("bonus_keys"),
        )
        key = await terminal.key("UP", "DOWN", "ENTER", "CLEAR", *DIGIT_KEYS)
        if key == "ENTER":
            return
        if key in ("UP", "DOWN"):
            at = max(0, min(len(names) - 1, at + (1 if key == "DOWN" else -1)))
        elif key == "CLEAR":
            items[name] = 0
        else:
            items[name] = min(_MAX_ITEMS, int("%d%s" % (items.get(name, 0), key)))


def of_sale(
    device: "Device", earning: "Transaction", basket: "Basket", chosen: Chosen | None
) -> rules.Award:
    """What a sale earns; its total is also written into the earning. Raises ProfileError."""
    chosen = chosen or Chosen()
    found = rules.award(load(device), basket, chosen.items, _today(device), chosen.trade)
    earning.miles = found.total
    return found


def of_base(device: "Device", miles: int) -> list[Issuance]:
    """So many miles under the code of what every sale earns. Raises ProfileError."""
    base = load(device)["base"]
    return [Issuance(miles, base["code"], base["id"], base["description"])]


def of_return(device: "Device", back: "Transaction", left: "Transaction") -> list[Issuance]:
    """What a return takes back of the miles that are left of its sale, also written into it;
    none: nothing. `left` has the totals and miles before it. Raises ProfileError.

    A part takes its share by the total before tax, to the nearest mile and at least one: what
    took none would be on no ledger, and so could come back again. All parts together take what
    was earned. The rules are not asked: they may have changed since the sale, and nobody kept
    which offers were chosen for it.
    """
    back.miles = left.miles
    whole_cents = left.pre_tax_cents
    if back.basket_cents < left.basket_cents and left.miles > 0 and whole_cents > 0:
        rest_cents = whole_cents - back.pre_tax_cents
        rest = (2 * left.miles * rest_cents + whole_cents) // (2 * whole_cents)
        back.miles = max(1, left.miles - rest)
    return of_base(device, back.miles) if back.miles > 0 else []


def _today(device: "Device") -> str:
    """The store's day as YYYYMMDD."""
    return "%04d%02d%02d" % clock.local(device.time.now_s(), device.zone)[:3]
