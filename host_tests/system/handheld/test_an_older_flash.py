"""The flash of a device whose firmware was one version older: it boots and its open entry is
asked about."""

from __future__ import annotations

import asyncio
import gzip
import json
from functools import partial
from pathlib import Path

import pytest

from host_tests.kit.headless import START
from host_tests.system.handheld.conftest import MakeHandheld
from host_tests.system.handheld.hands import saw
from host_tests.system.power.bench import device_files
from host_tests.system.power.counter import PRINTER, standing
from tools.emulator.testing import RunningEmulator, running_emulator
from tools.handheld import image
from tools.handheld.access_point import AccessPoint

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


WHERE = "https://localhost:44443"  # the platform that the golden image's request was for
CREDENTIALS = {
    "client_id": "golden-device",
    "client_secret": "golden-secret",
    "signing_key": "Z29sZGVuLWtleS1nb2xkZW4ta2V5LWdvbGRlbi1rZXk=",
}


def test_a_redemption_that_the_version_before_left_open_can_be_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The image was written by the firmware that kept an intent and its result apart: one
    redemption of $40.00, and a second one cut off while the answer was waited for.
    """
    flash = tmp_path / "flash.img"
    flash.write_bytes(gzip.decompress((GOLDEN / "interrupted-2.gz").read_bytes()))
    state = tmp_path / "state"
    state.mkdir()
    (state / "credentials.json").write_text(json.dumps(CREDENTIALS))

    async def finish() -> None:
        async with standing(flash) as place:
            await place.sees("7=FINISH")
            await place.press("7")
            await place.sees("ENTER=GO ON")
            while not any("40.00" in slip for slip in place.slips):  # else a time-out
                await asyncio.sleep(0.02)

    with running_emulator(clock=START, self_cancel_s=-1, state=state) as platform:
        there = {"base_url": WHERE, "token_url": WHERE + "/oauth/token"}
        shop = {"network": {"ssid": "shop"}, "platform": there, "printer": PRINTER}
        image.write_files(flash, device_files(platform, **shop))
        # On the machine that runs this test anybody may have that port.
        way = partial(asyncio.open_connection, "localhost", platform.port)
        monkeypatch.setattr(AccessPoint, "_connect", lambda *_: way())
        asyncio.run(finish())
        (entry,) = platform.ledger()
        assert (entry["dollars"], entry["trace_id"]) == ("40.00", "858806775561")
