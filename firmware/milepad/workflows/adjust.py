"""Adjustments: miles without a sale, given or taken back by a supervisor.

For a reason that is no purchase, and for a correction of what was wrong (FACTS 6.1,
POST/EVENT and REVERSE/EVENT): where the shop itself works out the miles, and only there.
"""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.transaction import Transaction
from milepad.base.vocabulary import POST_EVENT, REVERSE_EVENT
from milepad.issuance.basket import Basket
from milepad.terminal import prompts, screens
from milepad.workflows import awards, issuing, supervisor

if TYPE_CHECKING:
    from milepad.workflows.device import Device

_MAX_MILES = const(99999)
# Key: what is written on the screen, and into the request's notes.
_REASONS = {
    "1": ("reason_goodwill", "goodwill"),
    "2": ("reason_correction", "correction"),
    "3": ("reason_promotion", "promotion"),
}


async def run(device: "Device") -> None:
    """Which way, how many, whose, why; then what became of it. Raises Cancelled."""
    if device.ledger.warning:  # what is not kept could be given twice, or never
        await screens.cannot_keep(device.terminal, device.ledger.warning)
        return
    if not await supervisor.ask(device):
        return
    terminal, text = device.terminal, device.terminal.text
    terminal.show(text("adjust_give"), text("adjust_take"))
    way = await terminal.key("1", "2")
    # The row of the choice without its key: "1 ADD" reads as adding one.
    title = text("adjust_give" if way == "1" else "adjust_take")[2:]
    miles = await prompts.ask_number(terminal, title, _MAX_MILES)
    note = text("miles") % miles
    card = await prompts.ask_card(terminal, device.profile["card"], note)
    event = Transaction(
        collector_number=card.collector_number,
        card_entry_mode=card.card_entry_mode,
        language=terminal.slip_language,
        miles=miles,
    )
    reason_key, reason = await _reason(device)
    terminal.show(
        terminal.pair(title, note),
        text("card_is") % card.collector_number[-4:],
        text(reason_key)[2:],
        text("yes_no"),
    )
    await terminal.key("ENTER")
    basket = Basket()
    basket.context = (("reason", reason),)
    op = POST_EVENT if way == "1" else REVERSE_EVENT
    if await issuing.submit(device, op, event, basket, awards.of_base(device, miles)):
        await issuing.tell(device, event)


async def _reason(device: "Device") -> tuple[str, str]:
    terminal = device.terminal
    terminal.show(*[terminal.text(_REASONS[key][0]) for key in ("1", "2", "3")])
    return _REASONS[await terminal.key("1", "2", "3")]
