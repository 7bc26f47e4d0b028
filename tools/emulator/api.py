"""The platform's own paths: the token endpoint and the operations.

A request's way: bearer, then the fault that waits for it, then a code that its amounts ask
for, then the platform. A fault that acts after the commitment lets the platform work first
and spoils only the reply.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from tools.emulator import tokens
from tools.emulator.cash import description as cash
from tools.emulator.cash.platform import Platform
from tools.emulator.faults import Fault, Faults
from tools.emulator.issuance import description as issuance
from tools.emulator.issuance.operations import OPERATIONS as ISSUANCE
from tools.emulator.issuance.platform import IssuancePlatform
from tools.emulator.parameters import BadParameterError
from tools.emulator.recorder import MAX_BODY_BYTES, PATHS
from tools.emulator.replies import (
    GARBAGE,
    HTML_502,
    ChunkedReply,
    NoReply,
    bad_body,
    encode,
)
from tools.emulator.service import Answer, Service
from tools.emulator.tokens import ERRORS, OAuthError, TokenService


class OperationRoutes:
    """Serves the platform's paths, one request at a time to the platform itself."""

    def __init__(
        self,
        platform: Platform,
        issuing: IssuancePlatform,
        token_service: TokenService,
        faults: Faults,
    ) -> None:
        self._services: dict[str, Service] = {
            op: issuing if op in ISSUANCE else platform for op in PATHS.values()
        }
        self._settings, self._clock = platform.settings, platform.clock
        self._token_service = token_service
        self._faults = faults

    def router(self) -> APIRouter:
        """The paths, described for the OpenAPI document."""
        router = APIRouter()
        for path, op in PATHS.items():
            serve = self._token if op == "token" else self._operation
            router.add_api_route(path, serve, methods=["POST"], **_described(op))
        return router

    async def _token(self, request: Request) -> Response:
        fault = self._faults.take("token")
        request.scope["record"]["fault"] = fault and fault.fault
        content_type = request.headers.get("content-type", "")
        authorization = request.headers.get("authorization", "")
        try:
            raw = await request.body()
            reply = self._token_service.grant(content_type, raw, authorization)
        except OAuthError as error:
            return self._json(ERRORS[error.name], _oauth(error.name, str(error)))
        if fault is not None and fault.fault == "expire_token":
            self._token_service.revoke(reply["access_token"])
        served = self._json(200, reply)
        if fault is None:
            return served
        await asyncio.sleep(fault.seconds)
        if fault.fault == "code":
            name = fault.code or ""
            return self._json(fault.status or ERRORS[name], _oauth(name, "As ordered"))
        if fault.fault == "missing_code":
            del reply["access_token"]
            return self._json(fault.status or 200, reply)
        status = fault.status or 200
        return self._spoiled(fault, request, served, status) or served

    async def _operation(self, request: Request) -> Response:
        op = PATHS[request.url.path]
        authorization = request.headers.get("authorization", "")
        if not self._token_service.bearer_is_good(authorization):
            return self._bad_bearer()
        fault = self._faults.take(op)
        raw = await request.body()
        key = request.headers.get("idempotency-key")
        with self._services[op].running(op, raw, key):
            if fault is None:
                return self._sent(op, request, self._usual(op, request, raw))
            return await self._struck(op, request, raw, fault)

    async def _struck(
        self, op: str, request: Request, raw: bytes, fault: Fault
    ) -> Response:
        request.scope["record"]["fault"] = fault.fault
        if fault.fault == "expire_token":
            await asyncio.sleep(fault.seconds)
            self._token_service.revoke(request.headers["authorization"])
            return self._bad_bearer()
        return await self._faulty(op, request, raw, fault)

    def _usual(
        self, op: str, request: Request, raw: bytes, pending: bool = False
    ) -> Answer:
        """What a request meets when nothing is ordered, unless its amounts order a code."""
        code = self._services[op].magic_code(op, raw)
        if code is None:
            return self._answer(op, request, raw, pending)
        request.scope["record"]["fault"] = request.scope["record"]["fault"] or "magic"
        return self._ordered(op, request, raw, code)

    async def _faulty(
        self, op: str, request: Request, raw: bytes, fault: Fault
    ) -> Response:
        service = self._services[op]
        answer = None
        if fault.commits(service.by_status):
            pending = fault.fault == "pending"
            answer = self._usual(op, request, raw, pending)
        await asyncio.sleep(fault.seconds)
        if fault.fault == "busy":
            return self._sent(op, request, service.busy(), fault)
        if fault.fault == "code":
            code = fault.code or ""
            ordered = self._ordered(op, request, raw, code, fault.status, answer)
            return self._sent(op, request, ordered, fault)
        if fault.fault == "missing_code":
            reply = json.loads((answer or service.bare()).body)
            bare = {name: reply[name] for name in reply if name not in service.decisive}
            return self._json(_status(fault, service, answer), bare)
        if answer is None and fault.fault in ("delay", "truncate", "hang_up", "pending"):
            answer = self._usual(op, request, raw)
        served = self._sent(op, request, answer, fault) if answer is not None else None
        status = _status(fault, service, answer)
        return self._spoiled(fault, request, served, status) or served or NoReply()

    def _answer(
        self, op: str, request: Request, raw: bytes, pending: bool = False
    ) -> Answer:
        """What the platform says, noted in the record of the request."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        service = self._services[op]
        if len(raw) > MAX_BODY_BYTES:
            answer = service.refused(BadParameterError("body", "64 KiB at most"))
        elif kind != "application/json":
            answer = service.refused(BadParameterError("Content-Type", "application/json"))
        else:
            key = request.headers.get("idempotency-key")
            answer = service.answer(op, raw, key, pending)
        request.scope["record"] |= {"code": answer.code, "detail": answer.detail}
        return answer

    def _ordered(
        self,
        op: str,
        request: Request,
        raw: bytes,
        code: str,
        status: int | None = None,
        answer: Answer | None = None,
    ) -> Answer:
        """A reply with a code that a fault or an amount asks for."""

        def serve(pending: bool = False) -> Answer:
            return answer or self._answer(op, request, raw, pending)

        ordered = self._services[op].ordered(op, raw, code, status, serve)
        request.scope["record"]["code"] = ordered.code
        return ordered

    def _sent(
        self, op: str, request: Request, answer: Answer, fault: Fault | None = None
    ) -> ChunkedReply:
        """The reply, which tells the ledger once it left on an open connection."""
        reply = ChunkedReply(
            answer.status, answer.body, self._clock, headers=_retry_after(answer, fault)
        )
        entry = answer.entry
        if entry is not None:
            reply.on_sent = lambda: self._services[op].mark_delivered(entry)
        return reply

    def _spoiled(
        self, fault: Fault, request: Request, served: ChunkedReply | None, status: int
    ) -> Response | None:
        """What this fault makes of the connection or the reply; None if it leaves both.

        `status` is for a reply that is none.
        """
        wire = request.scope["wire"]
        match fault.fault:
            case "drop_before_commit" | "drop_after_commit":
                wire.drop()
            case "reset":
                wire.reset()
            case "garbage":
                wire.write_last(GARBAGE)
            case "html_502":
                headers = _retry_after(None, fault)
                return ChunkedReply(502, HTML_502, self._clock, "text/html", headers)
            case "wrong_shape" | "oversized" | "deep":
                return ChunkedReply(status, bad_body(fault.fault), self._clock)
            case "truncate":
                wire.cut_after(fault.bytes)
                return None
            case "hang_up" if served is not None:
                served.hangs_up = True
                return served
            case _:
                return None
        return NoReply()

    def _bad_bearer(self) -> Response:
        """No response code: the library's tables have none for this."""
        reply = {"error": "invalid_token", "error_description": "Missing or invalid token"}
        headers = {"www-authenticate": 'Bearer error="invalid_token"'}
        return ChunkedReply(
            self._settings.bearer_status,
            encode(reply),
            self._clock,
            headers=headers,
        )

    def _json(self, status: int, reply: dict[str, Any]) -> ChunkedReply:
        headers = {"cache-control": "no-store"}
        return ChunkedReply(status, encode(reply), self._clock, headers=headers)


def _described(op: str) -> dict[str, Any]:
    if op == "token":
        return tokens.DESCRIBED
    return issuance.described(op) if op in ISSUANCE else cash.described(op)


def _status(fault: Fault, service: Service, answer: Answer | None) -> int:
    """The status of a reply that says nothing else; where it decides, the true one."""
    usual = answer.status if answer is not None and service.by_status else 200
    return fault.status or usual


def _retry_after(answer: Answer | None, fault: Fault | None) -> dict[str, str]:
    if fault is not None and fault.retry_after is not None:
        return {"retry-after": fault.retry_after}
    if answer is None or answer.retry_after_s is None:
        return {}
    return {"retry-after": str(answer.retry_after_s)}


def _oauth(name: str, text: str) -> dict[str, str]:
    return {"error": name, "error_description": text}
