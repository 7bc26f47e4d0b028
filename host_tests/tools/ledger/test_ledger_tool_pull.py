"""Pulling ledgers through the real mpremote from MicroPython behind a pseudo-terminal."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from host_tests.tools.ledger.board import Board
from host_tests.tools.ledger.making import entry, image, tool
from tools.ledger import pull
from tools.ledger.device import Device, Listing
from tools.ledger.errors import PullError
from tools.ledger.firmware import LedgerEntry
from tools.ledger.sources import Identity, open_source


@pytest.fixture
def device(flash: Path, tmp_path: Path) -> Path:
    """An image of its own, which a board may change."""
    return Path(shutil.copy(flash, tmp_path / "device.img"))


def entries_of(path: Path) -> list[LedgerEntry]:
    return open_source(path).read()[0]


def exported(path: Path) -> int:
    return open_source(path).read()[1].exported


def test_a_pulled_ledger_is_the_devices(device: Path, tmp_path: Path) -> None:
    before = open_source(device).read()
    with Board(device) as board:
        done = tool("pull", board.port, "-o", tmp_path / "pulled")
        folder = tmp_path / "pulled" / pull.folder_name(board.port)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == f"{board.port}: 56 entries in {folder}\n"
        assert board.was_restarted()
    source = open_source(folder)
    assert source.read() == before
    assert source.identity == Identity("SPON", "0001", "01")
    assert exported(device) == 0


def test_neither_token_nor_secrets_are_copied(device: Path, tmp_path: Path) -> None:
    with Board(device) as board:
        tool("pull", board.port, "-o", tmp_path / "pulled")
    files = [path for path in (tmp_path / "pulled").rglob("*") if path.is_file()]
    assert not {path.name for path in files} & {
        "token",
        "trace",
        "secret.json",
        "profile.json",
    }
    assert b"not-for-export" not in b"".join(path.read_bytes() for path in files)


def test_marking_goes_past_an_open_entry_which_the_device_keeps(
    device: Path, tmp_path: Path
) -> None:
    open_ones = [entry.sequence for entry in entries_of(device) if entry.state == "open"]
    with Board(device) as board:
        done = tool("pull", board.port, "-o", tmp_path / "pulled", "--mark-exported")
    assert done.stdout.endswith("; marked as exported up to 56\n"), done.stderr
    assert exported(device) == 56
    assert open_ones
    assert [e.sequence for e in entries_of(device) if e.state == "open"] == open_ones


def test_many_at_once_and_one_that_is_not_there(tmp_path: Path) -> None:
    one = image(tmp_path / "one.img", [entry(1)])
    two = image(tmp_path / "two.img", [entry(2), entry(3)])
    with Board(one) as first, Board(two) as second:
        done = tool(
            "pull", first.port, "/dev/not-there", second.port, "-o", tmp_path / "pulled"
        )
    assert done.returncode == 2
    assert done.stderr.startswith("tools.ledger pull: /dev/not-there: ")
    assert done.stderr.count("\n") == 1
    shown = tool("show", "--csv", *sorted((tmp_path / "pulled").iterdir())).stdout
    assert len(shown.splitlines()) == 1 + 3


def test_a_device_without_a_ledger_says_so(tmp_path: Path) -> None:
    bare = image(tmp_path / "bare.img", [], folder="/other")
    with Board(bare) as board:
        done = tool("pull", board.port, "-o", tmp_path / "pulled")
    assert done.returncode == 2
    assert "the device keeps no ledger; expected /ledger on it" in done.stderr
    assert list((tmp_path / "pulled").iterdir()) == []


def test_an_earlier_pull_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "ttyACM0").mkdir()
    done = tool("pull", "/dev/ttyACM0", "-o", tmp_path)
    assert done.returncode == 2
    assert done.stderr.endswith("ttyACM0: exists already; give another folder to -o\n")


@pytest.mark.parametrize(
    ("port", "name"),
    [
        ("/dev/ttyACM0", "ttyACM0"),
        ("/dev/pts/3", "pts-3"),
        ("socket://10.0.0.9:2323", "socket-10.0.0.9-2323"),
        ("COM3", "COM3"),
        ("/../..", "device"),
    ],
)
def test_a_folder_is_named_after_its_port(port: str, name: str) -> None:
    assert pull.folder_name(port) == name


class Hostile(Device):
    """A device that answers what it likes."""

    def __init__(self, answer: object) -> None:
        super().__init__("/dev/hostile")
        self.answer = answer

    def _run(self, *words: str) -> str:
        return f"boot noise\nMILEPAD {self.answer}\n"


SUM = "0" * 64


@pytest.mark.parametrize(
    "answer",
    [
        "", "{", "[]", "null", '{"files": []}', '{"files": {"new/00": 1}}',
        '{"files": {"new/00": "../x"}}', json.dumps({"files": {str(n): SUM for n in range(5000)}}),
    ],
)  # fmt: skip
def test_answers_that_make_no_sense_are_refused(answer: str) -> None:
    with pytest.raises(PullError, match=r"^/dev/hostile: "):
        Hostile(answer).listing()


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "/etc/passwd", "new/../x", "new/", "token", "new/0G", "x/00"],
)
def test_a_name_that_is_none_of_a_ledgers_is_not_copied(name: str) -> None:
    answer = json.dumps({"files": {name: SUM, "new/0a": SUM}, "who": None})
    assert Hostile(answer).listing() == Listing({"new/0a": SUM}, None)


def test_a_copy_that_was_damaged_on_its_way_is_thrown_away(tmp_path: Path) -> None:
    class Damaging(Hostile):
        def copy(self, names: object, into: Path) -> None:
            (into / "new").mkdir()
            (into / "new/0a").write_bytes(b"other bytes")

    device = Damaging(json.dumps({"files": {"new/0a": SUM}, "who": None}))
    with pytest.raises(PullError, match="new/0a was damaged on its way; pull again"):
        pull.pull_one(device, tmp_path / "hostile", True)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_marked_when_the_device_counts_otherwise() -> None:
    with pytest.raises(
        PullError, match="not marked: 5 entries were pulled, the device counts 4"
    ):
        Hostile('{"count": 4}').mark_exported(5, 5)
