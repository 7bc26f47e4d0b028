"""A client that nobody here wrote drives the pad: npm's @adyen/api-library, over HTTPS."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest

from host_tests.system.till import pads
from host_tests.system.till.conftest import GetPad
from host_tests.system.till.field_client import FieldClient, field_client
from host_tests.system.till.pads import COLLECTOR, NOW, Pad
from host_tests.system.till.relays import NEXO_PORT, Wire, wire_to
from tools.emulator.testing import RunningEmulator

LOGIN = {
    "DateTime": NOW.isoformat(),
    "OperatorID": "12",
    "OperatorLanguage": "en",
    "SaleSoftware": {
        "ManufacturerID": "Field",
        "ApplicationName": "till",
        "SoftwareVersion": "1",
        "CertificationCode": "none",
    },
}


@pytest.fixture(scope="module", params=["encrypted", "unencrypted"])
def shared_pad(request: pytest.FixtureRequest, get_pad: GetPad) -> Pad:
    if request.param == "encrypted":
        return get_pad("https")
    return get_pad("https", till={"passphrase": ""})


@pytest.fixture(scope="module")
def wire(shared_pad: Pad) -> Iterator[Wire]:
    with wire_to(shared_pad.port, NEXO_PORT) as one:
        yield one


@pytest.fixture(scope="module")
def client(shared_pad: Pad, wire: Wire) -> Iterator[FieldClient]:
    """One process of node for all that it asks of a pad."""
    passphrase = pads.PASSPHRASE if shared_pad.shared_key else ""
    authority = shared_pad.folder / "authority.pem"
    key = pads.KEY_IDENTIFIER
    with field_client(wire.host, authority, passphrase, key, "FIELD") as one:
        yield one


@pytest.fixture(autouse=True)
def pad(shared_pad: Pad, platform: RunningEmulator) -> Pad:
    """On its idle screen, with a platform as new."""
    shared_pad.idle()
    return shared_pad


def test_login_and_diagnosis(client: FieldClient) -> None:
    assert client.told("Login", LOGIN)["Response"]["Result"] == "Success"
    found = client.told("Diagnosis", {"HostDiagnosisFlag": True})
    assert found["Response"]["Result"] == "Success"
    assert found["POIStatus"]["PrinterStatus"] == "OK"


def test_the_status_of_what_never_came(client: FieldClient) -> None:
    reference = {"MessageCategory": "Loyalty", "SaleID": "FIELD", "ServiceID": "999"}
    found = client.told("TransactionStatus", {"MessageReference": reference})
    assert found["Response"]["ErrorCondition"] == "NotFound"


def sale_data() -> dict[str, Any]:
    identity = {"TransactionID": "4711", "TimeStamp": NOW.isoformat()}
    return {"OperatorID": "12", "OperatorLanguage": "en", "SaleTransactionID": identity}


def loyalty(kind: str, total: float | None, **more: Any) -> dict[str, Any]:
    transaction: dict[str, Any] = {"LoyaltyTransactionType": kind, "Currency": "CAD"}
    if total is not None:
        transaction["TotalAmount"] = total
    transaction |= more.pop("transaction", {})
    return {"SaleData": sale_data(), "LoyaltyTransaction": transaction, **more}


def account(number: str = COLLECTOR) -> dict[str, Any]:
    return {
        "EntryMode": ["Scanned"],
        "IdentificationType": "BarCode",
        "LoyaltyID": number,
    }


FORTY = {"LoyaltyUnit": "Monetary", "Currency": "CAD", "Value": 40}
REDEMPTION = loyalty("Redemption", 43.35, LoyaltyData=[{"LoyaltyAmount": FORTY}])


def redeemed(pad: Pad, asked: Future[dict[str, Any]]) -> None:
    pad.wait_screen("CARD")
    pad.scan(COLLECTOR)
    pad.wait_screen("REDEEM")
    pad.press("ENTER")
    asked.exception(pads.LONG_S)


def discount(found: dict[str, Any]) -> float:
    assert found["Response"]["Result"] == "Success"
    amounts = [each["LoyaltyAmount"] for each in found["LoyaltyResult"]]
    (value,) = [each["Value"] for each in amounts if each["LoyaltyUnit"] == "Monetary"]
    return float(value)


def test_redemption_and_refund(
    client: FieldClient, pad: Pad, platform: RunningEmulator
) -> None:
    client.told("Login", LOGIN)
    asked = client.ask("Loyalty", REDEMPTION)
    redeemed(pad, asked)
    found = asked.result(0)["LoyaltyResponse"]
    assert discount(found) == 40
    original = {"POITransactionID": found["POIData"]["POITransactionID"]}
    back = loyalty("RedemptionRefund", 40, transaction={"OriginalPOITransaction": original})
    assert client.told("Loyalty", back)["Response"]["Result"] == "Success"
    assert [each["kind"] for each in platform.ledger()] == ["redemption", "reversal"]


def test_award_and_its_refund(
    client: FieldClient, pad: Pad, platform: RunningEmulator
) -> None:
    shoes = {
        "ItemID": 1,
        "ProductCode": "0001",
        "ProductLabel": "Shoes",
        "ItemAmount": 38.36,
        "Quantity": 1,
    }
    body = loyalty(
        "Award",
        43.35,
        transaction={"SaleItem": [shoes]},
        LoyaltyData=[{"LoyaltyAccountID": account()}],
    )
    found = client.told("Loyalty", body)
    assert found["Response"]["Result"] == "Success"
    amounts = [each["LoyaltyAmount"] for each in found["LoyaltyResult"]]
    assert [each["LoyaltyUnit"] for each in amounts] == ["Point"]
    original = {"POITransactionID": found["POIData"]["POITransactionID"]}
    back = loyalty("AwardRefund", None, transaction={"OriginalPOITransaction": original})
    assert client.told("Loyalty", back)["Response"]["Result"] == "Success"
    issued = [(each["op"], each["pre_tax"]) for each in platform.issuances()]
    assert issued == [("issue", "38.36"), ("return", "38.36")]


def test_balance(client: FieldClient, pad: Pad) -> None:
    body = {"LoyaltyAccountReq": {"LoyaltyAccountID": account()}}
    assert client.told("BalanceInquiry", body)["Response"]["Result"] == "Success"
    assert pad.slip_with("5,000")


def test_the_status_after_a_lost_response(
    client: FieldClient, pad: Pad, wire: Wire, platform: RunningEmulator
) -> None:
    asked = client.ask("Loyalty", REDEMPTION)
    reference = {
        "MessageCategory": "Loyalty",
        "SaleID": client.sale_id,
        "ServiceID": client.last_id,
    }
    pad.wait_screen("CARD")
    pad.scan(COLLECTOR)
    pad.wait_screen("REDEEM")
    status = {"MessageReference": reference}
    found = client.told("TransactionStatus", status)
    assert found["Response"]["ErrorCondition"] == "InProgress"
    wire.wait_open(1)  # the status's own has ended: the cut is the redemption's
    wire.cut_after("reply", 1)
    pad.press("ENTER")
    with pytest.raises(ConnectionError):
        asked.result(pads.LONG_S)
    found = client.told("TransactionStatus", status)
    assert found["Response"]["Result"] == "Success"
    again = found["RepeatedMessageResponse"]
    assert again["MessageHeader"]["ServiceID"] == reference["ServiceID"]
    assert discount(again["RepeatedResponseMessageBody"]["LoyaltyResponse"]) == 40
    assert [each["kind"] for each in platform.ledger()] == ["redemption"]


def test_abort_in_mid_card(
    client: FieldClient, pad: Pad, platform: RunningEmulator
) -> None:
    asked = client.ask("Loyalty", REDEMPTION)
    reference = {
        "MessageCategory": "Loyalty",
        "SaleID": client.sale_id,
        "ServiceID": client.last_id,
    }
    pad.wait_screen("CARD")
    abort = {"MessageReference": reference, "AbortReason": "MerchantAbort"}
    assert client.ask("Abort", abort).result(pads.LONG_S) == {}  # an Abort has no response
    found = asked.result(pads.LONG_S)["LoyaltyResponse"]["Response"]
    assert found["ErrorCondition"] == "Aborted"
    assert platform.ledger() == []
