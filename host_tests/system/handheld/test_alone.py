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
from host_tests.system.handheld.conftest import MakeTill
from host_tests.system.handheld.hands import (
    CARD,
    home,
    logged,
    redeem,
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
    fault: str, make_till: MakeTill, platform: RunningEmulator
) -> None:
    platform.faults("token", fault, count=None)
    till = fresh_till(make_till)
    to_card(till)
    till.scan(CARD)
    assert shows(till, "NOT SENT") == NO_TOKEN
    home(till)
    assert platform.requests("inquire") == []
    platform.clear()
    to_offer(till)
    till.press("CANCEL")
    till.wait_screen("CHECKOUT")


@pytest.mark.parametrize(
    ("language", "rows"),
    [
        ("en-CA", ["LOGIN SERVER IS BUSY", "ENTER=AGAIN"]),
        ("fr-CA", ["SERV. ACCÈS OCCUPÉ", "ENTER=RÉESSAYER"]),
    ],
)
def test_a_login_server_that_is_busy_is_asked_once_and_the_screen_says_so(
    language: str, rows: list[str], make_till: MakeTill, platform: RunningEmulator
) -> None:
    platform.faults("token", "code", code="too_many_requests", count=None)
    till = make_till(cashier={"language": language})
    home, total, card, title = {
        "en-CA": ("CHECKOUT", "TOTAL WITH TAX", "CARD", "NOT SENT"),
        "fr-CA": ("1 ACHAT", "TOTAL AVEC TAXES", "CARTE", "PAS ENVOYÉ"),
    }[language]
    for _ in range(3):
        till.wait_screen(home)
        till.press("1")
        till.wait_screen(total)
        till.press("4335", "ENTER")
        till.wait_screen(card)
        till.scan(CARD)
        assert shows(till, title)[2:] == rows
        till.press("CANCEL")
    assert len(platform.requests("token")) == 1
    till.close()


def test_id_and_secret_in_a_basic_header_sell(
    make_till: MakeTill, platform: RunningEmulator
) -> None:
    till = make_till(platform={"token_auth": "basic", "resource": "https://api.example"})
    to_offer(till)
    (asked,) = platform.requests("token")
    assert b"secret" not in asked["raw"] and b"resource=https" in asked["raw"]
    till.close()


_fresh: list[HandheldClient] = []


def fresh_till(make_till: MakeTill) -> HandheldClient:
    """One handheld whose token is forgotten by taking its flash from it."""
    for till in _fresh:
        till.close()
    _fresh[:] = [make_till()]
    return _fresh[0]


def test_a_platform_that_is_down_is_not_the_wifis_fault(
    make_till: MakeTill, platform: RunningEmulator
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"https://localhost:{closed.getsockname()[1]}"
    till = make_till(platform={"base_url": url, "token_url": url + "/oauth/token"})
    to_card(till)
    till.scan(CARD)
    assert shows(till, "NOT SENT")[2:] == ["SERVICE UNREACHABLE", "ENTER=AGAIN"]
    till.press("CANCEL")
    till.wait_screen("NO LINK")
    till.wifi(False)
    till.wait_screen("NO WI-FI", timeout_s=4)
    till.wifi(True)
    till.wait_screen("LINK UNTESTED")
    till.close()


# --- a false platform ---


def test_a_platform_of_another_authority_gets_nothing(
    make_till: MakeTill, platform: RunningEmulator, tmp_path: Path
) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    till = make_till(platform={"ca": str(other)})
    nothing_arrives(till, platform)


def test_a_platform_of_another_name_gets_nothing(
    make_till: MakeTill, platform: RunningEmulator
) -> None:
    # Its certificate names localhost and 127.0.0.1; this is the same listener by a short name.
    url = platform.url.replace("localhost", "127.1")
    till = make_till(platform={"base_url": url, "token_url": url + "/oauth/token"})
    nothing_arrives(till, platform)


def nothing_arrives(till: HandheldClient, platform: RunningEmulator) -> None:
    to_card(till)
    till.scan(CARD)
    assert shows(till, "NOT SENT") == NOT_PROVEN
    home(till)
    assert platform.requests() == []
    till.close()


def test_cancel_while_connecting_sends_nothing(
    make_till: MakeTill, platform: RunningEmulator
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://localhost:{silent.getsockname()[1]}"
        urls = {"base_url": url, "token_url": url + "/oauth/token", "connect_s": 30}
        till = make_till(platform=urls)
        to_card(till)
        till.scan(CARD)
        till.wait_screen("CANCEL=STOP")
        began_s = time.monotonic()
        till.press("CANCEL")
        till.wait_screen("CHECKOUT")
        assert time.monotonic() - began_s < 3
        till.close()


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
    with Handheld(profile, flash) as till:
        till.wait_screen("CHECKOUT")
    image.write_files(flash, {name: raw})
    with Handheld(None, flash) as till:
        till.wait_screen("SETTINGS ARE WRONG")
        till.wait_screen("PROVISION AGAIN")
        until(lambda: logged(till) == ["profile: " + said])
        till.press("ENTER")  # again, and it is still so
        until(lambda: logged(till) == ["profile: " + said] * 2)
        assert till.close() == 0


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
        capture_output=True, cwd=ROOT, timeout=30,
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
        capture_output=True, cwd=ROOT, timeout=30,
    )  # fmt: skip
    assert program.returncode == 2 and program.stdout == b""
    (complaint,) = program.stderr.decode().splitlines()
    assert f"--port {platform.port}" in complaint


# --- secrets, and a monkey ---


def test_no_number_and_no_secret_is_told_to_anyone(
    make_till: MakeTill, platform: RunningEmulator, capfd: pytest.CaptureFixture[str]
) -> None:
    till = make_till(network={"password": "wifi-secret-5"}, platform={"reply_s": 1})
    redeem(till)
    platform.faults("inquire", "expire_token")
    to_offer(till)
    till.press("CANCEL")
    till.wait_screen("CHECKOUT")
    till.wifi(False)
    to_card(till)
    till.swipe(f"%B{CARD}^A/B^99?", f";{CARD}=99?")
    till.wait_screen("NO DISCOUNT")
    home(till)
    till.close()
    told = json.dumps(till.events) + capfd.readouterr().err
    told += "".join(slip.escpos.decode("latin-1") for slip in till.slips)
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
    make_till: MakeTill, platform: RunningEmulator, tmp_path: Path
) -> None:
    dice = random.Random(7)
    flash = tmp_path / "flash.img"
    till = make_till(flash=flash, cashier={"idle_s": 5}, platform={"reply_s": 1})
    till.wait_screen("CHECKOUT")
    for _ in range(3):
        monkey_at(till, platform, dice)
    till.wifi(True)
    till.paper(True)
    platform.clear()
    settled(till)
    for _ in range(20):
        if "CHECKOUT" in till.screen[0]:
            break
        till.press("CANCEL")
        settled(till)
    redeem(till)
    assert not [line for line in logged(till) if line.startswith(("stopped", "input"))]
    assert not till.complaints
    assert till.close() == 0
    approved = {
        entry.result.confirmation_number
        for entry in kept(flash)
        if entry.result.outcome == "approved"
    }
    committed = {str(entry["confirmation"]) for entry in platform.ledger()}
    assert approved and approved <= committed
    doubtful = [e for e in kept(flash) if e.is_unresolved]
    assert len(committed - approved) <= len(doubtful)


def monkey_at(till: HandheldClient, platform: RunningEmulator, dice: random.Random) -> None:
    """A sale that something happens to, and a handful of keys."""
    keys = (*"1235900", "00", ".", "ENTER", "ENTER", "CANCEL", "CLEAR", "UP", "DOWN")
    sale = ("CANCEL", "CANCEL", "CANCEL", "1", *"4335", "ENTER")
    for key in [*[dice.choice(keys) for _ in range(8)], *sale]:
        HandheldClient.key(till, key)  # without waiting for a click
    till.scan(dice.choice([CARD, CARD, "x", "\xff"]))
    time.sleep(dice.random() / 2)
    what = dice.randrange(5)
    if what == 0:
        till.wifi(dice.random() < 0.5)
    elif what == 1:
        till.paper(dice.random() < 0.5)
    elif what == 2:
        platform.faults("redeem", dice.choice(["drop_after_commit", "garbage", "reset"]))
    elif what == 3:
        till.cut()
        till.power()
    HandheldClient.key(till, "ENTER")
    time.sleep(dice.random() / 2)
    HandheldClient.key(till, "ENTER")


def settled(till: HandheldClient) -> None:
    """Waits until every key that was asked for is pressed and nothing moves any more."""
    count = -1
    while count != len(till.events):
        count = len(till.events)
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
