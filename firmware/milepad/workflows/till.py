"""What every workflow shares: one device's terminal, session and ledger, and how they meet.

Here is the order that money depends on: the intent is on flash, then the request leaves,
then its outcome is on flash, then the cashier is told.
"""

from binascii import crc32

from milepad.amcash import requests
from milepad.amcash.moved import Asked, moved
from milepad.amcash.requests import Identity, Sale
from milepad.base import clock
from milepad.base.compat import forget, random_bytes
from milepad.base.errors import Cancelled, FieldError, StorageError
from milepad.base.money import digits_only, parse_dollars
from milepad.base.url import split_url
from milepad.base.vocabulary import (
    APPROVED,
    ECHO,
    INQUIRE,
    NOT_SENT,
    REDEEM,
    REVERSE,
    UNKNOWN,
)
from milepad.card.collector_number import masked
from milepad.ledger.entry import Entry, Intent, Result
from milepad.link.retry import Outcome

_TITLE = {REDEEM: "wait_redeem", REVERSE: "wait_reverse"}


def transaction_crc32(base_url: str, client_id: str, request) -> int:
    """The checksum of all that a copy has to share with the first: where it goes, as whom,
    and what it says. An address that is only written differently is the same one.
    """
    host, port, base_path = split_url(base_url)
    path = base_path.rstrip("/") + request.path
    where = "%s:%d%s\n%s\n" % (host.lower(), port, path, client_id)
    return crc32(request.body, crc32(where.encode()))


def _requests(name: str, *arguments):
    """Calls what has that name in `amcash.requests`: an operation's name builds its request."""
    return getattr(requests, name)(*arguments)


def _no_log(text: str) -> None:
    """Where lines go until the app gives a place."""


class Till:
    """A device at work. `log` takes one line of text, never one with a number of a card.

    `time` is the device's Timekeeper.
    """

    def __init__(self, terminal, session, ledger, trace_ids, profile: dict, time):
        self.terminal = terminal
        self.session = session
        self.ledger = ledger
        self.trace_ids = trace_ids
        self.profile = profile
        self.time = time
        self.identity = Identity(profile)
        self.zone = clock.Zone(profile["time"]["zone"])
        self.max_basket_cents = parse_dollars(profile["cashier"]["max_basket"])
        self.log = _no_log
        self.link = "unknown"  # what the last call told; or "up", "down", "login" (refused)
        self.last_slip = None  # (facts, language) of the last slip, for a reprint

    async def echo(self):
        """ECHO once, in the background or on demand; notes the link's state."""
        outcome = await self.session.call(
            _requests(ECHO, self.identity, self.trace_ids.next())
        )
        self.note_link(outcome)
        return outcome

    async def inquire(self, sale):
        """INQUIRE with progress. Returns the outcome; raises Cancelled."""
        unsent = None if self.time.is_set() else await self._ask_time("wait_inquire")
        if unsent:
            return unsent
        date_time = clock.iso8601(self.time.now_s(), self.zone)
        trace_id = self.trace_ids.next()
        request = _requests(INQUIRE, self.identity, trace_id, date_time, sale)
        outcome = await self._call(request, "wait_inquire")
        self._compare_collector(outcome, sale.collector_number)
        return outcome

    async def move(self, op: str, sale) -> tuple:
        """REDEEM or REVERSE, recorded around it. Returns (entry, outcome).

        Raises StorageError or LedgerFullError when the intent cannot be kept, FieldError when
        the request cannot be built, Cancelled: in none of these did anything leave.
        """
        unsent = await self._ask_time(_TITLE[op])
        intent = self._intent(op, sale)
        asked = self._asked(intent, sale.redeem_units, sale.redeem_miles)
        if op == REVERSE:
            intent.redeem_cents = asked.cents or 0  # for screens and reports; not sent
        request = self.rebuild(intent)
        intent.request_crc32 = self._checksum(request)
        sequence = self.ledger.begin(intent)
        try:
            outcome = unsent or await self._call(
                request,
                _TITLE[op],
                lambda copies: self.ledger.note(sequence, copies, ""),
            )
        except Cancelled:
            self._conclude(sequence, self._result(NOT_SENT, None))
            raise
        result = self._result(outcome.kind, outcome.reply)
        result.copies_sent = outcome.copies
        self._count(result, outcome, intent, asked)
        self._conclude(sequence, result)
        return Entry(sequence, intent, result), outcome

    async def _ask_time(self, title_key: str) -> Outcome | None:
        """Before the first dated call since power-up: the platform's own time, by an ECHO.

        Its age decides later whether a copy may still be sent, so no intent is dated by a
        time server alone while the platform can be asked. Returns None when the call may go
        on; else why nothing was sent. Raises Cancelled.
        """
        if self.time.is_set() and (self.time.is_proven() or self.time.heard):
            return None
        request = _requests(ECHO, self.identity, self.trace_ids.next())
        echo = await self._call(request, title_key)
        if self.time.is_set() and self.time.heard:
            return None
        unsent = Outcome(NOT_SENT, "", None, 0, "the time is not known")
        unsent.cause = "proof" if self.time.heard else echo.cause
        return unsent

    def _intent(self, op: str, sale) -> Intent:
        intent = Intent()
        intent.op = op
        intent.trace_id = self.trace_ids.next()
        intent.idempotency_key = _requests("uuid4", random_bytes(16))
        intent.unix_s = self.time.now_s()
        intent.offset_min = self.zone.offset_s(intent.unix_s) // 60
        intent.collector_number = sale.collector_number
        intent.card_entry_mode = sale.card_entry_mode
        intent.basket_cents = sale.basket_cents
        intent.pre_tax_cents = sale.pre_tax_cents
        intent.redeem_cents = sale.redeem_cents
        intent.confirmation_number = sale.confirmation_number
        intent.language = sale.language
        return intent

    def rebuild(self, intent: Intent):
        """The request of an intent, the same bytes every time. Raises FieldError."""
        sale = Sale(intent.collector_number, intent.card_entry_mode, intent.basket_cents)
        sale.pre_tax_cents = intent.pre_tax_cents
        sale.redeem_cents = intent.redeem_cents
        sale.confirmation_number = intent.confirmation_number
        sale.language = intent.language
        date_time = clock.iso8601_at(intent.unix_s, intent.offset_min * 60)
        return _requests(
            intent.op,
            self.identity,
            intent.trace_id,
            date_time,
            sale,
            intent.idempotency_key,
        )

    def is_same_request(self, intent: Intent) -> bool:
        """Whether a copy would be what the first one was, and go where that one went.

        An intent of the first version does not tell where it went: its body decides alone.
        """
        try:
            request = self.rebuild(intent)
        except FieldError:  # the profile has changed since
            return False
        checksum = crc32(request.body) if intent.version == 1 else self._checksum(request)
        return checksum == intent.request_crc32

    def _checksum(self, request) -> int:
        platform = self.profile["platform"]
        return transaction_crc32(platform["base_url"], platform["client_id"], request)

    def note(self, entry: Entry, copies: int, decision: str) -> None:
        """Writes how many copies of an open entry may have left and what was decided for it:
        before it happens. Raises StorageError.
        """
        self.ledger.note(entry.sequence, copies, decision)
        entry.note = Result(outcome="open", copies_sent=copies, decision=decision)

    async def finish(self, entry: Entry, decision: str):
        """Sends the identical copy of an interrupted call, once; its outcome.

        The caller has checked that one is still allowed. `decision` is "finish" or "void";
        the result of an approval that is to be voided says so. The entry has no result when
        nothing left. Raises StorageError or Cancelled: then, too, nothing left.
        """
        asked = self._asked(entry.intent)
        request = self.rebuild(entry.intent)
        self.note(entry, 2, decision)
        try:
            outcome = await self._call(request, _TITLE[entry.intent.op], None, 1)
        except Cancelled:
            self.note(entry, 1, decision)
            raise
        if outcome.copies == 1:  # nothing left: the copy is still allowed
            self.note(entry, 1, decision)
        else:
            entry.result = self._result(outcome.kind, outcome.reply)
            entry.result.copies_sent = outcome.copies
            self._count(entry.result, outcome, entry.intent, asked)
            if decision == "void" and outcome.kind == APPROVED:
                entry.result.decision = decision
            self._conclude(entry.sequence, entry.result)
        return outcome

    def settle_void(self, entry: Entry) -> None:
        """Nothing is to be done any more for a redemption that was to be voided."""
        result = entry.result
        if result is not None:
            result.decision = ""
            self._conclude(entry.sequence, result)

    def give_up(self, entry: Entry) -> None:
        """Marks an interrupted call as unresolved: what became of it is not known."""
        result = self._result(UNKNOWN, None)
        result.copies_sent = entry.copies_sent
        entry.result = result
        self._conclude(entry.sequence, result)

    async def _call(self, request, title_key: str, before_copy=None, copies: int = 0):
        forget("milepad.ledger.entries")  # loaded again for the outcome
        session = self.session
        outcome = await self.terminal.wait_for(
            title_key,
            session.call(request, before_copy, copies),
            lambda: session.stage,
            lambda: session.may_cancel,
        )
        self.note_link(outcome)
        if outcome.reason:
            self.log("%s %s: %s" % (request.op, request.trace_id, outcome.reason))
        return outcome

    def note_link(self, outcome) -> None:
        """Keeps what a call told about the link, for the idle screen."""
        if outcome.reply is not None:
            self.link = "up"
        else:
            self.link = "login" if outcome.cause == "login" else "down"

    def _result(self, kind: str, reply) -> Result:
        result = Result()
        result.outcome = kind
        result.unix_s = self.time.now_s()
        if reply is not None:
            result.response_code = reply.code
            result.confirmation_number = reply.confirmation_number()
        return result

    def _asked(self, intent: Intent, units: int = 0, miles: int = 0) -> Asked:
        """The most that the answer may say was moved. Raises StorageError."""
        if intent.op == REDEEM:
            return Asked(intent.redeem_cents, units or None, miles or None)
        kept = self.ledger.find_redemption(intent.confirmation_number)
        if kept is None or kept.result is None or kept.result.outcome != APPROVED:
            return Asked(None)  # another device's redemption: the platform's word counts
        return Asked(kept.moved_cents, None, kept.result.miles or None)

    def _count(self, result: Result, outcome, intent: Intent, asked: Asked) -> None:
        """Takes from an approval what was moved, at most what was asked; tells the log."""
        self._compare_collector(outcome, intent.collector_number)
        if outcome.kind != APPROVED:
            return
        found = moved(outcome.reply, intent.op, asked)
        result.cents, result.miles = found.cents or 0, found.miles or 0
        result.mismatch = outcome.mismatch = found.mismatch
        outcome.units = found.units
        if found.mismatch:
            self.log(
                "%s %s: the reply names another amount than was asked; %d cents count"
                % (intent.op, intent.trace_id, result.cents)
            )
        if not result.confirmation_number:
            self.log("%s %s: no confirmation number" % (intent.op, intent.trace_id))

    def _compare_collector(self, outcome, number: str) -> None:
        """Accounts merge, so a reply may name another collector; that is only logged."""
        said = outcome.reply.text("collectorNumber") if outcome.reply else ""
        if said and said != number:
            shown = masked(said) if digits_only(said) and len(said) <= 19 else "no number"
            self.log(
                "%s: the reply names another collector, %s" % (outcome.trace_id, shown)
            )

    def _conclude(self, sequence: int, result: Result) -> None:
        try:
            self.ledger.conclude(sequence, result)
            forget("milepad.ledger.entries")  # a slip needs the heap
        except StorageError as fault:
            # The intent stays open on flash: the next start asks what to do with it.
            self.log("ledger: %s" % fault)
        except (FieldError, ArithmeticError, ValueError, TypeError, MemoryError) as fault:
            # So it does here: a fault of ours takes no outcome off the cashier's screen.
            self.log("ledger: %s" % type(fault).__name__)
