"""The platform's requests as the page's time line has them: copies side by side, no secret.

Copies of one request have the same operation and trace id. That they are identical is
proven by the SHA-256 of their bodies and by their Idempotency-Keys.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

_TRACE_ID = re.compile(
    rb'"(?:traceId|checkoutTransactionId|clientTransactionId)":\s*"(\w{1,40})"'
)
_SECRET_HEADERS = ("authorization", "cookie", "proxy-authorization")
_PASSED_ON = (
    "number",
    "connection",
    "arrived",
    "op",
    "path",
    "status",
    "code",
    "fault",
    "detail",
    "complete",
)


class _First(NamedTuple):
    """What further copies are held against."""

    sha256: str
    key: str | None
    complete: bool


def rows(arrived: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Records of the emulator, oldest first, as rows of the time line."""
    firsts: dict[tuple[str, str], _First] = {}
    counts: dict[tuple[str, str], int] = {}
    found = []
    for record in arrived:
        raw = base64.b64decode(record["body"])
        row = _row(record, raw)
        trace_id = row["trace_id"]
        if trace_id is not None:
            request = (str(record["op"]), trace_id)
            counts[request] = row["copy"] = counts.get(request, 0) + 1
            this = _First(row["sha256"], row["key"], bool(record["complete"]))
            first = firsts.setdefault(request, this)
            if row["copy"] > 1 and first.complete and this.complete:
                row["identical"] = first == this
        found.append(row)
    return found


def _row(record: Mapping[str, Any], raw: bytes) -> dict[str, Any]:
    trace_id = _TRACE_ID.search(raw) if record["op"] != "token" else None
    headers = {
        name: value
        for name, value in record["headers"].items()
        if name not in _SECRET_HEADERS
    }
    return {
        **{name: record[name] for name in _PASSED_ON},
        "trace_id": trace_id[1].decode() if trace_id else None,
        "key": record["headers"].get("idempotency-key"),
        "copy": 1,
        "identical": None,
        "sha256": hashlib.sha256(raw).hexdigest(),
        "bytes": len(raw),
        "body": None if record["op"] == "token" else raw.decode("utf-8", "replace"),
        "headers": headers,
    }
