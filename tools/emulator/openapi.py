"""The OpenAPI description, made from the same tables that requests are checked with.

Also the page that shows it: one file, no script from elsewhere, so that it works offline.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from starlette.responses import Response

from tools.emulator.codes import CODES
from tools.emulator.fields import FIELDS, MANDATORY, OPTIONAL
from tools.emulator.replies import JSON_TYPE
from tools.emulator.tokens import ERRORS

DOCS_PAGE = (Path(__file__).parent / "docs.html").read_text("utf-8")

DESCRIPTION = (
    "An emulation of the AIR MILES Cash operations for development and tests. Not "
    "affiliated with AIR MILES. Every value of a request and of a reply is a string."
)
_SUMMARIES = {
    "token": "A bearer token for client credentials",
    "echo": "Is the platform there?",
    "inquire": "Balances and the offer for a basket",
    "redeem": "Redeem Cash Miles towards a purchase",
    "reverse": "Undo a redemption as a whole",
}
_ALWAYS = ("message", "responseCode", "transDateTime")
_BALANCES = (
    "availableCashBalance",
    "availableDollarAmount",
    "cashBalance",
    "dreamBalance",
)
OFFER = (
    "dailyOfferLimit",
    "offerDescEn",
    "offerDescFr",
    "offerId",
    "offerType",
    "unitValueAMCash",
    "unitValueDollars",
)
_REPLY: dict[str, tuple[str, ...]] = {
    "echo": _ALWAYS,
    "inquire": (*_ALWAYS, *_BALANCES, *OFFER, "availableOfferUnits"),
    "redeem": (
        *_ALWAYS,
        *_BALANCES,
        *OFFER,
        "milesRedeemed",
        "txnConfirmationNumber",
        "unitsRedeemed",
    ),
    "reverse": (
        *_ALWAYS,
        *_BALANCES,
        "milesReversed",
        "txnConfirmationNumber",
        "unitsReversed",
        "unitValueAMCash",
        "unitValueDollars",
    ),
}


def described(op: str) -> dict[str, Any]:
    """What FastAPI is told of the path that serves `op`."""
    tag = "oauth" if op == "token" else "amcash"
    extra = _token_request() if op == "token" else _operation_request(op)
    return {
        "operation_id": op,
        "response_class": Response,
        "summary": _SUMMARIES[op],
        "tags": [tag],
        "responses": _token_replies() if op == "token" else _operation_replies(op),
        "openapi_extra": extra,
    }


def completed(document: dict[str, Any]) -> dict[str, Any]:
    """FastAPI's document with the schemas that it cannot know."""
    parts = document.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for op in MANDATORY:
        schemas[_name(op, "Request")] = _request_schema(op)
        schemas[_name(op, "Reply")] = _reply_schema(op)
    schemas["Refusal"] = _strings(_ALWAYS, required=_ALWAYS)
    schemas["OAuthError"] = _strings(("error", "error_description"), required=("error",))
    parts["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    for path in document["paths"].values():
        for operation in path.values():
            # FastAPI adds 422 to what takes a body; here such an order gets 400.
            refused = operation["responses"].pop("422", None)
            if refused is not None:
                operation["responses"]["400"] = {"description": "An impossible order"}
    return document


def _operation_request(op: str) -> dict[str, Any]:
    extra: dict[str, Any] = {
        "requestBody": _body({"application/json": _ref(_name(op, "Request"))}),
        "security": [{"bearer": []}],
    }
    if op in ("redeem", "reverse"):
        extra["parameters"] = [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "schema": {"type": "string", "minLength": 1, "maxLength": 255},
                "description": "The same key with the same body gets the first reply "
                "again; with another body it gets 0035. Without a key the body is the key.",
            }
        ]
    return extra


def _operation_replies(op: str) -> dict[int | str, dict[str, Any]]:
    replies: dict[int | str, dict[str, Any]] = {}
    for code, row in CODES.items():
        if op not in row.ops:
            continue
        reply = replies.setdefault(row.status, {"description": "", "content": {}})
        line = f"{code} {row.english}"
        reply["description"] = f"{reply['description']}; {line}".removeprefix("; ")
        schema = _name(op, "Reply") if row.status in (200, 202) else "Refusal"
        reply["content"] = {JSON_TYPE: {"schema": _ref(schema)}}
    bearer = "Missing or invalid bearer token, without a response code"
    refused = replies.setdefault(401, {"description": ""})
    refused["description"] = f"{refused['description']}; {bearer}".removeprefix("; ")
    return replies


def _token_request() -> dict[str, Any]:
    names = ("grant_type", "client_id", "client_secret", "audience", "scope")
    schema = _strings(names, required=names[:3])
    schema["properties"]["grant_type"]["enum"] = ["client_credentials"]
    content = {"application/x-www-form-urlencoded": schema, "application/json": schema}
    return {"requestBody": _body(content)}


def _token_replies() -> dict[int | str, dict[str, Any]]:
    granted = _strings(("access_token", "token_type"), required=("access_token",))
    granted["properties"]["expires_in"] = {"type": "integer", "description": "seconds"}
    replies: dict[int | str, dict[str, Any]] = {
        200: {"description": "A token", "content": {JSON_TYPE: {"schema": granted}}}
    }
    for status in (400, 401):
        names = ", ".join(name for name, known in ERRORS.items() if known == status)
        content = {JSON_TYPE: {"schema": _ref("OAuthError")}}
        replies[status] = {"description": names, "content": content}
    return replies


def _request_schema(op: str) -> dict[str, Any]:
    properties = {
        name: {
            "type": "string",
            "pattern": f"^(?:{FIELDS[name].pattern})$",
            "description": FIELDS[name].expected,
            "examples": [FIELDS[name].example],
        }
        for name in (*MANDATORY[op], *OPTIONAL[op])
    }
    return {
        "type": "object",
        "properties": properties,
        "required": list(MANDATORY[op]),
        "additionalProperties": False,
    }


def _reply_schema(op: str) -> dict[str, Any]:
    echoed = (*MANDATORY[op], *OPTIONAL[op])
    schema = _strings((*echoed, *_REPLY[op]), required=_ALWAYS)
    schema["properties"]["responseCode"]["enum"] = list(CODES)
    return schema


def _strings(names: tuple[str, ...], required: tuple[str, ...]) -> dict[str, Any]:
    properties: dict[str, dict[str, Any]] = {name: {"type": "string"} for name in names}
    return {"type": "object", "properties": properties, "required": list(required)}


def _body(schemas: dict[str, dict[str, Any]]) -> dict[str, Any]:
    content = {kind: {"schema": schema} for kind, schema in schemas.items()}
    return {"required": True, "content": content}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _name(op: str, what: str) -> str:
    return op.capitalize() + what
