"""A receipt printer on a UART: sends an ESC/POS job no faster than the paper moves.

Knows nothing of slips: a job is bytes, made elsewhere, and each can be sent again from the
start. Cheap printers have no flow control and drop what overruns their buffer, so a job
goes out in slices and every slice is given the time to be printed; the other tasks run
meanwhile. DLE EOT asks for paper and cover before a job, between its lines and after it:
one that was cut short never counts as printed, and its rest does not wait in a buffer for
the next roll. The UART is passed in.
"""

from milepad.base.compat import TYPE_CHECKING, const, sleep_ms
from milepad.base.errors import PrinterError

if TYPE_CHECKING:
    from milepad.base.protocols import Sleep
    from milepad.drivers.protocols import Raw, Uart

_LF = const(0x0A)
_ESC = const(0x1B)
_GS = const(0x1D)
_BITS_A_BYTE = const(11)  # start, eight data, stop, and a pause as long as a bit
_TRIES = const(2)

# DLE EOT n (Epson ESC/POS reference): every answer has bits 1 and 4 set, 0 and 7 clear.
_FIXED_MASK = const(0x93)
_FIXED_BITS = const(0x12)
_OFFLINE = const(2)
_COVER_OPEN = const(0x04)
_STOPPED_FOR_PAPER = const(0x20)
_OFFLINE_CAUSES = const(0x64)  # those two, and an error of the mechanism
_PAPER_SENSOR = const(4)
_PAPER_END = const(0x60)


class ThermalPrinter:
    """The printer.

    `has_status`: True: it must answer DLE EOT, silence means it is off or absent; False:
    never ask, print blindly; None: the first question decides which of the two it is.
    The times are settings of the instance; a slow printer gets larger ones.
    """

    line_ms = 60  # to print one line of text
    feed_ms = 30  # to move one line of blank paper
    barcode_ms = 400  # to print one barcode
    answer_ms = 500  # longest wait for an answer to a question
    stall_ms = 5000  # longest wait for a UART that takes no bytes
    poll_ms = 10  # between two looks at the UART
    slice_bytes = 32  # sent at once; a UART's smallest transmit buffer

    def __init__(
        self,
        uart: "Uart",
        baud: int = 9600,
        has_status: bool | None = True,
        sleep: "Sleep" = sleep_ms,
    ):
        self._baud = baud
        self.has_status = has_status
        self._uart = uart
        self._sleep = sleep
        self.is_begun = False  # whether some of the last job may be on paper
        self._before = 0  # the two bytes before the next one: commands cross slices
        self._last = 0

    @property
    def baud(self) -> int:
        """The UART's speed; setting it sets the UART's, too."""
        return self._baud

    @baud.setter
    def baud(self, baud: int) -> None:
        if baud != self._baud:
            self._uart.init(baudrate=baud)
        self._baud = baud

    async def print(self, raw: bytes) -> None:
        """Prints one job; returns when its last line has had the time to appear.

        Raises PrinterError with the word of `status()` ("paper", "cover", "fault",
        "silent", or "stalled" when the UART takes nothing): the job is then not, or not
        completely, on paper and has to be offered again.
        """
        self.is_begun = False
        await self._expect_ready()
        self._before = self._last = 0
        view = memoryview(raw)
        start = 0
        while start < len(raw):
            limit = min(start + self.slice_bytes, len(raw))
            end = raw.find(b"\n", start, limit) + 1 or limit
            self.is_begun = True
            await self._write(view[start:end])
            await self._sleep(self._duration_ms(view[start:end]))
            start = end
            if start == len(raw) or (self.has_status and _ends_line(raw, start)):
                await self._expect_ready()

    async def status(self) -> str:
        """What the printer says: "ready", "paper" (none left), "cover" (open), "fault".

        "silent": it should answer and does not. "unknown": it cannot be asked.
        """
        if self.has_status is False:
            return "unknown"
        offline = await self._ask(_OFFLINE)
        if self.has_status is None:
            self.has_status = offline >= 0
            if not self.has_status:
                return "unknown"
        if offline >= 0 and not offline & _OFFLINE_CAUSES:
            paper = await self._ask(_PAPER_SENSOR)
            if paper >= 0:
                return "paper" if paper & _PAPER_END else "ready"
            offline = paper
        return _offline_word(offline)

    async def _expect_ready(self) -> None:
        status = await self.status()
        if status not in ("ready", "unknown"):
            raise PrinterError(status)

    async def _ask(self, what: int) -> int:
        """The byte that answers DLE EOT `what`; -1 when none comes."""
        for _ in range(_TRIES):
            if self._uart.any():
                self._uart.read(self._uart.any())  # an answer that came too late
            await self._write(bytes((0x10, 0x04, what)))
            for _ in range(self.answer_ms // self.poll_ms):
                await self._sleep(self.poll_ms)
                for answer in self._uart.read(self._uart.any()) or b"":
                    if answer & _FIXED_MASK == _FIXED_BITS:
                        return answer
        return -1

    async def _write(self, view: "Raw") -> None:
        waited_ms = 0
        while len(view):
            sent = self._uart.write(view) or 0
            view = view[sent:]
            if not sent:
                if waited_ms >= self.stall_ms:
                    raise PrinterError("stalled")
                waited_ms += self.poll_ms
                await self._sleep(self.poll_ms)

    def _duration_ms(self, view: memoryview) -> int:
        """How long the wire and the paper need for these bytes."""
        total_ms = len(view) * _BITS_A_BYTE * 1000 // self._baud + 1
        for code in view:
            if self._before == _ESC and self._last == 0x64:  # ESC d n: feed n lines
                total_ms += code * self.feed_ms
            elif self._before == _ESC and self._last == 0x4A:  # ESC J n: feed n dots
                total_ms += code * self.feed_ms // 24
            elif self._last == _GS and code == 0x6B:  # GS k: a barcode
                total_ms += self.barcode_ms
            elif code == _LF:
                total_ms += self.line_ms
            self._before, self._last = self._last, code
        return total_ms


def _ends_line(raw: bytes, end: int) -> bool:
    """Whether the byte before `end` is a line's end, and no part of a command: within one, a
    question would be taken for its data.
    """
    if raw[end - 1] != _LF or (end > 2 and raw[end - 3] in (_ESC, _GS)):
        return False
    at = raw.rfind(b"\x1dkI", 0, end)  # GS k 73, count, as many bytes of a barcode
    return at < 0 or (at + 3 < end and at + 4 + raw[at + 3] < end)


def _offline_word(offline: int) -> str:
    """What an answer to DLE EOT 2 means that holds a cause, or none that came (-1)."""
    if offline < 0:
        return "silent"
    if offline & _COVER_OPEN:
        return "cover"
    return "paper" if offline & _STOPPED_FOR_PAPER else "fault"
