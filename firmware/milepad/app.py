"""Composition root: a board and its profile become running tasks.

Everything is made here, once, and handed to what needs it. Nothing else in the firmware
knows all of the house.
"""

import asyncio
import gc
import json

from milepad.base.errors import DriverError, MilepadError, ProfileError, StorageError
from milepad.base.pythons import forget, unix_time
from milepad.terminal import Terminal

_MAX_FILE_BYTES = 8192
_LEDGER_CAPACITY = 2000


def run(board) -> None:
    """Runs the app on a board until power goes."""
    asyncio.run(_main(board))


async def _main(board) -> None:
    await board.start()
    terminal = Terminal(board.display, board.buzzer, board.printer, "en-CA", 60000)
    await _start_display(board)
    tasks = []  # a loop alone does not keep its tasks alive
    for reader in [board.keypad] + board.readers:
        tasks.append(asyncio.create_task(_keep_running(board, reader, terminal)))
    while True:
        try:
            terminal.show(terminal.text("starting"))
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
    profile = load_profile(board.files)
    terminal.language = profile["cashier"]["language"]
    terminal.set_idle_s(profile["cashier"]["idle_s"])
    board.printer.baud = profile["printer"]["baud"]
    board.printer.has_status = profile["printer"]["status"]
    board.wlan.join(profile["network"]["ssid"], profile["network"]["password"])
    till = _till(board, terminal, profile)
    gc.collect()
    if till.ledger.open_entries():
        from milepad.workflows import recover

        await recover.run(till)
    from milepad.workflows import menu

    await menu.run(till)


def _till(board, terminal, profile: dict):
    from milepad.ledger.ledger import Ledger
    from milepad.ledger.trace_ids import TraceIds
    from milepad.workflows.till import Till

    store = board.ledger_store()
    ledger = Ledger(store, _LEDGER_CAPACITY)
    trace_ids = TraceIds(store, _trace_prefix(profile), unix_time())
    till = Till(terminal, _session(board, profile, store), ledger, trace_ids, profile)
    till.log = board.log
    return till


def _trace_prefix(profile: dict) -> str:
    """Four digits that tell this device's trace ids from its neighbours'."""
    from binascii import crc32

    name = profile["partner"]["store_id"] + "/" + profile["device"]["device_id"]
    text = profile["device"]["trace_prefix"] or str(crc32(name.encode()) % 10000)
    return ("000" + text)[-4:]


def _session(board, profile: dict, store):
    from hashlib import sha256

    from milepad.link.session import Session
    from milepad.link.token import TokenKeeper
    from milepad.link.token_store import TokenStore

    platform = profile["platform"]
    client = _client(board, platform)
    kept = TokenStore(store, sha256(board.unique_id).digest())
    token = TokenKeeper(client, platform, kept, unix_time)
    return Session(client, token, platform["base_url"])


def _client(board, platform: dict):
    ca_der = read_file(board.files, "ca.der")
    times_ms = [platform[key] * 1000 for key in ("connect_s", "reply_s", "idle_s")]
    if hasattr(board, "client"):  # CircuitPython's network has a library of its own
        return board.client(ca_der, *times_ms)
    from milepad.link.client import Client
    from milepad.link.transport import Connection

    connection = Connection(board.open_socket, ca_der, times_ms[0], board.wlan.is_up)
    return Client(connection, times_ms[1], times_ms[2])


def load_profile(files) -> dict:
    """The checked profile of the flash, with its secrets filled in. Raises ProfileError."""
    from milepad.base import profile

    document = _json(files, "profile.json")
    secrets = _json(files, "secret.json")
    try:
        document["platform"]["client_secret"] = secrets["client_secret"]
        document["network"]["password"] = secrets.get("wifi_password", "")
    except (KeyError, TypeError):
        raise ProfileError("secret.json: expected client_secret")
    checked = profile.check(document)
    # The rules are needed once: without them there is more room for a checkout.
    forget("milepad.base.profile")
    return checked


def _json(files, name: str):
    try:
        return json.loads(read_file(files, name).decode())
    except (ValueError, RuntimeError):
        raise ProfileError(name + ": expected JSON")


def read_file(files, name: str) -> bytes:
    """A small file of the flash. Raises ProfileError when it is missing or too large."""
    try:
        size = files.stat(name)[6]
        with files.open(name, "rb") as file:
            raw = file.read(min(size, _MAX_FILE_BYTES) + 1)
    except OSError:
        raise ProfileError(name + " is missing")
    if len(raw) > _MAX_FILE_BYTES:
        raise ProfileError(name + " is too large")
    return raw
