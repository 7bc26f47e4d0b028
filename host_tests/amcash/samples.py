"""The sample messages of the AM Cash API library, and plain calls around the requests.

The samples are the specification's, member for member and in its order.
"""

import json

from host_tests.kit.identity import IDENTITY
from milepad.amcash import requests
from milepad.base.request import Identity
from milepad.base.transaction import Transaction

KEY = "123e4567-e89b-42d3-a456-426655440000"
DATE_TIME = "1972-07-16T13:32:00+0400"
ECHO_TRACE = "000012345678"
TRACE = "999999999999"

# Sections 1 to 4, "Sample request".
ECHO = """{
"deviceId": "001",
"sponsorCode": "LOY1",
"storeId": "0001",
"traceId": "000012345678",
"vendorId": "100087"
}"""
INQUIRE = """{
"acquirerId": "100000",
"cardEntryMode": "SWIPE",
"collectorNumber": "84095202006",
"dateTime": "1972-07-16T13:32:00+0400",
"deviceId": "001",
"instantMessage": "en-CA",
"postTaxBasketAmount": "16.12",
"sponsorCode": "LOY1",
"storeId": "0001",
"traceId": "999999999999",
"vendorId": "100087"
}"""
REDEEM = """{
"acquirerId": "100000",
"cardEntryMode": "SWIPE",
"collectorNumber": "84095202006",
"dateTime": "1972-07-16T13:32:00+0400",
"deviceId": "001",
"dollarRedeemRequest": "16.12",
"instantMessage": "en-CA",
"originalPostTaxBasketAmount": "16.12",
"originalPreTaxAmount": "16.12",
"postTaxBasketAmount": "16.12",
"sponsorCode": "LOY1",
"storeId": "0001",
"traceId": "999999999999",
"vendorId": "100087"
}"""
REVERSE = """{
"acquirerId": "100000",
"cardEntryMode": "SWIPE",
"collectorNumber": "84095202006",
"dateTime": "1972-07-16T13:32:00+0400",
"deviceId": "001",
"redemptionConfirmationNum": "10000000000",
"sponsorCode": "LOY1",
"storeId": "0001",
"traceId": "999999999999",
"vendorId": "100087"
}"""

# Sections 1 to 4, "Sample response".
ECHO_REPLY = """{
"deviceId": "001",
"message": "Approved",
"responseCode": "0000",
"sponsorCode": "1234",
"storeId": "0001",
"traceId": "000012345678",
"transDateTime": "2019-01-30T03:59:03",
"vendorId": "1234567890"
}"""
INQUIRE_REPLY = """{
"acquirerId": "100000",
"availableCashBalance": "95",
"availableDollarAmount": "10",
"availableOfferUnits": "1",
"cashBalance": "120",
"collectorNumber": "1234567890123456789",
"dailyOfferLimit": "10",
"dateTime": "2019-01-30T04:39:59.503-0400",
"deviceId": "001",
"dreamBalance": "545",
"message": "Approved",
"offerDescEn": "Sample offer description in English.",
"offerDescFr": "Exemple de description de l'offre en français.",
"offerId": "1111111111",
"offerType": "RGL",
"responseCode": "0000",
"sponsorCode": "1234",
"storeId": "0001",
"traceId": "000012345678",
"transDateTime": "2019-01-30T11:41:55",
"unitValueAMCash": "95",
"unitValueDollars": "10.00",
"vendorId": "555555"
}"""
REDEEM_REPLY = """{
"acquirerId": "100000",
"availableCashBalance": "95",
"availableDollarAmount": "10",
"cashBalance": "120",
"collectorNumber": "80000000001",
"dailyOfferLimit": "10",
"dateTime": "2019-01-30T04:39:59.503-0400",
"deviceId": "001",
"dreamBalance": "550",
"message": "Approved",
"milesRedeemed": "95",
"offerDescEn": "Sample offer description in English.",
"offerDescFr": "Exemple de description de l'offre en français.",
"offerId": "1111111111",
"offerType": "RGL",
"responseCode": "0000",
"sponsorCode": "1234",
"storeId": "0001",
"traceId": "000012345678",
"transDateTime": "2018-10-27T02:25:10",
"txnConfirmationNumber": "0000",
"unitsRedeemed": "1",
"unitValueAMCash": "95",
"unitValueDollars": "10.00",
"vendorId": "555555"
}"""
REVERSE_REPLY = """{
"acquirerId": "100000",
"availableCashBalance": "95",
"availableDollarAmount": "10",
"cashBalance": "120",
"collectorNumber": "80000000001",
"dateTime": "2019-01-30T04:39:59.503-0400",
"deviceId": "001",
"dreamBalance": "550",
"message": "Approved",
"milesReversed": "95",
"responseCode": "0000",
"sponsorCode": "1234",
"storeId": "0001",
"traceId": "000012345678",
"transDateTime": "2019-01-30T04:39:59",
"txnConfirmationNumber": "0000",
"unitsReversed": "1",
"unitValueAMCash": "95",
"unitValueDollars": "10",
"vendorId": "1234567890"
}"""


def built(op: str, changes: dict) -> dict:
    """The request that the sample's values make, with `changes` to any of them.

    Returns its path, body, trace id and idempotency key.
    """
    values = {
        "collector_number": "84095202006",
        "card_entry_mode": "SWIPE",
        "basket_cents": 1612,
        "pre_tax_cents": 1612,
        "redeem_cents": 1612,
        "redemption_number": "10000000000",
        "language": "en-CA",
        "date_time": DATE_TIME,
        "trace_id": ECHO_TRACE if op == "echo" else TRACE,
        "idempotency_key": KEY,
    }
    identity = Identity(IDENTITY)
    for name, value in changes.items():
        if hasattr(identity, name):
            setattr(identity, name, value)
        else:
            values[name] = value
    return plain(_request(op, identity, values))


def _request(op, identity, values):
    trace_id = values["trace_id"]
    if op == "echo":
        return requests.echo(identity, trace_id)
    date_time = values.pop("date_time")
    transaction = Transaction(op=op, **values)
    return requests.build(identity, transaction, date_time)


def plain(request) -> dict:
    """A request as plain values."""
    return {
        "op": request.op,
        "path": request.path,
        "body": request.body,
        "trace_id": request.trace_id,
        "idempotency_key": request.idempotency_key,
    }


def compact(sample: str) -> bytes:
    """A sample without its blanks, its members in their order."""
    return json.dumps(json.loads(sample), separators=(",", ":")).encode()
