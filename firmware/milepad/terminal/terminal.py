"""The one interface that workflows talk to: screen, keys, card readers, sounds and printer as
one. It knows no chip, no network and no ledger. Nothing that is keyed or shown is logged.

`prompts` asks for values with it, `screens` and `slips` tell with it what came of a call.
"""

import asyncio

from milepad import words
from milepad.base.compat import TYPE_CHECKING, const, sleep_ms
from milepad.base.errors import Cancelled, PrinterError
from milepad.base.money import display_dollars
from milepad.base.programme import DEFAULT
from milepad.terminal.events import Events
from milepad.terminal.screen import Screen

if TYPE_CHECKING:
    from typing import Any, Callable, Coroutine, Sequence

    from milepad.base.protocols import Buzzer, Display, Printer
    from milepad.card.collector_number import Card

COLUMNS = const(20)
DIGIT_KEYS = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "00")
_NOTICE_MS = const(1500)
_PROGRESS_MS = const(300)
_TURN_DOTS = const(6)  # of ten: where one row tells of a wait, its keys follow them


class Terminal:
    """Screen + keys + card + printer. `idle_ms`: nothing keyed for so long is a CANCEL.

    `display`, `buzzer` and `printer` are the board's, `language` is the cashier's.
    """

    def __init__(
        self,
        display: "Display",
        buzzer: "Buzzer",
        printer: "Printer",
        language: str,
        idle_ms: int,
    ):
        self.screen = Screen(display)
        self._buzzer = buzzer
        self._printer = printer
        self._idle_ms = idle_ms
        self._events = Events()
        self.language = language
        self.programme = DEFAULT  # until the profile has been read
        self.slip_language = language  # of the collector whose card was asked for last
        self.card: "Card | None" = None  # one that was read before it is asked for
        self.told: list[str] = []  # up to three rows that stay while a call goes on
        self._answers: list[tuple[str, str]] = []  # what was keyed to them meanwhile

    def set_idle_s(self, idle_s: int) -> None:
        """After so many seconds without a key a question is left."""
        self._idle_ms = idle_s * 1000

    # --- what the drivers call ---

    def emit(self, kind: str, value: str) -> None:
        """Takes an event of a driver, see `base.protocols.Emit`.

        Of noise only as much as nothing else waits: it must not push out a key.
        """
        if kind == "key":
            self.sound("key")
        if kind != "noise" or not self.has_event():
            self._events.add(kind, value)

    # --- screen and sound ---

    def text(self, key: str) -> str:
        """A message in the cashier's language."""
        return words.text(key, self.language, self.programme)

    def dollars(self, cents: int) -> str:
        """An amount in the cashier's language."""
        return display_dollars(cents, self.language)

    def show(self, *rows: str) -> None:
        """Shows up to four rows; a text with a newline fills two of them."""
        lines = "\n".join(rows).split("\n")[:4]
        self.screen.show([line[:COLUMNS] for line in lines + [""] * (4 - len(lines))])

    def pair(self, left: str, right: str) -> str:
        """One row with a text at either end; if both do not fit, the left one is cut."""
        left = left[: COLUMNS - len(right) - 1]
        return left + " " * (COLUMNS - len(left) - len(right)) + right

    def beside(self, left: str, right: str) -> str:
        """As `pair`; but where both do not fit, the left one alone: a count is never cut."""
        fits = len(left) + 1 + len(right) <= COLUMNS
        return self.pair(left, right) if fits else left

    def confirmation(self, number: str) -> str:
        """The row with a confirmation number; of one that is too long, its end.

        Where none came, the row says so.
        """
        if not number:
            return self.text("no_confirmation")
        row = self.text("confirmation_is") % number
        return row if len(row) <= COLUMNS else number[-COLUMNS:]

    def kept_card(self) -> str:
        """The end of the kept card's number, in words; "" when none is kept."""
        return self.text("card_is") % self.card.collector_number[-4:] if self.card else ""

    def sound(self, name: str) -> None:
        """Starts a sound: "ok", "error" or "key"."""
        asyncio.create_task(self._buzzer.play(name))

    # --- events ---

    async def event(self, timeout_ms: int = 0) -> tuple[str, str]:
        """The next event. Raises Cancelled when none comes in time (0: the idle time).

        What comes while the display is dark answers no question: nobody can have read it.
        """
        while True:
            event = await self._events.take(timeout_ms or self._idle_ms)
            if await self.screen.is_legible():
                return event
            self.sound("error")

    def has_event(self) -> bool:
        """Whether something was keyed or read that nobody has taken yet."""
        return not self._events.is_empty()

    def drop_events(self) -> None:
        """Drops what was keyed before the question was on the screen."""
        self._events.drop()

    async def key(self, *wanted: str, timeout_ms: int = 0) -> str:
        """The next of the wanted keys; CANCEL raises Cancelled unless it is wanted. So does
        nobody's pressing one in time (0: the idle time).
        """
        while True:
            kind, name = await self.event(timeout_ms)
            if kind == "key" and name in wanted:
                return name
            if kind == "key" and name == "CANCEL":
                raise Cancelled("CANCEL was pressed")
            self.sound("error")

    # --- telling ---

    def announce(self, sound: str, *rows: str) -> None:
        """Shows rows with a sound; no key that came before them answers them."""
        if sound:
            self.drop_events()
            self.sound(sound)
        self.show(*rows)

    async def message(self, sound: str, *rows: str, timeout_ms: int = 0) -> bool:
        """Shows rows with a sound until a key (True), or until the time is over (0: idle).

        No sound, "": they go on from what was announced, and a key since then counts.
        """
        self.announce(sound, *rows)
        try:
            await self.key("ENTER", "CLEAR", "CANCEL", timeout_ms=timeout_ms)
        except Cancelled:
            return False
        return True

    async def again(self, *rows: str, takes_card: bool = False) -> bool:
        """Shows up to three rows and offers ENTER=AGAIN; whether it was taken.

        `takes_card`: a card that is read means the same, and answers the question that comes.
        Raises Cancelled when nobody answers in time: who has left has decided nothing.
        """
        self.announce("error", *rows, self.text("enter_again"))
        while True:
            kind, name = await self.event()
            if kind != "key" and takes_card:
                self.emit(kind, name)
                return True
            if kind == "key" and name in ("ENTER", "CLEAR", "CANCEL"):
                return name == "ENTER"
            self.sound("error")

    async def warning(self, sound: str, *rows: str) -> None:
        """As `message`, but it stands, and sounds again, until somebody presses a key."""
        while not await self.message(sound, *rows):
            sound = "error"

    async def notice(self, text: str) -> None:
        """What went wrong, readable for a moment or until the next key, then asked again."""
        self.sound("error")
        self.drop_events()
        self.show(text)
        await self._events.wait_new(_NOTICE_MS)

    async def wait_for(
        self,
        title_key: str,
        work: "Coroutine[Any, Any, Any]",
        stage: "Callable[[], str]",
        may_cancel: "Callable[[], bool]",
    ) -> "Any":
        """Runs the coroutine `work` with visible progress; CANCEL stops it while it may.

        `stage()` names what the network is doing, `may_cancel()` tells whether nothing has
        left the device yet. Raises Cancelled after a CANCEL that stopped the work, and where
        the display goes dark before anything has left (so may the work): somebody has to see.
        What is keyed meanwhile is dropped, but where rows are `told`: it answers those.
        """
        self._answers.clear()
        if not self.told:
            self.drop_events()
        if not await self.screen.is_legible():
            work.close()
            self.sound("error")
            raise Cancelled("the display does not answer")
        task = asyncio.create_task(self._woken_after(work))
        await sleep_ms(10)  # what is asked about the work is then about this one
        dots = 0
        while not task.done():
            doing = "wait_waiting" if stage() == "waiting" else "wait_connecting"
            dots = dots % 10 + 1
            keys = self.text("wait_cancel" if may_cancel() else "wait_hold")
            rows = (self.text(title_key), self.text(doing), "." * dots, keys)
            self.show(*(self.told + [_in_one_row(rows, dots)] if self.told else rows))
            if await self._wants_stop(may_cancel):
                task.cancel()
                try:
                    await task
                except asyncio.CancelledError:
                    raise Cancelled("CANCEL was pressed, or the display went dark")
        while self._answers:
            self._events.add(*self._answers.pop(0))
        return await task

    async def _wants_stop(self, may_cancel: "Callable[[], bool]") -> bool:
        """Whether work that may be stopped has to be: by CANCEL, or as nobody can see it.

        Looks for as long as a dot stands.
        """
        if not self.screen.is_seen:
            await self.screen.restart()
            if not self.screen.is_seen and may_cancel():
                self.sound("error")
                return True
        if not self.has_event():
            await self._events.wait_new(_PROGRESS_MS)
        if not self.has_event():
            return False
        event = await self._events.take(1)
        if event == ("key", "CANCEL") and may_cancel():
            return True
        if self.told and event[0] == "key":
            self._answers.append(event)
        return False

    async def _woken_after(self, work: "Coroutine[Any, Any, Any]") -> "Any":
        """What `work` comes to, seen when it is there and not with the next dot."""
        try:
            return await work
        except Cancelled:  # it would have left unseen
            self.sound("error")
            raise
        finally:
            self._events.wake()

    # --- paper ---

    async def printer_status(self) -> str:
        """What the printer says of itself, see `drivers.thermal_printer`."""
        return await self._printer.status()

    async def print(self, job: bytes, copy: "Callable[[], bytes] | None" = None) -> bool:
        """Prints a job; offers it again after a fault. False when the cashier gave up.

        `copy` makes the job that is printed once a part of the first one is on paper.
        """
        while True:
            try:
                await self._printer.print(job)
                return True
            except PrinterError as fault:
                if copy and self._printer.is_begun:
                    job, copy = copy(), None
                self.drop_events()
                self.sound("error")
                key = {"paper": "paper_out", "cover": "cover_open"}.get(str(fault))
                self.show(self.text(key or "printer_silent"), self.text("print_again"))
            try:
                await self.key("ENTER")
            except Cancelled:
                return False
            self.show(self.text("printing"))


def _in_one_row(rows: "Sequence[str]", dots: int) -> str:
    """A wait's title with its dots and, in turn, its keys: where the rows above are taken."""
    return (rows[0] + rows[2])[:COLUMNS] if dots <= _TURN_DOTS else rows[3]
