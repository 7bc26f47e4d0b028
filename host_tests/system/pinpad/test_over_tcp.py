"""A till asks the whole simulated pad over TCP, protected."""

import pytest

from host_tests.kit.pad import account, loyalty, original
from host_tests.kit.till import Till
from host_tests.system.pinpad.conftest import logs, till_port
from tools.emulator.testing import RunningEmulator
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
    assert logs(pad, "till: refused, it is not protected")
    assert not any("secret" in str(event) for event in pad.events)


def test_one_that_is_too_long_ends_the_connection(pad: HandheldClient) -> None:
    one = Till(till_port(pad))
    one.send_raw((1 << 30).to_bytes(4, "big"))
    with pytest.raises(ConnectionError):
        one.receive()
    one.close()


def test_forty_dollars_are_redeemed_and_taken_back(
    pad: HandheldClient, till1: Till, platform: RunningEmulator
) -> None:
    body = loyalty("Redemption", "43.35", "40.00", account())
    till1.send("Loyalty", body)
    pad.wait_screen("ENTER=YES")
    pad.press("ENTER")
    found = till1.body("Loyalty")
    assert found["Response"]["Result"] == "Success"
    assert found["LoyaltyResult"][0]["LoyaltyAmount"]["Value"] == 40.0
    assert len(platform.ledger()) == 1
    trace_id = found["POIData"]["POITransactionID"]["TransactionID"]
    assert till1.ask("Reversal", original(trace_id))["ReversedAmount"] == 40.0
    assert len(platform.ledger()) == 2


def test_a_response_that_was_lost_is_asked_for_on_another_connection_after_a_cut(
    pad: HandheldClient, till1: Till, platform: RunningEmulator
) -> None:
    body = loyalty("Redemption", "43.35", "40.00", account())
    service_id = till1.send("Loyalty", body)
    pad.wait_screen("ENTER=YES")
    till1.close()
    pad.press("ENTER")
    pad.wait_screen("APPROVED")
    pad.cut()
    pad.power()
    pad.wait_screen("TILL")
    other = Till(till_port(pad))
    about = {"MessageReference": {"SaleID": "TILL1", "ServiceID": service_id}}
    found = other.ask("TransactionStatus", about)
    again = found["RepeatedMessageResponse"]["RepeatedResponseMessageBody"][
        "LoyaltyResponse"
    ]
    assert again["LoyaltyResult"][0]["LoyaltyAmount"]["Value"] == 40.0
    assert other.ask("Loyalty", body, service_id) == again
    other.close()
    assert len(platform.ledger()) == 1
