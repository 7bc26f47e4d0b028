"""A whole handheld whose flash fails on order: `live` is one power-up, and what came of it.

The app, its workflows, ledger, session and TLS are the firmware's own, on MicroPython's own
filesystems; only the chips and the cashier are scripted. Where the platform has to do
something strange in the middle of a shift, the desktop is asked to see to it.
"""

import asyncio
import errno
import gc

from boards.simulator.rtc import VirtualNtp, VirtualRtc
from host_tests.kit.cashier import Cashier
from host_tests.kit.chips import Buzzer, Display, Printer
from host_tests.kit.on_micropython.evaluator import ask
from host_tests.kit.on_micropython.flash import Flash, formatted, mounted
from host_tests.kit.power import PowerCut
from milepad import app
from milepad.base.compat import sleep_ms
from milepad.base.errors import Cancelled, MilepadError, StorageError
from milepad.base.timekeeper import Timekeeper
from milepad.base.vocabulary import ENGLISH
from milepad.ledger.totals import between
from milepad.link.client import Client
from milepad.link.transport import Connection
from milepad.terminal.terminal import Terminal

MOST_KEYS = 900  # of a shift; a cashier who needs more is going round in circles
CELLS = 24  # of the ledger's file on FAT


class ShiftOver(BaseException):
    """The cashier has nothing more to do."""


class Wlan:
    """A Wi-Fi that is always there, and asks for the time when it is joined."""

    def __init__(self, ntp, time):
        self.ntp = ntp
        self.time = time

    def join(self, ssid, password, time_host):
        self.task = asyncio.create_task(self.ask())

    async def ask(self):
        try:
            self.time.note_ntp(self.ntp.unix_s())
        except OSError:
            return

    def is_up(self):
        return True


class ShiftCashier(Cashier):
    """The jobs are over with the shift; some are the desktop's, or the back office's."""

    device = None
    patience = MOST_KEYS

    def begin(self):
        while self.jobs:
            job = self.jobs[0]
            if job == "export":
                for entry in self.device.ledger.recent(1):
                    self.device.ledger.mark_exported(entry.sequence)
            elif isinstance(job, dict):
                ask(job)
            else:
                if job == "refund":
                    self.number = self.last_redemption()
                return super().begin()
            self.jobs.pop(0)
        raise ShiftOver("over")

    def last_redemption(self):
        """The number on the last slip; any, where the shift has been cut before it."""
        for entry in self.device.ledger.recent(9):
            result = entry.result
            if entry.op == "redeem" and result.confirmation_number:
                return result.confirmation_number
        return "10000000000"


class ScriptedTerminal(Terminal):
    """The real one, whose keys come from the cashier at once."""

    def __init__(self, display, printer, cashier):
        super().__init__(display, Buzzer(), printer, ENGLISH, 60000)
        self.display = display
        self.cashier = cashier
        self.keys = []

    async def event(self, timeout_ms=0):
        if timeout_ms and timeout_ms < 1000:  # a call is under way: nobody keys anything
            await sleep_ms(1)
            raise Cancelled("")
        if not self.keys:
            self.keys = self.cashier.answer(self.display.screens[-1])
        if not self.keys:
            await sleep_ms(5)
            raise Cancelled("")
        await sleep_ms(0)
        self.cashier.patience -= 1
        if self.cashier.patience < 0:
            raise ShiftOver("stuck")
        key = self.keys.pop(0)
        return key if isinstance(key, tuple) else ("key", key)


class Board:
    """A flash, and chips that write down what they get."""

    name, unique_id = "handheld", b"handheld"

    def __init__(self, kind, flash, port, ntp_s):
        self.kind = kind
        self.lines = []
        self.files = mounted(kind, flash)
        self.port = port
        rtc, ntp = VirtualRtc(), VirtualNtp()  # the clock of the life before is lost
        rtc.install()
        if ntp_s is not None:
            ntp.take(b"=" + ntp_s.to_bytes(8, "big") if ntp_s >= 0 else b"0")
        self.time = Timekeeper(rtc.set, self.log)
        self.wlan = Wlan(ntp, self.time)
        self.display = Display()
        self.printer = Printer(0, has_status=False)
        self.device = None

    async def _open_socket(self, host, port):
        stream, _ = await asyncio.open_connection("127.0.0.1", self.port)
        return stream.s

    def client(self, ca_der, connect_ms, reply_ms, idle_ms):
        connection = Connection(self._open_socket, ca_der, connect_ms, self.wlan.is_up)
        return Client(connection, reply_ms, idle_ms)

    def ledger_store(self):
        from milepad.ledger.stores.littlefs import LittlefsStore
        from milepad.ledger.stores.memory import or_memory
        from milepad.ledger.stores.ring import fat_store

        if self.kind == "littlefs":
            return or_memory(lambda: LittlefsStore(self.files))
        return or_memory(lambda: fat_store(self.files, "/LEDGER.BIN", CELLS))

    def log(self, text):
        self.lines.append(text)


async def work(board, order):
    """From power-on until the jobs are done or the power is gone."""
    cashier = ShiftCashier(order["jobs"], order["choice"])
    terminal = ScriptedTerminal(board.display, board.printer, cashier)
    make_device = app.make_device

    def device_of(*made_of):
        cashier.device = board.device = make_device(*made_of)
        return cashier.device

    app.make_device = device_of
    try:
        while True:
            try:
                await app._serve(board, terminal, [])
            except StorageError as fault:  # as the app's own task does
                await app._no_storage(terminal, fault.reason)
    finally:
        app.make_device = make_device


def power_up(kind, flash, order, port):
    """One life of the device; what it showed and printed, and how it ended."""
    flash.limit, flash.torn = order["limit"], order.get("torn", 0)
    flash.goes_on = order.get("goes_on", False)
    flash.error = order.get("error", errno.EIO)
    board, ended = None, "cut"
    try:
        board = Board(kind, flash, port, order.get("ntp_s"))
        asyncio.run(work(board, order))
    except ShiftOver as end:
        ended = end.args[0]
    except PowerCut:
        pass
    except MilepadError as fault:  # the app would say so and start again
        ended = str(fault)
    finally:
        flash.is_off = True
        asyncio.new_event_loop()
    in_memory = board and board.device and board.device.ledger.warning
    return {
        "ended": ended,
        "operations": flash.operations,
        "screens": board.display.screens if board else [],
        "slips": board.printer.jobs if board else [],
        "log": board.lines if board else [],
        "memory": written(board.device.ledger) if in_memory else None,
    }


def ledger_of(kind, raw, size):
    """What is on a flash: every entry, the totals, and the calls that are still open."""
    from milepad.ledger.ledger import Ledger
    from milepad.ledger.stores.littlefs import LittlefsStore
    from milepad.ledger.stores.ring import fat_store

    files = mounted(kind, Flash(0, size, raw))
    store = (
        LittlefsStore(files)
        if kind == "littlefs"
        else fat_store(files, "/LEDGER.BIN", CELLS)
    )
    return written(Ledger(store, 2000))


def written(ledger):
    """What a ledger says, as plain values."""
    entries = []
    for entry in ledger.entries():
        row = dict(entry.__dict__, sequence=entry.sequence, outcome=entry.outcome)
        row["op"] = entry.op
        row["result"] = entry.result.__dict__
        entries.append(row)
    return {
        "entries": entries,
        "totals": between(ledger, 0, 1 << 40).__dict__,
        "open": [entry.sequence for entry in ledger.open_entries()],
        "torn": ledger.torn,
    }


def fill_up(files, name):
    """Puts a file there that takes all the room, or takes it away again."""
    try:
        files.remove(name)
        return
    except OSError:
        pass
    try:
        while True:  # what a file gained is lost with the one write that fails
            with files.open(name, "ab") as file:
                file.write(bytes(1024))
    except OSError:
        pass


class Shelf:
    """The flash as it is between two lives, and how it was kept."""

    kind = ""
    port = 0
    raw = b""
    size = 0
    kept = {}  # noqa: RUF012


def format(kind, files, port):  # noqa: A001  (what is done to the flash)
    """A flash with nothing but these files; `port` leads to the platform."""
    flash = formatted(kind)
    on_flash = mounted(kind, flash)
    for name, raw in files.items():
        with on_flash.open(name, "wb") as file:
            file.write(raw)
    Shelf.kind, Shelf.port, Shelf.raw, Shelf.size = kind, port, bytes(flash.raw), flash.size


def keep(name):
    """Remembers the flash as it is."""
    Shelf.kept[name] = (Shelf.kind, Shelf.raw, Shelf.size)


def restore(name):
    """The flash is again as it was then."""
    Shelf.kind, Shelf.raw, Shelf.size = Shelf.kept[name]


def fill(name):
    """Takes all the room with one file, or gives it back."""
    flash = Flash(0, Shelf.size, Shelf.raw)
    fill_up(mounted(Shelf.kind, flash), name)
    Shelf.raw = bytes(flash.raw)


def live(order):
    """One life; what came of it."""
    gc.collect()  # closes the connection of the life before
    flash = Flash(0, Shelf.size, Shelf.raw)
    story = power_up(Shelf.kind, flash, order, Shelf.port)
    Shelf.raw = bytes(flash.raw)
    story["ledger"] = None
    if order.get("look"):
        story["ledger"] = ledger_of(Shelf.kind, Shelf.raw, Shelf.size)
    return story
