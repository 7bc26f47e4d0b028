"""Stand-ins for the modules that only a port has; runs on MicroPython and CPython alike.

Nothing is connected: no chip acknowledges on I2C, no access point answers. They refuse
arguments that the real ones do not take, and note every pin that is given to anything.
"""

import sys

claimed = []  # every pin that something was made of, in order
tones = []
NOISE = b"x" * 300  # what a scanner with the wrong speed sends; longer than any line


def claim(pin):
    """A pin's number or name, noted if nobody has before it became an object."""
    if isinstance(pin, Pin):
        return pin
    if pin is not None:
        claimed.append(pin)
    return pin


class Pin:
    IN, OUT, OPEN_DRAIN, PULL_UP, IRQ_FALLING = range(5)

    def __init__(self, id, mode=-1, pull=-1, *, value=None):  # noqa: A002
        claimed.append(id)
        self._level = 1 if value is None else value

    def value(self, level=None):
        if level is not None:
            self._level = level
        return self._level

    def irq(self, handler=None, trigger=0):
        self.handler = handler


class I2C:
    def __init__(self, id, *, scl, sda, freq=400000, timeout=50000):  # noqa: A002
        claim(scl)
        claim(sda)

    def writeto(self, address, raw):
        raise OSError(19)


class SPI:
    def __init__(self, id, baudrate=1000000, *, sck=None, mosi=None, miso=None):  # noqa: A002
        claim(sck)
        claim(mosi)
        self.sent = 0

    def write(self, raw):
        self.sent += len(raw)


class UART:
    def __init__(self, id, baudrate=9600, *, tx, rx, rxbuf=64, txbuf=64, timeout=0):  # noqa: A002
        claim(tx)
        claim(rx)
        if rxbuf < 256:
            raise ValueError("the receiver's buffer is too small")
        self._waiting = NOISE

    def init(self, baudrate):
        self.baudrate = baudrate

    def any(self):
        return len(self._waiting)

    def read(self, count):
        raw, self._waiting = self._waiting[:count], self._waiting[count:]
        return raw or None

    def write(self, raw):
        return len(raw)


class PWM:
    def __init__(self, pin, *, freq, duty_u16):
        claim(pin)

    def freq(self, frequency_hz):
        tones.append(frequency_hz)

    def duty_u16(self, duty):
        pass


class WDT:
    def __init__(self, id=0, timeout=5000):  # noqa: A002
        fed.append(0)

    def feed(self):
        fed[-1] += 1


fed = []


class RTC:
    """Takes a date as the ports do; no clock of the desktop is moved."""

    def datetime(self, date):
        if len(date) != 8 or not 2000 <= date[0] <= 2106 or not 0 <= date[3] <= 6:
            raise ValueError("not a date")


class Timer:
    def __init__(self, id=-1, *, mode=1, period=-1, callback=None):  # noqa: A002
        pass


class WLAN:
    IF_STA = 0

    def __init__(self, interface):
        pass

    def active(self, on):
        pass


class StateMachine:
    def __init__(self, id, program, freq=-1, *, in_base):  # noqa: A002
        claim(in_base)

    def active(self, on):
        pass

    def rx_fifo(self):
        return 0

    def exec(self, instruction):
        pass

    def restart(self):
        pass


class PIO:
    SHIFT_RIGHT, SHIFT_LEFT, JOIN_RX = range(3)


def asm_pio(**settings):
    return lambda function: function


def absent(*args, **kwargs):
    raise OSError(116)


class Module:
    """A module with these attributes."""

    def __init__(self, **attributes):
        for name, value in attributes.items():
            setattr(self, name, value)


class Names:
    """A module in which every name is itself, as CircuitPython's `board`."""

    def __getattr__(self, name):
        if name[0] == "_":
            raise AttributeError(name)
        return name


class DigitalInOut:
    def __init__(self, pin):
        claimed.append(pin)
        self.value = True

    def switch_to_output(self, value=False, drive_mode=0):
        self.value = value

    def switch_to_input(self, pull=None):
        self.value = True


class BusioUart(UART):
    def __init__(self, tx, rx, *, baudrate, timeout, receiver_buffer_size):
        super().__init__(0, baudrate, tx=tx, rx=rx, rxbuf=receiver_buffer_size)

    in_waiting = property(lambda self: self.any())


def busio_i2c(scl, sda, *, frequency):
    raise RuntimeError("No pull up found on SDA or SCL; check your wiring")


class PwmOut:
    def __init__(self, pin, *, frequency, duty_cycle, variable_frequency):
        claim(pin)
        self.frequency, self.duty_cycle = frequency, duty_cycle


class Dog:
    timeout = mode = None

    def feed(self):
        fed.append(1)


def install():
    """Puts all of them where `import` finds them."""
    names = ("Pin", "I2C", "SPI", "UART", "PWM", "WDT", "Timer", "RTC")
    scope = globals()
    sys.modules["machine"] = Module(
        unique_id=lambda: b"\x01\x02\x03\x04",
        reset_cause=lambda: 3,
        PWRON_RESET=1,
        WDT_RESET=3,
        **{name: scope[name] for name in names},
    )
    sys.modules["network"] = Module(WLAN=WLAN)
    sys.modules["rp2"] = Module(
        PIO=PIO, StateMachine=StateMachine, asm_pio=asm_pio, bootsel_button=lambda: 0
    )
    sys.modules["board"] = Names()
    sys.modules["busio"] = Module(I2C=busio_i2c, UART=BusioUart)
    sys.modules["digitalio"] = Module(
        DigitalInOut=DigitalInOut,
        DriveMode=Module(OPEN_DRAIN=1),
        Pull=Module(UP=1),
    )
    reasons = ("POWER_ON", "BROWNOUT", "SOFTWARE", "RESET_PIN", "WATCHDOG")
    sys.modules["microcontroller"] = Module(
        cpu=Module(uid=b"\x01\x02", reset_reason="WATCHDOG"),
        watchdog=Dog(),
        ResetReason=Module(**{name: name for name in reasons}),
    )
    sys.modules["watchdog"] = Module(WatchDogMode=Module(RESET=1))
    sys.modules["pwmio"] = Module(PWMOut=PwmOut)
    sys.modules["rtc"] = Module(RTC=Module)
    sys.modules["socketpool"] = Module(SocketPool=lambda radio: Module(getaddrinfo=absent))
    sys.modules["wifi"] = Module(radio=Module(enabled=False))
    sys.modules["ssl"] = Module(create_default_context=Module)
    sys.modules["adafruit_connection_manager"] = Module(connection_manager_close_all=absent)
    sys.modules["adafruit_requests"] = Module(OutOfRetries=OSError, Session=Module)
