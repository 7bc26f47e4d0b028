"""The Feather's port modules on wires: pins, buses, PWM, watchdog and clock.

They have the faces of circuitpython-stubs, or less, and refuse what the chip refuses.
"""

import errno
import sys
import time

_ROWS = ("D5", "D6", "D9", "D10")  # as boards/feather_circuitpython/README.md wires them
_COLUMNS = ("D11", "D12", "D13", "A5")
_UARTS = {("A0", "A1"): 0, (None, "RX"): 1, (None, "A2"): 2}
_DISPLAY = 0x3C
_QUESTION = b"\x10\x04"  # to the printer, DLE EOT
_TICKS_PERIOD = 1 << 29


class Names:
    """Things that are told apart by identity."""

    def __init__(self, *names):
        for name in names:
            setattr(self, name, name)


DriveMode = Names("PUSH_PULL", "OPEN_DRAIN")
Pull = Names("UP", "DOWN")
WatchDogMode = Names("RAISE", "RESET")


def make(wires, clock, on_remount):
    """{module: {name: what it is}} of the port, for one board."""
    low_rows = set()
    in_use = set()

    def take(pin):
        if pin in in_use:
            raise ValueError(pin + " in use")
        if pin is not None:
            in_use.add(pin)

    class DigitalInOut:
        """A pin of the key matrix, or the button, which nobody holds."""

        def __init__(self, pin):
            take(pin)
            self._pin = pin
            self._drives = False

        def switch_to_output(self, value=False, drive_mode=DriveMode.PUSH_PULL):
            if self._pin in _ROWS and drive_mode is not DriveMode.OPEN_DRAIN:
                raise ValueError("two pressed keys would short two outputs")
            self._drives = True
            self.value = value

        def switch_to_input(self, pull=None):
            if pull is not Pull.UP:
                raise ValueError("a contact needs a pull-up")

        @property
        def value(self):
            wires.look()
            if self._pin not in _COLUMNS:
                return True
            column = _COLUMNS.index(self._pin)
            if not column and len(low_rows) == len(_ROWS) and wires.looks_left:
                wires.looks_left -= 1  # how each of the driver's looks begins
            return not any((row, column) in wires.closed_keys for row in low_rows)

        @value.setter
        def value(self, level):
            if not self._drives:
                raise AttributeError("Cannot set value when direction is input.")
            row = _ROWS.index(self._pin)
            (low_rows.discard if level else low_rows.add)(row)

    class I2C:
        def __init__(self, scl, sda, *, frequency=100000, timeout=255):
            take(scl)
            take(sda)
            self._locked = False

        def try_lock(self):
            got, self._locked = not self._locked, True
            return got

        def unlock(self):
            self._locked = False

        def writeto(self, address, buffer, *, start=0, end=sys.maxsize):
            if not self._locked:
                raise RuntimeError("Function requires lock")
            if address != _DISPLAY:
                raise OSError(errno.ENODEV)
            wires.send_i2c(address, bytes(buffer[start:end]))

    class UART:
        def __init__(
            self, tx=None, rx=None, *, baudrate=9600, timeout=1, receiver_buffer_size=64
        ):
            take(tx)
            take(rx)
            self._port = _UARTS[(tx, rx)]
            self.baudrate = baudrate
            self._timeout = timeout

        @property
        def in_waiting(self):
            wires.await_answer(self._port)
            wires.look()
            return len(wires.received.get(self._port, b""))

        def read(self, nbytes=None):
            kept = wires.received.get(self._port, b"")
            nbytes = len(kept) if nbytes is None else nbytes
            wires.received[self._port] = kept[nbytes:]
            return kept[:nbytes] or None

        def write(self, buf):
            if bytes(buf[:2]) == _QUESTION:
                wires.asked = self._port
            wires.send(b"U", bytes((self._port,)) + bytes(buf))
            return len(buf)

    class PWMOut:
        def __init__(self, pin, *, duty_cycle=0, frequency=500, variable_frequency=False):
            take(pin)
            self._frequency = frequency
            self._duty_cycle = duty_cycle
            self._variable = variable_frequency

        @property
        def frequency(self):
            return self._frequency

        @frequency.setter
        def frequency(self, frequency_hz):
            if not self._variable:
                raise AttributeError("PWM frequency not writable")
            self._frequency = frequency_hz

        @property
        def duty_cycle(self):
            return self._duty_cycle

        @duty_cycle.setter
        def duty_cycle(self, duty):
            self._duty_cycle = duty
            sounding_hz = self._frequency if duty else 0
            wires.send(b"B", bytes((sounding_hz >> 8, sounding_hz & 255)))

    class WatchDogTimer:
        """It bites when a port is looked at too late: then the chip would have been reset."""

        timeout = None
        mode = None

        def __init__(self):
            self._fed_ms = time.ticks_ms()

        def feed(self):
            if self.mode is None:
                raise ValueError("timer not running")
            self._fed_ms = time.ticks_ms()

        def _check(self):
            if self.mode is None:
                self._fed_ms = time.ticks_ms()
            elif time.ticks_diff(time.ticks_ms(), self._fed_ms) > self.timeout * 1000:
                sys.stderr.write("the watchdog has bitten\n")
                sys.exit(3)

    class RTC:
        calibration = 0

        @property
        def datetime(self):
            return sys.modules["time"].localtime()

        @datetime.setter
        def datetime(self, moment):
            clock.set(moment)

    class ResetReason:
        POWER_ON, BROWNOUT, SOFTWARE, RESET_PIN, WATCHDOG = range(5)

    class Processor:
        uid = bytearray(b"\xf4\x12\xfa\x4f\x18\x40")
        reset_reason = ResetReason.POWER_ON

    def ticks_ms():
        """It wraps 65 s after power-up."""
        return (clock.monotonic_ns() // 1000000 - 65000) % _TICKS_PERIOD

    dog = WatchDogTimer()
    wires.on_look = dog._check
    return {
        "digitalio": {"DigitalInOut": DigitalInOut, "DriveMode": DriveMode, "Pull": Pull},
        "busio": {"I2C": I2C, "UART": UART},
        "pwmio": {"PWMOut": PWMOut},
        "microcontroller": {
            "cpu": Processor(),
            "watchdog": dog,
            "ResetReason": ResetReason,
        },
        "watchdog": {"WatchDogMode": WatchDogMode, "WatchDogTimer": WatchDogTimer},
        "rtc": {"RTC": RTC},
        "storage": {"remount": on_remount},
        "supervisor": {"ticks_ms": ticks_ms},
    }
