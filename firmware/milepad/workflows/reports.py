"""Reports: the day's totals, the list of entries, and what is unresolved."""

from milepad.base import clock
from milepad.base.errors import Cancelled
from milepad.base.vocabulary import APPROVED, DECLINED, REVERSE, UNKNOWN
from milepad.workflows import slips

_LIST_LENGTH = 20
_LAST_MS = 4000


async def run(till) -> None:
    """Totals of the day, the latest entries, or the unresolved ones. Raises Cancelled."""
    terminal = till.terminal
    keys = ("reports_totals", "reports_latest", "reports_unresolved")
    terminal.show(*[terminal.text(key) for key in keys])
    name = await terminal.key("1", "2", "3")
    if name == "1":
        await _totals(till)
    elif name == "2":
        await _list(till, till.ledger.recent(_LIST_LENGTH))
    else:
        await _list(till, _unresolved(till.ledger))


async def _totals(till) -> None:
    """The day's totals on the screen, and on paper when the cashier asks for it."""
    terminal = till.terminal
    day = clock.day_span(till.time.now_s(), till.zone, till.profile["time"]["day_hour"])
    totals = till.ledger.totals(*day)
    terminal.show(
        terminal.pair(terminal.text("report_net"), terminal.dollars(totals.net_cents())),
        _row(terminal, "report_redeemed", totals.redeemed_count, totals.redeemed_cents),
        _row(terminal, "report_reversed", totals.reversed_count, totals.reversed_cents),
        _last_row(terminal, totals.unresolved_count),
    )
    await terminal.key("ENTER")
    terminal.show(terminal.text("printing"))
    await slips.print_totals(till, totals, day[0])


def _last_row(terminal, unresolved_count: int) -> str:
    """What is in doubt, and the key that prints."""
    keys = terminal.text("report_print")
    if not unresolved_count:
        return keys
    row = terminal.text("report_unresolved") % unresolved_count
    return terminal.beside(row, keys)


async def show_last(till) -> None:
    """The last sale again, for a moment after a start: the power may have gone before its
    outcome was read or its slip was printed."""
    terminal = till.terminal
    for entry in till.ledger.recent(1):
        result = entry.result
        if result and result.outcome in (APPROVED, UNKNOWN):
            key = "refund" if entry.intent.op == REVERSE else "last_sale"
            rows = _entry_rows(terminal, entry, terminal.text(key))
            if result.confirmation_number:
                rows[1] = terminal.confirmation(result.confirmation_number)
            terminal.show(*rows[:3], terminal.text("reprint_hint"))
            try:
                await terminal.event(_LAST_MS)
            except Cancelled:
                return


def _row(terminal, key: str, count: int, cents: int) -> str:
    return terminal.pair(terminal.text(key) % count, terminal.dollars(cents))


def _unresolved(ledger) -> list:
    """The latest of them, newest first; only so many are in memory at once."""
    found: list = []
    for entry in ledger.unresolved():
        found = [entry] + found[: _LIST_LENGTH - 1]
    return found


async def _list(till, entries: list) -> None:
    terminal = till.terminal
    if not entries:
        await terminal.message("error", terminal.text("report_empty"))
        return
    at = 0
    while True:
        terminal.show(*_entry_rows(terminal, entries[at], str(at + 1)))
        name = await terminal.key("UP", "DOWN", "ENTER")
        if name == "ENTER":
            await _reprint(till, entries[at])
        else:
            at = max(0, min(len(entries) - 1, at + (1 if name == "DOWN" else -1)))


def _entry_rows(terminal, entry, title: str) -> list[str]:
    intent, result = entry.intent, entry.result
    sign = "-" if intent.op == REVERSE else ""
    outcome = result.outcome if result else UNKNOWN
    done = "refunded" if intent.op == REVERSE else "approved"
    keys = {APPROVED: done, UNKNOWN: "unresolved", DECLINED: "refused"}
    state = terminal.text(keys.get(outcome, outcome))
    cents = entry.moved_cents if outcome == APPROVED else intent.redeem_cents
    # Of a refund of another device's sale without an answer no amount is known.
    amount = sign + terminal.dollars(cents) if cents or not sign else ""
    return [
        terminal.pair(title, amount),
        state + (" " + result.response_code if result and outcome == DECLINED else ""),
        "TRACE " + intent.trace_id,
        terminal.text("report_keys"),
    ]


async def _reprint(till, entry) -> None:
    if entry.result is not None:
        facts = slips.of_entry(till, entry)
        await slips.print_slip(till, facts, entry.intent.language, True)


async def reprint_last(till) -> None:
    """The last slip once more, marked as a copy; after a restart, from the ledger."""
    terminal = till.terminal
    if till.last_slip:
        facts, language = till.last_slip
        await slips.print_slip(till, facts, language, True)
        return
    for entry in till.ledger.recent(_LIST_LENGTH):
        if entry.result and entry.result.outcome in (APPROVED, UNKNOWN):  # these had one
            await _reprint(till, entry)
            return
    await terminal.message("error", terminal.text("nothing_to_print"))
