"""One copy of an earning that waits: whether it may leave, and what is written of it.

Before the first copy leaves, the ledger says that one may have; when the last word has come it
is on the ledger before the queue forgets the bytes.
"""

from milepad.base.compat import TYPE_CHECKING, const, random_bytes, ticks_diff, ticks_ms
from milepad.base.errors import StorageError
from milepad.base.request import Request
from milepad.base.transaction import Result
from milepad.base.vocabulary import APPROVED, DECLINED, OPEN, TAKING, UNKNOWN
from milepad.issuance.attempts import (
    LONGEST_ASKED_S,
    Attempt,
    Pace,
    counted,
    most_copies,
    rest_s,
)
from milepad.issuance.paths import path, takes_key
from milepad.ledger.earned import find_earning

if TYPE_CHECKING:
    from collections.abc import Callable

    from milepad.base.protocols import Log, Profile, Wlan
    from milepad.base.timekeeper import Timekeeper
    from milepad.base.transaction import Transaction
    from milepad.transactions.queue import Queue
    from milepad.transactions.transactions import Transactions


_FLASH_FAILS_S = const(60)  # until an earning is tried again whose note cannot be kept


class Sending:
    """Sends what is in `queue`, over the session of `transactions`."""

    def __init__(
        self,
        transactions: "Transactions",
        queue: "Queue",
        profile: "Profile",
        time: "Timekeeper",
        wlan: "Wlan",
        log: "Log",
    ):
        self._transactions = transactions
        self._ledger = transactions.ledger
        self._queue = queue
        self._returns_as_own = profile["issuance"]["return_id"] == "own"
        self._max_age_s: int = profile["issuance"]["queue_hours"] * 3600
        self._key_s: int = profile["issuance"]["key_hours"] * 3600
        self._most_copies = most_copies(profile["issuance"]["key_hours"])
        self._match: bool = profile["platform"]["match_trace_id"]
        self._time = time
        self._wlan = wlan
        self._log = log
        self._pace = Pace()
        self._was_up = False  # the Wi-Fi, when it was looked at last
        self._paused_ms = self._asked_ms = 0  # ticks until which nothing leaves; 0: it may

    def may_try(self) -> bool:
        """Whether anything may leave now: there is a Wi-Fi, and nothing asks to wait."""
        if self._paused_ms and ticks_diff(self._paused_ms, ticks_ms()) <= 0:
            self._paused_ms = 0
        if self._asked_ms and ticks_diff(self._asked_ms, ticks_ms()) <= 0:
            self._asked_ms = 0
        was_up, self._was_up = self._was_up, self._wlan.is_up()
        if self._was_up and not was_up:
            self.note_link_up()
        self._remember_asked()
        return self._was_up and not self._paused_ms and not self._asked_ms

    def _remember_asked(self) -> None:
        """What the platform asked for before a power cut still holds, once the time is known."""
        until_s = self._queue.asked_until_s
        if until_s and self._time.is_set():
            self._queue.asked_until_s = 0
            wait_s = until_s - self._time.now_s()
            if 0 < wait_s <= LONGEST_ASKED_S:
                self._asked_ms = _ticks_after(wait_s)

    def note_link_up(self) -> None:
        """The platform is there again: only what it asked for itself is still waited for."""
        self._paused_ms = 0
        self._pace.note_success()

    def is_due(self, entry: "Transaction") -> bool:
        """Whether it may be sent without a person; one that is too old is set aside, and so is
        one of which a copy left so long ago that its key may be forgotten: it might count twice,
        and one that takes back what was never given.
        """
        why = self._why_not(entry)
        if why:
            self._log("queue: entry %d %s" % (entry.sequence, why))
            self._queue.set_aside(entry.sequence)
        return not why

    def _why_not(self, entry: "Transaction") -> str:
        """Why it is not sent by itself, "" where it is."""
        if not self.may_take_back(entry):
            return "takes back what was not given"
        if self._queue.copies(entry) > self._most_copies:
            return "was sent too often to be sent by itself"
        return self._untimely(entry) if self._time.is_proven() else ""

    def _untimely(self, entry: "Transaction") -> str:
        """The same for its age, which is only judged by a proven time; what a clock that ran
        ahead has dated has none, and so many copies of it leave at most.
        """
        now_s, since_s = self._time.now_s(), self._queue.may_have_left_since(entry)
        if now_s - entry.unix_s > self._max_age_s:
            return "is too old to be sent by itself"
        if since_s and now_s - since_s > self._key_s:
            return "may have left too long ago to be sent again by itself"
        return ""

    def awaits_time(self, entry: "Transaction") -> bool:
        """Whether a copy may have left in an earlier life, and nobody has told yet when that
        was: its key may be forgotten. A platform that answers without a date is not waited for.
        """
        if self._time.is_proven() or self._time.heard:
            return False
        return self._queue.may_have_left_before(entry)

    def may_take_back(self, entry: "Transaction") -> bool:
        """Whether it is no return, or the sale of one has earned, as far as this ledger knows:
        one that was refused or given up meanwhile has nothing that could be taken back.
        """
        if entry.op not in TAKING:
            return True
        try:
            sale = find_earning(self._ledger, entry.redemption_number)
        except StorageError as fault:
            self._log("queue: %s" % fault)
            return False
        return sale is None or sale.outcome == APPROVED

    def request(self, entry: "Transaction") -> Request | None:
        """The request of which a copy left or will; None when it is not what it was, or would
        go elsewhere: then a person has to decide.
        """
        body = self._queue.body(entry)
        key = entry.idempotency_key if takes_key(entry.op) else ""
        if body is not None:
            request = Request(entry.op, path(entry.op), entry.trace_id, body, key)
            if self._transactions.identical.checksum(request) == entry.request_crc32:
                return request
        why = "is damaged" if body is None else "would not go where it was meant to"
        self._log("queue: entry %d %s" % (entry.sequence, why))
        self._queue.set_aside(entry.sequence)
        return None

    def attempt(
        self, entry: "Transaction", may_go: "Callable[[], bool] | None" = None
    ) -> Attempt:
        """One copy; in the background where `may_go` tells whether it still may leave."""
        attempt = Attempt(
            self._queue.copies(entry),
            may_go or _always,
            lambda: self._may_leave(entry),
            self._match and (self._returns_as_own or entry.op not in TAKING),
            may_go is not None,
        )
        attempt.in_doubt = entry.sequence > 0 and self._may_count(entry)
        return attempt

    def _may_count(self, entry: "Transaction") -> bool:
        """Whether a copy that left before may have counted."""
        if entry.outcome == OPEN:
            return self._queue.may_have_left_since(entry) > 0
        return entry.outcome == UNKNOWN

    def _may_leave(self, entry: "Transaction") -> bool:
        if entry.sequence and entry.sequence not in self._queue.numbers:
            return False  # while it waited for the line it was sent, or deleted
        try:
            if entry.outcome == OPEN:
                self._queue.note_tried(entry, self._time.now_s())
            elif entry.outcome == DECLINED:  # a person sends it again: now it may count
                self._queue.note_doubt(entry)
        except StorageError as fault:
            self._log("queue: %s" % fault)
            self._queue.rest(entry.sequence, self._queue.copies(entry), _FLASH_FAILS_S)
            return False
        return True

    def note(self, entry: "Transaction", attempt: Attempt) -> None:
        """Writes what an attempt came to, and until when it and the others rest."""
        if attempt.code or attempt.reason:
            self.note_link(entry, attempt)
        if attempt.outcome != OPEN:
            self._pace.note_success()
            result = Result(outcome=attempt.outcome, response_code=attempt.code)
            result.miles = counted(entry.miles, attempt.miles)
            result.mismatch = attempt.miles not in (None, result.miles)
            if result.mismatch:
                text = "%s %s: the reply names %d miles, %d were asked for"
                self._log(text % (entry.op, entry.trace_id, attempt.miles, entry.miles))
            result.unix_s, result.copies_sent = self._time.now_s(), attempt.copies
            if attempt.outcome == DECLINED:
                result.copies_sent = 1
            result.decision = "later" if attempt.is_refused and self._waits(entry) else ""
            self._queue.conclude(entry, result)
        elif entry.outcome == DECLINED and not attempt.left and self._waits(entry):
            self._queue.conclude(entry, entry.result)  # there is no doubt after all
        elif entry.is_parked:
            self._queue.set_aside(entry.sequence)
        else:
            self._note_rest(entry, attempt)

    def _waits(self, entry: "Transaction") -> bool:
        """Whether it was not deleted meanwhile."""
        return entry.sequence in self._queue.numbers

    def _note_rest(self, entry: "Transaction", attempt: Attempt) -> None:
        wait_s, asked_s = 0, attempt.retry_after_s
        chance = random_bytes(1)[0]
        if attempt.left:
            wait_s = rest_s(attempt.copies, asked_s, chance)
        if attempt.reason and (wait_s or not attempt.left):
            pause_s = self._pace.note_failure(bool(attempt.code), asked_s, chance)
            self._paused_ms = _ticks_after(pause_s) if pause_s else 0
        if asked_s:
            self._asked_ms = _ticks_after(asked_s)
        self._queue.rest(entry.sequence, attempt.copies, wait_s)
        was_wrong = entry.result.copies_sent and not attempt.copies
        if not wait_s and not was_wrong:
            return
        until_s = self._time.now_s() + wait_s if wait_s and self._time.is_set() else 0
        try:
            self._ledger.note(entry.sequence, attempt.copies, "", attempt.code, until_s)
        except StorageError as fault:
            self._log("queue: %s" % fault)

    def note_link(self, entry: "Transaction", attempt: Attempt) -> None:
        """What an exchange told about the link, for the idle screen and for the log."""
        self._transactions.note_link(bool(attempt.code), attempt.cause)
        if attempt.reason:
            self._log("%s %s: %s" % (entry.op, entry.trace_id, attempt.reason))


def _always() -> bool:
    return True


def _ticks_after(seconds: int) -> int:
    return ticks_ms() + seconds * 1000 or 1
