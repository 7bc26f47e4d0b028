"""Loads a board on stand-ins for its port, on any Python: `load_board.py NAME [app]`.

Prints one line of JSON: what the board is called, the pins it took, which parts it lacks.
With `app`, that runs on it until the Wi-Fi's task has come back after its fault and all others
had their turns; what it logs goes before that line.
"""

import asyncio
import json
import sys

from host_tests.boards import fake_ports
from milepad.drivers.serial_lines import SerialLines

PARTS = {
    "display": ("start", "show", "backlight", "columns", "rows"),
    "keypad": ("run",),
    "printer": ("print", "status", "baud", "has_status"),
    "buzzer": ("play",),
    "files": ("open", "stat", "rename", "remove", "mkdir", "ilistdir"),
    "time": ("now_s", "is_set", "is_proven", "note_ntp", "note_platform"),
    "wlan": ("is_up", "join", "address", "signal_dbm"),
}
CALLS = ("client", "ledger_store", "log", "queue_store", "reset_cause", "start", "tell")


def missing(board) -> list:
    """The parts of the interface in boards/README.md that a board has not."""
    found = [name for name in CALLS if not callable(getattr(board, name, None))]
    for part, names in PARTS.items():
        thing = getattr(board, part, None)
        found += [part + "." + name for name in names if not hasattr(thing, name)]
    if not isinstance(board.unique_id, bytes):
        found.append("unique_id")
    return found + ["readers.run" for reader in board.readers if not hasattr(reader, "run")]


def let_escape(board) -> list:
    """The Wi-Fi's task ends with a fault at first; what is returned grows with each start."""
    starts = []
    run = board.wlan.run

    async def escaping():
        starts.append(board.name)
        if len(starts) == 1:
            raise KeyError("a radio's own")
        await run()

    board.wlan.run = escaping
    return starts


async def play(board, starts: list) -> bool:
    """Runs the app, for a minute at most; whether it has ended by itself."""
    from milepad import app
    from milepad.base.compat import sleep_ms

    task = asyncio.create_task(app._main(board))
    turns, turns_since = 0, 0
    while not task.done() and turns < 6000 and turns_since < 50:
        await sleep_ms(10)
        turns += 1
        turns_since += len(starts) > 1
    has_ended = task.done()
    task.cancel()
    return has_ended


def main(name: str, runs: bool) -> None:
    """Loads it, lets the app run if it is to, and reports."""
    fake_ports.install()
    board = __import__("boards." + name + ".milepad_board", None, None, ("board",)).board
    starts = let_escape(board)
    app_ended = asyncio.run(play(board, starts)) if runs else False
    pins = [str(pin) for pin in fake_ports.claimed]
    report = {"name": board.name, "pins": pins, "missing": missing(board)}
    report["hears_noise"] = any(isinstance(reader, SerialLines) for reader in board.readers)
    report["fed"] = sum(fake_ports.fed)
    report["ended"] = app_ended
    report["wifi_starts"] = len(starts)
    report["reset_cause"] = board.reset_cause()
    print(json.dumps(report))


main(sys.argv[1], "app" in sys.argv[2:])
