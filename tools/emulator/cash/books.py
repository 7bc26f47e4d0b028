"""What the store holds, as the rules want it: accounts, redemptions, baskets, entries."""

from __future__ import annotations

from typing import Any

from tools.emulator.cash.models import cents
from tools.emulator.cash.rules import Account, Redemption
from tools.emulator.clock import PlatformClock, last_turn, next_turn, parse_zone
from tools.emulator.service import Call
from tools.emulator.settings import Settings
from tools.emulator.store import Entry, Store


class Books:
    """The store read at the platform's time, with its day and its windows."""

    def __init__(self, settings: Settings, clock: PlatformClock, store: Store) -> None:
        self._settings, self._clock, self._store = settings, clock, store
        self._zone = parse_zone(settings.zone)

    def account(self, request: dict[str, str]) -> Account | None:
        """The account that a request names, as it stands; None if nobody has the number."""
        row = self._store.collector(request["collectorNumber"])
        if row is None:
            return None
        day_began_s = last_turn(self._clock.unix(), self._zone, self._settings.reset_hour)
        return Account(
            spent_today=self._store.spent_since(row["number"], day_began_s), **row
        )

    def known_account(self, request: dict[str, str]) -> Account:
        """The same, where it was found before in this transaction."""
        account = self.account(request)
        if account is None:
            raise LookupError("a collector vanished inside a transaction")
        return account

    def redemption(self, confirmation: str) -> Redemption | None:
        """The redemption of that number, cancelled and undone ones too."""
        row = self._store.redemption(confirmation)
        if row is None:
            return None
        open_until = next_turn(row["committed_s"], self._zone, self._settings.reversal_hour)
        return Redemption(
            confirmation,
            row["collector"],
            row["units"],
            row["miles"],
            row["cents"],
            bool(row["reversed"] or row["cancelled"]),
            open_until,
        )

    def basket_cents(self, request: dict[str, str]) -> int | None:
        """The basket of a request, or that of the redemption that it reverses."""
        if "postTaxBasketAmount" in request:
            return cents(request["postTaxBasketAmount"])
        row = self._store.redemption(request.get("redemptionConfirmationNum", ""))
        return None if row is None else row["basket_cents"]


def new_entry(call: Call, request: dict[str, str], **what: Any) -> Entry:
    """The ledger entry of a request; `what` are the members that it does not tell."""
    return Entry(
        collector=request["collectorNumber"],
        trace_id=request["traceId"],
        sponsor_code=request["sponsorCode"],
        store_id=request["storeId"],
        device_id=request["deviceId"],
        idempotency_key=call.key,
        identity=call.identity,
        committed_s=call.now_s,
        **what,
    )
