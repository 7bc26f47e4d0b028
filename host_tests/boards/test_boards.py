"""Every board's folder is whole: it loads on its port's stand-ins, and its papers agree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from host_tests.boards import check
from tools import boards, build
from tools.debian import lock
from tools.deploy import board_file

BOARDS = boards.FOLDER
NAMES = [name for name in boards.names() if boards.port(name) != "unix"]
MICROPYTHON = [name for name in NAMES if boards.port(name) != "circuitpython"]


def test_every_board_that_the_guide_lists_is_there() -> None:
    guide = (BOARDS / "README.md").read_text().partition("## ")[0]
    listed = re.findall(r"^\| `(\w+)` \|", guide, re.MULTILINE)
    assert len(listed) > 1
    assert set(listed) <= {*NAMES, "simulator"}


@pytest.mark.parametrize("name", NAMES)
def test_a_board_passes_its_check(name: str) -> None:
    assert check.faults(BOARDS / name) == []


@pytest.mark.parametrize("name", MICROPYTHON)
def test_a_build_starts_with_the_boards_own_module(name: str, tmp_path: Path) -> None:
    files = build.read(build.build(name, tmp_path))
    assert {"main.py", "milepad_board.mpy", f"boards/{name}/board.mpy"} <= set(files)


@pytest.mark.parametrize("name", boards.names())
def test_a_board_holds_what_is_copied_onto_it_and_a_checkout_with_tls(name: str) -> None:
    memory = boards.memory(boards.settings(BOARDS / name))
    assert boards.lacks(memory, build.on_flash(name)) == ""


@pytest.mark.parametrize("name", NAMES)
def test_without_any_chip_the_rest_goes_on(name: str, tmp_path: Path) -> None:
    log, report = check.load(BOARDS, name, "app", folder=tmp_path)
    readme = (BOARDS / name / "README.md").read_text()
    addresses = re.findall(r"address (0x\w\w)", readme)  # of a display on I2C
    display = [line for line in log if line.startswith("display: ")]
    # Nothing comes back from a display on SPI.
    assert display == [
        "display: nothing at I2C " + address.lower() for address in addresses
    ]
    assert "profile: profile.json is missing" in log  # the app went on
    assert ("reader: too long" in log) == report["hears_noise"]  # and so did the readers
    assert not [line for line in log if line.startswith("input: ")]
    assert report["fed"] > 0
    assert not report["ended"]
    assert "wifi: KeyError" in log  # what escapes a task of the board's is told
    assert report["wifi_starts"] == 2


@pytest.mark.parametrize("name", NAMES)
def test_a_board_tells_why_it_started(name: str, tmp_path: Path) -> None:
    _, report = check.load(BOARDS, name, folder=tmp_path)
    assert report["reset_cause"] == "watchdog"  # as its port's stand-in has it


@pytest.mark.parametrize("name", NAMES)
def test_the_deployment_can_read_what_a_board_says(name: str) -> None:
    found = board_file.load(name)
    settings = boards.settings(BOARDS / name)
    assert found.has_drive == (settings["mpy_cross"] == "")
    assert settings["firmware_version"].startswith(settings["mpy_cross"])


@pytest.mark.parametrize("name", NAMES)
def test_a_board_names_the_releases_that_the_tests_run_on(name: str) -> None:
    settings = boards.settings(BOARDS / name)
    if settings["port"] == "circuitpython":
        assert settings["tested_versions"] == []
        return
    packages = [arches["amd64"] for arches in lock.read().values()]
    files = [each["micropython"][0].path for each in packages if "micropython" in each]
    locked = sorted(re.search(r"micropython_([\d.]+)", path)[1] for path in files)
    assert settings["tested_versions"] == locked
    assert settings["firmware_version"] == locked[0]
