"""The one face that workflows talk to: screen, keys, card readers, sounds and printer as one.

It asks, lets choose, takes a card, shows and prints. It knows no chip, no network and no
ledger. Nothing that is keyed or shown here is logged.
"""

import asyncio

from milepad import words
from milepad.base.compat import const, forget, sleep_ms, wait_for_ms
from milepad.base.errors import Cancelled, CardError, PrinterError
from milepad.base.money import display_dollars
from milepad.base.vocabulary import ENGLISH, FRENCH

COLUMNS = const(20)
_MAX_EVENTS = const(16)
_MAX_DIGITS = const(9)
_DIGIT_KEYS = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "00")


def _whole_words(row: str) -> str:
    """As many words of a row as fit: no number is shown in part."""
    while len(row) > COLUMNS and " " in row:
        row = row[: row.rfind(" ")]
    return row


def _card_of(kind: str, value: str, rules: dict):
    """The card of an event. Raises CardError. The card room takes heap only meanwhile."""
    from milepad.card import collector_number, scan, tracks

    try:
        if kind == "swipe":
            return tracks.swipe(value, rules)
        if kind == "scan":
            return scan.scan(value, rules)
        return collector_number.keyed(value, rules)
    finally:
        forget(tracks, scan, collector_number)


class Terminal:
    """Screen + keys + card + printer. `idle_ms`: nothing keyed for so long is a CANCEL."""

    def __init__(self, display, buzzer, printer, language: str, idle_ms: int):
        self._display = display
        self._buzzer = buzzer
        self._printer = printer
        self._idle_ms = idle_ms
        self._events: list = []
        self._arrived = asyncio.Event()
        self.language = language
        self.slip_language = language  # of the collector whose card was asked for last

    def set_idle_s(self, idle_s: int) -> None:
        """After so many seconds without a key a question is left."""
        self._idle_ms = idle_s * 1000

    # --- what the drivers call ---

    def emit(self, kind: str, value: str) -> None:
        """Takes an event of a driver: ("key", name), ("scan", line) or ("swipe", line)."""
        if kind == "key":
            self.sound("key")
        if len(self._events) < _MAX_EVENTS:  # a stuck key must not eat the heap
            self._events.append((kind, value))
            self._arrived.set()

    # --- screen and sound ---

    def text(self, key: str) -> str:
        """A message in the cashier's language."""
        return words.text(key, self.language)

    def dollars(self, cents: int) -> str:
        """An amount in the cashier's language."""
        return display_dollars(cents, self.language)

    def show(self, *rows: str) -> None:
        """Shows up to four rows; a text with a newline fills two of them."""
        lines = "\n".join(rows).split("\n")[:4]
        self._display.show([line[:COLUMNS] for line in lines + [""] * (4 - len(lines))])

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

    def sound(self, name: str) -> None:
        """Starts a sound: "ok", "error" or "key"."""
        asyncio.create_task(self._buzzer.play(name))

    # --- events ---

    async def event(self, timeout_ms: int = 0) -> tuple[str, str]:
        """The next event. Raises Cancelled when none comes in time (0: the idle time)."""
        while not self._events:
            self._arrived.clear()
            try:
                await wait_for_ms(self._arrived.wait(), timeout_ms or self._idle_ms)
            except asyncio.TimeoutError:
                raise Cancelled("nothing was keyed")
        return self._events.pop(0)

    def has_event(self) -> bool:
        """Whether something was keyed or read that nobody has taken yet."""
        return bool(self._events)

    def forget_events(self) -> None:
        """Drops what was keyed before the question was on the screen."""
        self._events.clear()

    async def key(self, *wanted: str) -> str:
        """The next of the wanted keys; CANCEL raises Cancelled unless it is wanted."""
        while True:
            kind, name = await self.event()
            if kind == "key" and name in wanted:
                return name
            if kind == "key" and name == "CANCEL":
                raise Cancelled("CANCEL was pressed")
            self.sound("error")

    def announce(self, sound: str, *rows: str) -> None:
        """Shows rows with a sound; no key that came before them answers them."""
        if sound:
            self.forget_events()
            self.sound(sound)
        self.show(*rows)

    async def message(self, sound: str, *rows: str) -> bool:
        """Shows rows with a sound until a key (True), or until the idle time is over.

        No sound, "": they go on from what was announced, and a key since then counts.
        """
        self.announce(sound, *rows)
        try:
            await self.key("ENTER", "CLEAR", "CANCEL")
        except Cancelled:
            return False
        return True

    async def warning(self, sound: str, *rows: str) -> None:
        """As `message`, but it stands, and sounds again, until somebody presses a key."""
        while not await self.message(sound, *rows):
            sound = "error"

    # --- asking ---

    async def ask_money(self, title_key: str, max_cents: int) -> int:
        """An amount keyed in cents, more than 0 and at most `max_cents`.

        One beyond it takes no more digits until CLEAR: no part of it becomes an amount.
        """
        keyed, note, too_much = "", "", False
        while True:
            amount = self.pair("", self.dollars(int(keyed or "0")))
            self.show(self.text(title_key), amount, note, self.text("money_hint"))
            happened, value = await self._edit(keyed, _MAX_DIGITS)
            too_much = too_much and happened != "CLEAR"
            if too_much:
                self.sound("error")
                continue
            note = ""
            if happened in ("scan", "swipe"):  # a card that came too early costs no digit
                self.sound("error")
                continue
            keyed = value
            cents = int(keyed or "0")
            if cents > max_cents:  # a magnitude that slipped is keyed again as a whole
                keyed, too_much = "", True
                self.sound("error")
                note = self.text("too_much") % self.dollars(max_cents)
            elif happened == "ENTER" and cents:
                return cents
            elif happened == "ENTER":
                self.sound("error")
                note = self.text("key_amount")

    async def _edit(self, keyed: str, max_digits: int, other: str = "") -> tuple[str, str]:
        """(what happened, the digits after it): a key's name, or "scan" or "swipe".

        `other` is a key besides the usual ones that is no mistake.
        """
        kind, name = await self.event()
        if kind != "key":
            return kind, name
        if name == "CANCEL":
            raise Cancelled("CANCEL was pressed")
        if name in _DIGIT_KEYS and len(keyed) + len(name) <= max_digits:
            return name, keyed + name
        if name == "CLEAR":
            return name, ""
        if name not in ("ENTER", other):
            self.sound("error")
        return name, keyed

    async def ask_line(self, title: str, how: str, dot: str = "") -> tuple[str, str]:
        """("scan" or "swipe", line) from a reader, or ("key", digits) keyed with ENTER.

        `dot` says what the `.` key does while nothing is keyed; it then gives ("key", ".").
        """
        keyed = ""
        while True:
            self.show(title, how, self.text("or_key"), keyed or dot)
            happened, value = await self._edit(keyed, COLUMNS, "" if keyed else dot and ".")
            if happened in ("scan", "swipe"):
                return happened, value
            if happened == "." and dot and not keyed:
                return "key", "."
            keyed = value
            if happened == "ENTER" and keyed:
                return "key", keyed

    async def card(self, rules: dict, note: str = "", language: str = ""):
        """A collector's card: swiped, scanned, or its number keyed. CANCEL raises Cancelled.

        The `.` key chooses the language of this collector's slip, `slip_language`; at first
        it is `language`, or else the cashier's.
        """
        self.slip_language = language or self.language
        title = self.pair(self.text("card"), note)
        while True:
            french = self.slip_language == FRENCH
            dot = self.text("slip_french" if french else "slip_english")
            kind, value = await self.ask_line(title, self.text("card_how"), dot)
            if (kind, value) == ("key", "."):
                self.slip_language = ENGLISH if french else FRENCH
                continue
            try:
                card = _card_of(kind, value, rules)
                return card if kind in ("swipe", "scan") else await self._confirmed(card)
            except CardError:
                await self.notice(self.text("card_bad"))

    async def _confirmed(self, card):
        if card.warning:
            self.sound("error")
            self.show(self.text("card_check"))
            await self.key("ENTER")
        return card

    async def notice(self, text: str) -> None:
        """What went wrong, readable for a moment or until the next key, then asked again."""
        self.sound("error")
        self.forget_events()
        self._arrived.clear()
        self.show(text)
        try:
            await wait_for_ms(self._arrived.wait(), 1500)
        except asyncio.TimeoutError:
            return

    async def choose_units(self, offer) -> int:
        """How many units to redeem, from the most down to one. CANCEL raises Cancelled."""
        units = offer.units
        price = self.dollars(offer.unit_cents).replace(".00", "").replace(",00", "")
        today = "?" if offer.units_today is None else str(offer.units_today)
        facts = self.text("unit_price") % (offer.unit_miles, price, offer.units, today)
        while True:
            self.show(
                self.pair(self.text("redeem"), self.dollars(offer.cents(units))),
                _whole_words(
                    self.text("units" if units > 1 else "unit")
                    % (units, offer.miles(units))
                ),
                _whole_words(facts),
                self.text("offer_keys"),
            )
            name = await self.key("UP", "DOWN", "ENTER")
            if name == "ENTER":
                return units
            units = max(1, min(offer.units, units + (1 if name == "UP" else -1)))

    # --- waiting ---

    async def wait_for(self, title_key: str, work, stage, may_cancel):
        """Runs the coroutine `work` with visible progress; CANCEL stops it while it may.

        `stage()` names what the network is doing, `may_cancel()` tells whether nothing has
        left the device yet. Raises Cancelled after a CANCEL that stopped the work.
        """
        self.forget_events()
        task = asyncio.create_task(work)
        await sleep_ms(10)  # what is asked about the work is then about this one
        dots = 0
        while not task.done():
            doing = "wait_waiting" if stage() == "waiting" else "wait_connecting"
            dots = dots % 10 + 1
            keys = self.text("wait_cancel" if may_cancel() else "wait_hold")
            self.show(self.text(title_key), self.text(doing), "." * dots, keys)
            try:
                kind, name = await self.event(300)
            except Cancelled:
                continue
            if (kind, name) == ("key", "CANCEL") and may_cancel():
                task.cancel()
                try:
                    await task
                except asyncio.CancelledError:
                    raise Cancelled("CANCEL was pressed")
        return await task

    # --- paper ---

    async def print(self, job: bytes) -> bool:
        """Prints a job; offers it again after a fault. False when the cashier gave up."""
        while True:
            try:
                await self._printer.print(job)
                return True
            except PrinterError as fault:
                self.forget_events()
                self.sound("error")
                key = {"paper": "paper_out", "cover": "cover_open"}.get(str(fault))
                self.show(self.text(key or "printer_silent"), self.text("print_again"))
            try:
                await self.key("ENTER")
            except Cancelled:
                return False
            self.show(self.text("printing"))
