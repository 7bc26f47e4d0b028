"""A display, a printer and a buzzer that write down what they get; on both Pythons."""

import asyncio
import re

from milepad.base.errors import DriverError, PrinterError

COLUMNS, ROWS = 20, 4
_COMMANDS = rb"\x1b@|\x1c\.|\x1b[tEad].|\x1d[!hwHV].|\x1dkI..*?(?=\x1b)"


class Display:
    """Writes down every screen; none may be larger than the chip."""

    def __init__(self):
        self.screens = [[""] * ROWS]
        self.changed = asyncio.Event()
        self.is_there = True  # one that was away has to be started when it is back
        self.is_started = True

    async def start(self):
        if not self.is_there:
            raise DriverError("display: nothing at I2C 0x27")
        self.is_started = True

    def renew(self, row):
        assert 0 <= row < ROWS

    def show(self, rows):
        self.is_started = self.is_started and self.is_there
        if not self.is_started:
            return False
        assert len(rows) == ROWS and all(len(row) <= COLUMNS for row in rows), rows
        if rows != self.screens[-1]:
            self.screens.append(rows)
            self.changed.set()
        return True

    def shows(self, text):
        """Whether a screen had that text."""
        return any(text in row for rows in self.screens for row in rows)


def promised(screens):
    """Confirmation numbers for which the cashier was told to give a discount."""
    return [
        rows[1].split()[-1]
        for rows in screens
        if rows[0].startswith("APPROVED") and rows[2].startswith("GIVE")
    ]


class Printer:
    """Writes down every job; `faults` holds what the next ones meet instead."""

    def __init__(self, print_s=3.0, has_status=True):
        self.jobs = []
        self.faults = []
        self.print_s = print_s
        self.baud = 9600
        self.has_status = has_status
        self.is_begun = False  # whether the faults come after a part of the job

    async def print(self, raw):
        await asyncio.sleep(self.print_s)
        if self.faults:
            fault = self.faults.pop(0)
            if fault:
                raise PrinterError(fault)
        self.jobs.append(raw)

    async def status(self):
        return self.faults[0] if self.faults else "ready"

    @property
    def slips(self):
        """The text of every job, without its commands."""
        commands = re.compile(_COMMANDS, re.DOTALL)
        return [commands.sub(b"", raw).decode("cp858") for raw in self.jobs]


class Buzzer:
    """Writes down every sound."""

    def __init__(self):
        self.sounds = []

    async def play(self, name):
        self.sounds.append(name)


class Hardware:
    """What a board tells of itself; a test changes it. It is its own Wi-Fi."""

    def __init__(self):
        self.name, self.unique_id = "esp32s3_handheld", b"\xf4\x12\xfa\x4f\x18\x40"
        self.ip, self.rssi, self.cause = "192.168.1.7", -67, "power"
        self.wlan, self.wifi = self, True

    def is_up(self):
        return self.wifi

    def address(self):
        return self.ip

    def signal_dbm(self):
        return self.rssi

    def reset_cause(self):
        return self.cause
