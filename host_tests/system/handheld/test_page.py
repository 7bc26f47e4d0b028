"""The page's server with the firmware on MicroPython in it: the same events as headless."""

from __future__ import annotations

import base64
import io
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from host_tests.kit.page import serving
from host_tests.kit.page_socket import PageSocket, parts
from host_tests.system.handheld.conftest import profile_text
from host_tests.system.handheld.hands import CARD
from tools.emulator.testing import RunningEmulator
from tools.folders import ROOT
from tools.handheld.client import HandheldClient

pytestmark = pytest.mark.xdist_group("page")  # one page serves them all
PASSING = ("ASKING A", "REDEEMIN")  # the first letters of screens that may be too short
CONTRACT = ("screen", "sound", "slip", "power")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A page with an emulated platform of its own."""
    with serving() as where:
        yield where


@pytest.fixture
def page(address: str) -> Iterator[PageSocket]:
    """One page, on the idle screen."""
    with PageSocket(address) as opened:
        opened.wait_screen("1 CHECKOUT")
        yield opened


def to_offer(page: PageSocket, cents: str = "4335") -> None:
    page.press("1")
    page.wait_screen("TOTAL WITH TAX")
    page.press(cents, "ENTER")
    page.wait_screen("SWIPE OR SCAN CARD")
    page.send({"scan": CARD})
    page.wait_screen("UP/DOWN")


def redeem(page: PageSocket) -> None:
    to_offer(page)
    page.press("ENTER")
    page.wait_screen("ENTER=GO ON")


def home(page: PageSocket) -> None:
    page.press("ENTER")
    page.wait_screen("1 CHECKOUT")


def requests(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of the time line that a message tells."""
    rows: list[dict[str, Any]] = message.get("platform", {}).get("requests", [])
    return rows


def refused(address: str, **headers: Any) -> int:
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
    assert httpx.get(address, trust_env=False).status_code == 200
    assert httpx.get(origin, trust_env=False).status_code == 403
    foreign = httpx.get(address, headers={"Host": "evil.example"}, trust_env=False)
    assert foreign.status_code == 403


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
    copies = {
        row["copy"]: row
        for event in page.events
        for row in requests(event)
        if row["op"] == "redeem"
    }
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
            assert told["order"] == next(iter(wrong)) and told["reason"]
        page.press("4")
        other.wait_screen("2 REPORTS")
        assert not [each for each in other.events if "refused" in each]
    page.press("CANCEL")
    page.wait_screen("1 CHECKOUT")


def test_power_that_goes_at_the_next_write_leaves_an_entry_to_finish_or_nothing(
    page: PageSocket,
) -> None:
    to_offer(page)
    page.send({"cut_at_write": 0})
    page.press("ENTER")
    page.wait(lambda message: message.get("power") == "off")
    page.send({"power": True})
    page.wait_screen("1 CHECKOUT")  # torn before it was whole, so it never left


def test_a_scenario_plays_itself_and_a_hand_takes_over(page: PageSocket) -> None:
    page.send({"play": {"scenario": "locked-collector", "speed": 0}})
    done = page.wait(lambda m: m.get("scenario", {}).get("state") in ("done", "failed"))
    assert done["scenario"]["state"] == "done", done
    page.send({"play": {"scenario": "good-day", "speed": 0}})
    page.wait(lambda message: message.get("scenario", {}).get("step") == 1)
    page.press("CANCEL")
    stopped = page.wait(
        lambda message: message.get("scenario", {}).get("playing", 1) is None
    )
    assert stopped["scenario"]["state"] == "stopped"
    page.send({"play": {"scenario": "outage", "speed": 0}})  # it finds its way by itself
    done = page.wait(lambda m: m.get("scenario", {}).get("state") in ("done", "failed"))
    assert done["scenario"]["state"] == "done", done
    page.wait_screen("1 CHECKOUT")


@pytest.fixture
def shop(platform: RunningEmulator, tmp_path: Path) -> Path:
    """A profile that both faces are given."""
    profile = tmp_path / "shop.toml"
    profile.write_text(profile_text(platform, {}), "utf-8")
    return profile


def test_a_sale_is_told_as_the_headless_program_tells_it_and_can_be_played_there(
    shop: Path, tmp_path: Path
) -> None:
    options = ("--profile", str(shop), "--flash", str(tmp_path / "page.img"))
    with serving(*options) as where, PageSocket(where) as page:
        assert page.ready["platform"] is None and page.ready["scenarios"] == []
        page.wait_screen("1 CHECKOUT")
        redeem(page)
        page.wait(lambda message: "slip" in message)
        home(page)
        session = httpx.get(where.replace("/?", "/session.jsonl?"), trust_env=False).text
        page.send({"play": {"lines": session}})
        assert page.wait(lambda message: "refused" in message)  # real miles would move
    lines = [json.loads(line) for line in session.splitlines()]
    assert {"scan": CARD} in lines and {"wait": {"screen": "TOTAL WITH TAX"}} in lines

    told = replayed(session, shop, tmp_path / "headless.img")
    assert screens(told)[-1][0].startswith("1 CHECKOUT")
    assert sequence(told) == sequence(page.events)


def replayed(session: str, profile: Path, flash: Path) -> list[dict[str, Any]]:
    """What the headless program tells of a session."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tools.handheld", "--headless"),
            *("--profile", profile, "--flash", flash),
        ],
        input=session + '{"wait": {"screen": "1 CHECKOUT"}}\n',
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=100,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def screens(events: list[dict[str, Any]]) -> list[list[str]]:
    return [each["screen"] for each in events if "screen" in each]


def sequence(events: list[dict[str, Any]]) -> list[object]:
    """What happened, in order, without what differs from one sale to the next.

    The first screens, and whether a wait is so long that it shows, are the machine's.
    """
    found: list[object] = []
    for event in events:
        name = next(iter(event))
        if name not in CONTRACT:
            continue
        shown = (
            event["screen"][0][:8].strip() if name == "screen" else event.get("sound", "")
        )
        passing = name == "screen" and shown in PASSING
        if not passing and (not found or found[-1] != (name, shown)):
            found.append((name, shown))
    start = found.index(("screen", "TOTAL WI"))
    return found[start:]


def test_both_faces_take_every_event_of_what_stands_around(
    platform: RunningEmulator, shop: Path, tmp_path: Path
) -> None:
    with HandheldClient(shop, tmp_path / "flash.img") as till:
        till.wait_screen("1 CHECKOUT")
        till.send({"rssi": -83})
        till.press("4")
        till.wait_screen("0 DEVICE")
        till.press("0")
        till.wait_screen("S/N")
        till.press("DOWN", "DOWN", "DOWN")
        till.wait_screen("-83")
        till.send({"battery": 12})
        till.send({"battery": 0})
        till.wait_screen(" " * 20)
        till.send({"power": True})
        till.send({"battery": 90})
        till.power()
        till.wait_screen("1 CHECKOUT")
        till.send({"language": "fr-CA"})
        till.wait_screen("1 ACHAT")
        till.send({"cover": False})
        till.press("4", "2", "1")
        till.wait_screen("ENTER=IMPR.")
        till.press("ENTER")
        till.wait_screen("IMPRIMANTE OUVERTE")
        till.send({"cover": True})
        till.press("ENTER")
        till.wait_slip()
        till.press("CANCEL", "CANCEL")
        till.wait_screen("1 ACHAT")
        till.send({"fault": {"op": "redeem", "fault": "garbage"}})
        till.send({"scan_slip": True})
        till.send({"wait": {"screen": "no such text", "s": 0}})
        till.send({"glitch": True})
        till.press("4")
        till.wait_screen("RAPPORTS")
        logs = [event["log"] for event in till.events if "log" in event]
    assert "the battery is empty: it does not start" in logs
    assert "no barcode has been printed yet" in logs
    assert "the platform is not the handheld's: fault has no effect" in logs
    assert "no screen with 'no such text' came" in logs


def test_a_board_with_three_buttons_has_no_others(shop: Path, tmp_path: Path) -> None:
    with HandheldClient(shop, tmp_path / "flash.img", ["--board", "m5stack_oled"]) as till:
        till.wait_screen("1 CHECKOUT")
        till.press("1", "UP")  # the first does not exist there, the second shows the choice
        till.wait_screen("[1]")
        till.press("ENTER")
        till.wait_screen("TOTAL WITH TAX")
        till.send({"hold": "DOWN"})  # CANCEL
        till.wait_screen("1 CHECKOUT")
        assert till.complaints == []


def test_two_pages_that_give_power_at_once_start_one_device(
    address: str, page: PageSocket
) -> None:
    with PageSocket(address) as other:
        page.send({"cut": True})
        page.wait(lambda message: message.get("power") == "off")
        page.send({"power": True})
        other.send({"power": True})
        page.wait(lambda message: message.get("log") == "power is on already")
        page.wait_screen("1 CHECKOUT")
    assert [each for each in page.events if each.get("power") == "on"] == [{"power": "on"}]


def test_what_no_hand_could_do_in_time_is_refused(page: PageSocket) -> None:
    for _ in range(400):
        page.send({"key": "UP"})
    told = page.wait(lambda message: "refused" in message)["refused"]
    assert told["order"] == "key"
    page.send({"cut": True})  # whoever pulls the battery has not to wait for the keys
    page.wait(lambda message: message.get("power") == "off")
    page.send({"power": True})
    page.wait_screen("1 CHECKOUT")


def test_a_page_that_reads_nothing_or_breaks_off_costs_the_device_nothing(
    address: str, page: PageSocket
) -> None:
    origin, token = parts(address)
    where = f"{origin.replace('http', 'ws')}/ws?token={token}"
    with connect(where, origin=origin, max_queue=1, max_size=None) as slow:  # type: ignore[arg-type]
        slow.recv()
        broken = connect(where, origin=origin, max_size=None, legacy=True)  # type: ignore[arg-type]
        broken.socket.shutdown(socket.SHUT_RDWR)
        broken.socket.close()
        for number in range(1500):
            page.send({"rssi": -40 - number % 2})
        page.press("4")
        page.wait_screen("2 REPORTS")
        page.press("CANCEL")
        page.wait_screen("1 CHECKOUT")
        kinds = [next(iter(json.loads(slow.recv()))) for _ in range(20)]
    assert kinds.count("screen") + kinds.count("switches") + kinds.count("ready") > 0
    page.send({"rssi": -50})
