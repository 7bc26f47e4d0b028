"""board.toml as a deployment reads it."""

import pytest

from tools.build import ROOT
from tools.deploy import board_file
from tools.deploy.errors import UsageError

GOOD = {
    "port": "esp32",
    "firmware": "ESP32_GENERIC_S3",
    "firmware_version": "1.25.0",
    "libraries": [],
}


def test_every_board_of_the_project_can_be_deployed_to():
    names = sorted(path.parent.name for path in (ROOT / "boards").glob("*/board.py"))
    assert len(names) >= 5
    with_drive = [name for name in names if board_file.load(name).has_drive]
    assert with_drive == ["feather_circuitpython"]


def test_what_belongs_on_it_is_a_python_and_its_version():
    found = board_file.parse("b", GOOD, "t")
    assert (found.port, found.firmware, found.version) == (
        "esp32",
        "ESP32_GENERIC_S3",
        "1.25.0",
    )


@pytest.mark.parametrize("key", sorted(GOOD))
def test_a_key_that_is_missing_or_no_text_is_named(key):
    for value in (None, 3):
        with pytest.raises(UsageError, match=f"t: {key}: expected a "):
            board_file.parse("b", {**GOOD, key: value}, "t")


@pytest.mark.parametrize("name", ["", "nothing", "../firmware", "simulator/.."])
def test_a_board_that_is_not_there_is_refused(name):
    with pytest.raises(UsageError, match="BOARD is one of"):
        board_file.load(name)
