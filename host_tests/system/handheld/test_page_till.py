"""The page's cash register against the firmware: what it asks moves miles once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from host_tests.kit.page import serving
from host_tests.kit.page_socket import PageSocket, session_of
from host_tests.system.handheld.hands import CARD


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A page whose device is a PIN pad."""
    with serving("--till", "tcp", "--line-ms", "0") as where:
        yield where


@pytest.fixture
def page(address: str) -> Iterator[PageSocket]:
    """One page; the pad waits for its till, and the till for a customer."""
    with PageSocket(address) as opened:
        if not any("TILL" in row for row in opened.screen):
            opened.press("CANCEL")  # the last test's result is seen
        opened.wait_screen("TILL")
        ask(opened, "sale")
        yield opened


def ask(page: PageSocket, what: str, value: str = "") -> None:
    page.send({"register": {what: value}})


def told(page: PageSocket, holds: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    message = page.wait(lambda each: "register" in each and holds(each["register"]))
    register: dict[str, Any] = message["register"]
    return register


def answered(page: PageSocket, what: str, value: str = "") -> dict[str, Any]:
    """The register once the pad has answered."""
    ask(page, what, value)
    told(page, lambda register: register["doing"] == what)
    return told(page, lambda register: register["answer"])


def refusal(page: PageSocket) -> str:
    message = page.wait(lambda each: "refused" in each)
    return str(message["refused"]["code"])


def redeem(page: PageSocket, amount: str = "40.00") -> None:
    """$43.35 in the basket, up to the collector's ENTER."""
    ask(page, "item", "1001")
    told(page, lambda register: register["total_cents"] == 4335)
    ask(page, "redeem", amount)
    page.wait_screen("CARD")
    page.send({"scan": CARD})
    page.wait_screen("REDEEM")
    page.press("ENTER")


def test_a_redemption_is_answered_and_taken_back(address: str, page: PageSocket) -> None:
    redeem(page)
    register = told(page, lambda register: register["answer"])
    answer = register["answer"]
    assert (answer["result"], answer["cents"], answer["miles"]) == ("Success", 4000, 380)
    assert register["left_cents"] == 335
    assert register["last"] == {"kind": "Redemption", "number": answer["number"]}
    with PageSocket(address) as reloaded:
        assert reloaded.ready["register"] == register
        listed = reloaded.ready["till_messages"]
    assert [each["direction"] for each in listed[-2:]] == ["sent", "received"]
    assert all(CARD not in each["text"] for each in listed)
    register = answered(page, "refund")
    assert (register["answer"]["cents"], register["left_cents"]) == (4000, 4335)
    assert register["last"] is None


def test_a_lost_response_is_repeated_by_the_status_and_applied_once(
    page: PageSocket,
) -> None:
    ask(page, "lose", "yes")
    redeem(page)
    register = told(page, lambda register: register["answer"])
    assert (register["answer"]["result"], register["open"]) == ("lost", 1)
    page.wait_screen("APPROVED")
    for _ in range(2):
        register = answered(page, "status")
        assert register["answer"]["repeated"] and register["answer"]["cents"] == 4000
        assert (register["discount_cents"], register["open"]) == (4000, 0)
    ask(page, "sale")
    assert answered(page, "status")["discount_cents"] == 0  # another customer's sale
    assert answered(page, "refund")["last"] is None


def test_its_scenario_plays_through_and_a_session_holds_what_the_till_was_asked(
    address: str, page: PageSocket
) -> None:
    assert [each["name"] for each in page.ready["scenarios"]] == ["till"]
    page.send({"play": {"scenario": "till", "speed": 0}})
    done = page.wait(lambda m: m.get("scenario", {}).get("state") in ("done", "failed"))
    assert done["scenario"]["state"] == "done", done
    answers = [each["register"]["answer"] for each in page.events if "register" in each]
    assert any(answer and answer.get("repeated") for answer in answers)
    session = session_of(address)
    assert '{"register": {"redeem": "40.00"}}' in session.splitlines()


def test_an_abort_ends_what_waits_for_a_card(page: PageSocket) -> None:
    ask(page, "balance")
    page.wait_screen("CARD")
    ask(page, "status")
    assert refusal(page) == "till_waits"
    ask(page, "abort")
    answer = told(page, lambda register: register["answer"])["answer"]
    assert (answer["asked"], answer["condition"]) == ("balance", "Aborted")


@pytest.mark.parametrize(
    "what,value,code",
    [
        ("redeem", "", "basket_empty"),
        ("refund", "", "nothing_taken"),
        ("abort", "", "nothing_asked"),
        ("item", "9999", "no_goods"),
        ("dance", "", "no_event"),
        ("item", "1" * 21, "no_event"),
    ],
)
def test_what_is_not_possible_is_told_by_its_code(
    page: PageSocket, what: str, value: str, code: str
) -> None:
    ask(page, what, value)
    assert refusal(page) == code


def test_a_pad_without_power_is_told_and_waited_for_no_longer(page: PageSocket) -> None:
    ask(page, "item", "1001")
    ask(page, "redeem")
    page.wait_screen("CARD")
    page.send({"cut": True})
    page.wait(lambda message: message.get("power") == "off")
    ask(page, "abort")
    assert told(page, lambda register: register["answer"])["answer"]["result"] == "given_up"
    ask(page, "totals")
    assert refusal(page) == "pad_off"
    page.send({"power": True})
    page.wait(lambda message: "till" in message)
