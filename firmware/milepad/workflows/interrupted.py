"""The screens of an entry that a power cut left open: what it was, and what may be done.

Only the keys that a screen names do anything, and none of them is a key of the idle or the
offer screen: what a cashier presses from habit neither moves miles nor leaves them there.
"""

import asyncio

from milepad.base import clock
from milepad.base.compat import const, sleep_ms
from milepad.base.errors import Cancelled, StorageError
from milepad.base.vocabulary import NOT_SENT, REDEEM, REVERSE

FINISH = "7"
GIVE_UP = "8"
VOID = "9"
LATER = "0"
_COLUMNS = const(20)
_TURN_MS = const(2000)  # how long each of the screens stands that take turns
_ECHO_PAUSE_MS = const(5000)


async def ask(till, entry) -> str:
    """FINISH, VOID or LATER; stands for as long as it takes."""
    terminal = till.terminal
    can_void = entry.intent.op == REDEEM
    keys = terminal.text("interrupted_finish")
    if can_void:
        keys = terminal.pair(keys, terminal.text("interrupted_void"))
    later = terminal.text("interrupted_later")
    screens = [
        [title, _amount(till, entry), terminal.pair(_card(till, entry), later), keys]
        for title in _titles(till, entry)
    ]
    return await _choice(terminal, screens, (FINISH, LATER) + (VOID,) * can_void)


async def ask_to_give_up(till, entry, reason_key: str) -> str:
    """GIVE_UP or LATER, where the copy may not be sent for a reason that will not pass."""
    terminal = till.terminal
    keys = terminal.text("interrupted_give_up") + " " + terminal.text("interrupted_later")
    return await _choice(terminal, _told(till, entry, reason_key, keys), (GIVE_UP, LATER))


async def wait_for_time(till, entry) -> bool:
    """Stands until the clock is set; False when the cashier chose LATER.

    Meanwhile the platform is asked as well: where no time server answers, its reply tells it.
    """
    if till.time.is_set():
        return True
    terminal = till.terminal
    title, later = terminal.text("waiting_time"), terminal.text("interrupted_later")
    # A time server answers within seconds as a rule: what is to be decided comes after.
    screens = [[title, "", "", later]] * 5
    screens += _told(till, entry, "waiting_time", later)
    asking = asyncio.create_task(_ask_platform(till))
    try:
        return not await _choice(terminal, screens, (LATER,), till.time.is_set)
    finally:
        asking.cancel()
        try:
            await asking
        except asyncio.CancelledError:
            pass


async def _ask_platform(till) -> None:
    try:
        while not till.time.is_set():
            await till.echo()
            await sleep_ms(_ECHO_PAUSE_MS)
    except StorageError as fault:  # no trace id can be had
        till.log("ledger: %s" % fault)


async def not_asked_again(till, entry, outcome) -> None:
    """The copy did not leave. What became of the first one is as unknown as before."""
    terminal = till.terminal
    why = terminal.text("try_again")
    if outcome.kind == NOT_SENT and outcome.cause != "network":
        why = terminal.text("not_sent_" + outcome.cause)
    await terminal.message(
        "error",
        terminal.text("not_asked_again"),
        terminal.text("first_may_count"),
        terminal.text(second_key(entry)),
        why,
    )


async def unresolved(till, entry) -> None:
    """Nothing more can be learned here; the trace id is to be written down."""
    terminal = till.terminal
    title = terminal.text("interrupted")
    cents = entry.intent.redeem_cents
    await terminal.warning(
        "error",
        terminal.pair(title, terminal.dollars(cents)) if cents else title,
        terminal.text("unresolved"),
        terminal.text("unknown_advice") % entry.intent.trace_id,
        terminal.text(second_key(entry)),
    )


async def void_waits(till, entry) -> None:
    """A VOID that was decided and could not be carried out now."""
    terminal = till.terminal
    await terminal.message(
        "error",
        terminal.pair(
            terminal.text("interrupted"), terminal.dollars(entry.intent.redeem_cents)
        ),
        terminal.text("void_waits"),
        terminal.text("no_discount"),
    )


def second_key(entry) -> str:
    """The words for what the cashier must not give meanwhile."""
    return "no_refund" if entry.intent.op == REVERSE else "no_discount"


def _told(till, entry, reason_key: str, keys: str) -> list:
    """Screens with a reason; amount and card take turns."""
    title = _titles(till, entry)[0]
    reason = till.terminal.text(reason_key)
    return [
        [title, what, reason, keys] for what in (_amount(till, entry), _card(till, entry))
    ]


def _titles(till, entry) -> list[str]:
    """First rows: INTERRUPTED and the time; of another day, its date as well, in turn."""
    intent = entry.intent
    begun = clock.civil(intent.unix_s + intent.offset_min * 60)
    whens = ["%02d:%02d" % begun[3:5]]
    if till.time.is_set() and clock.local(till.time.now_s(), till.zone)[:3] != begun[:3]:
        whens.append("%02d-%02d" % begun[1:3])
    title = till.terminal.text("interrupted")
    return [till.terminal.pair(title, when) for when in whens]


def _amount(till, entry) -> str:
    """What was to be taken off which basket; of a reversal, the end of its slip's number."""
    terminal = till.terminal
    intent = entry.intent
    if intent.op == REVERSE:
        return terminal.text("interrupted_reversal") % intent.confirmation_number[-4:]
    amounts = (terminal.dollars(intent.redeem_cents), terminal.dollars(intent.basket_cents))
    row = terminal.text("interrupted_of") % amounts
    return row if len(row) <= _COLUMNS else "%s/%s" % amounts


def _card(till, entry) -> str:
    return till.terminal.text("interrupted_card") % entry.intent.collector_number[-4:]


async def _choice(terminal, screens: list, keys: tuple, is_over=None) -> str:
    """The first of `keys` that is pressed, or "" once `is_over()`; no other key counts."""
    terminal.forget_events()
    terminal.sound("error")
    turn = 0
    while not (is_over and is_over()):
        terminal.show(*screens[turn % len(screens)])
        try:
            kind, name = await terminal.event(_TURN_MS)
        except Cancelled:
            turn += 1
            continue
        if kind == "key" and name in keys:
            return name
        terminal.sound("error")
    return ""
