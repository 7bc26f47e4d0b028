"""`make flash-all`: many devices with one command, also one after another on one cable."""

import csv
import os
import subprocess
import sys

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
    """Starts `python -m tools.deploy.flash_all`, to be talked to."""

    def started(*words):
        return subprocess.Popen(
            [sys.executable, "-m", "tools.deploy.flash_all", "--board", "simulator",
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


def test_a_bare_device_gets_firmware_and_settings_in_one(start, port, flash, release):
    process = start("--port", port)
    out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    copied, written, identity = out.splitlines()
    assert copied.startswith(f"{port}: {len(release)} copied")
    assert written == f"{port}: written; ECHO approved (0000)"
    assert identity.startswith(f"{port}: Milepad {VERSION} for simulator; MicroPython ")
    files = image.read_files(flash)
    assert {name for name in release if files.get(name) == release[name]} == set(release)
    assert set(settings(flash)) == SETTINGS


def test_devices_take_turns_on_one_cable(start, profile, emulator, tmp_path):
    flashes = [tmp_path / "a.img", tmp_path / "b.img"]
    devices, cable = tmp_path / "devices.csv", tmp_path / "cable"
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
def test_a_device_that_is_not_plugged_in_is_left_out(start, port, tmp_path, answer, reason):
    devices = tmp_path / "devices.csv"
    devices.write_text(f"port,device_id\n{port},001\n{port},002\n")
    process = start("--csv", str(devices), "--inventory", str(tmp_path / "list.csv"))
    out, _ = process.communicate(answer)
    assert process.returncode == 1
    first, second = inventory(tmp_path / "list.csv")
    assert (first["device_id"], first["result"]) == ("001", "ok")
    assert (second["device_id"], second["result"], second["echo"]) == (
        "002",
        f"failed: {reason}",
        "",
    )
    assert out.splitlines()[2].endswith(reason)


def test_one_device_under_two_names_is_not_given_two_identities(
    start, port, flash, tmp_path
):
    alias = tmp_path / "alias"
    alias.symlink_to(port)
    devices = tmp_path / "devices.csv"
    devices.write_text(f"port,device_id\n{port},001\n{alias},002\n")
    process = start("--csv", str(devices))
    out, _ = process.communicate("")
    assert process.returncode == 1
    assert "that is still the device of line 2" in out.splitlines()[2]
    assert b'"device_id":"001"' in settings(flash)["profile.json"]


def test_an_inventory_that_cannot_be_written_stops_before_the_first_device(
    start, port, flash, tmp_path
):
    devices = tmp_path / "devices.csv"
    devices.write_text(f"port,device_id\n{port},001\n")
    process = start("--csv", str(devices), "--inventory", str(tmp_path))
    out, err = process.communicate()
    assert (process.returncode, out) == (2, "")
    assert err == f"flash-all: inventory {tmp_path}: Is a directory\n"
    assert image.read_files(flash) == {}
