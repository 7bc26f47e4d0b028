"""The platform's own paths: the token endpoint and the four operations.

A request's way: bearer, then the fault that waits for it, then the platform. A fault that
acts after the commitment lets the platform work first and spoils only the reply.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from tools.emulator import codes, openapi
from tools.emulator.faults import Fault, Faults
from tools.emulator.fields import BadParameterError, parse_request
from tools.emulator.platform import Answer, Platform
from tools.emulator.recorder import MAX_BODY_BYTES, PATHS
from tools.emulator.replies import (
    GARBAGE,
    HTML_502,
    ChunkedReply,
    NoReply,
    bad_body,
    encode,
)
from tools.emulator.tokens import ERRORS, OAuthError, TokenOffice

# Ordered for an inquiry, these label a reply that the platform gave as usual.
_LABELS = (*codes.APPROVALS, codes.HIDDEN_LOCKED, codes.LOCKED)
_OFFER = ("availableOfferUnits", *openapi.OFFER)


class Counter:
    """Serves the platform's paths, one request at a time to the platform itself."""

    def __init__(self, platform: Platform, office: TokenOffice, faults: Faults) -> None:
        self._platform = platform
        self._office = office
        self._faults = faults

    def router(self) -> APIRouter:
        """The paths, described for the OpenAPI document."""
        router = APIRouter()
        for path, op in PATHS.items():
            serve = self._token if op == "token" else self._operation
            router.add_api_route(path, serve, methods=["POST"], **openapi.described(op))
        return router

    async def _token(self, request: Request) -> Response:
        fault = self._faults.take("token")
        request.scope["record"]["fault"] = fault and fault.fault
        content_type = request.headers.get("content-type", "")
        try:
            reply = self._office.grant(content_type, await request.body())
        except OAuthError as error:
            return self._json(ERRORS[error.name], _oauth(error.name, str(error)))
        if fault is not None and fault.fault == "expire_token":
            self._office.revoke(reply["access_token"])
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
        if not self._office.bearer_is_good(authorization):
            return self._bad_bearer()
        fault = self._faults.take(op)
        if fault is None:
            return self._sent(request, self._answer(op, request, await request.body()))
        request.scope["record"]["fault"] = fault.fault
        if fault.fault == "expire_token":
            await asyncio.sleep(fault.seconds)
            self._office.revoke(authorization)
            return self._bad_bearer()
        return await self._faulty(op, request, fault)

    async def _faulty(self, op: str, request: Request, fault: Fault) -> Response:
        raw = await request.body()
        answer = self._answer(op, request, raw) if fault.commits else None
        await asyncio.sleep(fault.seconds)
        if fault.fault == "code":
            return await self._coded(op, request, fault, answer)
        if fault.fault == "missing_code":
            reply = json.loads((answer or self._platform.refusal(codes.APPROVED)).body)
            reply.pop("responseCode", None)
            return self._json(fault.status or 200, reply)
        if answer is None and fault.fault in ("delay", "truncate", "hang_up"):
            answer = self._answer(op, request, raw)
        served = self._sent(request, answer) if answer is not None else None
        return self._spoiled(fault, request, served) or served or NoReply()

    def _answer(self, op: str, request: Request, raw: bytes) -> Answer:
        """What the platform says, noted in the record of the request."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if len(raw) > MAX_BODY_BYTES:
            answer = self._platform.refusal(codes.INVALID_PARAMETER, field="body")
        elif kind != "application/json":
            answer = self._platform.refusal(codes.INVALID_PARAMETER, field="Content-Type")
        else:
            answer = self._platform.answer(op, raw, request.headers.get("idempotency-key"))
        request.scope["record"] |= {"code": answer.code, "detail": answer.detail}
        return answer

    def _sent(self, request: Request, answer: Answer) -> ChunkedReply:
        """The reply, which tells the ledger once it left on an open connection."""
        reply = ChunkedReply(answer.status, answer.body, self._platform.clock)
        entry = answer.entry
        if entry is not None:
            reply.on_sent = lambda: self._platform.store.mark_delivered(entry)
        return reply

    async def _coded(
        self, op: str, request: Request, fault: Fault, answer: Answer | None
    ) -> Response:
        """A reply with the ordered code.

        An approval (and, for an inquiry, 0005 and 0006) needs members that only the
        platform can give: it serves the request, and what it approved gets the label.
        """
        code = fault.code or ""
        raw = await request.body()
        language = _language(op, raw)
        status = fault.status or codes.status_of(code)
        if code in (_LABELS if op == "inquire" else codes.APPROVALS):
            answer = answer or self._answer(op, request, raw)
            if answer.code not in codes.APPROVALS:
                return self._sent(request, answer)
            members = json.loads(answer.body)
            if code not in codes.APPROVALS:
                members = {k: v for k, v in members.items() if k not in _OFFER}
            members |= {"responseCode": code, "message": codes.message_of(code, language)}
            return self._sent(request, Answer(code, status, encode(members), answer.entry))
        refusal = self._platform.refusal(code, language)
        request.scope["record"]["code"] = code
        return self._sent(request, Answer(code, status, refusal.body))

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
                return ChunkedReply(502, HTML_502, self._platform.clock, "text/html")
            case "wrong_shape" | "oversized" | "deep":
                status = fault.status or 200
                return ChunkedReply(status, bad_body(fault.fault), self._platform.clock)
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
            self._platform.settings.bearer_status,
            encode(reply),
            self._platform.clock,
            headers=headers,
        )

    def _json(self, status: int, reply: dict[str, Any]) -> ChunkedReply:
        headers = {"cache-control": "no-store"}
        return ChunkedReply(status, encode(reply), self._platform.clock, headers=headers)


def _oauth(name: str, text: str) -> dict[str, str]:
    return {"error": name, "error_description": text}


def _language(op: str, raw: bytes) -> str:
    try:
        return parse_request(op, raw, ignore_unknown=True).get("instantMessage", "en-CA")
    except BadParameterError:
        return "en-CA"
