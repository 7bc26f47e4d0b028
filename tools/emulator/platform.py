"""One request to one reply: fields, idempotency, decision, commitment, members.

No HTTP objects here: `answer` takes bytes and gives bytes with a status. Everything between
the look-up of an idempotency key and the commitment happens in one transaction.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tools.emulator import codes, members, rules
from tools.emulator.clock import PlatformClock, last_turn, next_turn, parse_zone
from tools.emulator.fields import BadParameterError, parse_request
from tools.emulator.rules import Account, Redemption
from tools.emulator.settings import Settings
from tools.emulator.store import Entry, Remembered, Store

_MAX_KEY = 255


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply. `entry` is the ledger entry that it reports; `detail` is for developers."""

    code: str
    status: int
    body: bytes
    entry: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Call:
    """A request that moves miles, and what tells it from every other."""

    op: str
    request: dict[str, str]
    key: str | None
    digest: str
    identity: str
    now_s: float


class Platform:
    """The emulated platform behind its HTTP face."""

    def __init__(self, settings: Settings, clock: PlatformClock, store: Store) -> None:
        self.settings = settings
        self.clock = clock
        self.store = store
        self._zone = parse_zone(settings.zone)

    def answer(self, op: str, raw: bytes, key: str | None) -> Answer:
        """Serves one request to `op`; `key` is its Idempotency-Key header, if any."""
        language = "en-CA"
        try:
            request = parse_request(op, raw, self.settings.unknown_members == "ignore")
            language = request.get("instantMessage", language)
            if op == "echo":
                return self._reply(codes.APPROVED, request, {})
            with self.store.transaction():
                self._cancel_undelivered()
                if op == "inquire":
                    return self._inquire(request)
                return self._once(_call(op, request, raw, key, self.clock.unix()))
        except BadParameterError as error:
            return replace(
                self.refusal(codes.INVALID_PARAMETER, language, error.field),
                detail=str(error),
            )

    def refusal(self, code: str, language: str = "en-CA", field: str = "") -> Answer:
        """A reply that carries the code, its message and the time, and nothing else."""
        message = codes.message_of(code, language)
        if field:
            message += f" : {field}" if language == "fr-CA" else f": {field}"
        reply = {"responseCode": code, "message": message, "transDateTime": self._time()}
        return Answer(code, codes.status_of(code), _encode(reply))

    def settle(self) -> None:
        """Cancels what is due, so that whoever looks sees the books in order."""
        with self.store.transaction():
            self._cancel_undelivered()

    def local_time(self) -> datetime:
        return self.clock.now().astimezone(self._zone)

    def _inquire(self, request: dict[str, str]) -> Answer:
        account = self._account(request)
        code = rules.inquire(account, request, self.settings)
        language = request.get("instantMessage", "en-CA")
        if account is None or code not in (
            *codes.APPROVALS,
            codes.HIDDEN_LOCKED,
            codes.LOCKED,
        ):
            return self.refusal(code, language)
        extra = members.balances(code, account, self.settings)
        units = rules.offer_units(code, account, request, self.settings)
        if units is not None:
            extra |= members.offer(self.settings)
            extra["availableOfferUnits"] = str(units)
        return self._reply(code, request, extra)

    def _once(self, call: _Call) -> Answer:
        """The same request again gets the first answer and commits nothing."""
        kept_since_s = call.now_s - self.settings.retention_hours * 3600
        seen = self.store.remembered(call.identity, kept_since_s)
        if seen is not None:
            if seen.digest != call.digest:
                raise BadParameterError("Idempotency-Key", "the request it first came with")
            return Answer(seen.code, seen.status, seen.body, seen.entry, "replayed")
        answer = self._redeem(call) if call.op == "redeem" else self._reverse(call)
        self.store.remember(
            call.identity,
            Remembered(call.digest, answer.code, answer.status, answer.body, answer.entry),
            call.now_s,
        )
        return answer

    def _redeem(self, call: _Call) -> Answer:
        request = call.request
        code, units = rules.redeem(self._account(request), request, self.settings)
        if units == 0:
            return self.refusal(code, request.get("instantMessage", "en-CA"))
        miles = units * self.settings.unit_miles
        entry, confirmation = self.store.commit_entry(
            _entry(
                call,
                kind="redemption",
                units=units,
                miles=miles,
                cents=units * rules.unit_cents(self.settings),
                redemption=None,
            )
        )
        extra = (
            members.balances(code, self._known_account(request), self.settings)
            | members.offer(self.settings)
            | members.redeemed(units, miles)
        )
        extra["txnConfirmationNumber"] = confirmation
        return self._reply(code, request, extra, entry)

    def _reverse(self, call: _Call) -> Answer:
        request = call.request
        redemption = self._redemption(request["redemptionConfirmationNum"])
        code = rules.reverse(
            self._account(request), request, redemption, call.now_s, self.settings
        )
        if code not in codes.APPROVALS or redemption is None:
            return self.refusal(code)
        entry, confirmation = self.store.commit_entry(
            _entry(
                call,
                kind="reversal",
                units=redemption.units,
                miles=redemption.miles,
                cents=redemption.cents,
                redemption=redemption.confirmation,
            )
        )
        extra = members.balances(code, self._known_account(request), self.settings)
        extra |= members.undone(redemption.units, redemption.miles, self.settings)
        own = self.settings.reversal_confirmation == "own"
        extra["txnConfirmationNumber"] = confirmation if own else redemption.confirmation
        return self._reply(code, request, extra, entry)

    def _account(self, request: dict[str, str]) -> Account | None:
        row = self.store.collector(request["collectorNumber"])
        if row is None:
            return None
        day_began_s = last_turn(self.clock.unix(), self._zone, self.settings.reset_hour)
        return Account(
            spent_today=self.store.spent_since(row["number"], day_began_s), **row
        )

    def _known_account(self, request: dict[str, str]) -> Account:
        account = self._account(request)
        if account is None:
            raise LookupError("a collector vanished inside a transaction")
        return account

    def _redemption(self, confirmation: str) -> Redemption | None:
        row = self.store.redemption(confirmation)
        if row is None:
            return None
        open_until = next_turn(row["committed_s"], self._zone, self.settings.reversal_hour)
        return Redemption(
            confirmation,
            row["collector"],
            row["units"],
            row["miles"],
            row["cents"],
            bool(row["reversed"] or row["cancelled"]),
            open_until,
        )

    def _cancel_undelivered(self) -> None:
        if self.settings.self_cancel_s >= 0:
            self.store.cancel_undelivered(self.clock.unix() - self.settings.self_cancel_s)

    def _reply(
        self,
        code: str,
        request: dict[str, str],
        extra: dict[str, str],
        entry: int | None = None,
    ) -> Answer:
        language = request.get("instantMessage", "en-CA")
        reply = request | extra
        reply["responseCode"] = code
        reply["message"] = codes.message_of(code, language)
        reply["transDateTime"] = self._time()
        return Answer(code, codes.status_of(code), _encode(reply), entry)

    def _time(self) -> str:
        """The samples carry the platform's own time to the second, without a zone."""
        return self.local_time().strftime("%Y-%m-%dT%H:%M:%S")


def _call(
    op: str, request: dict[str, str], raw: bytes, key: str | None, now_s: float
) -> _Call:
    """Its key tells a request from others; without one, its content does."""
    if key is not None and not (0 < len(key) <= _MAX_KEY and key.isascii()):
        raise BadParameterError("Idempotency-Key", "1 to 255 ASCII characters")
    digest = hashlib.sha256(op.encode() + b"\n" + raw).hexdigest()
    identity = f"key:{key}" if key is not None else f"content:{digest}"
    return _Call(op, request, key, digest, identity, now_s)


def _entry(call: _Call, **what: Any) -> Entry:
    return Entry(
        collector=call.request["collectorNumber"],
        trace_id=call.request["traceId"],
        sponsor_code=call.request["sponsorCode"],
        store_id=call.request["storeId"],
        device_id=call.request["deviceId"],
        idempotency_key=call.key,
        identity=call.identity,
        committed_s=call.now_s,
        **what,
    )


def _encode(reply: dict[str, str]) -> bytes:
    """JSON as the samples have it: sorted members, real accents, nothing empty."""
    present = {name: value for name, value in reply.items() if value}
    return json.dumps(present, ensure_ascii=False, sort_keys=True).encode()
