"""The queue: earnings that wait for the network or for a person; each is looked at, sent, or
deleted for good by a supervisor.

A deletion is confirmed on a key that nothing else uses, and the ledger keeps it: as not sent
where no copy ever left, as refused where AIR MILES had refused it for certain, else as unknown,
for then it may have been added all the same.
"""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import Cancelled, StorageError
from milepad.base.vocabulary import DECLINED, OPEN, TAKING, UNKNOWN
from milepad.terminal import earned, screens
from milepad.terminal.terminal import COLUMNS
from milepad.workflows import supervisor

if TYPE_CHECKING:
    from milepad.base.transaction import Transaction
    from milepad.workflows.device import Device

_SEND = "7"
_DELETE = "9"
_REALLY = "00"
_STAYS = {"settings": "settings_changed", "damaged": "storage_unreadable"}
_BESIDE_TIME = COLUMNS - len(" 23:59")


async def run(device: "Device") -> None:
    """Goes through what waits, oldest first, until CANCEL raises Cancelled."""
    terminal = device.terminal
    at = 0
    try:
        while True:
            waiting = list(device.earnings.items())
            if not waiting:
                await terminal.message("ok", terminal.text("queue_empty"))
                return
            at = max(0, min(at, len(waiting) - 1))
            rows = _rows(device, waiting[at], "%d/%d" % (at + 1, len(waiting)))
            terminal.show(*rows, terminal.text("queue_keys"))
            name = await terminal.key("UP", "DOWN", _SEND, _DELETE)
            if name == _SEND:
                await _send(device, waiting[at])
            elif name == _DELETE:
                await _delete(device, waiting[at])
            else:
                at += 1 if name == "DOWN" else -1
    except StorageError as fault:
        await screens.cannot_keep(terminal, fault.reason)


def _rows(device: "Device", entry: "Transaction", place: str) -> list[str]:
    """Where it stands and how much it is; what it waits for, and since when; its number."""
    terminal = device.terminal
    amount = terminal.dollars(entry.basket_cents)
    if not entry.basket_cents:
        amount = terminal.text("miles") % entry.miles
    state = earned.row(terminal, entry, _BESIDE_TIME)
    queue = device.earnings.queue
    if entry.outcome == OPEN and queue.is_aside(entry.sequence):  # by its age, for one
        state = terminal.text("no_answer" if queue.may_have_left(entry) else "not_sent")
    elif entry.is_parked and entry.outcome == DECLINED:
        state = terminal.text("refused") + " " + entry.result.response_code
    when = "%02d-%02d %02d:%02d" % entry.local_time[1:5]
    row = terminal.beside(state, when)
    return [
        terminal.pair(place, amount),
        terminal.pair(state, when[6:]) if row == state else row,
        "TRACE " + entry.trace_id,
    ]


async def _send(device: "Device", entry: "Transaction") -> None:
    """One try where it is seen; CANCEL leaves it in the queue."""
    terminal = device.terminal
    try:
        call = await device.earnings.send_now(entry.sequence)
    except Cancelled:
        return
    if call is None:  # it was sent meanwhile
        return
    sent = device.ledger.entry(entry.sequence)
    why = ""
    if sent.outcome == OPEN:
        is_sent = call.copies and call.cause != "order"
        key = "no_answer" if is_sent else "not_sent_" + call.cause
        why = terminal.text(_STAYS.get(call.cause, key))
    sound = "ok" if earned.state(sent) == earned.DONE else "error"
    rows = _rows(device, sent, terminal.text("card_is") % sent.collector_number[-4:])
    await terminal.message(sound, *rows[:2], why, terminal.text("go_on"))


async def _delete(device: "Device", entry: "Transaction") -> None:
    """Given up for good, if a supervisor says so twice. Raises Cancelled, StorageError."""
    terminal = device.terminal
    if not await supervisor.ask(device):
        return
    rows = _rows(device, entry, terminal.text("delete"))
    terminal.announce("error", *rows, terminal.text("delete_keys"))
    try:
        await terminal.key(_REALLY)
    except Cancelled:  # a person's word: it stays, and so does the list
        return
    outcome = device.earnings.delete(entry.sequence)
    device.log("queue: %s %s deleted, %s" % (entry.op, entry.trace_id, outcome))
    warning = ""
    if outcome == UNKNOWN:
        key = "first_may_count" if entry.op in TAKING else "may_be_added"
        warning = terminal.text(key)
    await terminal.message(
        "ok", terminal.text("deleted"), rows[2], warning, terminal.text("go_on")
    )
