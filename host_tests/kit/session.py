"""A session that answers from a script: what a call comes to when the platform says this."""

from __future__ import annotations

import asyncio
import json
from copy import copy
from typing import Any, NamedTuple

from host_tests.kit.platform import MEMBERS
from milepad.amcash.replies import parse
from milepad.amcash.response_codes import lookup
from milepad.base.vocabulary import NOT_SENT, UNKNOWN
from milepad.link.retry import Attempts, CallResult


def answer(op: str, code: str, **changes: str | None) -> CallResult:
    """What a call comes to when the platform always answers like this."""
    members = {"message": "text", **MEMBERS[op], **changes}
    if code:
        members["responseCode"] = code
    reply = parse(json.dumps({k: v for k, v in members.items() if v is not None}).encode())
    attempts = Attempts(moves=op in ("redeem", "reverse"))
    while attempts.again:
        attempts.note_reply(lookup(code).http_status or 401, reply)
    return attempts.result()


def nothing_sent(cause: str = "network") -> CallResult:
    """What a call comes to when there is no way out."""
    outcome = CallResult(NOT_SENT, "", None, 0, "no connection within 10 s")
    outcome.cause = cause
    return outcome


def unfinished(copies: int, cause: str) -> CallResult:
    """What finishing an interrupted call comes to when there is no way out."""
    outcome = CallResult(UNKNOWN, "", None, copies, "no connection within 10 s")
    outcome.cause = cause
    return outcome


def finished(outcome: CallResult) -> CallResult:
    """What an interrupted call comes to when its second copy is answered like this."""
    return CallResult(outcome.outcome, outcome.code, outcome.reply, 2, outcome.reason)


def silence() -> CallResult:
    """What a call comes to when two copies left and no answer came."""
    attempts = Attempts()
    while attempts.again:
        attempts.note_no_answer("no reply within 15 s")
    return attempts.result()


def _about(request: Any, outcome: CallResult) -> CallResult:
    outcome.trace_id = request.trace_id
    return outcome


class Issued(NamedTuple):
    """What the platform says to an earning; miles only where it names some."""

    status: int
    miles: int = 0

    @property
    def body(self) -> bytes:
        return b'{"milesAmount": %d}' % self.miles if self.miles else b"{}"


class ScriptedSession:
    """Answers from a script: {op: outcome or list of outcomes}; 0000 where it says nothing.

    A call connects for `connect_s`, in which it may be cancelled, then `arrived` holds the
    request, and the answer comes after `reply_s`.
    """

    def __init__(self, **script: CallResult | list[CallResult]) -> None:
        self.script = script
        self.connect_s = 0.4
        self.reply_s = 0.8
        self.stage = "idle"
        self.may_cancel = True
        self.arrived: list[Any] = []
        self.issuing: dict[str, list[Issued | None]] = {}  # see `exchange`
        self._lock = asyncio.Lock()

    async def call(
        self, request: Any, before_copy: Any = None, copies: int = 0
    ) -> CallResult:
        async with self._lock:
            self.may_cancel = not copies
            outcome = self._next(request.op)
            outcome.trace_id = request.trace_id
            try:
                self.stage = "connecting"
                await asyncio.sleep(self.connect_s)
                if (
                    outcome.outcome == NOT_SENT
                ):  # of an earlier copy nothing is known even then
                    return (
                        _about(request, unfinished(copies, outcome.cause))
                        if copies
                        else outcome
                    )
                self.stage = "waiting"
                self.may_cancel = False
                self.arrived.append(request)
                await asyncio.sleep(self.reply_s)
                return _about(request, finished(outcome)) if copies else outcome
            finally:
                self.stage = "idle"

    async def exchange(self, request: Any, attempt: Any) -> None:
        """One copy of an earning: `issuing` is {op: what its copies meet}, 200 where it says
        nothing; None is no way out.
        """
        async with self._lock:
            planned = self.issuing.get(request.op, [])
            found = planned.pop(0) if planned else Issued(200)
            self.may_cancel = True
            try:
                self.stage = "connecting"
                await asyncio.sleep(self.connect_s)
                if found is None:
                    attempt.note_not_sent("no connection within 10 s")
                    return
                if not attempt.may_leave():
                    return
                self.stage, self.may_cancel = "waiting", False
                self.arrived.append(request)
                await asyncio.sleep(self.reply_s)
                attempt.note_answer(found.status, found.body, request.trace_id)
            finally:
                self.stage = "idle"

    def _next(self, op: str) -> CallResult:
        planned = self.script.get(op, [])
        if isinstance(planned, CallResult):
            return copy(planned)
        return copy(planned.pop(0)) if planned else answer(op, "0000")

    def ops(self) -> list[str]:
        """The operations that arrived."""
        return [request.op for request in self.arrived]

    def issued(self) -> list[Any]:
        """The requests of earnings that arrived."""
        return [each for each in self.arrived if "/issuance/" in each.path]

    def bodies(self, op: str) -> list[dict[str, str]]:
        """What arrived for an operation."""
        return [json.loads(each.body) for each in self.arrived if each.op == op]
