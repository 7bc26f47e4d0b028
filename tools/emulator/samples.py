"""A request to every operation, with the fields of the published samples.

They are as published but for an amount that can be redeemed, and an event's collector, who
would be nobody here.
"""

from __future__ import annotations

from typing import Any

_DEVICE = {
    "deviceId": "001",
    "sponsorCode": "LOY1",
    "storeId": "0001",
    "traceId": "000012345678",
    "vendorId": "100087",
}
_CARD = _DEVICE | {
    "acquirerId": "100000",
    "cardEntryMode": "SWIPE",
    "collectorNumber": "84095202006",
    "dateTime": "1972-07-16T13:32:00+0400",
}
_BASKET: dict[str, Any] = {
    "basketGSTAmount": 0,
    "basketHSTAmount": 3.25,
    "basketPSTAmount": 0,
    "basketPostTaxAmount": 28.22,
    "basketPreTaxAmount": 24.97,
    "basketQSTAmount": 0,
    "checkoutDateTime": "2019-05-30T14:12:59.479Z",
    "checkoutTransactionId": "12340001111",
    "collectorNumber": "81111111111",
    "context": {"key1": "value1", "key2": "value2"},
    "coupon": ["57841", "57862"],
    "deviceId": "POS1",
    "items": [
        {
            "baseAmount": 9.99,
            "categoryId": "11101",
            "departmentId": "10001",
            "finalAmount": 19.98,
            "id": "SKU1234",
            "name": "Dog Food",
            "number": 1,
            "quantity": 2,
        },
        {
            "baseAmount": 4.99,
            "categoryId": "CAT2",
            "departmentId": "DEPT2",
            "finalAmount": 4.99,
            "id": "SKU1252",
            "name": "Potato Chips",
            "number": 2,
            "quantity": 1,
        },
    ],
}
_AWARD: dict[str, Any] = _BASKET | {
    "issuances": [
        {
            "contributingItemIds": ["SKU1234", "SKU1252"],
            "issuanceOfferCode": "STANDARD",
            "locationCode": "1100",
            "milesAmount": 5,
            "offerDescription": "Bonus Miles for Groceries.",
            "offerId": "123454",
        }
    ]
}
_EVENT: dict[str, Any] = {
    "clientTransactionId": "111112314",
    "collectorNumber": "84095202006",
    "context": {"key1": "value1"},
    "coupon": ["coupon"],
    "deviceId": "string",
    "issuances": [
        {
            "issuanceOfferCode": "STANDARD",
            "locationCode": "0037",
            "milesAmount": 8,
            "offerDescription": "offer",
            "offerId": 22,
        }
    ],
}
SAMPLES: dict[str, dict[str, Any]] = {
    "echo": _DEVICE,
    "inquire": _CARD | {"instantMessage": "en-CA", "postTaxBasketAmount": "43.35"},
    "redeem": _CARD
    | {
        "dollarRedeemRequest": "40.00",
        "instantMessage": "en-CA",
        "originalPostTaxBasketAmount": "43.35",
        "originalPreTaxAmount": "38.36",
        "postTaxBasketAmount": "43.35",
    },
    "reverse": _CARD | {"redemptionConfirmationNum": "10000000000"},
    "calculate": _BASKET,
    "issue": _BASKET,
    "return": _BASKET,
    "record": _BASKET,
    "post": _AWARD,
    "post/event": _EVENT,
    "issuance/reverse": _AWARD,
    "reverse/event": _EVENT,
}
