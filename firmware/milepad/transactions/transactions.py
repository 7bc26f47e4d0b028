"""The order that money depends on: the intent is on flash, then its request leaves, then its
outcome is on flash, then the caller is told, who tells the cashier.
"""

import asyncio

from milepad.amcash import requests
from milepad.amcash.moved import Asked, moved
from milepad.base import clock
from milepad.base.compat import TYPE_CHECKING, random_bytes, sleep_ms
from milepad.base.errors import Cancelled, FieldError, StorageError
from milepad.base.request import Identity, Request, uuid4
from milepad.base.text import digits_only
from milepad.base.transaction import Result, Transaction
from milepad.base.vocabulary import (
    APPROVED,
    INQUIRE,
    NOT_SENT,
    OPEN,
    REDEEM,
    REVERSE,
    UNKNOWN,
)
from milepad.card.collector_number import masked
from milepad.link.retry import CallResult
from milepad.transactions.identical import Identical

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from milepad.amcash.replies import Reply
    from milepad.base.protocols import Log, Profile
    from milepad.base.timekeeper import Timekeeper
    from milepad.ledger.ledger import Ledger
    from milepad.ledger.trace_ids import TraceIds
    from milepad.link.session import Session

    Stage = Callable[[], str]
    Progress = Callable[[str, Awaitable[Any], Stage, Callable[[], bool]], Any]

_TITLES = {INQUIRE: "wait_inquire", REDEEM: "wait_redeem", REVERSE: "wait_reverse"}


class Transactions:
    """One device's calls to the platform, with what the ledger keeps of them.

    `progress(title_key, work, stage, may_cancel)` runs a call where somebody sees it, see
    `Terminal.wait_for`. `time` is the device's Timekeeper, `zone` the store's. `log` takes one
    line of text, never one with a number of a card.
    """

    def __init__(
        self,
        session: "Session",
        ledger: "Ledger",
        trace_ids: "TraceIds",
        profile: "Profile",
        time: "Timekeeper",
        progress: "Progress",
        log: "Log",
    ):
        self.ledger = ledger
        self.identity = Identity(profile)
        self.identical = Identical(profile, self.identity)
        self.zone = clock.Zone(profile["time"]["zone"])
        # What the last call told: or "up", "down", "login", "wifi" (none).
        self.link = "unknown"
        self.misses = 0  # calls in a row that did not reach the platform
        self.rest_s = 0  # for so long the platform has asked to be left alone
        self.session = session
        self._trace_ids = trace_ids
        self._time = time
        self._progress = progress
        self._log = log

    async def echo(self) -> CallResult:
        """ECHO once, in the background; notes the link's state."""
        request = requests.echo(self.identity, self._trace_ids.next())
        call = await self.session.call(request)
        self._note_link(request, call)
        return call

    async def quiet_echo(self, is_over: "Callable[[], bool]") -> None:
        """ECHO once, in the background; dropped as soon as `is_over()`."""
        task = asyncio.create_task(self.echo())
        while not task.done() and not is_over():
            await sleep_ms(50)
        if not task.done():
            task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            self.link = "unknown"

    async def test_link(self) -> CallResult:
        """ECHO once, where it is seen. Raises Cancelled."""
        call: CallResult = await self.run("link_testing", self.echo(), lambda: True)
        return call

    async def inquire(self, transaction: Transaction) -> CallResult:
        """INQUIRE for a card and a basket. Raises Cancelled."""
        unsent = None if self._time.is_set() else await self.ask_time(_TITLES[INQUIRE])
        if unsent:
            return unsent
        transaction.op = INQUIRE
        self.stamp(transaction)
        call = await self._call(self.identical.request(transaction))
        self._compare_collector(call, transaction.collector_number)
        return call

    async def submit(self, op: str, transaction: Transaction) -> CallResult:
        """REDEEM or REVERSE, recorded around it: the transaction has its result then.

        Raises StorageError when the intent cannot be kept, FieldError when the request cannot
        be built, Cancelled: in none of these did anything leave.
        """
        unsent = await self.ask_time(_TITLES[op])
        transaction.op = op
        self.stamp(transaction)
        transaction.idempotency_key = uuid4(random_bytes(16))
        asked = self._asked(transaction)
        if op == REVERSE:
            transaction.redeem_cents = asked.cents or 0  # for screens and reports; not sent
        request = self.identical.request(transaction)
        transaction.request_crc32 = self.identical.checksum(request)
        sequence = self.ledger.begin(transaction)
        try:
            call = unsent or await self._call(
                request, lambda copies: self.ledger.note(sequence, copies, "")
            )
        except Cancelled:
            self._conclude(transaction, self._result(NOT_SENT, None))
            raise
        result = self._result(call.outcome, call.reply)
        result.copies_sent = call.copies
        self._count(result, call, transaction, asked)
        self._conclude(transaction, result)
        return call

    async def finish(self, transaction: Transaction, decision: str) -> CallResult:
        """Sends the identical copy of an interrupted call, once.

        The caller has checked that one is still allowed. `decision` is "finish" or "void";
        the result of an approval that is to be voided says so. There is no result when nothing
        left. Raises StorageError or Cancelled: then, too, nothing left.
        """
        asked = self._asked(transaction)
        request = self.identical.request(transaction)
        self.note(transaction, 2, decision)
        try:
            call = await self._call(request, None, 1)
        except Cancelled:
            self.note(transaction, 1, decision)
            raise
        if call.copies == 1:  # nothing left: the copy is still allowed
            self.note(transaction, 1, decision)
            return call
        result = self._result(call.outcome, call.reply)
        result.copies_sent = call.copies
        self._count(result, call, transaction, asked)
        if decision == "void" and call.outcome == APPROVED:
            result.decision = decision
        self._conclude(transaction, result)
        return call

    def note(self, transaction: Transaction, copies: int, decision: str) -> None:
        """Writes how many copies of an open transaction may have left and what was decided for
        it: before it happens. Raises StorageError.
        """
        self.ledger.note(transaction.sequence, copies, decision)
        transaction.result = Result(outcome=OPEN, copies_sent=copies, decision=decision)

    def close_void(self, transaction: Transaction) -> None:
        """Nothing is to be done any more for a redemption that was to be voided."""
        transaction.result.decision = ""
        self._conclude(transaction, transaction.result)

    def give_up(self, transaction: Transaction) -> None:
        """Marks an interrupted call as unresolved: what became of it is not known."""
        result = self._result(UNKNOWN, None)
        result.copies_sent = transaction.result.copies_sent
        self._conclude(transaction, result)

    async def ask_time(self, title_key: str) -> CallResult | None:
        """Before the first dated call since power-up: the platform's own time, by an ECHO.

        Its age decides later whether a copy may still be sent, so no intent is dated by a
        time server alone while the platform can be asked. Returns None when the call may go
        on; else why nothing was sent. Raises Cancelled.
        """
        if self._time.is_set() and (self._time.is_proven() or self._time.heard):
            return None
        request = requests.echo(self.identity, self._trace_ids.next())
        echo = await self._call(request, title_key=title_key)
        if self._time.is_set() and self._time.heard:
            return None
        unsent = CallResult(NOT_SENT, "", None, 0, "the time is not known")
        unsent.cause = "tls" if self._time.heard else echo.cause
        return unsent

    def stamp(self, transaction: Transaction) -> None:
        """Gives it its trace id and its time."""
        transaction.trace_id = self._trace_ids.next()
        transaction.unix_s = self._time.now_s()
        transaction.offset_min = self.zone.offset_s(transaction.unix_s) // 60

    async def _call(
        self,
        request: Request,
        before_copy: "Callable[[int], None] | None" = None,
        copies: int = 0,
        title_key: str = "",
    ) -> CallResult:
        call: CallResult = await self.run(
            title_key or _TITLES[request.op],
            self.session.call(request, before_copy, copies),
            lambda: self.session.may_cancel,
        )
        self._note_link(request, call)
        return call

    async def run(
        self,
        title_key: str,
        work: "Awaitable[Any]",
        may_cancel: "Callable[[], bool]",
    ) -> "Any":
        """Runs a call where it is seen; what it comes to. Raises Cancelled."""
        session = self.session
        return await self._progress(title_key, work, lambda: session.stage, may_cancel)

    def _note_link(self, request: Request, call: CallResult) -> None:
        """Keeps what a call told about the link, and logs it."""
        self.note_link(call.reply is not None, call.cause)
        self.rest_s = call.rest_s
        if call.reason:
            self._log("%s %s: %s" % (request.op, request.trace_id, call.reason))

    def note_link(self, is_up: bool, cause: str) -> None:
        """Keeps whether a call has reached the platform, for the idle screen; or why not."""
        self.misses = 0 if is_up else self.misses + 1
        self.rest_s = 0
        link = cause if cause in ("login", "wifi") else "down"
        self.link = "up" if is_up else link

    def _result(self, outcome: str, reply: "Reply | None") -> Result:
        result = Result(outcome=outcome, unix_s=self._time.now_s())
        if reply is not None:
            result.response_code = reply.code
            result.confirmation_number = reply.confirmation_number()
        return result

    def _asked(self, transaction: Transaction) -> Asked:
        """The most that the answer may say was moved. Raises StorageError."""
        if transaction.op == REDEEM:
            units, miles = transaction.redeem_units, transaction.redeem_miles
            return Asked(transaction.redeem_cents, units or None, miles or None)
        kept = self.ledger.find_redemption(transaction.redemption_number)
        if kept is None or kept.outcome != APPROVED:
            return Asked(None)  # another device's redemption: the platform's word counts
        return Asked(kept.moved_cents, None, kept.result.miles or None)

    def _count(
        self, result: Result, call: CallResult, transaction: Transaction, asked: Asked
    ) -> None:
        """Takes from an approval what was moved, at most what was asked; tells the log."""
        self._compare_collector(call, transaction.collector_number)
        if call.outcome != APPROVED or call.reply is None:
            return
        name = "%s %s" % (transaction.op, transaction.trace_id)
        found = moved(call.reply, transaction.op, asked)
        result.cents, result.miles = found.cents or 0, found.miles or 0
        result.mismatch = found.mismatch
        call.units = found.units
        if found.mismatch:
            self._log(
                "%s: the reply names another amount than was asked; %d cents count"
                % (name, result.cents)
            )
        if not result.confirmation_number:
            self._log(name + ": no confirmation number")

    def _compare_collector(self, call: CallResult, number: str) -> None:
        """Accounts merge, so a reply may name another collector; that is only logged."""
        said = call.reply.text("collectorNumber") if call.reply else ""
        if said and said != number:
            shown = masked(said) if digits_only(said) and len(said) <= 19 else "no number"
            self._log("%s: the reply names another collector, %s" % (call.trace_id, shown))

    def _conclude(self, transaction: Transaction, result: Result) -> None:
        transaction.result = result
        try:
            self.ledger.conclude(transaction.sequence, result)
        except StorageError as fault:
            # The intent stays open on flash: the next start asks what to do with it.
            self._log("ledger: %s" % fault)
        except (FieldError, ArithmeticError, ValueError, TypeError, MemoryError) as fault:
            # So it does here: a fault of ours takes no outcome off the cashier's screen.
            self._log("ledger: %s" % type(fault).__name__)
