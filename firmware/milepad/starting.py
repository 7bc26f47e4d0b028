"""The device that a board is with its profile: what only a start needs.

It is imported within `menu.started`, which drops it again; what it makes stays. So the modules
of whatever stays are the app's, which are loaded before.
"""

from milepad import NAME_AND_VERSION
from milepad.base.compat import TYPE_CHECKING, sha256
from milepad.base.small_file import read_file
from milepad.ledger.ledger import Ledger
from milepad.ledger.trace_ids import TraceIds, prefix_of
from milepad.link.reply_date import DatedClient
from milepad.link.session import Session
from milepad.link.token import TokenKeeper
from milepad.link.token_store import TokenStore
from milepad.link.validity import first_end
from milepad.terminal.terminal import COLUMNS
from milepad.transactions.transactions import Transactions
from milepad.workflows.device import Device

if TYPE_CHECKING:
    from typing import Any

    from milepad.base.protocols import Profile
    from milepad.base.timekeeper import Timekeeper
    from milepad.drivers.protocols import Board
    from milepad.ledger.protocols import LedgerStore
    from milepad.terminal.terminal import Terminal

_LEDGER_CAPACITY = 2000


def make_device(board: "Board", terminal: "Terminal", profile: "Profile") -> Device:
    """The device that a board is with a checked profile. Raises MilepadError."""
    terminal.language = profile["cashier"]["language"]
    terminal.set_idle_s(profile["cashier"]["idle_s"])
    _show_identity(board, terminal, profile)
    board.printer.baud = profile["printer"]["baud"]
    board.printer.has_status = profile["printer"]["status"]
    air = profile["network"]
    board.wlan.join(air["ssid"], air["password"], profile["time"]["ntp_host"])
    transactions = make_transactions(board, profile, terminal.wait_for)
    transactions.session.sight = terminal.screen
    device = Device(terminal, transactions, profile, board.time, board.log, board)
    device.root_end_s = first_end(read_file(board.files, "ca.der"))
    return device


def _show_identity(board: "Board", terminal: "Terminal", profile: "Profile") -> None:
    """Which firmware on which board, whose device; it stands while the ledger is read."""
    terminal.show(
        NAME_AND_VERSION,
        board.name[:COLUMNS],
        terminal.pair(terminal.text("about_store"), profile["partner"]["store_id"]),
        terminal.pair(terminal.text("about_device"), profile["device"]["device_id"]),
    )


def make_transactions(board: "Board", profile: "Profile", progress: "Any") -> Transactions:
    """A board's ledger and its way to the platform; `progress` as `Transactions` wants it.

    Raises MilepadError.
    """
    store = board.ledger_store()
    ledger = Ledger(store, _LEDGER_CAPACITY)
    board.time.keep_with(ledger)
    return Transactions(
        _make_session(board, profile, store),
        ledger,
        _trace_ids(store, profile, board.time),
        profile,
        board.time,
        progress,
        board.log,
    )


def _trace_ids(store: "LedgerStore", profile: "Profile", time: "Timekeeper") -> TraceIds:
    device = profile["device"]
    store_id = profile["partner"]["store_id"]
    prefix = prefix_of(store_id, device["device_id"], device["trace_prefix"])
    # Of a provisional time, the same for every device of a build, ids would repeat.
    return TraceIds(store, prefix, time.now_s() if time.is_set() else 0)


def _make_session(board: "Board", profile: "Profile", store: "LedgerStore") -> Session:
    """The way to the platform, with the token that `store` keeps. Raises MilepadError."""
    platform = profile["platform"]
    times_ms = [platform[key] * 1000 for key in ("connect_s", "reply_s", "idle_s")]
    client = board.client(read_file(board.files, "ca.der"), *times_ms)
    client = DatedClient(client, board.time)
    kept = TokenStore(store, sha256(board.unique_id))
    token = TokenKeeper(client, platform, kept, board.time.now_s)
    match = platform["match_trace_id"]
    return Session(client, token, platform["base_url"], match, platform["reply_s"])
