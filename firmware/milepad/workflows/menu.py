"""The idle screen, and the way from it into every other workflow.

A workflow is loaded when it is chosen and forgotten when it is over: its code takes heap
only while it runs.
"""

import asyncio
import gc

from milepad.base.compat import const, forget
from milepad.base.errors import Cancelled

_NEVER_MS = const(86400000)
_PROVE_MS = const(15000)
# What is open is asked about when the till has been still for so long after its last work:
# within a pause of the queue, and in any case before the cashier goes home. After LATER it
# takes so many idle times until it is asked again.
_ASK_SOON_MS = const(10000)
_ASK_AGAIN_TIMES = const(5)
_ASK = "ask"  # in the place of a key: what is open is asked about
_WORKFLOWS = {"1": "checkout", "2": "balance", "3": "refund"}
_LOADED_LATE = (
    "checkout",
    "balance",
    "refund",
    "recover",
    "interrupted",
    "more",
    "reports",
    "slips",
    "screens",
)


async def run(till) -> None:
    """Serves the cashier for ever."""
    _unload()  # what looked back at the start
    again_ms = till.profile["cashier"]["idle_s"] * 1000 * _ASK_AGAIN_TIMES
    ask_ms = again_ms
    while True:
        _show_idle(till)
        name = await _idle_key(till, ask_ms)
        ask_ms = again_ms if name == _ASK else min(ask_ms, _ASK_SOON_MS)
        try:
            await _serve(till, name)
        except Cancelled:
            pass  # back to the idle screen, which says so itself
        _unload()


async def _serve(till, name: str) -> None:
    if name in _WORKFLOWS:
        await _load(_WORKFLOWS[name]).run(till)
    elif name == "4":
        await _load("more").run(till)
    elif name == _ASK:
        await _load("recover").run(till)
    else:
        till.terminal.sound("error")


def _open_count(till) -> int:
    """How much waits for a decision, or for a decision to be carried out."""
    return len(till.ledger.open_entries()) + len(till.ledger.voids_pending())


def _load(name: str):
    return __import__("milepad.workflows." + name, None, None, ("run",))


def _unload() -> None:
    """Forgets what only the last workflow needed."""
    forget(*["milepad.workflows." + name for name in _LOADED_LATE])
    gc.collect()


def _show_idle(till) -> None:
    terminal = till.terminal
    state = terminal.text("link_" + till.link)
    if till.ledger.warning:
        state = terminal.text("ledger_warning")
    elif _open_count(till):
        state = terminal.text("open_entries") % min(_open_count(till), 9)
    elif till.link == "up" and not till.time.is_set():
        state = terminal.text("no_time")
    terminal.show(
        terminal.text("menu_checkout"),
        terminal.text("menu_balance"),
        terminal.text("menu_refund"),
        terminal.pair(terminal.text("menu_more"), state),
    )


async def _idle_key(till, ask_ms: int) -> str:
    """The next key, or `_ASK` when nobody has keyed anything for so long and an entry is
    open. While nobody does, the link is tried now and then.
    """
    echo_left_ms = _echo_ms(till)
    terminal = till.terminal
    while True:
        wait_ms = min(echo_left_ms, ask_ms)
        try:
            kind, name = await terminal.event(wait_ms)
            return name if kind == "key" else ""
        except Cancelled:
            echo_left_ms -= wait_ms
            ask_ms -= wait_ms
        if not ask_ms:
            if _open_count(till):
                return _ASK
            ask_ms = _NEVER_MS
        if not echo_left_ms:
            await _heartbeat(till)
            echo_left_ms = _echo_ms(till)
            _show_idle(till)


def _echo_ms(till) -> int:
    """How long until the link is tried; sooner while the time is not proven, so that the
    first sale need not ask for it."""
    every_ms = till.profile["platform"]["echo_s"] * 1000
    if not till.time.is_proven():
        every_ms = min(every_ms, _PROVE_MS)
    return every_ms or _NEVER_MS


async def _heartbeat(till) -> None:
    """A quiet ECHO, dropped as soon as somebody presses a key."""
    task = asyncio.create_task(till.echo())
    while not task.done() and not till.terminal.has_event():
        await asyncio.sleep(0.05)
    if not task.done():
        task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        till.link = "unknown"
