"""Reports: the day's totals, the list of entries, and what is unresolved."""

from milepad.base import clock
from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import Cancelled
from milepad.base.vocabulary import (
    APPROVED,
    DECLINED,
    GIVING,
    ISSUE,
    OPEN,
    POST,
    REDEEM,
    REVERSE,
    TAKING,
    UNKNOWN,
)
from milepad.ledger import totals
from milepad.ledger.earned import earning_of
from milepad.terminal import earned
from milepad.terminal.terminal import COLUMNS

if TYPE_CHECKING:
    from milepad.base.transaction import Transaction
    from milepad.ledger.ledger import Ledger
    from milepad.terminal.terminal import Terminal
    from milepad.workflows.device import Device

_TOTALS = (
    "redeemed_count",
    "redeemed_cents",
    "redeemed_miles",
    "reversed_count",
    "reversed_cents",
    "reversed_miles",
    "unresolved_count",
    "unresolved_cents",
)
_EARNED_TOTALS = (
    "issued_count",
    "issued_miles",
    "returned_count",
    "returned_miles",
    "pending_count",
    "queued_count",
    "parked_count",
)
_LIST_LENGTH = 20
_BESIDE_DATE = COLUMNS - len(" 11-30 23:59")
_LAST_MS = 4000


async def run(device: "Device") -> None:
    """Totals of the day, the latest entries, or the unresolved ones. Raises Cancelled."""
    terminal = device.terminal
    keys = ("reports_totals", "reports_latest", "reports_unresolved")
    terminal.show(*[terminal.text(key) for key in keys])
    name = await terminal.key("1", "2", "3")
    if name == "1":
        await _totals(device)
    elif name == "2":
        await _list(device, device.ledger.recent(_LIST_LENGTH))
    else:
        await _list(device, _unresolved(device.ledger))


async def _totals(device: "Device") -> None:
    """The day's totals on the screen, and on paper when the cashier asks for it."""
    terminal = device.terminal
    hour = device.profile["time"]["day_hour"]
    day = totals.business_day(device.ledger, device.time, device.zone, hour)
    found = totals.between(device.ledger, *day)
    pages = [_cash_rows(terminal, _title(device, day[0]), found)]
    if device.earnings:
        pages.append(_earned_rows(terminal, found))
        if not found.unresolved_count:
            pages[0][3] = terminal.text("report_keys")
    at, name = 0, ""
    while name != "ENTER":
        terminal.show(*pages[at])
        name = await terminal.key("ENTER", *(("UP", "DOWN") if device.earnings else ()))
        at = 1 - at if name != "ENTER" else at
    terminal.show(terminal.text("printing"))
    await device.slips.print_own(_slip_facts(device, found, day[0]))


def _slip_facts(device: "Device", found: "totals.Totals", day_start_s: int) -> dict:
    """The facts of a day's totals for its slip."""
    facts = device.slips.facts.common(device.time.now_s(), "")
    facts["kind"] = "totals"
    if not device.time.is_set():
        facts["when"] = None
    facts["day_start"] = clock.local(day_start_s, device.zone)
    for name in _TOTALS + (_EARNED_TOTALS if device.earnings else ()):
        facts[name] = getattr(found, name)
    if device.earnings:
        facts["pending_miles"] = found.pending_miles
    facts["net_cents"] = found.net_cents()
    facts["net_miles"] = found.net_miles()
    return facts


def _title(device: "Device", day_start_s: int) -> str:
    """Whose net it is: today's, or a day's of which nobody knows whether it is today."""
    if device.time.is_set():
        return device.terminal.text("report_net")
    date = clock.local(day_start_s, device.zone)[1:3]
    return device.terminal.text("report_net_of") % date


def _cash_rows(terminal: "Terminal", title: str, found: "totals.Totals") -> list[str]:
    """What was redeemed and given back, what is in doubt, and the key that prints."""
    return [
        terminal.pair(title, terminal.dollars(found.net_cents())),
        _row(terminal, "report_redeemed", found.redeemed_count, found.redeemed_cents),
        _row(terminal, "report_reversed", found.reversed_count, found.reversed_cents),
        _last_row(terminal, "report_unresolved", found.unresolved_count),
    ]


def _earned_rows(terminal: "Terminal", found: "totals.Totals") -> list[str]:
    """What was earned and taken back; what waits here, at AIR MILES, or for a person."""
    return [
        terminal.pair(
            terminal.text("report_issued") % found.issued_count,
            str(found.issued_miles),
        ),
        terminal.pair(
            terminal.text("report_returned") % found.returned_count,
            str(found.returned_miles),
        ),
        terminal.pair(
            terminal.text("report_queued") % found.queued_count,
            terminal.text("report_pending") % found.pending_count,
        ),
        _last_row(terminal, "report_parked", found.parked_count),
    ]


def _last_row(terminal: "Terminal", key: str, count: int) -> str:
    """What somebody has to look at, where there is some, and the key that prints: alone
    where what it does has no room, for the count's own word is not cut."""
    keys = terminal.text("report_print")
    if not count:
        return keys
    told = terminal.text(key) % count
    fits = len(told) + 1 + len(keys) <= COLUMNS
    return terminal.beside(told, keys if fits else terminal.text("enter"))


async def show_last(device: "Device") -> None:
    """The last sale again, for a moment after a start: the power may have gone before its
    outcome was read or its slip was printed."""
    terminal = device.terminal
    for entry in device.ledger.recent(1):
        if entry.outcome in (APPROVED, UNKNOWN) or entry.is_earning:
            key = "last_sale" if entry.outcome == APPROVED else "asked"
            if entry.is_earning:
                key = "return" if entry.op in TAKING else "earn"
            title = terminal.text("refund" if entry.op == REVERSE else key)
            terminal.show(
                *_entry_rows(terminal, entry, title), terminal.text("reprint_hint")
            )
            try:
                kind, value = await terminal.event(_LAST_MS)
            except Cancelled:
                return
            if kind != "key":  # a card is for the idle screen, which keeps it
                terminal.emit(kind, value)


def _row(terminal: "Terminal", key: str, count: int, cents: int) -> str:
    return terminal.pair(terminal.text(key) % count, terminal.dollars(cents))


def _unresolved(ledger: "Ledger") -> list["Transaction"]:
    """The latest of them, newest first; only so many are in memory at once."""
    found: list[Transaction] = []
    for entry in ledger.unresolved():
        found = [entry] + found[: _LIST_LENGTH - 1]
    return found


async def _list(device: "Device", entries: list["Transaction"]) -> None:
    terminal = device.terminal
    if not entries:
        await terminal.message("error", terminal.text("report_empty"))
        return
    at = 0
    while True:
        entry = entries[at]
        title = "%d ...%s" % (at + 1, entry.collector_number[-4:])
        keys = terminal.text("report_keys")
        terminal.show(*_entry_rows(terminal, entry, title), keys)
        name = await terminal.key("UP", "DOWN", "ENTER")
        if name == "ENTER":
            await _reprint(device, entry)
        else:
            at = max(0, min(len(entries) - 1, at + (1 if name == "DOWN" else -1)))


def _entry_rows(terminal: "Terminal", entry: "Transaction", title: str) -> list[str]:
    """Its amount; what became of it, and when; its confirmation number, or its trace id."""
    if entry.is_earning:
        return _earning_rows(terminal, entry, title)
    sign = "-" if entry.op == REVERSE else ""
    done = "refunded" if entry.op == REVERSE else "approved"
    keys = {APPROVED: done, UNKNOWN: "unresolved", OPEN: "unresolved", DECLINED: "refused"}
    state = terminal.text(keys.get(entry.outcome, entry.outcome))
    if entry.outcome == DECLINED:
        state += " " + entry.result.response_code
    cents = entry.moved_cents if entry.outcome == APPROVED else entry.redeem_cents
    # Of a refund of another device's sale without an answer no amount is known.
    amount = sign + terminal.dollars(cents) if cents or not sign else ""
    return [
        terminal.pair(title, amount),
        _with_time(terminal, state, entry),
        terminal.confirmation(entry.result.confirmation_number)
        if entry.outcome == APPROVED
        else "TRACE " + entry.trace_id,
    ]


def _earning_rows(terminal: "Terminal", entry: "Transaction", title: str) -> list[str]:
    """The same of an earning: its basket, or an event's miles; it has no number but its own."""
    sign = "-" if entry.op in TAKING else ""
    amount = terminal.dollars(entry.basket_cents)
    if not entry.basket_cents:
        amount = terminal.text("miles") % entry.miles
    return [
        terminal.pair(title, sign + amount),
        _with_time(terminal, earned.row(terminal, entry, _BESIDE_DATE), entry),
        "TRACE " + entry.trace_id,
    ]


def _with_time(terminal: "Terminal", state: str, entry: "Transaction") -> str:
    """A state with its date and time, or with its time alone where it leaves no room."""
    when = "%02d-%02d %02d:%02d" % entry.local_time[1:5]
    row = terminal.beside(state, when)
    return terminal.pair(state, when[6:]) if row == state else row


async def _reprint(device: "Device", entry: "Transaction") -> None:
    if entry.outcome != OPEN or entry.is_earning:
        facts = _of_both(device, entry)
        await device.slips.print(facts, entry.language, reprint=True)


def _of_both(device: "Device", entry: "Transaction") -> dict:
    """The facts of one that is printed again, from the ledger: of a checkout that redeemed
    and earned they are its one slip's, whichever of the two is asked for.
    """
    ledger, number = device.ledger, entry.redemption_number
    redemption = entry
    if entry.op in (ISSUE, POST) and number:
        redemption = ledger.find_redemption(number) or entry
    facts = device.slips.facts.of_transaction(redemption)
    if redemption.op == REDEEM and redemption.outcome == APPROVED:
        number = redemption.result.confirmation_number
        earning = earning_of(ledger, number) if number else None
        if earning:
            facts.update(earned.beside_redemption(earning, redemption.basket_cents))
    return facts


async def reprint_last(device: "Device") -> None:
    """The last slip once more, marked as a copy; after a restart, from the ledger."""
    terminal = device.terminal
    if device.slips.last:
        facts, language = device.slips.last
        await device.slips.print(facts, language, reprint=True)
        return
    for entry in device.ledger.recent(_LIST_LENGTH):
        # These had one.
        if entry.outcome in (APPROVED, UNKNOWN) or entry.op in GIVING + TAKING:
            await _reprint(device, entry)
            return
    await terminal.message("error", terminal.text("nothing_to_print"))
