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
from tools.emulator.cash import description
from tools.emulator.cash.codes import OPERATIONS
from tools.emulator.cash.platform import Platform
from tools.emulator.faults import Fault, Faults
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
        self, platform: Platform, token_service: TokenService, faults: Faults
    ) -> None:
        self._services: dict[str, Service] = dict.fromkeys(OPERATIONS, platform)
        self._settings, self._clock = platform.settings, platform.clock
        self._store = platform.store
        self._token_service = token_service
        self._faults = faults

    def router(self) -> APIRouter:
        """The paths, described for the OpenAPI document."""
        router = APIRouter()
        for path, op in PATHS.items():
            serve = self._token if op == "token" else self._operation
            told = tokens.DESCRIBED if op == "token" else description.described(op)
            router.add_api_route(path, serve, methods=["POST"], **told)
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
        return self._spoiled(fault, request, served) or served

    async def _operation(self, request: Request) -> Response:
        op = PATHS[request.url.path]
        authorization = request.headers.get("authorization", "")
        if not self._token_service.bearer_is_good(authorization):
            return self._bad_bearer()
        fault = self._faults.take(op)
        raw = await request.body()
        if fault is None:
            return self._sent(request, self._usual(op, request, raw))
        request.scope["record"]["fault"] = fault.fault
        if fault.fault == "expire_token":
            await asyncio.sleep(fault.seconds)
            self._token_service.revoke(authorization)
            return self._bad_bearer()
        return await self._faulty(op, request, raw, fault)

    def _usual(self, op: str, request: Request, raw: bytes) -> Answer:
        """What a request meets when nothing is ordered, unless its amounts order a code."""
        code = self._services[op].magic_code(op, raw)
        if code is None:
            return self._answer(op, request, raw)
        request.scope["record"]["fault"] = request.scope["record"]["fault"] or "magic"
        return self._ordered(op, request, raw, code)

    async def _faulty(
        self, op: str, request: Request, raw: bytes, fault: Fault
    ) -> Response:
        answer = self._usual(op, request, raw) if fault.commits else None
        await asyncio.sleep(fault.seconds)
        if fault.fault == "code":
            code = fault.code or ""
            return self._sent(
                request, self._ordered(op, request, raw, code, fault.status, answer)
            )
        if fault.fault == "missing_code":
            reply = json.loads((answer or self._services[op].bare()).body)
            reply.pop("responseCode", None)
            return self._json(fault.status or 200, reply)
        if answer is None and fault.fault in ("delay", "truncate", "hang_up"):
            answer = self._usual(op, request, raw)
        served = self._sent(request, answer) if answer is not None else None
        return self._spoiled(fault, request, served) or served or NoReply()

    def _answer(self, op: str, request: Request, raw: bytes) -> Answer:
        """What the platform says, noted in the record of the request."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        service = self._services[op]
        if len(raw) > MAX_BODY_BYTES:
            answer = service.refused(BadParameterError("body", "64 KiB at most"))
        elif kind != "application/json":
            answer = service.refused(BadParameterError("Content-Type", "application/json"))
        else:
            answer = service.answer(op, raw, request.headers.get("idempotency-key"))
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
        ordered = self._services[op].ordered(
            op, raw, code, status, lambda: answer or self._answer(op, request, raw)
        )
        request.scope["record"]["code"] = ordered.code
        return ordered

    def _sent(self, request: Request, answer: Answer) -> ChunkedReply:
        """The reply, which tells the ledger once it left on an open connection."""
        reply = ChunkedReply(answer.status, answer.body, self._clock)
        entry = answer.entry
        if entry is not None:
            reply.on_sent = lambda: self._store.mark_delivered(entry)
        return reply

    def _spoiled(
        self, fault: Fault, request: Request, served: ChunkedReply | None
    ) -> Response | None:
        """What this fault makes of the connection or the reply; None if it leaves both."""
        wire = request.scope["wire"]
        match fault.fault:
            case "drop_before_commit" | "drop_after_commit":
                wire.drop()
            case "reset":
                wire.reset()
            case "garbage":
                wire.write_last(GARBAGE)
            case "html_502":
                return ChunkedReply(502, HTML_502, self._clock, "text/html")
            case "wrong_shape" | "oversized" | "deep":
                status = fault.status or 200
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


def _oauth(name: str, text: str) -> dict[str, str]:
    return {"error": name, "error_description": text}
