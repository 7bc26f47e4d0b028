"""`make flash-all`: many devices with one command, also one after another on one cable."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from milepad import VERSION
from tools.deploy import jobs
from tools.device.connect import connect
from tools.folders import ROOT
from tools.handheld import image
from tools.virtual_board.testing import plugged_in

SETTINGS = {"profile.json", "secret.json", "ca.der"}


def inventory(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def settings(flash):
    return {n: raw for n, raw in image.read_files(flash).items() if n in SETTINGS}


@pytest.fixture
def start(profile, emulator):
    """Starts `python -m tools.deploy.flash_all`, to be talked to, with a short silence."""
    program = (
        "import sys; from tools.device import port; "
        "port._SILENCE_S = 3; port._PROMPT_S = 1; port._PROMPT_TRIES = 9; "
        "from tools.deploy.flash_all import main; sys.exit(main())"
    )

    def started(*words):
        return subprocess.Popen(
            [sys.executable, "-c", program, "--board", "simulator",
             "--profile", str(profile), *words],
            cwd=ROOT, env={**os.environ, "MILEPAD_CLIENT_SECRET": emulator.client_secret},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    return started


def wait_for(process, text):
    """The line of standard error that holds `text`."""
    for line in process.stderr:
        if text in line:
            return line
    raise AssertionError(f"it never said {text!r}")


def serial_number(port):
    device = connect(port)
    try:
        return device.identity().serial_number
    finally:
        device.restart()
        device.close()


def test_a_bare_device_gets_firmware_and_settings_in_one(start, port, flash, whole):
    process = start("--port", port)
    out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    copied, written, identity = out.splitlines()
    assert copied.startswith(f"{port}: {len(whole)} copied")
    assert written == f"{port}: written; ECHO approved (0000)"
    assert identity.startswith(f"{port}: Milepad {VERSION} for simulator; MicroPython ")
    files = image.read_files(flash)
    assert {name for name in whole if files.get(name) == whole[name]} == set(whole)
    assert set(settings(flash)) == SETTINGS


def test_devices_take_turns_on_one_cable(start, profile, emulator, flashed, tmp_path):
    flashes = [shutil.copyfile(flashed, tmp_path / name) for name in ("a.img", "b.img")]
    # mpremote waits for a byte where the name is a pseudo-terminal's, else it looks again
    # every 10 ms, a thousand times.
    devices, cable = tmp_path / "devices.csv", Path(f"/dev/pts/../..{tmp_path}/cable")
    devices.write_text("device_id;columns\n001;32\n002;48\n")
    with plugged_in(flashes[0]) as first, plugged_in(flashes[1]) as second:
        numbers = [serial_number(first), serial_number(second)]
        cable.symlink_to(first)
        process = start("--csv", str(devices), "--port", str(cable))
        asked = wait_for(process, "plug in the next")
        assert asked == (
            f"{cable}: plug in the next, device 002 of line 3, and press ENTER "
            "(skip: leave it out)\n"
        )
        process.stdin.write("\n")
        process.stdin.flush()
        told = wait_for(process, "that is still the device")
        assert told == (
            f"{cable}: that is still the device of line 2, serial number {numbers[0]}\n"
        )
        cable.unlink()
        process.stdin.write("\n")
        process.stdin.flush()
        wait_for(process, "there is no such port")
        cable.symlink_to(second)
        process.stdin.write("\n")
        process.stdin.flush()
        out, _ = process.communicate()
    assert process.returncode == 0, out
    rows = inventory(tmp_path / "devices-inventory.csv")
    assert [(r["serial_number"], r["device_id"], r["board"]) for r in rows] == [
        (numbers[0], "001", "simulator"),
        (numbers[1], "002", "simulator"),
    ]
    assert {(r["version"], r["result"], r["echo"]) for r in rows} == {
        (VERSION, "ok", "approved (0000)")
    }
    os.environ["MILEPAD_CLIENT_SECRET"] = emulator.client_secret
    wanted = [job.files for job in jobs.make(profile, devices, "x")]
    del os.environ["MILEPAD_CLIENT_SECRET"]
    assert [settings(flash) for flash in flashes] == wanted


@pytest.mark.parametrize(
    ("answer", "reason"),
    [("skip\n", "left out"), ("", "nobody says that the next device is plugged in")],
)
def test_a_device_that_is_not_plugged_in_is_left_out(
    flash_all_in_turn, ready_port, tmp_path, answer, reason
):
    devices = tmp_path / "devices.csv"
    devices.write_text(f"port,device_id\n{ready_port},001\n{ready_port},002\n")
    listed = ("--inventory", str(tmp_path / "list.csv"))
    done = flash_all_in_turn("--csv", str(devices), *listed, stdin=answer)
    assert done.returncode == 1
    first, second = inventory(tmp_path / "list.csv")
    assert (first["device_id"], first["result"]) == ("001", "ok")
    assert (second["device_id"], second["result"], second["echo"]) == (
        "002",
        f"failed: {reason}",
        "",
    )
    assert done.stdout.splitlines()[2].endswith(reason)


def test_one_device_under_two_names_is_not_given_two_identities(
    flash_all_in_turn, ready_port, flash, tmp_path
):
    alias = tmp_path / "alias"
    alias.symlink_to(ready_port)
    devices = tmp_path / "devices.csv"
    devices.write_text(f"port,device_id\n{ready_port},001\n{alias},002\n")
    done = flash_all_in_turn("--csv", str(devices))
    assert done.returncode == 1
    assert "that is still the device of line 2" in done.stdout.splitlines()[2]
    assert b'"device_id":"001"' in settings(flash)["profile.json"]


def test_an_inventory_that_cannot_be_written_stops_before_the_first_device(
    flash_all_in_turn, port, flash, tmp_path
):
    devices = tmp_path / "devices.csv"
    devices.write_text(f"port,device_id\n{port},001\n")
    done = flash_all_in_turn("--csv", str(devices), "--inventory", str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"flash-all: inventory {tmp_path}: Is a directory\n"
    assert image.read_files(flash) == {}
