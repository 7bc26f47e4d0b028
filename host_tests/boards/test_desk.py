"""The simulated board's other displays and its bare magstripe head, on both Pythons."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from host_tests.boards import pythons
from host_tests.boards.test_start import START, Desk
from tools.handheld.card_bits import encode_track
from tools.handheld.chips.ssd1306 import Ssd1306
from tools.handheld.chips.st7789 import St7789
from tools.handheld.client import HandheldClient
from tools.handheld.inputs import clocked

TRACK1, TRACK2 = "%B84095202006^DOE/J^9912?", ";84095202006=9912?"
QUIET = "0" * 30
SHOWN = f"{'TOTAL $43.35':<20}"


def frame(desk: Desk) -> tuple[bytes, bytes]:
    """The next frame, without the desk's own display."""
    assert desk.process.stdout
    head = desk.process.stdout.read(3)
    assert len(head) == 3, desk.complaint()
    return head[:1], desk.process.stdout.read(head[1] << 8 | head[2])


@pytest.fixture(params=pythons.NAMES)
def python(request: pytest.FixtureRequest) -> str:
    return request.param


@contextlib.contextmanager
def booted(python: str, folder: Path, **config: object) -> Iterator[Desk]:
    settings = {"flash": str(folder / "flash"), "access_point_port": 1, **config}
    desk = Desk(python, settings)
    try:
        yield desk
    finally:
        code = desk.close()
    assert code == 0


def test_an_oled_shows_what_the_firmware_shows(python: str, tmp_path: Path) -> None:
    chip = Ssd1306()
    with booted(python, tmp_path, display="ssd1306") as desk:
        desk.scan("show TOTAL $43.35")
        while chip.lines()[0] != SHOWN:
            kind, payload = frame(desk)
            if kind == b"I":
                assert payload[0] == 0x3C
                chip.write(payload[5:])
    assert chip.complaints.all == []


def test_a_tft_shows_what_the_firmware_shows(python: str, tmp_path: Path) -> None:
    chip, letters = St7789(), 0
    with booted(python, tmp_path, display="st7789") as desk:
        desk.scan("show TOTAL $43.35")
        while letters < 11 or chip.lines()[0] != SHOWN:
            kind, payload = frame(desk)
            if kind == b"S":
                chip.write(payload[0], payload[1:])
                letters += payload == b"\x00\x2a"  # a window begins
    assert chip.complaints.all == []


def test_bits_past_the_head_are_a_swipe(python: str, tmp_path: Path) -> None:
    with booted(python, tmp_path) as desk:
        assert desk.log() == "simulator 4 tasks"
        for _ in range(2):
            # At once: the card is gone when no bit has come for 30 ms.
            desk.write(
                b"".join(
                    clocked(track, QUIET + encode_track(text, track) + QUIET)
                    for track, text in ((1, TRACK1), (2, TRACK2))
                )
            )
            assert desk.log() == "swipe " + TRACK1 + TRACK2
        desk.send(b"M", b"\x02\x00\x28" + bytes(5))
        assert desk.log() == "noise card not read"


NONSENSE = (b"", b"\x02", b"\x02\xff\xff", b"\x09\x00\x08\xff", b"\x02\x00\x01\xff\xff")


def test_frames_of_bits_that_make_no_sense_change_nothing(
    python: str, tmp_path: Path
) -> None:
    with booted(python, tmp_path) as desk:
        assert desk.log() == "simulator 4 tasks"
        for payload in NONSENSE:
            desk.send(b"M", payload)
        desk.scan("84095202006")
        assert desk.log() == "scan 84095202006"


def test_a_display_that_there_is_none_of_is_one_line(tmp_path: Path) -> None:
    config = {"flash": str(tmp_path / "f"), "access_point_port": 1, "display": "crt"}
    done = subprocess.run(
        [*pythons.command("micropython"), str(START), json.dumps(config)],
        env=pythons.environment(),
        capture_output=True,
        text=True,
    )
    expected = "simulator: display: expected one of lcd20x4, ssd1306, st7789\n"
    assert (done.returncode, done.stderr) == (2, expected)


@pytest.mark.parametrize("display", ["lcd20x4", "ssd1306", "st7789"])
def test_the_headless_handheld_shows_the_same_on_every_display(
    display: str, tmp_path: Path
) -> None:
    options = ["--display", display]
    with HandheldClient(None, tmp_path / "flash.img", options) as handheld:
        screen = handheld.wait_screen("profile.json")
        handheld.send({"swipe_bits": {"track2": "0110" * 20}})
        handheld.wait_sound("error")
        assert handheld.complaints == []
    assert json.dumps(screen).count("?") == 0
