"""Makes this port's pins, UARTs, tone and watchdog, with the interfaces that drivers know."""

import busio
import digitalio
import microcontroller
import pwmio
import watchdog as port_watchdog

from milepad.drivers.circuit_io import Pin, Tone, Uart

_RECEIVE_BYTES = 512


def open_drain(pin: microcontroller.Pin) -> Pin:
    """An output that pulls low or lets go."""
    line = digitalio.DigitalInOut(pin)
    line.switch_to_output(True, digitalio.DriveMode.OPEN_DRAIN)
    return Pin(line)


def pulled_up(pin: microcontroller.Pin) -> Pin:
    """An input with a pull-up."""
    line = digitalio.DigitalInOut(pin)
    line.switch_to_input(digitalio.Pull.UP)
    return Pin(line)


def uart(tx: microcontroller.Pin | None, rx: microcontroller.Pin) -> Uart:
    """A UART, 9600 8N1; `tx` None for one that only listens."""
    port = busio.UART(tx, rx, baudrate=9600, timeout=0, receiver_buffer_size=_RECEIVE_BYTES)
    return Uart(port)


def tone(pin: microcontroller.Pin) -> Tone:
    """A passive buzzer."""
    return Tone(pwmio.PWMOut(pin, frequency=1000, duty_cycle=0, variable_frequency=True))


def watchdog(timeout_s: int) -> port_watchdog.WatchDogTimer | None:
    """The chip's watchdog, armed, or None; CircuitPython stops it when the program ends."""
    hardware = microcontroller.watchdog
    if hardware is not None:
        hardware.timeout = timeout_s
        hardware.mode = port_watchdog.WatchDogMode.RESET
    return hardware


def reset_cause() -> str:
    """Why the chip started last: "power", "button", "watchdog", "program" or ""."""
    reasons = microcontroller.ResetReason
    found = microcontroller.cpu.reset_reason
    if found in (reasons.POWER_ON, reasons.BROWNOUT):
        return "power"
    if found == reasons.RESET_PIN:
        return "button"
    if found == reasons.WATCHDOG:
        return "watchdog"
    return "program" if found == reasons.SOFTWARE else ""
