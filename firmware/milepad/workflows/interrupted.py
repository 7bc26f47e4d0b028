"""The screens of an entry that a power cut left open: what it was, and what may be done.

Only the keys that a screen names do anything, and none of them is a key of the idle or the
offer screen: what a cashier presses from habit neither moves miles nor leaves them there.
"""

import asyncio

from milepad.base import clock
from milepad.base.compat import TYPE_CHECKING, const, sleep_ms
from milepad.base.errors import Cancelled, StorageError
from milepad.base.vocabulary import REDEEM, REVERSE
from milepad.terminal.terminal import COLUMNS, Terminal

if TYPE_CHECKING:
    from typing import Callable, Sequence

    from milepad.base.transaction import Transaction
    from milepad.link.retry import CallResult
    from milepad.workflows.device import Device

FINISH = "7"
GIVE_UP = "8"
VOID = "9"
LATER = "0"
_TURN_MS = const(2000)  # how long each of the screens stands that take turns
_LOOKS = const(8)  # in each turn, whether what is waited for has come
_ECHO_PAUSE_MS = const(5000)


async def ask(device: "Device", entry: "Transaction") -> str:
    """FINISH, VOID or LATER; stands for as long as it takes."""
    terminal = device.terminal
    can_void = entry.op == REDEEM
    keys = terminal.text("interrupted_finish")
    if can_void:
        keys = terminal.pair(keys, terminal.text("interrupted_void"))
    later = terminal.text("interrupted_later")
    screens = [
        [title, _amount(device, entry), terminal.pair(_card(device, entry), later), keys]
        for title in _titles(device, entry)
    ]
    return await _choice(terminal, screens, (FINISH, LATER) + (VOID,) * can_void)


async def ask_to_give_up(device: "Device", entry: "Transaction", reason_key: str) -> str:
    """GIVE_UP or LATER, where the copy may not be sent for a reason that will not pass."""
    terminal = device.terminal
    keys = terminal.text("interrupted_give_up") + " " + terminal.text("interrupted_later")
    return await _choice(terminal, _told(device, entry, reason_key, keys), (GIVE_UP, LATER))


async def wait_for_time(device: "Device", entry: "Transaction") -> bool:
    """Stands until the clock is set; False when the cashier chose LATER.

    Meanwhile the platform is asked as well: where no time server answers, its reply tells it.
    """
    if device.time.is_set():
        return True
    terminal = device.terminal
    title, later = terminal.text("waiting_time"), terminal.text("interrupted_later")
    # A time server answers within seconds as a rule: what is to be decided comes after.
    screens = [[title, "", "", later]] * 5
    screens += _told(device, entry, "waiting_time", later)
    asking = asyncio.create_task(_ask_platform(device))
    try:
        return not await _choice(terminal, screens, (LATER,), device.time.is_set)
    finally:
        asking.cancel()
        try:
            await asking
        except asyncio.CancelledError:
            pass


async def _ask_platform(device: "Device") -> None:
    try:
        while not device.time.is_set():
            while not device.board.wlan.is_up():  # so the first question goes once it is
                await sleep_ms(_TURN_MS // _LOOKS)
            await device.transactions.echo()
            await sleep_ms(_ECHO_PAUSE_MS)
    except StorageError as fault:  # no trace id can be had
        device.log("ledger: %s" % fault)


async def not_asked_again(
    device: "Device", entry: "Transaction", call: "CallResult"
) -> None:
    """The copy did not leave. What became of the first one is as unknown as before."""
    terminal = device.terminal
    why = terminal.text("try_again")
    if call.cause == "wifi":
        why = terminal.text("check_wifi")
    elif call.cause != "network":
        why = terminal.text("not_sent_" + call.cause)
    await terminal.message(
        "error",
        terminal.text("not_asked_again"),
        terminal.text("first_may_count"),
        terminal.text(second_key(entry)),
        why,
    )


async def unresolved(device: "Device", entry: "Transaction") -> None:
    """Nothing more can be learned here; the trace id is to be written down."""
    terminal = device.terminal
    title = terminal.text("interrupted")
    cents = entry.redeem_cents
    await terminal.warning(
        "error",
        terminal.pair(title, terminal.dollars(cents)) if cents else title,
        terminal.text("unresolved"),
        terminal.text("unknown_advice") % entry.trace_id,
        terminal.text(second_key(entry)),
    )


async def void_waits(device: "Device", entry: "Transaction") -> None:
    """A VOID that was decided and could not be carried out now."""
    terminal = device.terminal
    await terminal.message(
        "error",
        terminal.pair(terminal.text("interrupted"), terminal.dollars(entry.redeem_cents)),
        terminal.text("void_waits"),
        terminal.text("no_discount"),
    )


def second_key(entry: "Transaction") -> str:
    """The words for what the cashier must not give meanwhile."""
    return "no_refund" if entry.op == REVERSE else "no_discount"


def _told(
    device: "Device", entry: "Transaction", reason_key: str, keys: str
) -> list[list[str]]:
    """Screens with a reason; amount and card take turns."""
    title = _titles(device, entry)[0]
    reason = device.terminal.text(reason_key)
    return [
        [title, what, reason, keys]
        for what in (_amount(device, entry), _card(device, entry))
    ]


def _titles(device: "Device", entry: "Transaction") -> list[str]:
    """First rows: INTERRUPTED and the time; of another day, its date as well, in turn."""
    begun = entry.local_time
    whens = ["%02d:%02d" % begun[3:5]]
    if (
        device.time.is_set()
        and clock.local(device.time.now_s(), device.zone)[:3] != begun[:3]
    ):
        whens.append("%02d-%02d" % begun[1:3])
    title = device.terminal.text("interrupted")
    return [device.terminal.pair(title, when) for when in whens]


def _amount(device: "Device", entry: "Transaction") -> str:
    """What was to be taken off which basket; of a reversal, the end of its slip's number."""
    terminal = device.terminal
    if entry.op == REVERSE:
        return terminal.text("interrupted_reversal") % entry.redemption_number[-4:]
    amounts = (terminal.dollars(entry.redeem_cents), terminal.dollars(entry.basket_cents))
    row = terminal.text("interrupted_of") % amounts
    return row if len(row) <= COLUMNS else "%s/%s" % amounts


def _card(device: "Device", entry: "Transaction") -> str:
    return device.terminal.text("card_is") % entry.collector_number[-4:]


async def _choice(
    terminal: Terminal,
    screens: list[list[str]],
    keys: "Sequence[str]",
    is_over: "Callable[[], bool] | None" = None,
) -> str:
    """The first of `keys` that is pressed, or "" once `is_over()`; no other key counts."""
    terminal.drop_events()
    terminal.sound("error")
    looks, a_turn = 0, _LOOKS if is_over else 1
    while not (is_over and is_over()):
        terminal.show(*screens[looks // a_turn % len(screens)])
        try:
            kind, name = await terminal.event(_TURN_MS // a_turn)
        except Cancelled:
            looks += 1
            continue
        if kind == "key" and name in keys:
            return name
        terminal.sound("error")
    return ""
