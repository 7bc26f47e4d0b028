"""What FastAPI is told of the Issuance paths, and which of it is invented."""

from __future__ import annotations

from typing import Any

from fastapi.responses import JSONResponse

from tools.emulator.issuance.models import REQUESTS, IssuanceRefusal, IssuanceReply
from tools.emulator.issuance.operations import OPERATIONS, STATUSES
from tools.emulator.service import KEY_HEADER
from tools.emulator.settings import Settings
from tools.emulator.tokens import BEARER, OAuthRefusal

_OK = 300


def described(op: str) -> dict[str, Any]:
    """What FastAPI is told of the path that serves `op`."""
    operation = OPERATIONS[op]
    schema = {"$ref": f"#/components/schemas/{REQUESTS[op].__name__}"}
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    extra: dict[str, Any] = {"requestBody": body}
    if operation.takes_key:
        extra["parameters"] = [KEY_HEADER]
    return {
        "operation_id": op,
        "summary": operation.summary,
        "description": f"{operation.text} Family: {operation.family}.",
        "tags": ["issuance"],
        "dependencies": [BEARER],
        "response_class": JSONResponse,
        "responses": _replies(operation.statuses),
        "openapi_extra": extra,
    }


def _replies(statuses: tuple[int, ...]) -> dict[int | str, dict[str, Any]]:
    replies: dict[int | str, dict[str, Any]] = {
        status: {
            "model": IssuanceReply if status < _OK else IssuanceRefusal,
            "description": f"{STATUSES[status]}. The body is invented",
        }
        for status in statuses
    }
    replies[401] = {
        "model": OAuthRefusal,
        "description": "the bearer token is missing, unknown or too old",
    }
    return dict(sorted(replies.items(), key=lambda each: int(each[0])))


def invented(settings: Settings) -> list[tuple[str, object, str]]:
    """What is not published, what it is here, and the option that changes it."""
    rows = [
        ("members of every reply", "see IssuanceReply and IssuanceRefusal", ""),
        ("which fields of a basket are mandatory", "see the requests above", ""),
        ("lengths and patterns of fields", "see the requests above", ""),
        ("the same key with another body", "400, KEY_REUSED", ""),
        ("a refusal is remembered under its key", "no, as nothing was done", ""),
        ("a collector whom nobody knows, or who is inactive", "400", ""),
        ("sign of milesAmount of a withdrawal", "positive, as in the sample", ""),
        ("the path of RECORD", "/checkout/issuance/record for both families", ""),
    ]
    options = {
        "dollars_per_mile": "dollars before tax that earn a mile, where AIR MILES computes",
        "cash_percent": "percent of what is earned that becomes Cash Miles",
        "untied": "totals that do not tie",
        "parallel": "operations of which two at once fail for one collector",
        "parallel_status": "status of the second of two at once",
        "pending_s": "seconds until miles that were accepted with 202 are posted",
        "below_zero": "a withdrawal of more miles than there are",
        "balances": "balances in replies",
        "max_miles": "miles of one request at most",
        "max_items": "lines of one bill at most",
        "max_age_hours": "hours that a sale may be old",
    }
    return rows + [
        (
            what,
            getattr(settings, f"issuance_{name}"),
            f"--issuance-{name.replace('_', '-')}",
        )
        for name, what in options.items()
    ]
