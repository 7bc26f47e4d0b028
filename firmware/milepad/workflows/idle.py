"""What the idle screen says: what the keys begin, what waits, and how the device is."""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.terminal.terminal import COLUMNS

if TYPE_CHECKING:
    from milepad.workflows.device import Device

_ROOT_DAYS = const(61)  # from then on it says that a root certificate ends
_MOST_DAYS = const(99)  # of an age


def show(device: "Device") -> None:
    """Shows it; a PIN pad's says that it is the till's."""
    terminal = device.terminal
    if device.till is None:
        terminal.show(*menu_rows(device))
        return
    beside = terminal.kept_card() or queue_text(device)
    terminal.show(*device.till.idle_rows(beside, _state(device)))


def menu_rows(device: "Device") -> list[str]:
    """What the keys begin, and how the device is."""
    terminal = device.terminal
    checkout = terminal.text("menu_checkout")
    beside = terminal.kept_card() or queue_text(device)
    balance, refund = terminal.text("menu_balance"), terminal.text("menu_refund")
    if device.earnings:
        balance = terminal.pair(balance, terminal.text("menu_earn"))
        # What a refund is called where the row is not all its own.
        refund = terminal.pair("3 " + terminal.text("refund"), terminal.text("menu_return"))
    return [
        terminal.pair(checkout, beside) if beside else checkout,
        balance,
        refund,
        terminal.pair(terminal.text("menu_more"), _state(device)),
    ]


def queue_text(device: "Device") -> str:
    """How many earnings wait, and from an hour on for how long the first has, where the time
    is known. Blanks go first where it does not fit beside the first key, then the age.
    """
    count, oldest_s = device.earnings.waiting() if device.earnings else (0, 0)
    if not count:
        return ""
    text = device.terminal.text
    plain = text("queue_count") % count
    hours = (device.time.now_s() - oldest_s) // 3600
    if not device.time.is_set() or not oldest_s or hours < 1:
        return plain
    key, age = ("queue_hours", hours) if hours < 24 else ("queue_days", hours // 24)
    aged = text(key) % (count, min(age, _MOST_DAYS))
    room = COLUMNS - 1 - len(text("menu_checkout"))
    while len(aged) > room and " " in aged:
        aged = "".join(aged.rsplit(" ", 1))
    return aged if len(aged) <= room else plain


def _state(device: "Device") -> str:
    """The link's state, or what needs attention before it."""
    terminal = device.terminal
    if device.ledger.warning:
        return terminal.text("ledger_warning")
    if open_count(device):
        return terminal.text("open_entries") % min(open_count(device), 9)
    if device.transactions.link == "up" and not device.time.is_set():
        return terminal.text("no_time")
    if device.transactions.link == "up" and _root_days(device) < _ROOT_DAYS:
        return terminal.text("root_ends") % max(0, _root_days(device))
    return terminal.text("link_" + device.transactions.link)


def open_count(device: "Device") -> int:
    """How much waits for a decision, or for a decision to be carried out."""
    return len(device.ledger.open_entries()) + len(device.ledger.voids_pending())


def _root_days(device: "Device") -> int:
    """How many whole days are left of the first root certificate to end."""
    end_s = device.root_end_s
    return (end_s - device.time.now_s()) // 86400 if end_s else _ROOT_DAYS
