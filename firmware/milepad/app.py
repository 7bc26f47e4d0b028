"""Composition root: a board and its profile become running tasks.

Everything is made here, once, and handed to what needs it. Nothing else in the firmware
knows all of the house.
"""

import asyncio
import gc

from milepad import NAME_AND_VERSION
from milepad.base.compat import collect_early, forget
from milepad.base.errors import DriverError, MilepadError, ProfileError, StorageError
from milepad.base.vocabulary import ENGLISH
from milepad.terminal import Terminal


def run(board) -> None:
    """Runs the app on a board until power goes."""
    collect_early()
    asyncio.run(_main(board))


async def _main(board) -> None:
    await board.start()
    terminal = Terminal(board.display, board.buzzer, board.printer, ENGLISH, 60000)
    await _start_display(board)
    tasks = []  # a loop alone does not keep its tasks alive
    for reader in [board.keypad] + board.readers:
        tasks.append(asyncio.create_task(_keep_running(board, reader, terminal)))
    while True:
        try:
            terminal.show(terminal.text("starting"), "", NAME_AND_VERSION)
            await _serve(board, terminal)
        except ProfileError as fault:
            board.log("profile: %s" % fault)
            await _stopped(terminal, "profile_bad", str(fault), "profile_advice")
        except StorageError as fault:
            board.log("storage: %s" % fault)
            await _no_storage(terminal, str(fault))
        except MilepadError as fault:
            board.log("stopped: %s" % fault)
            await _stopped(terminal, "fault", str(fault), "go_on")
        except Exception as fault:  # noqa: BLE001  (the top of a task)
            board.log("stopped: %s" % type(fault).__name__)
            await _stopped(terminal, "fault", type(fault).__name__, "go_on")


async def _start_display(board) -> None:
    try:
        await board.display.start()
    except DriverError as fault:  # the till's own screen may do without ours
        board.log(str(fault))


async def _keep_running(board, reader, terminal) -> None:
    """Runs one input for ever; what goes wrong in it is logged and it starts again."""
    while True:
        try:
            await reader.run(lambda kind, value: _on_event(board, terminal, kind, value))
        except Exception as fault:  # noqa: BLE001  (the top of a task)
            board.log("input: %s" % type(fault).__name__)
            await asyncio.sleep(1)


def _on_event(board, terminal, kind: str, value: str) -> None:
    if kind == "noise":
        board.log("reader: %s" % value)
        terminal.sound("error")
    else:
        terminal.emit(kind, value)


async def _stopped(terminal, key: str, text: str, advice: str) -> None:
    """Says what stands in the way, until a key asks to try again."""
    await terminal.message(
        "error", terminal.text(key), text[:20], text[20:40], terminal.text(advice)
    )


async def _no_storage(terminal, text: str) -> None:
    """Says that nothing can be read or kept, and why, until a key asks to try again."""
    await terminal.message(
        "error",
        terminal.text("storage_failed"),
        text.partition(";")[0][:20],
        terminal.text("storage_advice"),
    )


async def _serve(board, terminal) -> None:
    from milepad import parts

    profile = parts.load_profile(board.files)
    terminal.language = profile["cashier"]["language"]
    terminal.set_idle_s(profile["cashier"]["idle_s"])
    board.printer.baud = profile["printer"]["baud"]
    board.printer.has_status = profile["printer"]["status"]
    board.wlan.join(profile["network"]["ssid"], profile["network"]["password"])
    till = parts.make_till(board, terminal, profile)
    forget(parts)
    del parts
    gc.collect()
    await _look_back(till)
    from milepad.workflows import menu

    await menu.run(till)


async def _look_back(till) -> None:
    """What the power may have cut off: a request, or the sight of its outcome."""
    from milepad.workflows import recover

    if recover.is_needed(till):
        await recover.run(till)
    elif till.ledger.recent(1):
        from milepad.workflows import reports

        await reports.show_last(till)
