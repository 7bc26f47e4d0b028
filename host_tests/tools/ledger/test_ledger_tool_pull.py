"""Pulling ledgers through the real mpremote from MicroPython behind a pseudo-terminal."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from mpremote.transport_serial import SerialTransport

from host_tests.kit.until import LONG_S
from host_tests.tools.ledger.making import ROOT, entry, image, tool
from tools.deploy import board_file
from tools.deploy.__main__ import release_of
from tools.device.errors import DeviceError
from tools.device.port import Port
from tools.handheld.image import write_files
from tools.ledger import pull
from tools.ledger.device import Listing, listing, mark_exported
from tools.ledger.entries import LedgerEntry
from tools.ledger.errors import PullError
from tools.ledger.sources import Identity, open_source
from tools.virtual_board.testing import plugged_in


@pytest.fixture
def device(flash: Path, tmp_path: Path) -> Path:
    """An image of its own, which a board may change."""
    return Path(shutil.copy(flash, tmp_path / "device.img"))


def entries_of(path: Path) -> list[LedgerEntry]:
    return open_source(path).read()[0]


def exported(path: Path) -> int:
    return open_source(path).read()[1].exported


def is_started(port: str) -> bool:
    """Whether the device's own program says so on its console."""
    console, seen = os.open(port, os.O_RDWR | os.O_NOCTTY), b""
    try:
        while b"started" not in seen and select.select([console], [], [], LONG_S)[0]:
            seen += os.read(console, 1000)
    finally:
        os.close(console)
    return b"started" in seen


def test_a_pulled_ledger_is_the_devices(device: Path, tmp_path: Path) -> None:
    before = open_source(device).read()
    write_files(device, {"main.py": b"print('started')"})
    with plugged_in(device) as port:
        done = tool("pull", port, "-o", tmp_path / "pulled")
        folder = tmp_path / "pulled" / "0001-01"
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == f"{port}: 56 entries in {folder}\n"
        assert is_started(port)
    source = open_source(folder)
    assert source.read() == before
    assert source.identity == Identity("SPON", "0001", "01")
    assert exported(device) == 0


def test_neither_token_nor_secrets_are_copied(device: Path, tmp_path: Path) -> None:
    with plugged_in(device) as port:
        tool("pull", port, "-o", tmp_path / "pulled")
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
    open_ones = [entry.sequence for entry in entries_of(device) if entry.outcome == "open"]
    write_files(device, release_of(board_file.load("simulator")))
    with plugged_in(device) as port:
        done = tool("pull", port, "-o", tmp_path / "pulled", "--mark-exported")
    assert done.stdout.endswith("; marked as exported up to 56\n"), done.stderr
    assert exported(device) == 56
    assert open_ones
    assert [e.sequence for e in entries_of(device) if e.outcome == "open"] == open_ones


def test_many_at_once_and_one_that_is_not_there(tmp_path: Path) -> None:
    one = image(tmp_path / "one.img", [entry(1)])
    two = image(tmp_path / "two.img", [entry(2), entry(3)])
    with plugged_in(one) as first, plugged_in(two) as second:
        done = tool("pull", first, "/dev/not-there", second, "-o", tmp_path / "pulled")
    assert done.returncode == 2
    assert done.stderr.startswith("tools.ledger pull: /dev/not-there: ")
    assert done.stderr.count("\n") == 1
    folders = sorted((tmp_path / "pulled").iterdir())
    assert [path.name for path in folders] == ["0001-01", "0001-01-2"]
    shown = tool("show", "--csv", *folders).stdout
    assert len(shown.splitlines()) == 1 + 3


def test_a_device_without_a_ledger_says_so(tmp_path: Path) -> None:
    bare = image(tmp_path / "bare.img", [], folder="/other")
    with plugged_in(bare) as port:
        done = tool("pull", port, "-o", tmp_path / "pulled")
    assert done.returncode == 2
    assert "the device keeps no ledger; expected /ledger on it" in done.stderr
    assert list((tmp_path / "pulled").iterdir()) == []


def test_an_earlier_pull_is_not_written_over(device: Path, tmp_path: Path) -> None:
    into = tmp_path / "pulled"
    for name in ("0001-01", "0001-01-2"):
        (into / name).mkdir(parents=True)
        (into / name / "another's").write_text("whole")
    (into / "0001-01-3").write_text("a file")
    with plugged_in(device) as port:
        done = tool("pull", port, "-o", into)
    assert done.stdout == f"{port}: 56 entries in {into / '0001-01-4'}\n"
    assert (into / "0001-01" / "another's").read_text() == "whole"
    assert open_source(into / "0001-01-4").read() == open_source(device).read()


def test_a_device_that_does_not_say_who_it_is_goes_by_its_port(tmp_path: Path) -> None:
    bare = image(tmp_path / "bare.img", [entry(1)], files={})
    with plugged_in(bare) as port:
        done = tool("pull", port, "-o", tmp_path / "pulled")
        folder = tmp_path / "pulled" / pull.folder_name(port)
    assert done.stdout == f"{port}: 1 entry in {folder}\n"
    assert open_source(folder).read() == open_source(bare).read()


def test_one_port_given_twice_is_refused(tmp_path: Path) -> None:
    done = tool("pull", "/dev/ttyACM0", "/dev/ttyACM0", "-o", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("/dev/ttyACM0: given twice\n")


def test_a_pull_that_did_not_end_is_no_ledger(tmp_path: Path) -> None:
    folder = tmp_path / "ttyACM0.partial"
    (folder / "ledger").mkdir(parents=True)
    for words in (("show", folder), ("match", folder, tmp_path / "theirs.txt")):
        assert f"{folder}: a pull that did not end; pull again" in tool(*words).stderr


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
def test_a_folder_is_named_after_its_port_while_nothing_else_is_known(
    port: str, name: str
) -> None:
    assert pull.folder_name(port) == name


SUM = "0" * 64
KEPT = {
    "tuple(os.stat(": ["(16384, 0, 0, 0, 0, 0, 0, 0, 0, 0)"],
    "quiet_watchdog(": ["MILEPAD null"],
    "sums(": ['MILEPAD {"/ledger/new/0a": "' + SUM + '"}'],
    "mark_exported(": ["MILEPAD 4"],
    "r(768)": ["b'other bytes'", "b''"],
}


class Hostile(SerialTransport):  # type: ignore[misc]
    """A device that answers mpremote's questions as it likes, the last answer again and again."""

    def __init__(self, changes: dict[str, list[str]]) -> None:
        self.serial = SimpleNamespace(read=None, write=None, inWaiting=None)
        self.asked: list[str] = []
        self.answers = {key: list(value) for key, value in {**KEPT, **changes}.items()}

    def enter_raw_repl(self, soft_reset: bool = True, timeout_overall: int = 10) -> None:
        """It lets anybody in."""

    def close(self) -> None:
        """It holds nothing."""

    def exec_raw_no_follow(self, command: str) -> None:
        """It does nothing of what it is told."""

    def exec_raw(
        self, command: str, timeout: float = 10, data_consumer: Any = None
    ) -> tuple[bytes, bytes]:
        self.asked.append(command)
        answers = next((v for key, v in self.answers.items() if key in command), [""])
        answer = (answers.pop(0) if len(answers) > 1 else answers[0]).encode()
        if data_consumer is not None:
            data_consumer(answer)
        return answer, b""


def hostile(about: str = "", answer: str = "") -> Port:
    changes = {about: [f"boot noise\n{answer}\n"]} if about else {}
    return Port("/dev/hostile", Hostile(changes))


def sums(found: object) -> str:
    return f"MILEPAD {json.dumps(found)}"


@pytest.mark.parametrize(
    ("about", "answer"),
    [
        ("tuple(os.stat(", ""), ("tuple(os.stat(", "{"), ("tuple(os.stat(", "[]"),
        ("tuple(os.stat(", "null"),
        ("sums(", ""), ("sums(", "MILEPAD {"), ("sums(", sums([1])), ("sums(", sums(None)),
        ("sums(", sums({"/ledger/new/00": 1})), ("sums(", sums({"/ledger/new/00": "../x"})),
        ("sums(", sums({str(number): SUM for number in range(5000)})),
    ],
)  # fmt: skip
def test_answers_that_make_no_sense_are_refused(about: str, answer: str) -> None:
    with pytest.raises(DeviceError, match=r"^/dev/hostile: the device"):
        listing(hostile(about, answer))


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "/etc/passwd", "new/../x", "new/", "token", "new/0G", "x/00"],
)
def test_a_name_that_is_none_of_a_ledgers_is_not_copied(name: str) -> None:
    found = {f"/ledger/{name}": SUM, name: SUM, "/ledger/new/0a": SUM}
    assert listing(hostile("sums(", sums(found))) == Listing({"new/0a": SUM}, None)


def test_the_watchdog_is_given_time_before_anything_is_read() -> None:
    device = Hostile({})
    listing(Port("/dev/hostile", device))
    about = ["quiet_watchdog(" in text for text in device.asked]
    reading = ["sums(" in text for text in device.asked]
    assert about.index(True) < reading.index(True)


def test_a_copy_that_was_damaged_on_its_way_is_thrown_away(tmp_path: Path) -> None:
    with pytest.raises(PullError, match="new/0a was damaged on its way; pull again"):
        pull.pull_one(hostile, tmp_path / "hostile", True)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_marked_when_the_device_counts_otherwise() -> None:
    with pytest.raises(
        DeviceError, match="not marked: 5 entries were pulled, the device counts 4"
    ):
        mark_exported(hostile("mark_exported(", "MILEPAD 4"), 5, 5)


@pytest.mark.parametrize("answer", ["", "MILEPAD ", "MILEPAD {", "MILEPAD null"])
def test_a_mark_that_is_answered_with_nonsense_is_none(answer: str) -> None:
    with pytest.raises(DeviceError, match=r"^/dev/hostile: "):
        mark_exported(hostile("mark_exported(", answer), 5, 5)


def test_a_cable_pulled_in_the_middle_is_one_line_and_leaves_no_half_copy(
    device: Path, tmp_path: Path
) -> None:
    with plugged_in(device, unplug_after=1500) as port:
        done = tool("pull", port, "-o", tmp_path / "pulled")
    assert done.returncode == 2
    assert done.stderr == (
        f"tools.ledger pull: {port}: the connection broke off: plug the cable in and run "
        "the same command again\n"
    )
    assert list((tmp_path / "pulled").iterdir()) == []


# Sends the signal from inside, so that the moment does not depend on the machine's speed.
INTERRUPTED = """
import os, signal, sys
is_sent = False
def seen(event, words):
    global is_sent
    if not is_sent and event == os.environ["EVENT"] and os.environ["PLACE"] in str(words[0]):
        is_sent = True
        os.kill(os.getpid(), signal.SIGINT)
sys.addaudithook(seen)
"""


@pytest.mark.parametrize(
    ("event", "place"), [("os.mkdir", ".partial"), ("open", ".partial/ledger/")]
)
def test_ctrl_c_leaves_no_half_copy_and_the_device_running(
    event: str, place: str, device: Path, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(INTERRUPTED)
    paths = {"PYTHONPATH": f"{tmp_path}:{ROOT}", "EVENT": event, "PLACE": place}
    write_files(device, {"main.py": b"print('started')"})
    with plugged_in(device) as port:
        done = subprocess.run(
            [sys.executable, "-m", "tools.ledger", "pull", port, "-o", str(tmp_path / "p")],
            capture_output=True, text=True, cwd=ROOT, env={**os.environ, **paths},
        )  # fmt: skip
        assert (done.stdout, done.stderr) == ("", "ledger: stopped by Ctrl-C\n")
        assert done.returncode == 130
        assert is_started(port)
    assert list((tmp_path / "p").iterdir()) == []
