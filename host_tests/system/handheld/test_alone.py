"""Days that need a handheld of their own: false platforms, bad flashes, secrets, a monkey.

How each bad event is refused is tested where events are read; the whole program refuses two of
them here, and all of them in `make prove`.
"""

from __future__ import annotations

import json
import random
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import trustme

from host_tests.kit.headless import Handheld, profile_text
from host_tests.system.handheld.conftest import MakeHandheld
from host_tests.system.handheld.hands import (
    CARD,
    home,
    logged,
    redeem,
    saw,
    shows,
    to_card,
    to_offer,
    until,
)
from tools.emulator.testing import RunningEmulator
from tools.folders import ROOT
from tools.handheld import image
from tools.handheld.client import HandheldClient

NO_TOKEN = ["NOT SENT", "NO DISCOUNT", "LOGIN SERVER FAILED", "ENTER=AGAIN"]
NOT_PROVEN = ["NOT SENT", "NO DISCOUNT", "SERVER NOT TRUSTED", "ENTER=AGAIN"]


@pytest.mark.parametrize("fault", ["html_502", "oversized"])
def test_without_a_token_nothing_is_sent(
    fault: str, make_handheld: MakeHandheld, platform: RunningEmulator
) -> None:
    platform.faults("token", fault, count=None)
    handheld = fresh_handheld(make_handheld)
    to_card(handheld)
    handheld.scan(CARD)
    assert shows(handheld, "NOT SENT") == NO_TOKEN
    home(handheld)
    assert platform.requests("inquire") == []
    platform.clear()
    to_offer(handheld)
    handheld.press("CANCEL")
    handheld.wait_screen("CHECKOUT")


@pytest.mark.parametrize(
    ("language", "rows"),
    [
        ("en-CA", ["LOGIN SERVER IS BUSY", "ENTER=AGAIN"]),
        ("fr-CA", ["SERV. ACCÈS OCCUPÉ", "ENTER=RÉESSAYER"]),
    ],
)
def test_a_login_server_that_is_busy_is_asked_once_and_the_screen_says_so(
    language: str, rows: list[str], make_handheld: MakeHandheld, platform: RunningEmulator
) -> None:
    platform.faults("token", "code", code="too_many_requests", count=None)
    handheld = make_handheld(cashier={"language": language})
    home, total, card, title = {
        "en-CA": ("CHECKOUT", "TOTAL WITH TAX", "CARD", "NOT SENT"),
        "fr-CA": ("1 ACHAT", "TOTAL AVEC TAXES", "CARTE", "PAS ENVOYÉ"),
    }[language]
    for _ in range(3):
        handheld.wait_screen(home)
        handheld.press("1")
        handheld.wait_screen(total)
        handheld.press("4335", "ENTER")
        handheld.wait_screen(card)
        handheld.scan(CARD)
        assert shows(handheld, title)[2:] == rows
        handheld.press("CANCEL")
    assert len(platform.requests("token")) == 1
    handheld.close()


def test_id_and_secret_in_a_basic_header_sell(
    make_handheld: MakeHandheld, platform: RunningEmulator
) -> None:
    handheld = make_handheld(
        platform={"token_auth": "basic", "resource": "https://api.example"}
    )
    to_offer(handheld)
    (asked,) = platform.requests("token")
    assert b"secret" not in asked["raw"] and b"resource=https" in asked["raw"]
    handheld.close()


_fresh: list[HandheldClient] = []


def fresh_handheld(make_handheld: MakeHandheld) -> HandheldClient:
    """One handheld whose token is forgotten by taking its flash from it."""
    for handheld in _fresh:
        handheld.close()
    _fresh[:] = [make_handheld()]
    return _fresh[0]


def test_a_platform_that_is_down_is_not_the_wifis_fault(
    make_handheld: MakeHandheld, platform: RunningEmulator
) -> None:
    with socket.socket() as deaf:  # it has the port, so that nobody else listens there
        deaf.bind(("127.0.0.1", 0))
        url = f"https://localhost:{deaf.getsockname()[1]}"
        urls = {"base_url": url, "token_url": url + "/oauth/token"}
        handheld = make_handheld(platform=urls)
        to_card(handheld)
        handheld.scan(CARD)
        assert shows(handheld, "NOT SENT")[2:] == ["SERVICE UNREACHABLE", "ENTER=AGAIN"]
        handheld.press("CANCEL")
        handheld.wait_screen("NO LINK")
        handheld.wifi(False)
        handheld.wait_screen("NO WI-FI")
        handheld.wifi(True)
        handheld.wait_screen("LINK UNTESTED")
        handheld.close()


# --- a false platform ---


def test_a_platform_of_another_authority_gets_nothing(
    make_handheld: MakeHandheld, platform: RunningEmulator, tmp_path: Path
) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    handheld = make_handheld(platform={"ca": str(other)})
    nothing_arrives(handheld, platform)


def test_a_platform_of_another_name_gets_nothing(
    make_handheld: MakeHandheld, platform: RunningEmulator
) -> None:
    # Its certificate names localhost and 127.0.0.1; this is the same listener by a short name.
    url = platform.url.replace("localhost", "127.1")
    handheld = make_handheld(platform={"base_url": url, "token_url": url + "/oauth/token"})
    nothing_arrives(handheld, platform)


def nothing_arrives(handheld: HandheldClient, platform: RunningEmulator) -> None:
    to_card(handheld)
    handheld.scan(CARD)
    assert shows(handheld, "NOT SENT") == NOT_PROVEN
    home(handheld)
    assert platform.requests() == []
    handheld.close()


def test_cancel_while_connecting_sends_nothing(
    make_handheld: MakeHandheld, platform: RunningEmulator
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://localhost:{silent.getsockname()[1]}"
        urls = {"base_url": url, "token_url": url + "/oauth/token", "connect_s": 60}
        handheld = make_handheld(platform=urls)
        to_card(handheld)
        handheld.scan(CARD)
        handheld.wait_screen("CANCEL=STOP")
        handheld.press("CANCEL")
        handheld.wait_screen("CHECKOUT")  # without it NOT SENT stands there in the end
        assert "NOT SENT" not in saw(handheld)
        handheld.close()


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("profile.json", b'{"network": {', "profile.json: expected JSON"),
        ("secret.json", b"\xff\x00", "secret.json: expected JSON"),
    ],
)
def test_bad_settings_on_the_flash_are_told_on_screen_and_in_the_log(
    name: str, raw: bytes, said: str, tmp_path: Path, platform: RunningEmulator
) -> None:
    flash = tmp_path / "flash.img"
    profile = tmp_path / "profile.toml"
    profile.write_text(profile_text(platform, {}), "utf-8")
    with Handheld(profile, flash) as handheld:
        handheld.wait_screen("CHECKOUT")
    image.write_files(flash, {name: raw})
    with Handheld(None, flash) as handheld:
        handheld.wait_screen("SETTINGS ARE WRONG")
        handheld.wait_screen("PROVISION AGAIN")
        until(lambda: logged(handheld) == ["profile: " + said])
        handheld.press("ENTER")  # again, and it is still so
        until(lambda: logged(handheld) == ["profile: " + said] * 2)
        assert handheld.close() == 0


# --- the programs ---


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"scan": 84095202006}', '"scan" expects'),
        (b"\xff\xfe", "not JSON"),
        *[
            pytest.param(*each, marks=pytest.mark.prove)
            for each in (
                (b"hello", "not JSON"),
                (b'{"dance": true}', "unknown event"),
                (b'{"key": "F1"}', '"key" expects one of'),
                (b'{"scan": "84095202006\\n84095202006"}', '"scan" expects'),
                (b"[" * 100000, "not JSON"),
            )
        ],
    ],
)
def test_a_bad_event_ends_the_program_with_one_line_that_repeats_no_number(
    line: bytes, said: str, tmp_path: Path
) -> None:
    program = subprocess.run(
        [sys.executable, "-m", "tools.handheld", "--headless",
         "--flash", str(tmp_path / "flash.img")],
        input=b'{"key": "1"}\n' + line + b"\n",
        capture_output=True, cwd=ROOT,
    )  # fmt: skip
    assert program.returncode == 2
    (complaint,) = program.stderr.decode().splitlines()
    assert "line 2" in complaint and said in complaint
    assert CARD not in complaint


def test_an_emulator_on_a_port_in_use_says_so_in_one_line(
    platform: RunningEmulator, tmp_path: Path
) -> None:
    words = ["--port", str(platform.port), "--state", str(tmp_path / "state")]
    program = subprocess.run(
        [sys.executable, "-m", "tools.emulator", *words],
        capture_output=True, cwd=ROOT,
    )  # fmt: skip
    assert program.returncode == 2 and program.stdout == b""
    (complaint,) = program.stderr.decode().splitlines()
    assert f"--port {platform.port}" in complaint


# --- secrets, and a monkey ---


def test_no_number_and_no_secret_is_told_to_anyone(
    make_handheld: MakeHandheld,
    platform: RunningEmulator,
    capfd: pytest.CaptureFixture[str],
) -> None:
    handheld = make_handheld(network={"password": "wifi-secret-5"})
    redeem(handheld)
    platform.faults("inquire", "expire_token")
    to_offer(handheld)
    handheld.press("CANCEL")
    handheld.wait_screen("CHECKOUT")
    handheld.wifi(False)
    to_card(handheld)
    handheld.swipe(f"%B{CARD}^A/B^99?", f";{CARD}=99?")
    handheld.wait_screen("NO DISCOUNT")
    home(handheld)
    handheld.close()
    told = json.dumps(handheld.events) + capfd.readouterr().err
    told += "".join(slip.escpos.decode("latin-1") for slip in handheld.slips)
    secrets = [CARD, platform.client_secret, platform.client_id, "wifi-secret-5", "eyJ"]
    tokens = [
        value.removeprefix("Bearer ")
        for each in platform.requests()
        for name, value in headers(each)
        if name.lower() == "authorization"
    ]
    assert tokens
    for secret in [*secrets, *tokens]:
        assert secret not in told


def headers(request: dict) -> list[tuple[str, str]]:
    found = request["headers"]
    return list(found.items()) if isinstance(found, dict) else [tuple(h) for h in found]


def test_nothing_that_a_monkey_does_ends_the_device_or_parts_the_two_ledgers(
    make_handheld: MakeHandheld, platform: RunningEmulator, tmp_path: Path
) -> None:
    dice = random.Random(7)
    flash = tmp_path / "flash.img"
    handheld = make_handheld(flash=flash)
    handheld.wait_screen("CHECKOUT")
    for _ in range(3):
        monkey_at(handheld, platform, dice)
    handheld.wifi(True)
    handheld.paper(True)
    platform.clear()
    handheld.cut()  # of the keys that the monkey still has in hand
    handheld.power()
    settled(handheld)
    for _ in range(20):
        if "CHECKOUT" in handheld.screen[0]:
            break
        handheld.press("CANCEL")
        settled(handheld)
    redeem(handheld, cents="4336")  # its own basket: the monkey's may have had no answer
    assert not [line for line in logged(handheld) if line.startswith(("stopped", "input"))]
    assert not handheld.complaints
    assert handheld.close() == 0
    approved = {
        entry.result.confirmation_number
        for entry in kept(flash)
        if entry.result.outcome == "approved"
    }
    committed = {str(entry["confirmation"]) for entry in platform.ledger()}
    assert approved and approved <= committed
    doubtful = [e for e in kept(flash) if e.is_unresolved]
    assert len(committed - approved) <= len(doubtful)


def monkey_at(
    handheld: HandheldClient, platform: RunningEmulator, dice: random.Random
) -> None:
    """A sale that something happens to, and a handful of keys."""
    keys = (*"1235900", "00", ".", "ENTER", "ENTER", "CANCEL", "CLEAR", "UP", "DOWN")
    sale = ("CANCEL", "CANCEL", "CANCEL", "1", *"4335", "ENTER")
    for key in [*[dice.choice(keys) for _ in range(8)], *sale]:
        HandheldClient.key(handheld, key)  # without waiting for a click
    handheld.scan(dice.choice([CARD, CARD, "x", "\xff"]))
    time.sleep(dice.random() / 2)
    what = dice.randrange(5)
    if what == 0:
        handheld.wifi(dice.random() < 0.5)
    elif what == 1:
        handheld.paper(dice.random() < 0.5)
    elif what == 2:
        platform.faults("redeem", dice.choice(["drop_after_commit", "garbage", "reset"]))
    elif what == 3:
        handheld.cut()
        handheld.power()
    HandheldClient.key(handheld, "ENTER")
    time.sleep(dice.random() / 2)
    HandheldClient.key(handheld, "ENTER")


def settled(handheld: HandheldClient) -> None:
    """Waits until nothing seems to move any more."""
    count = -1
    while count != len(handheld.events):
        count = len(handheld.events)
        time.sleep(0.7)


def kept(flash: Path) -> list:
    """The entries on a flash image."""
    from boards.simulator.flash import mount
    from milepad.ledger.ledger import Ledger
    from milepad.ledger.stores.littlefs import LittlefsStore

    files = mount(str(flash))
    try:
        return list(Ledger(LittlefsStore(files), 2000).entries())
    finally:
        files.umount()
