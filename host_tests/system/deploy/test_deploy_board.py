"""`make deploy` with the real mpremote, on a board of real MicroPython and littlefs."""

import os
import pty
import signal
import subprocess
import sys
import time
from contextlib import closing

import pytest

from host_tests.kit.command import run_here
from host_tests.kit.until import until
from milepad import VERSION
from tools.deploy.__main__ import deploy as bring
from tools.device import port as port_module
from tools.device.connect import connect
from tools.device.errors import DeviceError
from tools.folders import ROOT
from tools.handheld import image
from tools.virtual_board.testing import plugged_in

_UNPLUG_AFTER = 30_000  # bytes that came in: some files are there, and others are not


_FULL_BYTES = 900_000  # of the simulator's megabyte


def program(flash):
    """What is on the flash, but for a shop's own files."""
    files = image.read_files(flash)
    return {name: raw for name, raw in files.items() if not name.startswith("ledger")}


def test_the_first_run_copies_everything_and_the_second_nothing(
    deploy_process, port, flash, whole
):
    first, second = deploy_process(port), deploy_process(port)
    count = len(whole)
    assert (first.returncode, first.stderr) == (0, "")
    assert f"{count} copied, 0 were there already, 0 removed; verified" in first.stdout
    assert program(flash) == whole
    assert f"0 copied, {count} were there already, 0 removed" in second.stdout


def test_the_board_itself_says_which_firmware_and_which_board_it_is(deploy, port):
    with closing(connect(port)) as bare:
        who = bare.identity()
        assert bare.version() == ""
    identity = deploy(port).stdout.splitlines()[1]
    assert len(who.serial_number) == 16
    assert identity == (
        f"{port}: Milepad {VERSION} for simulator; MicroPython {who.version}; "
        f"serial number {who.serial_number}"
    )


def test_what_starts_by_itself_is_source_and_the_rest_is_compiled(deploy, port, flash):
    deploy(port)
    assert [name for name in program(flash) if not name.endswith(".mpy")] == ["main.py"]


def test_one_changed_file_is_one_copied_file(board, port, flash, release):
    bring(board, port, release)
    changed = {**release, "milepad/base/url.mpy": release["milepad/base/money.mpy"]}
    line, _ = bring(board, port, changed)
    assert line.startswith(f"{port}: 1 copied, {len(release) - 1} were there already")
    assert program(flash) == changed


def test_a_file_that_the_flash_has_lost_bits_of_is_copied_again(board, flash, release):
    damaged = bytearray(release["milepad/app.mpy"])
    damaged[100] ^= 1
    image.write_files(flash, {**release, "milepad/app.mpy": bytes(damaged)})
    with plugged_in(flash) as port:
        line, _ = bring(board, port, release)
    assert line.startswith(f"{port}: 1 copied")
    assert program(flash) == release


def test_an_earlier_release_leaves_nothing_and_a_shops_files_stay(board, flash, release):
    shop = {
        "profile.json": b"{}",
        "secret.json": b"s",
        "ca.der": b"c",
        "ledger/0": b"entry",
        "notes.txt": b"mine",
    }
    old = {"milepad/old/thing.mpy": b"1", "milepad/app.py": b"2", "boards/x/y.mpy": b"3"}
    image.write_files(flash, {**shop, **old})
    with plugged_in(flash) as port:
        line, _ = bring(board, port, release)
    assert line.endswith("3 removed; verified")
    assert image.read_files(flash) == {**shop, **release}


# A flash that loses the last byte of one file, whoever writes it.
_BAD_FLASH = b"""
import builtins
_open = builtins.open
class Lossy:
    def __init__(self, file):
        self.file = file
    def write(self, raw):
        return self.file.write(raw[:-1] + b'?')
    def close(self):
        self.file.close()
def lossy(path, mode='r'):
    file = _open(path, mode)
    return Lossy(file) if 'w' in mode and 'session' in path else file
builtins.open = lossy
"""


def test_a_copy_that_came_out_wrong_is_noticed_and_does_not_start(deploy, flash, release):
    image.write_files(flash, {"boot.py": _BAD_FLASH})
    with plugged_in(flash) as port:
        done = deploy(port)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "milepad/link/session.mpy is not on the flash as it was sent" in done.stderr
    assert "main.py" not in program(flash)


def test_a_release_for_another_mpy_version_is_refused(board, port, flash, release):
    newer = {
        name: b"M\x07" + raw[2:] if name.endswith(".mpy") else raw
        for name, raw in release.items()
    }
    with pytest.raises(
        DeviceError, match=r"loads \.mpy version 6, the release is version 7"
    ):
        bring(board, port, newer)
    assert program(flash) == {}


def test_another_board_than_was_named_is_refused(deploy, port, flash):
    done = deploy(port, "pico2w_pinpad")
    assert done.returncode == 1
    assert done.stderr.startswith("deploy: this is micropython on linux, but BOARD=")
    assert program(flash) == {}


def test_a_cable_pulled_in_the_middle_is_one_line_and_the_next_run_goes_on(
    deploy, flash, release
):
    with plugged_in(flash, unplug_after=_UNPLUG_AFTER) as port:
        cut = deploy(port)
    assert cut.returncode == 1
    assert cut.stderr == (
        f"deploy: {port}: the connection broke off: plug the cable in and run the same "
        "command again; it goes on where it stopped\n"
    )
    assert "main.py" not in program(flash)
    with plugged_in(flash) as port:
        done = deploy(port)
    assert done.returncode == 0
    assert f"{len(release)} copied" not in done.stdout
    assert program(flash) == release


def test_an_update_that_is_interrupted_never_starts_a_mixture(deploy, flash, release):
    old = {name: raw + b"\0" for name, raw in release.items()}
    image.write_files(flash, old)
    with plugged_in(flash, unplug_after=_UNPLUG_AFTER) as port:
        deploy(port)
    left = program(flash)
    assert "main.py" not in left
    assert any(left[name] == old[name] for name in old if name in left)
    with plugged_in(flash) as port:
        deploy(port)
    assert program(flash) == release


def test_ctrl_c_is_one_line_and_the_next_run_goes_on(deploy, port, flash, release):
    blank = flash.read_bytes()
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.deploy", "--board=simulator", f"--port={port}"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while flash.read_bytes() == blank:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    assert process.communicate() == (
        "",
        "deploy: stopped; the same command goes on where it stopped\n",
    )
    assert process.returncode == 130
    assert "main.py" not in program(flash)
    assert deploy(port).returncode == 0
    assert "main.py" in program(flash)


def test_a_flash_that_is_full_is_one_line_and_starts_nothing(deploy, flash):
    image.write_files(flash, {"shop.bin": bytes(_FULL_BYTES)})
    with plugged_in(flash) as port:
        done = deploy(port)
    assert (done.returncode, done.stderr) == (
        1,
        f"deploy: {port}: the board's flash is full: remove files that are not Milepad's\n",
    )
    assert "main.py" not in program(flash)


# Writes down what each watchdog is armed with, and whether a release has begun to come.
_NOTES_WATCHDOGS = b"""
import machine, os
_arm = machine.WDT
def noted(timeout):
    with open('armed.txt', 'a') as file:
        file.write('%d ms, %s\\n' % (timeout, 'milepad' in os.listdir('/')))
    return _arm(timeout=timeout)
machine.WDT = noted
"""


def test_a_running_watchdog_is_given_an_hour_before_the_first_file_comes(
    deploy, flash, release
):
    armed = b"import machine, time\nmachine.WDT(timeout=60 * 1000)\ntime.sleep(60)\n"
    image.write_files(flash, {"boot.py": _NOTES_WATCHDOGS, "main.py": armed})
    with plugged_in(flash) as port:
        until(lambda: b"60000 ms, False" in flash.read_bytes(), "it never ran")
        assert deploy(port).returncode == 0
    left = program(flash)
    notes = left.pop("armed.txt").decode().splitlines()
    assert notes[:2] == ["60000 ms, False", "3600000 ms, False"]
    assert left == {**release, "boot.py": _NOTES_WATCHDOGS}


def test_a_port_that_is_not_there_is_one_line(deploy):
    done = deploy("/dev/ttyNONE")
    assert done.returncode == 2
    assert done.stderr.startswith("deploy: /dev/ttyNONE: there is no such port; ")


def test_a_port_that_another_program_has_is_one_line(board, port, release):
    with (
        closing(connect(port)),
        pytest.raises(DeviceError, match="cannot be opened: close the other program"),
    ):
        bring(board, port, release)


def test_a_device_without_a_prompt_is_one_line(board, release, monkeypatch):
    monkeypatch.setattr(port_module, "_SILENCE_S", 0.1)
    monkeypatch.setattr(port_module, "_PROMPT_S", 0.3)
    monkeypatch.setattr(port_module, "_PROMPT_TRIES", 3)
    master, slave = pty.openpty()
    try:
        with pytest.raises(DeviceError, match="no answer from a MicroPython prompt"):
            bring(board, os.ttyname(slave), release)
    finally:
        os.close(master)
        os.close(slave)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ((), "BOARD is missing"),
        (("--board", "toaster"), "there is no board 'toaster'; BOARD is one of"),
        (("--board", "simulator"), "PORT is missing"),
    ],
)
def test_bad_use_is_one_line_and_exit_2(words, text):
    done = run_here("tools.deploy", *words)
    assert done.returncode == 2
    assert text in done.stderr
    assert done.stderr.count("\n") == 1
