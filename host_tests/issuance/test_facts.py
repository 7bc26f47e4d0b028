"""Every row of what is published about Issuance (FACTS 6.1 to 6.5), as a request shows it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from host_tests.issuance import samples
from host_tests.kit.peer import Peer, agree

SAMPLES = "host_tests.issuance.samples"
GONE = object()  # the member is not there
BASKET_OPS = ["calculate", "issue", "return", "record", "post", "issuance/reverse"]
EVENT_OPS = ["post/event", "reverse/event"]
PARTNER_OPS = ["post", "issuance/reverse", *EVENT_OPS]
ALL_OPS = BASKET_OPS + EVENT_OPS
NOTES = {"key1": "value1", "key2": "value2"}
FIRST, SECOND = (
    {
        "id": "SKU1234",
        "name": "Dog Food",
        "number": 1,
        "quantity": 2,
        "baseAmount": Decimal("9.99"),
        "finalAmount": Decimal("19.98"),
        "departmentId": "10001",
        "categoryId": "11101",
    },
    {
        "id": "SKU1252",
        "name": "Potato Chips",
        "number": 2,
        "quantity": 1,
        "baseAmount": Decimal("4.99"),
        "finalAmount": Decimal("4.99"),
        "departmentId": "DEPT2",
        "categoryId": "CAT2",
    },
)
AWARD = {
    "contributingItemIds": ["SKU1234", "SKU1252"],
    "issuanceOfferCode": "STANDARD",
    "locationCode": "1100",
    "milesAmount": 5,
    "offerDescription": "Bonus Miles for Groceries.",
    "offerId": "123454",
}
EVENT_AWARD = {
    "issuanceOfferCode": "STANDARD",
    "locationCode": "1100",
    "milesAmount": 8,
    "offerDescription": "offer",
    "offerId": 22,
}

# (row, operations, the member of the body or what else is looked at, what it is)
ROWS: list[tuple[str, list[str], str, Any]] = [
    ("6.1 CALCULATE", ["calculate"], "path", "/checkout/issuance/calculate"),
    ("6.1 ISSUE", ["issue"], "path", "/checkout/issuance/issue"),
    ("6.1 RETURN", ["return"], "path", "/checkout/issuance/return"),
    ("6.1 RECORD, both families", ["record"], "path", "/checkout/issuance/record"),
    ("6.1 POST", ["post"], "path", "/checkout/issuance/post"),
    ("6.1 POST/EVENT", ["post/event"], "path", "/checkout/issuance/post/event"),
    ("6.1 REVERSE", ["issuance/reverse"], "path", "/checkout/issuance/reverse"),
    ("6.1 REVERSE/EVENT", ["reverse/event"], "path", "/checkout/issuance/reverse/event"),
    ("6.2 200: finished", ALL_OPS, "200", ("approved", "200")),
    ("6.2 202: accepted, pending", ALL_OPS, "202", ("approved", "202")),
    ("6.2 400: rejected", ALL_OPS, "400", ("declined", "400")),
    ("6.2 500: failure", ALL_OPS, "500", ("open", "500")),
    ("6.3 key on all samples", ["issue", "return", *PARTNER_OPS], "key", samples.KEY),
    ("6.3 no key in the sample", ["calculate", "record"], "key", ""),
    ("6.4 basketGSTAmount", BASKET_OPS, "basketGSTAmount", Decimal(0)),
    ("6.4 basketHSTAmount", BASKET_OPS, "basketHSTAmount", Decimal("3.25")),
    ("6.4 basketPSTAmount", BASKET_OPS, "basketPSTAmount", Decimal(0)),
    ("6.4 basketQSTAmount", BASKET_OPS, "basketQSTAmount", Decimal(0)),
    ("6.4 basketPostTaxAmount", BASKET_OPS, "basketPostTaxAmount", Decimal("28.22")),
    ("6.4 basketPreTaxAmount", BASKET_OPS, "basketPreTaxAmount", Decimal("24.97")),
    ("6.4 checkoutDateTime", BASKET_OPS, "checkoutDateTime", "2019-05-30T14:12:59.000Z"),
    ("6.4 checkoutTransactionId", BASKET_OPS, "checkoutTransactionId", samples.TRACE),
    ("6.4 collectorNumber", BASKET_OPS, "collectorNumber", "81111111111"),
    ("6.4 context", BASKET_OPS, "context", NOTES),
    ("6.4 coupon", BASKET_OPS, "coupon", ["57841", "57862"]),
    ("6.4 deviceId", BASKET_OPS, "deviceId", "POS1"),
    ("6.4 issuances, partner family", ["post", "issuance/reverse"], "issuances", [AWARD]),
    ("6.4 no issuances, AMRP family", BASKET_OPS[:4], "issuances", GONE),
    ("6.4 items", BASKET_OPS, "items", [FIRST, SECOND]),
    ("6.5 clientTransactionId", EVENT_OPS, "clientTransactionId", samples.TRACE),
    ("6.5 collectorNumber", EVENT_OPS, "collectorNumber", "81111111111"),
    ("6.5 coupon", EVENT_OPS, "coupon", ["57841", "57862"]),
    ("6.5 context", EVENT_OPS, "context", NOTES),
    ("6.5 deviceId", EVENT_OPS, "deviceId", "POS1"),
    ("6.5 issuances", EVENT_OPS, "issuances", [EVENT_AWARD]),
    ("6.5 no items", EVENT_OPS, "items", GONE),
]


@pytest.mark.parametrize(("row", "ops", "where", "what"), ROWS, ids=[r[0] for r in ROWS])
def test_a_row_of_the_facts_is_kept(
    micropython: Peer, row: str, ops: list[str], where: str, what: Any
) -> None:
    for op in ops:
        request: Any = agree(micropython, SAMPLES, "built", op, {}, {})
        if where == "path":
            assert request["path"] == what
        elif where == "key":
            assert request["idempotency_key"] == what
        elif where.isdigit():
            reply: Any = agree(micropython, SAMPLES, "read", int(where), b"")
            assert reply[:2] == what
        else:
            members = json.loads(request["body"], parse_float=Decimal)
            assert members.get(where, GONE) == what


def test_the_rows_hold_every_member_that_a_request_has(micropython: Peer) -> None:
    known = {(op, where) for _, ops, where, what in ROWS if what is not GONE for op in ops}
    for op in ALL_OPS:
        request: Any = agree(micropython, SAMPLES, "built", op, {}, {})
        members = json.loads(request["body"])
        assert {(op, name) for name in members} <= known
