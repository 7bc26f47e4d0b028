"""The flash of a device whose firmware was one version older: it boots and its open entry is
asked about."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from host_tests.kit.headless import START, Handheld, profile_text
from host_tests.system.handheld.conftest import MakeHandheld
from host_tests.system.handheld.hands import saw
from tools.emulator.testing import RunningEmulator, running_emulator

ROOT = Path(__file__).resolve().parents[3]
GOLDEN = ROOT / "host_tests" / "ledger" / "golden"
IMAGE = GOLDEN / "littlefs-1.gz"


def test_the_open_entries_of_an_older_flash_are_asked_about(
    make_handheld: MakeHandheld, platform: RunningEmulator, tmp_path: Path
) -> None:
    flash = tmp_path / "flash.img"
    flash.write_bytes(gzip.decompress(IMAGE.read_bytes()))
    handheld = make_handheld(flash=flash)
    handheld.wait_screen("INTERRUPTED")
    assert "STORAGE FAILED" not in saw(handheld)
    assert platform.requests("redeem") == []


PORT = 44443  # of the platform that the golden image's request was for
CREDENTIALS = {
    "client_id": "golden-device",
    "client_secret": "golden-secret",
    "signing_key": "Z29sZGVuLWtleS1nb2xkZW4ta2V5LWdvbGRlbi1rZXk=",
}


def test_a_redemption_that_the_version_before_left_open_can_be_finished(
    tmp_path: Path,
) -> None:
    """The image was written by the firmware that kept an intent and its result apart: one
    redemption of $40.00, and a second one cut off while the answer was waited for.
    """
    flash = tmp_path / "flash.img"
    flash.write_bytes(gzip.decompress((GOLDEN / "interrupted-2.gz").read_bytes()))
    state = tmp_path / "state"
    state.mkdir()
    (state / "credentials.json").write_text(json.dumps(CREDENTIALS))
    profile = tmp_path / "profile.toml"
    with running_emulator(
        clock=START, self_cancel_s=-1, port=PORT, state=state
    ) as platform:
        changes = {"network": {"ssid": "shop"}}
        profile.write_text(profile_text(platform, changes), "utf-8")
        with Handheld(profile, flash) as handheld:
            handheld.wait_screen("7=FINISH")
            handheld.press("7")
            handheld.wait_screen("ENTER=GO ON")
            assert "40.00" in handheld.wait_slip(20).text
        (entry,) = platform.ledger()
        assert (entry["dollars"], entry["trace_id"]) == ("40.00", "858806775561")
