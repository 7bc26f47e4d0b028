"""The page's server with the firmware on MicroPython in it: the same events as headless."""

from __future__ import annotations

import base64
import io
import json
import math
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from host_tests.kit.page import serving
from host_tests.kit.page_socket import PageSocket, get, parts
from host_tests.kit.until import LONG_S
from host_tests.system.handheld.pages import home, redeem, started, to_offer
from tools.handheld.page.server import LONGEST_MESSAGE


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A page with an emulated platform of its own."""
    with serving("--line-ms", "0") as where:
        yield where


@pytest.fixture
def page(address: str) -> Iterator[PageSocket]:
    """One page, on the idle screen."""
    with PageSocket(address) as opened:
        opened.wait_screen("1 CHECKOUT")
        yield opened


def switches(message: dict[str, Any]) -> dict[str, Any]:
    """The switches that a message tells, or the whole state."""
    told: dict[str, Any] = message.get("ready", message).get("switches") or {}
    return told


def requests(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of the time line that a message tells."""
    rows: list[dict[str, Any]] = message.get("platform", {}).get("requests", [])
    return rows


def copies_told(page: PageSocket) -> dict[int, dict[str, Any]]:
    """The copies of a redemption that the page was told of, by their numbers."""
    rows = [row for event in page.events for row in requests(event)]
    return {row["copy"]: row for row in rows if row["op"] == "redeem"}


def refused(address: str, **headers: Any) -> int:
    headers = {"open_timeout": LONG_S, **headers}
    with pytest.raises(InvalidStatus) as told, connect(address, **headers):
        pass
    return told.value.response.status_code


def test_the_socket_refuses_a_stranger(address: str) -> None:
    origin, token = parts(address)
    served = origin.replace("http", "ws") + "/ws"
    right = f"{served}?token={token}"
    assert refused(served, origin=origin) == 403
    assert refused(f"{served}?token=guess", origin=origin) == 403
    assert refused(right, origin="http://evil.example") == 403
    port = int(origin.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as there:
        foreign = f"ws://evil.example/ws?token={token}"
        assert refused(foreign, sock=there, origin=origin) == 403


def test_the_page_is_served_to_whom_knows_its_address(address: str) -> None:
    origin, _ = parts(address)
    assert get(address).status_code == 200
    assert get(origin).status_code == 403
    assert get(address, Host="evil.example").status_code == 403


def test_ready_is_the_whole_state_in_the_middle_of_a_sale(
    address: str, page: PageSocket
) -> None:
    to_offer(page)
    page.wait(lambda message: "inquire" in [row["op"] for row in requests(message)])
    with PageSocket(address) as reloaded:
        assert reloaded.ready["screen"] == page.screen
        assert (
            reloaded.ready["power"] == "on" and reloaded.ready["switches"]["wifi"] is True
        )
        assert len(base64.b64decode(reloaded.ready["pixels"]["dots"])) == 640
        assert reloaded.ready["platform"]["requests"][-1]["op"] == "inquire"
        reloaded.press("CANCEL")  # the other tab goes on with it
        reloaded.wait_screen("1 CHECKOUT")
    assert page.wait_screen("1 CHECKOUT")


def test_a_lost_answer_shows_two_identical_copies_and_one_redemption(
    page: PageSocket,
) -> None:
    page.send({"fault": {"op": "redeem", "fault": "drop_after_commit"}})
    redeem(page)
    page.wait(
        lambda message: any(
            row["match"] == "same" for row in message.get("device", {}).get("entries", ())
        )
    )
    # The device's entry and the platform's requests are told by two watchers.
    while 2 not in (copies := copies_told(page)):
        page.wait(lambda _: True)
    assert copies[2]["identical"] is True
    assert copies[1]["sha256"] == copies[2]["sha256"]
    assert copies[1]["key"] == copies[2]["key"] != None  # noqa: E711
    home(page)


def test_no_secret_leaves_the_server(address: str, page: PageSocket) -> None:
    to_offer(page)
    page.press("CANCEL")
    page.wait_screen("1 CHECKOUT")
    page.wait(lambda message: "inquire" in [row["op"] for row in requests(message)])
    with PageSocket(address) as another:
        text = json.dumps(another.ready)
        rows = another.ready["platform"]["requests"]
    tokens = [row for row in rows if row["op"] == "token"]
    assert tokens and all(row["body"] is None for row in tokens)
    assert "client_secret" not in text and "Bearer" not in text


def test_the_paper_comes_out_piece_by_piece_before_its_slip_is_told(
    page: PageSocket,
) -> None:
    redeem(page)
    page.wait(lambda message: "slip" in message)
    strips = [each["strip"] for each in page.events if "strip" in each]
    numbers = [each["number"] for each in strips]
    assert numbers == [*range(numbers[0], numbers[0] + len(numbers))]
    for each in strips:
        picture = Image.open(io.BytesIO(base64.b64decode(each["png"])))
        assert picture.size == (each["width"], each["height"])
    assert any(each["barcode"] for each in strips)
    home(page)


def test_what_is_no_message_is_refused_to_its_page_alone(
    address: str, page: PageSocket
) -> None:
    with PageSocket(address) as other:
        for wrong in (
            {"quit": True},
            {"wait": 1},
            {"key": "F1"},
            {"nonsense": 1},
            {"play": {}},
        ):
            page.send(wrong)
            told = page.wait(lambda message: "refused" in message)["refused"]
            assert told == {"order": next(iter(wrong)), "code": "no_event", "values": {}}
        page.press("4")
        other.wait_screen("2 REPORTS")
        assert not [each for each in other.events if "refused" in each]
    page.press("CANCEL")
    page.wait_screen("1 CHECKOUT")


def test_an_order_that_the_platform_does_not_take_is_told_and_logged(
    page: PageSocket,
) -> None:
    for fault in (
        {"op": "redeem", "fault": "delay", "seconds": math.nan},
        {"op": "\ud800"},
    ):
        page.send({"fault": fault})
        told = page.wait(lambda message: "refused" in message)["refused"]
        assert (told["order"], told["code"]) == ("fault", "not_taken")
        page.wait(lambda message: str(message.get("log")).startswith("not possible: "))


@pytest.mark.parametrize(
    "frame", ["x" * (LONGEST_MESSAGE + 1), b"bytes"], ids=["long", "raw"]
)
def test_a_frame_that_no_page_sends_ends_its_sender_alone(
    address: str, page: PageSocket, frame: str | bytes
) -> None:
    origin, token = parts(address)
    where = f"{origin.replace('http', 'ws')}/ws?token={token}"
    how: dict[str, Any] = {"origin": origin, "max_size": None, "open_timeout": LONG_S}
    with connect(where, **how) as hostile:
        hostile.send(frame)
        with pytest.raises(ConnectionClosed):
            while True:
                hostile.recv(LONG_S)
    page.press("4")
    page.wait_screen("2 REPORTS")
    page.press("CANCEL")
    page.wait_screen("1 CHECKOUT")


def test_power_that_goes_in_the_middle_of_the_next_write_lets_nothing_leave(
    page: PageSocket,
) -> None:
    to_offer(page)
    page.wait(lambda message: "inquire" in [row["op"] for row in requests(message)])
    page.send({"cut_at_write": 0})
    page.press("ENTER")
    page.wait(lambda message: message.get("power") == "off")
    page.send({"power": True})
    started(page)  # torn before it was whole, so it never left
    sent = [row["op"] for event in page.events for row in requests(event)]
    assert "redeem" not in sent


def test_a_scenario_plays_itself_and_a_hand_takes_over(page: PageSocket) -> None:
    page.send({"play": {"scenario": "locked-collector", "speed": 0}})
    done = page.wait(lambda m: m.get("scenario", {}).get("state") in ("done", "failed"))
    assert done["scenario"]["state"] == "done", done
    page.send({"play": {"scenario": "good-day", "speed": 3}})  # long enough
    page.wait(lambda message: message.get("scenario", {}).get("step") == 1)
    page.press("CANCEL")
    stopped = page.wait(
        lambda message: message.get("scenario", {}).get("playing", 1) is None
    )
    assert stopped["scenario"]["state"] == "stopped"
    page.send({"play": {"scenario": "wifi-gone", "speed": 0}})  # it finds its way by itself
    done = page.wait(lambda m: m.get("scenario", {}).get("state") in ("done", "failed"))
    assert done["scenario"]["state"] == "done", done
    page.wait_screen("1 CHECKOUT")


def test_two_pages_that_give_power_at_once_start_one_device(
    address: str, page: PageSocket
) -> None:
    with PageSocket(address) as other:
        page.send({"cut": True})
        page.wait(lambda message: message.get("power") == "off")
        page.send({"power": True})
        other.send({"power": True})
        page.wait(lambda message: message.get("log") == "power is on already")
        started(page)
    assert [each for each in page.events if each.get("power") == "on"] == [{"power": "on"}]


def test_what_no_hand_could_do_in_time_is_refused(page: PageSocket) -> None:
    for _ in range(400):
        page.send({"key": "UP"})
    told = page.wait(lambda message: "refused" in message)["refused"]
    assert told["order"] == "key"
    page.send({"cut": True})  # whoever pulls the battery has not to wait for the keys
    page.wait(lambda message: message.get("power") == "off")
    page.send({"power": True})
    started(page)


def test_a_page_that_reads_nothing_or_breaks_off_costs_the_device_nothing(
    address: str, page: PageSocket
) -> None:
    origin, token = parts(address)
    where = f"{origin.replace('http', 'ws')}/ws?token={token}"
    how: dict[str, Any] = {"origin": origin, "max_size": None, "close_timeout": 0.1}
    how["open_timeout"] = LONG_S
    with connect(where, max_queue=1, **how) as slow:
        slow.recv()
        broken = connect(where, legacy=True, **how)
        broken.socket.shutdown(socket.SHUT_RDWR)
        broken.socket.close()
        page.send({"rssi": -39})  # a key of the test before has been let go then
        page.wait(lambda message: switches(message).get("rssi") == -39)
        for number in range(1500):
            page.send({"rssi": -40 - number % 2})
        page.send({"rssi": -60})  # all of it has been told then: a click is this key's
        page.wait(lambda message: switches(message).get("rssi") == -60)
        page.press("4")
        page.wait_screen("2 REPORTS")
        page.press("CANCEL")
        page.wait_screen("1 CHECKOUT")
        kinds = [next(iter(json.loads(slow.recv()))) for _ in range(20)]
    assert kinds.count("screen") + kinds.count("switches") + kinds.count("ready") > 0
    page.send({"rssi": -50})
