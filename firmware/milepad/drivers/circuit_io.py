"""CircuitPython's pins, buses and tones with the interfaces that drivers know from `machine`.

The port's own objects are passed in, so nothing here imports what only one port has.
"""

from milepad.base.compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Callable

    from milepad.drivers.protocols import (
        CircuitI2c,
        CircuitPin,
        CircuitPwm,
        CircuitUart,
        Raw,
    )


class Pin:
    """A `digitalio.DigitalInOut` that is set up already."""

    def __init__(self, pin: "CircuitPin"):
        self._pin = pin

    def value(self, level: int | None = None) -> int:
        """The level, after setting it if one is given."""
        if level is not None:
            self._pin.value = bool(level)
        return 1 if self._pin.value else 0


class Uart:
    """A `busio.UART` made with `timeout=0` and a receiver buffer of 256 bytes or more."""

    def __init__(self, uart: "CircuitUart"):
        self._uart = uart

    def any(self) -> int:
        """How many bytes wait."""
        return self._uart.in_waiting

    def read(self, count: int) -> bytes | None:
        """Up to `count` of the waiting bytes; None when there is none."""
        return self._uart.read(count) or None

    def write(self, raw: "Raw") -> int:
        """Transmits `raw`; returns how many bytes were taken."""
        return self._uart.write(raw) or 0

    def init(self, baudrate: int) -> None:
        """Sets the speed."""
        self._uart.baudrate = baudrate


class I2c:
    """An I2C bus that `make()` opens when it is first used.

    The port refuses to open a bus without pull-ups, which is what a missing display looks
    like; here that is the OSError that a missing chip is elsewhere.
    """

    def __init__(self, make: "Callable[[], CircuitI2c]"):
        self._make = make
        self._bus: "CircuitI2c | None" = None

    def writeto(self, address: int, raw: "Raw") -> int:
        """Writes to a chip; OSError when none acknowledges."""
        try:
            if self._bus is None:
                self._bus = self._make()
                while not self._bus.try_lock():
                    pass
        except RuntimeError:
            raise OSError(19)
        self._bus.writeto(address, raw)
        return len(raw)


class Tone:
    """A buzzer on a `pwmio.PWMOut` with variable frequency; call it with Hz, 0 is silence."""

    def __init__(self, pwm: "CircuitPwm"):
        self._pwm = pwm

    def __call__(self, frequency_hz: int) -> None:
        if frequency_hz:
            self._pwm.frequency = frequency_hz
        self._pwm.duty_cycle = 0x8000 if frequency_hz else 0
