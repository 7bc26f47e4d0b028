"""What FastAPI is told of the Cash paths: models, response codes, keys."""

from __future__ import annotations

from typing import Any

from fastapi.responses import JSONResponse

from tools.emulator.cash.codes import CODES
from tools.emulator.cash.models import REPLIES, REQUESTS, Refusal
from tools.emulator.service import KEY_HEADER
from tools.emulator.tokens import BEARER, OAuthRefusal

_SUMMARIES = {
    "echo": "Is the platform there?",
    "inquire": "Balances and the offer for a basket",
    "redeem": "Redeem Cash Miles towards a purchase",
    "reverse": "Undo a redemption as a whole",
}
_TEXTS = {
    "echo": "Moves nothing. Good for a look before opening time, and now and then after it.",
    "inquire": "Moves nothing, so it may be asked again at will and takes no key. Offer and "
    "`availableOfferUnits` are there only for a card that was read (not MANUAL), with at "
    "least one unit on the account and within the day's limit.",
    "redeem": "Takes the miles at once. After silence, 0008 or 0096 the same bytes may be "
    "sent once more; with the same key they take nothing twice. A redemption whose reply "
    "could not be delivered is cancelled after a while (--self-cancel-s).",
    "reverse": "Gives back all miles of one redemption, once (0057 after that), until 3:00 "
    "AM Eastern (0080 after that: store credit, no cash). Copies are as for a redemption.",
}


def described(op: str) -> dict[str, Any]:
    """What FastAPI is told of the path that serves `op`."""
    schema = {"$ref": f"#/components/schemas/{REQUESTS[op].__name__}"}
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    extra: dict[str, Any] = {"requestBody": body}
    if op in ("redeem", "reverse"):
        extra["parameters"] = [KEY_HEADER]
    return {
        "operation_id": op,
        "summary": _SUMMARIES[op],
        "description": _TEXTS[op],
        "tags": ["amcash"],
        "dependencies": [BEARER],
        "response_class": JSONResponse,
        "responses": _replies(op),
        "openapi_extra": extra,
    }


def _replies(op: str) -> dict[int | str, dict[str, Any]]:
    lines: dict[int, list[str]] = {401: []}
    for code, row in CODES.items():
        if op in row.ops:
            lines.setdefault(row.status, []).append(f"{code} {row.english}: {row.meaning}")
    lines[401].append("no code: the bearer token is missing, unknown or too old")
    models = {200: REPLIES[op], 202: REPLIES[op] | Refusal, 401: Refusal | OAuthRefusal}
    return {
        status: {"model": models.get(status, Refusal), "description": "\n\n".join(texts)}
        for status, texts in sorted(lines.items())
    }
