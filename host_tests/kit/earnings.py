"""Earnings that a script answers: kept on the real ledger, built by the real requests."""

from __future__ import annotations

import asyncio
from typing import Any

from milepad.base.request import uuid4
from milepad.base.transaction import Result
from milepad.base.vocabulary import APPROVED, DECLINED, OPEN
from milepad.issuance import requests
from milepad.link.retry import CallResult


class ScriptedEarnings:
    """`script` is {op: [(outcome, code, miles)]}; 200 and no miles where it says nothing."""

    def __init__(self, shop: Any) -> None:
        self.shop = shop
        self.script: dict[str, list[tuple[str, str, int]]] = {}
        self.sent: list[requests.Request] = []
        self.fault: Exception | None = None

    async def calculate(self, transaction: Any, basket: Any) -> CallResult:
        return await self._call("calculate", transaction, basket, ())

    async def submit(self, op: str, transaction: Any, basket: Any, issuances: Any) -> Any:
        if self.fault:
            raise self.fault
        shop, device = self.shop, self.shop.device
        transaction.trace_id = shop.trace_ids.next()
        transaction.unix_s = device.time.now_s()
        transaction.offset_min = device.zone.offset_s(transaction.unix_s) // 60
        transaction.idempotency_key = uuid4(bytes(16))
        transaction.op = op
        self._build(op, transaction, basket, issuances)
        sequence = shop.ledger.begin(transaction)
        call = await self._call(op, transaction, basket, issuances)
        result = Result(
            outcome=call.outcome, response_code=call.code, miles=call.miles or 0
        )
        result.decision = "later" if call.outcome == DECLINED else ""
        result.unix_s = transaction.unix_s
        if call.outcome != OPEN:
            shop.ledger.conclude(sequence, result)
        transaction.result = result
        return call

    def _build(self, op: str, transaction: Any, basket: Any, issuances: Any) -> Any:
        transaction.op = op
        settings = self.shop.profile["issuance"]
        identity = self.shop.device.transactions.identity
        return requests.build(identity, transaction, basket, issuances, settings)

    async def _call(self, op: str, transaction: Any, basket: Any, issuances: Any) -> Any:
        planned = self.script.get(op, [])
        outcome, code, miles = planned.pop(0) if planned else (APPROVED, "200", 0)
        if op != "calculate":
            self.sent.append(self._build(op, transaction, basket, issuances))
        work = asyncio.sleep(0.8)
        wait = self.shop.terminal.wait_for
        await wait("wait_issue", work, lambda: "waiting", lambda: False)
        call = CallResult(outcome, code, None, 1, "")
        call.miles = miles or None
        return call
