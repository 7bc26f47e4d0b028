"""CircuitPython's pins and buses have the interfaces that drivers know."""

import errno
from types import SimpleNamespace
from typing import Never

import pytest

from host_tests.drivers.chips import Clock, Emitted, Lcd, run
from milepad.base.errors import DriverError
from milepad.drivers.character_lcd import CharacterLcd
from milepad.drivers.circuit_io import I2c, Pin, Tone, Uart
from milepad.drivers.matrix_keypad import MatrixKeypad
from milepad.drivers.protocols import Raw
from milepad.drivers.serial_scanner import SerialScanner
from milepad.drivers.thermal_printer import ThermalPrinter


class BusioUart:
    """`busio.UART` with `timeout=0`."""

    def __init__(self, waiting: bytes = b"") -> None:
        self.waiting, self.sent, self.baudrate = waiting, b"", 9600

    @property
    def in_waiting(self) -> int:
        return len(self.waiting)

    def read(self, count: int) -> bytes | None:
        raw, self.waiting = self.waiting[:count], self.waiting[count:]
        return raw or None

    def write(self, raw: Raw) -> int | None:
        self.sent += bytes(raw)
        return len(raw) or None


def test_a_scanner_reads_from_a_busio_uart() -> None:
    emitted = Emitted()
    SerialScanner(Uart(BusioUart(b"84095202006\r"))).poll(emitted, 0)
    assert emitted == [("scan", "84095202006")]


def test_nothing_waiting_is_none_and_nothing_written_is_0() -> None:
    uart = Uart(BusioUart())
    assert uart.read(10) is None
    assert uart.write(b"") == 0


def test_a_printers_speed_is_the_uarts_baud_rate() -> None:
    port = BusioUart()
    ThermalPrinter(Uart(port)).baud = 19200
    assert port.baudrate == 19200


def test_a_keypad_scans_digital_pins() -> None:
    row, column = SimpleNamespace(value=True), SimpleNamespace(value=False)
    emitted = Emitted()
    keypad = MatrixKeypad([Pin(row)], [Pin(column)], ["5"])
    keypad.scan(emitted)
    keypad.scan(emitted)
    assert emitted == [("key", "5")]
    assert row.value is False


def test_a_bus_without_pull_ups_is_a_display_that_is_not_there() -> None:
    def make() -> Never:
        raise RuntimeError("No pull up found on SDA or SCL; check your wiring")

    with pytest.raises(DriverError, match="display: nothing at I2C 0x27"):
        run(CharacterLcd(I2c(make)).start())


def test_a_display_whose_pull_ups_come_late_or_that_misses_a_write_is_started_again() -> (
    None
):
    chip, tries, faults = Lcd(), iter((False, False, True)), [False]

    class Bus:
        def __init__(self) -> None:
            if not next(tries):
                raise RuntimeError("No pull up found on SDA or SCL")

        def try_lock(self) -> bool:
            return True

        def writeto(self, address: int, raw: Raw) -> None:
            if faults.pop() if faults else False:
                raise OSError(errno.ENODEV)
            chip.writeto(address, raw)

    display = CharacterLcd(I2c(Bus), sleep=Clock().sleep)
    for _ in range(2):
        with pytest.raises(DriverError):
            run(display.start())
    run(display.start())
    assert display.show(["A"])
    faults.append(True)
    assert not display.show(["B"])
    run(display.start())
    assert display.show(["B"])
    assert chip.row(0).rstrip() == b"B"


def test_a_bus_is_opened_and_locked_once() -> None:
    calls: list[object] = []

    class Bus:
        def try_lock(self) -> bool:
            calls.append("lock")
            return True

        def writeto(self, address: int, raw: Raw) -> None:
            calls.append((address, raw))

    i2c = I2c(Bus)
    assert i2c.writeto(0x27, b"ab") == 2
    assert i2c.writeto(0x27, b"c") == 1
    assert calls == ["lock", (0x27, b"ab"), (0x27, b"c")]


def test_a_tone_is_half_the_time_high_and_silence_never() -> None:
    pwm = SimpleNamespace(frequency=1000, duty_cycle=0)
    tone = Tone(pwm)
    tone(4000)
    assert (pwm.frequency, pwm.duty_cycle) == (4000, 0x8000)
    tone(0)
    assert pwm.duty_cycle == 0
