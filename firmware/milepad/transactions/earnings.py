"""Earnings: kept on flash first, then tried once where it is seen, then left to the queue.

A sale never waits for more than that. `drain` sends in the background what waits.
"""

from milepad.base.compat import TYPE_CHECKING, random_bytes
from milepad.base.errors import NO_TIME, Cancelled, StorageError
from milepad.base.request import Request, uuid4
from milepad.base.transaction import Result
from milepad.base.vocabulary import CALCULATE, NOT_SENT, OPEN, TAKING, UNKNOWN
from milepad.issuance import requests
from milepad.issuance.attempts import counted
from milepad.link.retry import CallResult
from milepad.transactions.queue import Queue
from milepad.transactions.sending import Sending

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Iterator, Sequence

    from milepad.base.protocols import Log, Profile, Wlan
    from milepad.base.timekeeper import Timekeeper
    from milepad.base.transaction import Transaction
    from milepad.issuance.attempts import Attempt
    from milepad.issuance.basket import Basket
    from milepad.issuance.requests import Issuance
    from milepad.ledger.protocols import Bodies
    from milepad.transactions.transactions import Transactions


class Earnings:
    """One device's earnings; there is one only where the profile's family is not "off".

    `transactions` lends its ledger, its session and its trace ids; `bodies` is where the
    bytes of what waits live.
    """

    def __init__(
        self,
        transactions: "Transactions",
        bodies: "Bodies",
        profile: "Profile",
        time: "Timekeeper",
        wlan: "Wlan",
        log: "Log",
    ):
        self._transactions = transactions
        self._ledger = transactions.ledger
        self._settings = profile["issuance"]
        self._time = time
        self.queue = Queue(self._ledger, bodies, log)
        self.sending = Sending(transactions, self.queue, profile, time, wlan, log)
        self.changed: "Callable[[], None]" = _nothing  # called when the queue has changed

    async def calculate(self, transaction: "Transaction", basket: "Basket") -> CallResult:
        """CALCULATE: what a basket would earn; nothing is kept. The result has its `miles`.

        Outcomes: approved, declined, not_sent, unknown (no usable answer). Raises FieldError,
        Cancelled.
        """
        unsent = await self._ask_time("wait_calculate")
        if unsent:
            return unsent
        transaction.op = CALCULATE
        self._transactions.stamp(transaction)
        request = self._built(transaction, basket, ())
        transaction.result = Result(outcome=UNKNOWN)  # none of it is on the ledger
        attempt = self.sending.attempt(transaction)
        await self._seen("wait_calculate", request, attempt)
        self.sending.note_link(transaction, attempt)
        call = _call(transaction, attempt)
        if call.outcome == OPEN:
            call.outcome = UNKNOWN if attempt.copies else NOT_SENT
        return call

    async def submit(
        self,
        op: str,
        transaction: "Transaction",
        basket: "Basket",
        issuances: "Sequence[Issuance]" = (),
    ) -> CallResult:
        """Keeps an earning on flash, then tries it once where it is seen.

        Outcomes: approved (code 200, or 202: its miles follow), declined (400: it waits for a
        person), open (it is in the queue and will be sent). `miles` are what the reply or the
        rules say; 0: nobody knows yet. The transaction has its result then.
        Raises StorageError (QUEUE_FULL, NO_TIME ...), FieldError or Cancelled: then nothing is
        kept.
        """
        title_key = "wait_take" if op in TAKING else "wait_issue"
        if await self._ask_time(title_key):
            raise StorageError(NO_TIME)
        transaction.op = op
        self._transactions.stamp(transaction)
        transaction.idempotency_key = uuid4(random_bytes(16))
        request = self._built(transaction, basket, issuances)
        transaction.request_crc32 = self._transactions.identical.checksum(request)
        waits = self.queue.has(transaction.collector_number)
        is_tried = not waits and self.sending.may_try()
        is_tried = is_tried and self.sending.may_take_back(transaction)
        # An entry without a word more says that a copy may have left: one write is saved.
        transaction.result = Result(outcome=OPEN, copies_sent=1 if is_tried else 0)
        self.queue.keep(transaction, request.body)
        self.changed()
        attempt = self.sending.attempt(transaction)
        attempt.copies, attempt.in_doubt = 0, False
        if is_tried:
            try:
                await self._seen(title_key, request, attempt)
            except Cancelled:
                pass  # it is kept: the queue sends it
            self._note(transaction, attempt)
        return _call(transaction, attempt)

    def waiting(self) -> tuple[int, int]:
        """(how many wait to be sent or for a person, when the oldest was made; 0 for none)."""
        return self.queue.waiting()

    def items(self) -> "Iterator[Transaction]":
        """Yields them, oldest first: open, or parked (`is_parked`). Raises StorageError."""
        for number in self.queue.numbers:
            yield self._ledger.entry(number)

    async def send_now(self, sequence: int = 0) -> CallResult | None:
        """Tries one earning once where it is seen, also one that rests, is old or is parked;
        0: the oldest. None when it does not wait any more. Raises Cancelled, StorageError.

        One whose bytes are damaged, or that would go elsewhere than its first copy, stays (cause
        "damaged", "settings"); so does one of whose collector an older one is still to be sent
        ("order").
        """
        numbers = self.queue.numbers
        number = sequence or (numbers[0] if numbers else 0)
        if number not in numbers:
            return None
        entry = self._ledger.entry(number)
        request = self.sending.request(entry)
        attempt = self.sending.attempt(entry)
        if self.queue.is_behind(number):
            attempt.cause = "order"
        elif request is None:
            is_damaged = self.queue.body(entry) is None
            attempt.cause = "damaged" if is_damaged else "settings"
        else:
            if not entry.is_parked:  # which nothing sends by itself, whatever comes of this
                self.queue.wake(number)
            try:
                await self._seen("wait_issue", request, attempt)
            except Cancelled:  # nothing left
                self._note(entry, attempt)
                raise
            if number not in self.queue.numbers:
                return None
            self._note(entry, attempt)
        return _call(entry, attempt)

    def delete(self, sequence: int) -> str:
        """Gives an earning up for good, and says so on the ledger. Raises StorageError.

        Its outcome: not_sent when no copy ever left, declined when none can have counted, else
        unknown.
        """
        entry = self._ledger.entry(sequence)
        result = Result(outcome=UNKNOWN, unix_s=self._time.now_s())
        result.copies_sent = self.queue.copies(entry)
        if entry.is_parked:
            result.outcome = entry.outcome
            result.response_code = entry.result.response_code
        elif not self.queue.may_have_left(entry):
            result.outcome = NOT_SENT
        self._ledger.conclude(sequence, result)
        self.queue.release(sequence)
        self.changed()
        return result.outcome

    def _note(self, entry: "Transaction", attempt: "Attempt") -> None:
        self.sending.note(entry, attempt)
        self.changed()

    def _built(
        self,
        transaction: "Transaction",
        basket: "Basket",
        issuances: "Sequence[Issuance]",
    ) -> Request:
        identity = self._transactions.identity
        return requests.build(identity, transaction, basket, issuances, self._settings)

    async def _ask_time(self, title_key: str) -> CallResult | None:
        """An earning is dated, and its bytes never change. Raises Cancelled."""
        if self._time.is_set():
            return None
        return await self._transactions.ask_time(title_key)

    async def _seen(self, title_key: str, request: Request, attempt: "Attempt") -> None:
        """One exchange where it is seen. Raises Cancelled."""
        session = self._transactions.session
        work = session.exchange(request, attempt)
        await self._transactions.run(title_key, work, lambda: session.may_cancel)


def _call(entry: "Transaction", attempt: "Attempt") -> CallResult:
    call = CallResult(attempt.outcome, attempt.code, None, attempt.copies, attempt.reason)
    call.cause, call.message = attempt.cause, attempt.message
    call.trace_id = entry.trace_id
    call.miles = counted(entry.miles, attempt.miles)
    return call


def _nothing() -> None:
    pass
