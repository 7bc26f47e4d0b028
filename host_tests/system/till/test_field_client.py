"""A client that nobody here wrote drives the pad: npm's @adyen/api-library, over HTTPS."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from host_tests.system.till import pads
from host_tests.system.till.conftest import GetPad
from host_tests.system.till.field_client import FieldClient, field_client
from host_tests.system.till.pads import Pad
from host_tests.system.till.relays import NEXO_PORT, wire_to
from tools.emulator.testing import RunningEmulator

LOGIN = {
    "DateTime": "2026-01-30T15:00:00Z",
    "OperatorID": "12",
    "OperatorLanguage": "en",
    "SaleSoftware": {
        "ManufacturerID": "Field",
        "ApplicationName": "till",
        "SoftwareVersion": "1",
        "CertificationCode": "none",
    },
}


@pytest.fixture(params=["encrypted", "unencrypted"])
def pad(request: pytest.FixtureRequest, get_pad: GetPad, platform: RunningEmulator) -> Pad:
    if request.param == "encrypted":
        return get_pad("https")
    return get_pad("https", till={"passphrase": ""})


@pytest.fixture
def client(pad: Pad) -> Iterator[FieldClient]:
    passphrase = pads.PASSPHRASE if pad.shared_key else ""
    with (
        wire_to(pad.port, NEXO_PORT) as wire,
        field_client(
            wire.host,
            pad.folder / "authority.pem",
            passphrase,
            pads.KEY_IDENTIFIER,
            f"FIELD-{id(wire) % 100000}",
        ) as one,
    ):
        yield one


def test_login_and_diagnosis(client: FieldClient) -> None:
    assert client.told("Login", LOGIN)["Response"]["Result"] == "Success"
    found = client.told("Diagnosis", {"HostDiagnosisFlag": True})
    assert found["Response"]["Result"] == "Success"
    assert found["POIStatus"]["PrinterStatus"] == "OK"


def test_the_status_of_what_never_came(client: FieldClient) -> None:
    reference = {"MessageCategory": "Loyalty", "SaleID": "FIELD", "ServiceID": "999"}
    found = client.told("TransactionStatus", {"MessageReference": reference})
    assert found["Response"]["ErrorCondition"] == "NotFound"
