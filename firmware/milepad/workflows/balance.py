"""Balance: an inquiry whose answer stands on paper and never on the screen."""

from milepad.amcash import response_codes
from milepad.base.compat import TYPE_CHECKING
from milepad.base.transaction import Transaction
from milepad.terminal import prompts

if TYPE_CHECKING:
    from milepad.workflows.device import Device


async def run(device: "Device") -> None:
    """Asks for the card, prints its balances. Raises Cancelled."""
    terminal = device.terminal
    card = await prompts.ask_card(terminal, device.profile["card"])
    while True:
        inquiry = Transaction(
            collector_number=card.collector_number,
            card_entry_mode=card.card_entry_mode,
            language=terminal.slip_language,
        )
        call = await device.transactions.inquire(inquiry)
        row = response_codes.lookup(call.code)
        if call.reply and row.inquiry_ok:
            break
        if not await device.slips.inquiry_failed(inquiry, call, "no_balance"):
            return
    terminal.show(terminal.text("printing"))
    facts = device.slips.facts.of_balance(inquiry, call.reply)
    if not await device.slips.print(facts, inquiry.language):
        return
    key = "balance_printed" if row.balances_allowed else "balance_hidden"
    await terminal.message("ok", terminal.text(key))
