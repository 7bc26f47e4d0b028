"""One request to one reply: fields, idempotency, decision, commitment, members.

No HTTP objects here: `answer` takes bytes and gives bytes with a status. Everything between
the look-up of an idempotency key and the commitment happens in one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime

from tools.emulator.cash import codes, magic, members, rules
from tools.emulator.cash.books import Books, new_entry
from tools.emulator.cash.models import REQUESTS
from tools.emulator.clock import PlatformClock, parse_zone
from tools.emulator.parameters import BadParameterError, checked
from tools.emulator.replies import encode
from tools.emulator.service import Answer, Call, once
from tools.emulator.settings import Settings
from tools.emulator.store import Store

# Ordered for an inquiry, these label a reply that the platform gave as usual.
_LABELS = (*codes.APPROVALS, codes.HIDDEN_LOCKED, codes.LOCKED)


class Platform:
    """The emulated platform's Cash behind its HTTP interface."""

    by_status = False
    decisive: tuple[str, ...] = ("responseCode",)

    def __init__(self, settings: Settings, clock: PlatformClock, store: Store) -> None:
        self.settings = settings
        self.clock = clock
        self.store = store
        self._zone = parse_zone(settings.zone)
        self._books = Books(settings, clock, store)

    def answer(self, op: str, raw: bytes, key: str | None, pending: bool = False) -> Answer:
        """Serves one request to `op`; `key` is its Idempotency-Key header, if any.

        Nothing here can be `pending`.
        """
        language = "en-CA"
        try:
            request = self._checked(op, raw)
            language = _language(request)
            if op == "echo":
                return self._reply(codes.APPROVED, request, {})
            with self.store.transaction():
                self._bring_up_to_date()
                if op == "inquire":
                    return self._inquire(request)
                return self._once(Call(op, raw, key, self.clock.unix()), request)
        except BadParameterError as error:
            return self.refused(error, language)

    def refused(self, error: BadParameterError, language: str = "en-CA") -> Answer:
        """0035, with the field's name."""
        refusal = self.refusal(codes.INVALID_PARAMETER, language, error.field)
        return replace(refusal, detail=str(error))

    def refusal(self, code: str, language: str = "en-CA", field: str = "") -> Answer:
        """A reply that carries the code, its message and the time, and nothing else."""
        message = codes.message_of(code, language)
        if field:
            message += f" : {field}" if language == "fr-CA" else f": {field}"
        reply = {"responseCode": code, "message": message, "transDateTime": self._time()}
        return Answer(code, codes.status_of(code), _encode(reply))

    def bare(self) -> Answer:
        """0000 with nothing of a request."""
        return self.refusal(codes.APPROVED)

    def ordered(
        self,
        op: str,
        raw: bytes,
        code: str,
        status: int | None,
        serve: Callable[..., Answer],
    ) -> Answer:
        """A reply with this code, whoever asks.

        An approval (and, for an inquiry, 0005 and 0006) needs members that only the
        platform can give: `serve` gets them, and what it approved gets the label.
        """
        language = self._language_of(op, raw)
        status = status or codes.status_of(code)
        if code not in (_LABELS if op == "inquire" else codes.APPROVALS):
            return replace(self.refusal(code, language), status=status)
        answer = serve()
        if answer.code not in codes.APPROVALS:
            return answer
        reply = json.loads(answer.body)
        if code not in codes.APPROVALS:
            reply = {name: reply[name] for name in reply if name not in members.OFFER}
        reply |= {"responseCode": code, "message": codes.message_of(code, language)}
        return replace(answer, code=code, status=status, body=_encode(reply))

    def magic_code(self, op: str, raw: bytes) -> str | None:
        """The code that this request's basket asks for, if magic amounts are on."""
        if not self.settings.magic:
            return None
        try:
            request = self._checked(op, raw)
        except BadParameterError:
            return None
        basket_cents = self._books.basket_cents(request)
        wish = None if basket_cents is None else magic.asked(basket_cents)
        return wish[1] if wish is not None and wish[0] == op else None

    def running(self, op: str, raw: bytes, key: str | None) -> AbstractContextManager[None]:
        """Operations of Cash may run beside one another."""
        return nullcontext()

    def busy(self) -> Answer:
        """Never said by itself; ordered, it is the code of a fault of the server."""
        return self.refusal(codes.SERVER_ERROR)

    def mark_delivered(self, entry: int) -> None:
        """The reply left, so that the redemption stands."""
        self.store.mark_delivered(entry)

    def cancel_due(self) -> None:
        """Does what is due, so that whoever looks sees the books in order."""
        with self.store.transaction():
            self._bring_up_to_date()

    def local_time(self) -> datetime:
        return self.clock.now().astimezone(self._zone)

    def _inquire(self, request: dict[str, str]) -> Answer:
        account = self._books.account(request)
        code = rules.inquire(account, request, self.settings)
        language = _language(request)
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

    def _once(self, call: Call, request: dict[str, str]) -> Answer:
        move = self._redeem if call.op == "redeem" else self._reverse
        retention_s = self.settings.retention_hours * 3600
        return once(self.store, call, retention_s, lambda: move(call, request))

    def _redeem(self, call: Call, request: dict[str, str]) -> Answer:
        code, units = rules.redeem(self._books.account(request), request, self.settings)
        if units == 0:
            return self.refusal(code, _language(request))
        miles = units * self.settings.unit_miles
        entry, confirmation = self.store.commit_entry(
            new_entry(
                call,
                request,
                kind="redemption",
                units=units,
                miles=miles,
                cents=units * rules.unit_cents(self.settings),
                basket_cents=self._books.basket_cents(request),
                redemption=None,
            )
        )
        extra = (
            members.balances(code, self._books.known_account(request), self.settings)
            | members.offer(self.settings)
            | members.redeemed(units, miles)
        )
        extra["txnConfirmationNumber"] = confirmation
        return self._reply(code, request, extra, entry)

    def _reverse(self, call: Call, request: dict[str, str]) -> Answer:
        redemption = self._books.redemption(request["redemptionConfirmationNum"])
        code = rules.reverse(
            self._books.account(request), request, redemption, call.now_s, self.settings
        )
        if code not in codes.APPROVALS or redemption is None:
            return self.refusal(code)
        entry, confirmation = self.store.commit_entry(
            new_entry(
                call,
                request,
                kind="reversal",
                units=redemption.units,
                miles=redemption.miles,
                cents=redemption.cents,
                basket_cents=None,
                redemption=redemption.confirmation,
            )
        )
        extra = members.balances(code, self._books.known_account(request), self.settings)
        extra |= members.undone(redemption.units, redemption.miles, self.settings)
        own = self.settings.reversal_confirmation == "own"
        extra["txnConfirmationNumber"] = confirmation if own else redemption.confirmation
        return self._reply(code, request, extra, entry)

    def _checked(self, op: str, raw: bytes) -> dict[str, str]:
        ignore_unknown = self.settings.unknown_members == "ignore"
        return checked(REQUESTS[op], raw, op, ignore_unknown)

    def _language_of(self, op: str, raw: bytes) -> str:
        try:
            return _language(checked(REQUESTS[op], raw, op, ignore_unknown=True))
        except BadParameterError:
            return "en-CA"

    def _bring_up_to_date(self) -> None:
        """Miles of Issuance that were pending are posted, lost redemptions cancelled."""
        self.store.issuances.post_due(self.clock.unix())
        if self.settings.self_cancel_s >= 0:
            self.store.cancel_undelivered(self.clock.unix() - self.settings.self_cancel_s)

    def _reply(
        self,
        code: str,
        request: dict[str, str],
        extra: dict[str, str],
        entry: int | None = None,
    ) -> Answer:
        language = _language(request)
        reply = request | extra
        reply["responseCode"] = code
        reply["message"] = codes.message_of(code, language)
        reply["transDateTime"] = self._time()
        return Answer(code, codes.status_of(code), _encode(reply), entry)

    def _time(self) -> str:
        """The samples carry the platform's own time to the second, without a zone."""
        return self.local_time().strftime("%Y-%m-%dT%H:%M:%S")


def _language(request: dict[str, str]) -> str:
    return request.get("instantMessage", "en-CA")


def _encode(reply: dict[str, str]) -> bytes:
    """JSON as the samples have it: sorted members, real accents, nothing empty."""
    return encode({name: value for name, value in reply.items() if value})
