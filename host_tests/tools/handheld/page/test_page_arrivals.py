"""The time line: copies are counted and proven, secrets stay out."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from tools.handheld.page import arrivals

BODY = b'{"traceId": "000012345678", "collectorNumber": "84095202006"}'


def record(number: int, raw: bytes = BODY, **changed: Any) -> dict[str, Any]:
    """A record as the emulator keeps it."""
    return {
        "number": number,
        "connection": 1,
        "arrived": "2026-01-30T15:00:00.000Z",
        "op": "redeem",
        "method": "POST",
        "path": "/checkout/amcash/redeem",
        "headers": {"idempotency-key": "one", "authorization": "Bearer secret"},
        "body": base64.b64encode(raw).decode(),
        "complete": True,
        "fault": None,
        "status": 200,
        "code": "0000",
        "detail": "",
    } | changed


def test_a_second_copy_is_identical_when_body_and_key_are() -> None:
    first, second = arrivals.rows([record(1), record(2)])
    assert (first["copy"], first["identical"]) == (1, None)
    assert (second["copy"], second["identical"]) == (2, True)
    assert second["sha256"] == hashlib.sha256(BODY).hexdigest()


def test_a_byte_or_a_key_that_differs_is_told() -> None:
    other = {"idempotency-key": "two"}
    _, by_body = arrivals.rows([record(1), record(2, BODY.replace(b"8409", b"8408"))])
    _, by_key = arrivals.rows([record(1), record(2, headers=other)])
    assert by_body["identical"] is False and by_key["identical"] is False


def test_a_copy_that_broke_off_proves_nothing() -> None:
    _, second = arrivals.rows([record(1, BODY[:30], complete=False), record(2)])
    assert (second["copy"], second["identical"]) == (2, None)


def test_another_operation_or_trace_id_is_another_request() -> None:
    rows = arrivals.rows(
        [record(1), record(2, op="inquire"), record(3, BODY.replace(b"5678", b"5679"))]
    )
    assert [row["copy"] for row in rows] == [1, 1, 1]


def test_an_earnings_transaction_id_counts_as_its_trace_id() -> None:
    for name in ("checkoutTransactionId", "clientTransactionId"):
        (row,) = arrivals.rows([record(1, json.dumps({name: "000000000007"}).encode())])
        assert row["trace_id"] == "000000000007"


def test_neither_a_token_request_nor_a_bearer_is_passed_on() -> None:
    raw = b"grant_type=client_credentials&client_secret=hush"
    rows = arrivals.rows([record(1, raw, op="token"), record(2)])
    assert rows[0]["body"] is None and rows[0]["trace_id"] is None
    assert "hush" not in json.dumps(rows) and "Bearer" not in json.dumps(rows)


def test_bytes_that_are_no_text_are_shown_all_the_same() -> None:
    (row,) = arrivals.rows([record(1, b"\xff\x00<script>", op=None)])
    assert row["body"] == "\ufffd\x00<script>" and row["trace_id"] is None
