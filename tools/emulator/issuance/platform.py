"""One request to one reply: fields, rules, idempotency, commitment, members.

No HTTP objects here. A request that is refused is not remembered under its key, as nothing
was done; what was done is, whether its miles moved or wait.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any

from tools.emulator.cash import codes
from tools.emulator.clock import PlatformClock, parse_zone
from tools.emulator.issuance import magic, operations, rules
from tools.emulator.issuance.books import new_issuance
from tools.emulator.issuance.models import REQUESTS
from tools.emulator.issuance.operations import OPERATIONS, Operation
from tools.emulator.issuance.running import BusyError, Running
from tools.emulator.parameters import BadParameterError, checked
from tools.emulator.replies import encode
from tools.emulator.service import Answer, Call, once
from tools.emulator.settings import Settings
from tools.emulator.store import Store

_TOO_MANY, _OUTAGE = 429, 503
_RETRY_AFTER_S = 30
_MESSAGES = {
    operations.REJECTED: ("REJECTED", "Rejected on order"),
    operations.FAILED: ("SERVER_ERROR", "Server error"),
    _TOO_MANY: ("TOO_MANY_REQUESTS", "Too many requests"),
    _OUTAGE: ("UNAVAILABLE", "Scheduled outage"),
}
_ECHOED = ("checkoutTransactionId", "clientTransactionId", "collectorNumber")


class RefusedError(Exception):
    """A request that makes sense and is refused all the same."""

    def __init__(self, error: str, message: str) -> None:
        super().__init__(message)
        self.error = error


class IssuancePlatform:
    """The emulated platform's Issuance behind its HTTP interface."""

    by_status = True
    decisive: tuple[str, ...] = ("milesAmount", "issuances")

    def __init__(self, settings: Settings, clock: PlatformClock, store: Store) -> None:
        self._settings, self._clock, self._store = settings, clock, store
        self._zone = parse_zone(settings.zone)
        self._running = Running(settings)

    def answer(self, op: str, raw: bytes, key: str | None, pending: bool = False) -> Answer:
        """Serves one request to `op`; `key` is its Idempotency-Key header, if any.

        `pending` has its miles wait, where the operation moves any.
        """
        operation = OPERATIONS[op]
        try:
            request = self._checked(op, raw)
            rules.check(request, self._clock.unix(), self._settings)
            call = self._call(operation, raw, key)
            with self._store.transaction():
                self._store.issuances.post_due(call.now_s)
                return self._once(operation, call, request, pending)
        except BadParameterError as error:
            return self.refused(error)
        except RefusedError as error:
            return self._refusal(operations.REJECTED, error.error, str(error))
        except BusyError:
            return self.busy()

    def running(self, op: str, raw: bytes, key: str | None) -> AbstractContextManager[None]:
        """Keeps in mind that a transaction has begun, until its reply is ready."""
        try:
            identity = self._call(OPERATIONS[op], raw, key).identity
            collector = str(self._checked(op, raw).get("collectorNumber", ""))
        except BadParameterError:
            return nullcontext()
        return self._running.noted(op, collector, identity)

    def busy(self) -> Answer:
        """What the second of two transactions of one collector is told."""
        return self._refusal(
            self._settings.issuance_parallel_status,
            "COLLECTOR_BUSY",
            "Another transaction of this collector is running",
        )

    def refused(self, error: BadParameterError) -> Answer:
        """400, with the field's name."""
        kind = "KEY_REUSED" if error.field == "Idempotency-Key" else "INVALID_REQUEST"
        return self._refusal(operations.REJECTED, kind, str(error))

    def bare(self) -> Answer:
        """200 with nothing of a request."""
        return self._told(operations.DONE, {"message": "Done"})

    def ordered(
        self,
        op: str,
        raw: bytes,
        code: str,
        status: int | None,
        serve: Callable[..., Answer],
    ) -> Answer:
        """A reply with the HTTP status that `code` is, or that Cash has for it.

        What is told to be done (200) or accepted (202) is so.
        """
        meant = int(code) if len(code) == len("200") else codes.status_of(code)
        if meant in (operations.DONE, operations.PENDING):
            answer = serve(pending=meant == operations.PENDING)
            return replace(answer, status=status or answer.status)
        error, message = _MESSAGES.get(meant, (f"HTTP_{meant}", "As ordered"))
        return replace(self._refusal(meant, error, message), status=status or meant)

    def magic_code(self, op: str, raw: bytes) -> str | None:
        """The status that this request's basket asks for, if magic amounts are on."""
        if not self._settings.magic:
            return None
        try:
            basket_cents = self._checked(op, raw).get("basketPostTaxAmount")
        except BadParameterError:
            return None
        status = None if basket_cents is None else magic.asked(op, basket_cents)
        return None if status is None else str(status)

    def mark_delivered(self, entry: int) -> None:
        """The reply left; an issuance stands even where it did not."""
        self._store.issuances.mark_delivered(entry)

    def forget_running(self) -> None:
        """What runs now stands in nobody's way any more."""
        self._running.forget()

    def entries(self, last: int = -1) -> list[dict[str, Any]]:
        """Everything that was committed, oldest first, with what is due posted; or the `last`."""
        with self._store.transaction():
            self._store.issuances.post_due(self._clock.unix())
        return self._store.issuances.entries(last)

    def _checked(self, op: str, raw: bytes) -> dict[str, Any]:
        ignore_unknown = self._settings.unknown_members == "ignore"
        return checked(REQUESTS[op], raw, op, ignore_unknown)

    def _call(self, operation: Operation, raw: bytes, key: str | None) -> Call:
        key = key if operation.takes_key else None
        return Call(operation.name, raw, key, self._clock.unix())

    def _once(
        self, operation: Operation, call: Call, request: dict[str, Any], pending: bool
    ) -> Answer:
        def serve() -> Answer:
            return self._serve(operation, call, request, pending)

        if not operation.takes_key:
            return serve()
        return once(self._store, call, self._settings.retention_hours * 3600, serve)

    def _serve(
        self, operation: Operation, call: Call, request: dict[str, Any], pending: bool
    ) -> Answer:
        account = self._account(request)
        self._running.check(call.op, request.get("collectorNumber", ""), call.identity)
        found = rules.miles(operation, request, self._settings)
        reasons = rules.reasons(operation, request, found)
        cash, dream = rules.split(found * operation.gain, self._settings)
        self._check_balance(account, cash, dream)
        waits = pending and bool(operation.gain)
        entry = None
        if operation.gain or operation.name == operations.RECORD:
            entry = self._store.issuances.commit(
                new_issuance(
                    call,
                    request,
                    miles=found,
                    cash=cash,
                    dream=dream,
                    posts_s=call.now_s + self._settings.issuance_pending_s * waits,
                    pending=waits,
                    reasons=json.dumps(reasons),
                )
            )
            self._store.issuances.post_due(call.now_s)
        members = {"milesAmount": found, "issuances": reasons}
        if operation.gain and not waits:
            members |= self._balances(request)
        return replace(self._done(request, members, waits), entry=entry)

    def _account(self, request: dict[str, Any]) -> dict[str, Any] | None:
        number = request.get("collectorNumber")
        if number is None:
            return None
        account = self._store.collector(number)
        if account is None:
            raise RefusedError("UNKNOWN_COLLECTOR", "Nobody has this number")
        if account["state"] == "inactive":
            raise RefusedError("INACTIVE_COLLECTOR", "The account is not active")
        return account

    def _check_balance(self, account: dict[str, Any] | None, cash: int, dream: int) -> None:
        if account is None or self._settings.issuance_below_zero == "allow":
            return
        if account["cash"] + min(cash, 0) < 0 or account["dream"] + min(dream, 0) < 0:
            raise RefusedError("INSUFFICIENT_MILES", "The miles are no longer there")

    def _done(
        self, request: dict[str, Any], members: dict[str, Any], waits: bool
    ) -> Answer:
        reply = {name: request[name] for name in _ECHOED if name in request} | members
        reply["message"] = "Accepted, the miles follow" if waits else "Done"
        return self._told(operations.PENDING if waits else operations.DONE, reply)

    def _balances(self, request: dict[str, Any]) -> dict[str, int]:
        """Balances after the transaction, unless the collector hides them."""
        account = self._store.collector(request["collectorNumber"])
        hidden = account is None or account["state"] in ("hidden", "hidden_locked")
        if account is None or hidden or self._settings.issuance_balances == "omit":
            return {}
        return {"cashBalance": account["cash"], "dreamBalance": account["dream"]}

    def _refusal(self, status: int, error: str, message: str) -> Answer:
        answer = self._told(status, {"error": error, "message": message})
        waits = _RETRY_AFTER_S if status in (_TOO_MANY, _OUTAGE) else None
        return replace(answer, detail=f"{error}: {message}", retry_after_s=waits)

    def _told(self, status: int, reply: dict[str, Any]) -> Answer:
        now = self._clock.now().astimezone(self._zone)
        reply["transDateTime"] = now.strftime("%Y-%m-%dT%H:%M:%S")
        return Answer(str(status), status, encode(reply))
