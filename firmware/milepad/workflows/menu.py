"""The idle screen, and the way from it into every other workflow.

A workflow is loaded when it is chosen and forgotten when it is over: its code takes heap
only while it runs.
"""

import asyncio
import gc

from milepad.base.errors import Cancelled
from milepad.base.pythons import const, forget

_PROVE_MS = const(15000)
_WORKFLOWS = {"1": "checkout", "2": "balance", "3": "refund"}
_LOADED_LATE = (
    "checkout",
    "balance",
    "refund",
    "recover",
    "more",
    "reports",
    "slips",
    "screens",
)


async def run(till) -> None:
    """Serves the cashier for ever."""
    _unload()  # what looked back at the start
    while True:
        _show_idle(till)
        name = await _idle_key(till)
        try:
            if name in _WORKFLOWS:
                await _load(_WORKFLOWS[name]).run(till)
            elif name == "4":
                await _load("more").run(till)
            else:
                till.terminal.sound("error")
        except Cancelled:
            pass  # back to the idle screen, which says so itself
        _unload()


def _load(name: str):
    return __import__("milepad.workflows." + name, None, None, ("run",))


def _unload() -> None:
    """Forgets what only the last workflow needed."""
    forget(*["milepad.workflows." + name for name in _LOADED_LATE])
    gc.collect()


def _show_idle(till) -> None:
    terminal = till.terminal
    warning = terminal.text("ledger_warning") if till.ledger.warning else ""
    if not warning and till.link == "up" and not till.time.is_set():
        warning = terminal.text("no_time")
    terminal.show(
        terminal.text("menu_checkout"),
        terminal.text("menu_balance"),
        terminal.text("menu_refund"),
        terminal.pair(
            terminal.text("menu_more"), warning or terminal.text("link_" + till.link)
        ),
    )


async def _idle_key(till) -> str:
    """The next key; while nobody keys anything, the link is tried now and then."""
    every_ms = till.profile["platform"]["echo_s"] * 1000
    terminal = till.terminal
    while True:
        echo_ms = every_ms
        if not till.time.is_proven():  # then the first sale need not ask for the time
            echo_ms = min(every_ms, _PROVE_MS)
        try:
            kind, name = await terminal.event(echo_ms or 86400000)
            return name if kind == "key" else ""
        except Cancelled:
            if echo_ms:
                await _heartbeat(till)
                _show_idle(till)


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
