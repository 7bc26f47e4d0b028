"""A whole sale on the handheld behind a real server, which is reloaded in its middle."""

from __future__ import annotations

from pathlib import Path

from host_tests.kit.books import Books
from host_tests.kit.headless import Handheld, profile_text
from host_tests.system.handheld.hands import home, shows, slip_with, to_offer
from host_tests.system.servers.conftest import GetFront
from host_tests.system.servers.front import Front
from host_tests.system.servers.oauth import RESOURCE
from tools.emulator.testing import RunningEmulator


def _handheld(far: Front, folder: Path, **more: str) -> Handheld:
    profile = folder / "profile.toml"
    platform = {"token_url": far.token_url, "connect_s": 10, "reply_s": 10, **more}
    profile.write_text(profile_text(far, {"platform": platform}), "utf-8")
    return Handheld(profile, folder / "flash.img")


def _sells(handheld: Handheld, far: Front, platform: RunningEmulator) -> None:
    """$40.00 off, with the server reloaded while the offer is on the screen."""
    to_offer(handheld)
    far.server.reload()
    handheld.press("ENTER")
    rows = shows(handheld, "ENTER=GO ON")
    assert rows[0] == "APPROVED      $40.00"
    number = rows[1].split()[-1]
    slip_with(handheld, number)
    home(handheld)
    assert [entry["confirmation"] for entry in platform.ledger()] == [number]
    books = Books(platform)
    assert len(books.of("inquire")) == len(books.of("redeem")) == 1
    assert books.copy_faults() == []


def test_a_reload_while_the_offer_is_shown_is_not_noticed(
    front: GetFront, platform: RunningEmulator, tmp_path: Path
) -> None:
    far = front("kept")
    with _handheld(far, tmp_path) as handheld:
        _sells(handheld, far, platform)


def test_behind_a_gateway_with_an_oauth_server_it_is_the_same(
    gateway: Front, platform: RunningEmulator, tmp_path: Path
) -> None:
    with _handheld(gateway, tmp_path, resource=RESOURCE) as handheld:
        _sells(handheld, gateway, platform)
