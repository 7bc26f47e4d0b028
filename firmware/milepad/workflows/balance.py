"""Balance: an inquiry whose answer stands on paper and never on the screen."""

from milepad.amcash import response_codes
from milepad.amcash.requests import Sale
from milepad.workflows import slips


async def run(till) -> None:
    """Asks for the card, prints its balances. Raises Cancelled."""
    terminal = till.terminal
    card = await terminal.card(till.profile["card"])
    sale = Sale(card.collector_number, card.card_entry_mode, 0)
    sale.language = terminal.slip_language
    inquiry = await till.inquire(sale)
    row = response_codes.lookup(inquiry.code)
    if inquiry.reply is None or not row.inquiry_ok:
        await slips.inquiry_failed(till, sale, inquiry, "no_balance")
        return
    terminal.show(terminal.text("printing"))
    facts = slips.of_balance(till, sale, inquiry.reply, till.time.now_s())
    if not await slips.print_slip(till, facts, sale.language):
        return
    hidden = "" if row.balances_allowed else terminal.text("balance_hidden")
    await terminal.message("ok", terminal.text("balance_printed"), hidden)
