"""A till asks the whole simulated pad over TCP, protected."""

import pytest

from host_tests.kit.till import Till
from host_tests.system.pinpad.conftest import till_port
from tools.handheld.client import HandheldClient


def test_a_cashier_logs_in_and_the_pad_says_what_it_is(till1: Till) -> None:
    found = till1.ask("Login", {"OperatorID": "12", "OperatorLanguage": "en"})
    assert found["Response"] == {"Result": "Success"}
    assert found["POISystemData"]["POISoftware"]["ApplicationName"] == "Milepad"


def test_a_diagnosis_asks_printer_and_platform(till1: Till) -> None:
    found = till1.ask("Diagnosis", {"HostDiagnosisFlag": True})
    assert found["Response"]["Result"] == "Success"
    assert found["POIStatus"]["PrinterStatus"] == "OK"
    assert found["HostStatus"][0]["IsReachableFlag"] is True


def test_the_status_of_what_was_never_asked_is_not_found(till1: Till) -> None:
    found = till1.ask("TransactionStatus", {"MessageReference": {"ServiceID": "nothing"}})
    assert found["Response"] == {"Result": "Failure", "ErrorCondition": "NotFound"}


def test_what_is_not_served_is_said_so(till1: Till) -> None:
    found = till1.ask("Payment", {})
    assert found["Response"]["ErrorCondition"] == "UnavailableService"


def test_a_message_without_protection_is_refused_and_logged(pad: HandheldClient) -> None:
    plain = Till(till_port(pad), is_protected=False)
    plain.send("Login", {"OperatorID": "secret"})
    found = plain.receive()["EventNotification"]
    plain.close()
    assert found["EventToNotify"] == "Reject"
    assert any("till: refused, it is not protected" in str(event) for event in pad.events)
    assert not any("secret" in str(event) for event in pad.events)


def test_one_that_is_too_long_ends_the_connection(pad: HandheldClient) -> None:
    one = Till(till_port(pad))
    one.send_raw((1 << 30).to_bytes(4, "big"))
    with pytest.raises(ConnectionError):
        one.receive()
    one.close()
