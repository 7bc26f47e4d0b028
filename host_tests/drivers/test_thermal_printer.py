"""A job is on paper completely, or the printer's error says that it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.drivers.chips import Clock, Uart, run
from milepad.base.errors import PrinterError
from milepad.drivers.thermal_printer import ThermalPrinter
from tools.handheld.chips.thermal_printer import ThermalPrinter as VirtualPrinter

READY = 0x12


def answering(offline: int = READY, paper: int = READY) -> Uart:
    """A printer that answers DLE EOT 2 and DLE EOT 4 with these bytes."""
    answers = {b"\x10\x04\x02": offline, b"\x10\x04\x04": paper}
    return Uart(lambda raw: bytes([answers[raw]]) if raw in answers else b"")


def job_bytes(uart: Uart) -> bytes:
    return bytes(uart.sent).replace(b"\x10\x04\x02", b"").replace(b"\x10\x04\x04", b"")


def test_asks_for_cover_and_paper_before_a_job_and_after_it() -> None:
    uart = answering()
    run(ThermalPrinter(uart, sleep=Clock().sleep).print(b"SLIP\n"))
    question = b"\x10\x04\x02\x10\x04\x04"
    assert bytes(uart.sent) == question + b"SLIP\n" + question


@pytest.mark.parametrize(
    ("offline", "paper", "word"),
    [
        (0x12, 0x12, "ready"),
        (0x12, 0x1E, "ready"),  # the roll is near its end
        (0x12, 0x72, "paper"),
        (0x32, 0x12, "paper"),
        (0x16, 0x72, "cover"),
        (0x52, 0x12, "fault"),
        (0x1A, 0x12, "ready"),  # somebody holds the feed button
    ],
)
def test_reads_the_bits_of_the_epson_table(offline: int, paper: int, word: str) -> None:
    printer = ThermalPrinter(answering(offline, paper), sleep=Clock().sleep)
    assert run(printer.status()) == word


@pytest.mark.parametrize(
    ("offline", "word"), [(0x16, "cover"), (0x32, "paper"), (0x52, "fault")]
)
def test_starts_no_job_on_a_printer_that_cannot_print(offline: int, word: str) -> None:
    uart = answering(offline)
    with pytest.raises(PrinterError, match=rf"^{word}$"):
        run(ThermalPrinter(uart, sleep=Clock().sleep).print(b"SLIP\n"))
    assert job_bytes(uart) == b""


def test_a_job_during_which_the_paper_ends_is_not_printed() -> None:
    out = []

    def answer(raw: bytes) -> bytes:
        if raw == b"SLIP\n":
            out.append(raw)
        if raw == b"\x10\x04\x04":
            return b"\x72" if out else b"\x12"
        return b"\x12" if raw == b"\x10\x04\x02" else b""

    with pytest.raises(PrinterError, match=r"^paper$"):
        run(ThermalPrinter(Uart(answer), sleep=Clock().sleep).print(b"SLIP\n"))


def test_a_printer_that_must_answer_and_is_silent_is_an_error() -> None:
    clock = Clock()
    printer = ThermalPrinter(Uart(), sleep=clock.sleep)
    with pytest.raises(PrinterError, match=r"^silent$"):
        run(printer.print(b"SLIP\n"))
    assert clock.now_ms == 2 * printer.answer_ms


def test_a_printer_without_status_is_printed_on_blindly() -> None:
    uart = Uart()
    printer = ThermalPrinter(uart, has_status=False, sleep=Clock().sleep)
    run(printer.print(b"SLIP\n"))
    assert bytes(uart.sent) == b"SLIP\n"
    assert run(printer.status()) == "unknown"


def test_silence_at_the_first_question_can_mean_no_status() -> None:
    uart = Uart()
    printer = ThermalPrinter(uart, has_status=None, sleep=Clock().sleep)
    run(printer.print(b"SLIP\n"))
    run(printer.print(b"SLIP\n"))
    assert bytes(uart.sent) == b"\x10\x04\x02" * 2 + b"SLIP\n" * 2


def test_a_printer_that_answered_once_has_to_go_on_answering() -> None:
    answers = [b"\x12", b"\x12"]
    uart = Uart(lambda raw: answers.pop() if answers else b"")
    printer = ThermalPrinter(uart, has_status=None, sleep=Clock().sleep)
    assert run(printer.status()) == "ready"
    with pytest.raises(PrinterError, match=r"^silent$"):
        run(printer.print(b"SLIP\n"))


def test_bytes_that_are_no_status_are_no_answer() -> None:
    uart = Uart(lambda raw: b"\x11\x13\xff\x00\x93")
    assert run(ThermalPrinter(uart, sleep=Clock().sleep).status()) == "silent"


def test_an_answer_that_comes_late_is_not_taken_for_the_next_one() -> None:
    uart = answering()
    uart.waiting += b"\x72\x16"
    assert run(ThermalPrinter(uart, sleep=Clock().sleep).status()) == "ready"


def test_sends_no_slice_larger_than_a_transmit_buffer_and_ends_it_at_a_line() -> None:
    uart = Uart()
    printer = ThermalPrinter(uart, has_status=False, sleep=Clock().sleep)
    run(printer.print(b"short\n" + b"x" * 40 + b"\nend"))
    assert uart.slices == [b"short\n", b"x" * 32, b"x" * 8 + b"\n", b"end"]


@pytest.mark.parametrize(
    ("raw", "paper_ms"),
    [
        (b"x" * 32, 0),
        (b"x" * 31 + b"\n", 60),
        (b"\x1bd\x04", 4 * 30),
        (b"\x1bJ\x30", 60),
        (b"\x1dk\x49\x02{B", 400),
        (b"\n" * 10, 600),
        (b"x" * 31 + b"\x1bd\x05", 5 * 30),  # the command crosses two slices
    ],
)
def test_gives_the_wire_and_the_paper_their_time(raw: bytes, paper_ms: int) -> None:
    clock = Clock()
    uart = Uart()
    run(ThermalPrinter(uart, has_status=False, sleep=clock.sleep).print(raw))
    wire_ms = len(raw) * 11 * 1000 / 9600
    assert wire_ms + paper_ms <= clock.now_ms <= wire_ms + paper_ms + len(uart.slices)


def test_a_faster_wire_takes_less_time() -> None:
    clock = Clock()
    run(ThermalPrinter(Uart(), 115200, False, clock.sleep).print(b"x" * 320))
    assert clock.now_ms <= 320 * 11 * 1000 / 115200 + 10


def test_a_uart_that_takes_nothing_ends_the_job() -> None:
    uart = Uart()
    uart.takes = 0
    clock = Clock()
    with pytest.raises(PrinterError, match=r"^stalled$"):
        run(ThermalPrinter(uart, 9600, False, clock.sleep).print(b"SLIP\n"))
    assert clock.now_ms == 5000


def test_the_virtual_printer_of_the_handheld_prints_and_misses_its_paper() -> None:
    chip, clock = VirtualPrinter(), Clock()
    printer = ThermalPrinter(
        Uart(lambda raw: chip.receive(raw, clock.now_ms)), sleep=clock.sleep
    )
    run(printer.print(b"\x1b@\x1c.SLIP\n\x1dV\x00"))
    assert [slip.lines for slip in chip.take_slips(clock.now_ms)] == [["SLIP"]]
    chip.set_paper(False)
    with pytest.raises(PrinterError, match=r"^paper$"):
        run(printer.print(b"SLIP\n"))
    assert chip.complaints.take() == []


def lines_printer(buffers: bool, out_after: int) -> tuple[VirtualPrinter, ThermalPrinter]:
    """A virtual printer whose paper ends with so many lines, and its driver."""
    chip, clock = VirtualPrinter(buffers=buffers), Clock()
    lines = []

    def answer(raw: bytes) -> bytes:
        answers = chip.receive(raw, clock.now_ms)
        lines.extend(raw.splitlines()[: raw.count(b"\n")])
        if len(lines) == out_after:
            chip.set_paper(False)
            lines.append(b"")
        return answers

    return chip, ThermalPrinter(Uart(answer), sleep=clock.sleep)


TEN_LINES = b"\x1b@\x1c." + b"".join(b"LINE %d\n" % n for n in range(10)) + b"\x1dV\x00"


@pytest.mark.parametrize("buffers", [False, True])
@pytest.mark.parametrize("out_after", [1, 4, 9])
def test_once_the_paper_is_out_no_further_line_is_sent(
    buffers: bool, out_after: int
) -> None:
    chip, printer = lines_printer(buffers, out_after)
    with pytest.raises(PrinterError, match=r"^paper$"):
        run(printer.print(TEN_LINES))
    assert printer.is_begun
    chip.set_paper(True)
    run(printer.print(TEN_LINES))
    (slip,) = chip.take_slips(10**9)
    assert slip.lines == [f"LINE {n}" for n in range(10)]


def test_a_printer_that_buffers_prints_what_was_sent_blindly_on_the_next_roll() -> None:
    chip = VirtualPrinter(buffers=True)
    chip.set_paper(False)
    chip.receive(b"\x1c.REST\n\x1dV\x00", 0)
    assert chip.take_slips(1000) == []
    chip.set_paper(True)
    assert [slip.lines for slip in chip.take_slips(2000)] == [["REST"]]


def test_nothing_is_begun_on_a_printer_that_has_no_paper() -> None:
    printer = ThermalPrinter(answering(paper=0x72), sleep=Clock().sleep)
    with pytest.raises(PrinterError, match=r"^paper$"):
        run(printer.print(b"SLIP\n"))
    assert not printer.is_begun


@pytest.mark.parametrize(
    "command",
    [
        b"\x1dkI\x0a{B1{C\x00\x0a\x00\x0a\x00",  # a count of ten, pairs of digits "10"
        b"\x1bd\x0a",
        b"\x1dh\x0a",
    ],
)
def test_no_question_is_asked_within_a_command(command: bytes) -> None:
    uart = answering()
    run(ThermalPrinter(uart, sleep=Clock().sleep).print(b"A\n" + command + b"B\nC\n"))
    question = b"\x10\x04\x02\x10\x04\x04"
    parts = (b"", b"A\n", command + b"B\n", b"C\n", b"")
    assert bytes(uart.sent) == question.join(parts)


@given(raw=st.binary(max_size=300), takes=st.integers(1, 40))
def test_every_byte_goes_out_once_and_in_order(raw: bytes, takes: int) -> None:
    uart = Uart()
    uart.takes = takes
    run(ThermalPrinter(uart, 9600, False, Clock().sleep).print(raw))
    assert bytes(uart.sent) == raw
