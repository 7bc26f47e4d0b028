"""A scanner on a UART: polled, bounded, not fooled by a pause of the program itself."""

from host_tests.drivers.chips import Emitted, Uart
from milepad.drivers.serial_scanner import SerialScanner


def test_a_code_is_emitted_as_a_scan() -> None:
    uart, emit = Uart(), Emitted()
    scanner = SerialScanner(uart)
    uart.waiting += b"84095202006\r"
    scanner.poll(emit, 0)
    assert emit == [("scan", "84095202006")]


def test_a_flood_of_ten_thousand_letters_is_reported_once() -> None:
    uart, emit = Uart(), Emitted()
    scanner = SerialScanner(uart)
    for _ in range(100):
        uart.waiting += b"x" * 100
        scanner.poll(emit, 0)
    uart.waiting += b"\r1\r"
    scanner.poll(emit, 0)
    assert emit == [("noise", "too long"), ("scan", "1")]


def test_a_pause_of_150_ms_within_a_code_makes_it_noise() -> None:
    uart, emit = Uart(), Emitted()
    scanner = SerialScanner(uart)
    uart.waiting += b"1\r8409"
    scanner.poll(emit, 0)
    for now_ms in range(10, 150, 10):
        scanner.poll(emit, now_ms)
    assert emit == [("scan", "1")]
    scanner.poll(emit, 150)
    assert emit == [("scan", "1"), ("noise", "half a line")]


def test_a_pause_of_the_program_is_no_pause_of_the_scanner() -> None:
    uart, emit = Uart(), Emitted()
    scanner = SerialScanner(uart)
    uart.waiting += b"8409"
    scanner.poll(emit, 0)
    scanner.poll(emit, 3000)
    uart.waiting += b"5202006\r"
    scanner.poll(emit, 6000)
    assert emit == [("scan", "84095202006")]


def test_a_scanner_without_terminator_needs_no_setting() -> None:
    uart, emit = Uart(), Emitted()
    scanner = SerialScanner(uart, idle_ms=50)
    uart.waiting += b"84095202006"
    for now_ms in range(0, 60, 10):
        scanner.poll(emit, now_ms)
    assert emit == [("scan", "84095202006")]
