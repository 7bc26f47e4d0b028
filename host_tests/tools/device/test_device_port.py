"""A port and real MicroPython behind it: files, questions, and every way of going wrong."""

from __future__ import annotations

import hashlib
import os
import pty
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tools.device import port as port_module
from tools.device.connect import connect
from tools.device.errors import DeviceError
from tools.device.on_device import rename as rename_module
from tools.device.port import Port
from tools.handheld.image import read_files, write_files
from tools.virtual_board.testing import plugged_in

EVERY_BYTE = bytes(range(256)) * 9  # several chunks, and one that is not full


@pytest.fixture(scope="module")
def flash(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("board") / "flash.img"


@pytest.fixture(scope="module")
def port(flash: Path) -> Iterator[Port]:
    """One board for all that leaves it as it was."""
    with plugged_in(flash) as name, closing(connect(name)) as opened:
        yield opened


def sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


@pytest.mark.parametrize("raw", [b"", b"\n", b"'\"\\\x04\x03\x01", EVERY_BYTE])
def test_a_file_is_read_and_summed_as_it_was_written(port: Port, raw: bytes) -> None:
    port.write("a/b.bin", raw)
    assert port.read("a/b.bin") == raw
    assert port.sums(["a/b.bin"]) == {"a/b.bin": sha256(raw)}


def test_what_was_written_is_on_the_flash_under_its_own_name_only(
    port: Port, flash: Path
) -> None:
    port.write("whole/new.bin", b"1")
    port.write("whole/new.bin", b"2")
    files = read_files(flash)
    assert {name: files[name] for name in files if name.startswith("whole")} == {
        "whole/new.bin": b"2"
    }


def test_sums_are_of_the_files_asked_for_and_of_all_below_the_folders(port: Port) -> None:
    for path in ("x/y/1", "x/y/2", "x/3", "xy", "x.y", "z"):
        port.write(path, path.encode())
    found = port.sums(["x", "z", "y", "x/none"])
    assert found == {path: sha256(path.encode()) for path in ("x/y/1", "x/y/2", "x/3", "z")}
    assert list(port.sums(["x/y/2"])) == ["x/y/2"]


def test_a_folder_is_told_from_a_file_and_from_nothing(port: Port) -> None:
    port.write("names/below/three", b"")
    assert port.has_folder("names/below")
    assert not port.has_folder("names/below/three")
    assert not port.has_folder("names/none")


def test_folders_go_with_their_last_file_and_can_be_made_again(port: Port) -> None:
    port.write("gone/a/1", b"")
    port.write("gone/2", b"")
    port.remove("gone/a/1")
    assert not port.has_folder("gone/a")
    port.remove("gone/2")
    assert not port.has_folder("gone")
    port.write("gone/a/1", b"again")
    assert port.read("gone/a/1") == b"again"


def test_a_file_moves_onto_another(port: Port) -> None:
    port.write("old", b"old")
    port.write("new", b"new")
    port.rename("new", "old")
    assert port.read("old") == b"new"
    assert port.sums(["new"]) == {}


def test_where_nothing_moves_onto_a_file_that_one_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    move = os.rename

    def of_fat(path: str, new_path: str) -> None:
        if os.path.exists(new_path):
            raise FileExistsError(new_path)
        move(path, new_path)

    monkeypatch.setattr("os.rename", of_fat)
    (tmp_path / "new").write_bytes(b"new")
    (tmp_path / "old").write_bytes(b"old")
    rename_module.rename(str(tmp_path / "new"), str(tmp_path / "old"))
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"new"]


def test_a_board_says_what_runs_there(port: Port) -> None:
    assert (port.identity().python, port.identity().mpy) == ("micropython", 6)


@pytest.mark.parametrize("ask", [Port.read, Port.remove])
def test_what_is_not_there_is_named_in_one_line(
    port: Port, ask: Callable[[Port, str], object]
) -> None:
    with pytest.raises(DeviceError) as caught:
        ask(port, "not/there")
    assert str(caught.value) == (
        f"{port.name}: the board says of /not/there: No such file or directory"
    )


def test_a_script_that_fails_is_the_last_line_of_its_traceback(port: Port) -> None:
    with pytest.raises(DeviceError, match=r": the board says ValueError: two words$"):
        port.run("def f():\n raise ValueError('two words')\nf()")
    assert port.run("print(6*7)").strip() == "42"


def test_a_full_flash_is_said_in_one_line_and_leaves_the_file_as_it_was(
    tmp_path: Path,
) -> None:
    write_files(tmp_path / "full.img", {"kept": b"kept", "mine": bytes(700_000)})
    with plugged_in(tmp_path / "full.img") as name, closing(connect(name)) as port:
        with pytest.raises(DeviceError, match="the board's flash is full: remove files"):
            port.write("kept", bytes(400_000))
        assert port.read("kept") == b"kept"


def test_a_cable_pulled_while_files_are_read_is_one_line(tmp_path: Path) -> None:
    write_files(tmp_path / "flash.img", {"long": bytes(100_000)})
    with (
        plugged_in(tmp_path / "flash.img", unplug_after=600) as name,
        closing(connect(name)) as port,
        pytest.raises(DeviceError) as caught,
    ):
        port.read("long")
    assert str(caught.value) == (
        f"{name}: the connection broke off: plug the cable in and run the same command again"
    )


def test_a_port_may_have_any_name_that_mpremote_knows_it_by(tmp_path: Path) -> None:
    with (
        plugged_in(tmp_path / "flash.img") as name,
        closing(connect(f"port:{name}")) as port,
    ):
        assert port.identity().python == "micropython"


@pytest.mark.parametrize("name", ["", "/dev/ttyNONE", "id:none", "nothing://x", "list"])
def test_a_name_of_no_port_says_how_to_find_one(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(DeviceError, match="there is no such port; "):
        connect(name)
    assert capsys.readouterr().out == ""


def test_a_folder_is_told_from_a_port(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="that is a folder, and this board is reached"):
        connect(str(tmp_path))


class Strange:
    """Something else than a board on a pty: `answer` says what comes back for what went in."""

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self._answer = answer
        self._near, self._far = pty.openpty()
        tty.setraw(self._far)
        self.name = os.ttyname(self._far)
        self._thread = threading.Thread(target=self._serve)
        self._is_closed = False

    def _serve(self) -> None:
        while not self._is_closed:
            try:
                os.write(self._near, self._answer(os.read(self._near, 4096)))
            except OSError:
                return

    def __enter__(self) -> str:
        self._thread.start()
        return self.name

    def __exit__(self, *_: object) -> None:
        self._is_closed = True
        os.close(self._far)
        self._thread.join(10)
        os.close(self._near)


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for what will not come."""
    times = {"_SILENCE_S": 0.1, "_PAUSE_S": 0.1, "_PROMPT_S": 0.2, "_PROMPT_TRIES": 3}
    for name, value in times.items():
        monkeypatch.setattr(port_module, name, value)


BANNER = b"raw REPL; CTRL-B to exit\r\n>"


def stuck_in_a_header(raw: bytes) -> bytes:
    """A board that dies within the head of its answer to raw paste."""
    if b"\x05A\x01" in raw:
        return b"R\x01"
    return b"OK\r\nsoft reboot\r\n" + BANNER if raw == b"\x04" else BANNER


@pytest.mark.parametrize(
    "answer",
    [
        lambda raw: b"",
        lambda raw: b"\r\nERROR\r\n",
        lambda raw: b"login: ",
        lambda raw: raw,
        stuck_in_a_header,
    ],
    ids=["silent", "modem", "login", "echo", "dies"],
)
def test_what_has_no_prompt_of_micropython_is_one_line(
    answer: Callable[[bytes], bytes],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    hurry(monkeypatch)
    with (
        Strange(answer) as name,
        pytest.raises(DeviceError) as caught,
        closing(connect(name)) as port,
    ):
        port.identity()
    assert str(caught.value) == (
        f"{name}: no answer from a MicroPython prompt: press the board's reset button and "
        "try again, or put MicroPython on it first (its README.md)"
    )
    assert capsys.readouterr() == ("", "")


def test_what_never_stops_talking_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)
    near, far = pty.openpty()
    tty.setraw(far)
    os.set_blocking(near, False)
    is_over = threading.Event()

    def talk() -> None:
        while not is_over.is_set():
            try:
                os.write(near, b"I (1234) wifi: reconnecting\r\n" * 40)
            except BlockingIOError:
                is_over.wait(0.001)

    talker = threading.Thread(target=talk)
    talker.start()
    try:
        with pytest.raises(DeviceError, match="no answer from a MicroPython prompt"):
            connect(os.ttyname(far))
    finally:
        is_over.set()
        talker.join()
        os.close(near)
        os.close(far)
