"""Composition root: a board and its profile become running tasks.

Everything is made here, once, and handed to what needs it. Nothing else in the firmware
knows all of the house.
"""

import asyncio

from milepad import NAME_AND_VERSION
from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import (
    FAILED,
    DriverError,
    MilepadError,
    ProfileError,
    StorageError,
)
from milepad.base.supervision import keep_running
from milepad.base.vocabulary import ENGLISH
from milepad.terminal.terminal import COLUMNS, Terminal
from milepad.workflows import menu
from milepad.workflows.device import Device

# What `starting` makes outlives it, so their modules are loaded before it: see `Unimport`.
from milepad.ledger import ledger, trace_ids  # noqa: F401  # isort: skip
from milepad.link import reply_date, session, token, token_store  # noqa: F401  # isort: skip
from milepad.transactions import transactions  # noqa: F401  # isort: skip

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from milepad.base.protocols import InputDevice, Profile
    from milepad.drivers.protocols import Board
    from milepad.pinpad.service import Service


def run(board: "Board") -> None:
    """Runs the app on a board until power goes."""
    asyncio.run(_main(board))


async def _main(board: "Board") -> None:
    await board.start()
    terminal = Terminal(board.display, board.buzzer, board.printer, ENGLISH, 60000)
    await _start_display(board)
    # A loop alone does not keep its tasks alive.
    tasks = [asyncio.create_task(terminal.screen.run(board.log))]
    for reader in [board.keypad] + board.readers:
        task = keep_running("input", _input(board, reader, terminal), board.log)
        tasks.append(asyncio.create_task(task))
    links: "list[Service]" = []  # a till's, over the device's starts
    while True:
        try:
            terminal.show(terminal.text("starting"), board.name[:COLUMNS], NAME_AND_VERSION)
            await _serve(board, terminal, links)
        except ProfileError as fault:
            board.log("profile: %s" % fault)
            await _stopped(terminal, "profile_bad", str(fault), "profile_advice")
        except StorageError as fault:
            board.log("storage: %s" % fault)
            await _no_storage(terminal, fault.reason)
        except MilepadError as fault:
            board.log("stopped: %s" % fault)
            await _stopped(terminal, "fault", str(fault), "go_on")
        except Exception as fault:  # noqa: BLE001  (the top of a task)
            board.log("stopped: %s" % type(fault).__name__)
            await _stopped(terminal, "fault", type(fault).__name__, "go_on")


async def _start_display(board: "Board") -> None:
    try:
        await board.display.start()
    except DriverError as fault:  # it may wake up later than we do: Screen goes on trying
        board.log(str(fault))


def _input(
    board: "Board", reader: "InputDevice", terminal: Terminal
) -> "Callable[[], Awaitable[None]]":
    """What runs one input."""
    return lambda: reader.run(lambda kind, value: _on_event(board, terminal, kind, value))


def _on_event(board: "Board", terminal: Terminal, kind: str, value: str) -> None:
    if kind == "noise":
        board.log("reader: %s" % value)
    terminal.emit(kind, value)


async def _stopped(terminal: Terminal, key: str, text: str, advice: str) -> None:
    """Says what stands in the way, on two rows, until a key asks to try again."""
    end = text.rfind(" ", 0, COLUMNS + 1) if len(text) > COLUMNS else COLUMNS
    rows = (text[:end], text[end + 1 :]) if end > 0 else (text, text[COLUMNS:])
    await terminal.message("error", terminal.text(key), *rows, terminal.text(advice))


async def _no_storage(terminal: Terminal, reason: str) -> None:
    """Says that nothing can be read or kept, and why, until a key asks to try again."""
    await terminal.message(
        "error",
        terminal.text("storage_failed"),
        terminal.text("storage_" + reason) if reason != FAILED else "",
        terminal.text("storage_advice"),
    )


async def _serve(board: "Board", terminal: Terminal, links: "list[Service]") -> None:
    device: Device = menu.started(lambda: make_device(board, terminal))
    if device.profile["till"]["mode"] != "off":
        _attach_till(board, device, links)
    drain = make_earnings(board, device)
    try:
        await menu.run(device, menu.LOOK_BACK)
    finally:
        if drain:
            drain.cancel()


def _attach_till(board: "Any", device: Device, links: "list[Service]") -> None:
    """Starts the till link, or puts it on the device of a new start. Raises ProfileError."""
    # Only a PIN pad has it: a handheld does not load it, and some boards' builds leave it out.
    try:
        from milepad.pinpad import link
    except ImportError:
        raise ProfileError("[till] mode: this board has no till link")
    links[:] = [link.attach(device, board, links[0] if links else None)]


def make_earnings(board: "Board", device: Device) -> "asyncio.Task[None] | None":
    """Gives the device its earnings where its profile says that it earns; the task that sends
    what waits, to be kept, None where there is none.
    """
    if device.profile["issuance"]["family"] == "off":
        return None
    # Only a device that earns has this code; what the task needs outlives every workflow.
    from milepad.transactions.drain import Drain
    from milepad.transactions.earnings import Earnings

    device.earnings = earnings = Earnings(
        device.transactions,
        board.queue_store(),
        device.profile,
        board.time,
        board.wlan,
        board.log,
    )
    earnings.changed = lambda: _tell_queue(board, device)
    drain = Drain(earnings, device.transactions, device.at_work)
    return asyncio.create_task(keep_running("queue", drain.run, board.log))


def _tell_queue(board: "Board", device: Device) -> None:
    """Tells the board how many earnings wait, and how old the first is, when that changed."""
    if device.earnings:
        count, oldest_s = device.earnings.waiting()
        age_s = device.time.now_s() - oldest_s if count and device.time.is_set() else 0
        board.tell("queue", {"count": count, "oldest_s": max(0, age_s)})


def make_device(board: "Board", terminal: Terminal) -> Device:
    """The device that a board is with the profile on its flash. Raises MilepadError."""
    profile: "Profile" = menu.started(lambda: _load_profile(board))
    # Only a start needs it: within `menu.started` it is dropped again.
    from milepad import starting

    return starting.make_device(board, terminal, profile)


def _load_profile(board: "Board") -> "Profile":
    """The checked profile on the board's flash. Raises ProfileError."""
    # Only a start needs the rules of a profile, which are more than all that is made by them.
    from milepad.profile.files import load_profile

    return load_profile(board.files)
