"""`make provision`: the settings reach a board, the secret nothing else, and ECHO is asked."""

import contextlib
import json
import os
import shutil
import subprocess
import sys

import pytest

from milepad import VERSION
from milepad.ledger.trace_ids import prefix_of
from tools import profile as profiles
from tools.deploy.__main__ import deploy as bring
from tools.folders import ROOT
from tools.handheld import image
from tools.virtual_board.testing import plugged_in


@pytest.fixture
def port(ready_port):
    """The firmware is on it."""
    return ready_port


def own_files(flash):
    names = ("profile.json", "secret.json", "ca.der")
    files = image.read_files(flash)
    return {name: files[name] for name in names if name in files}


def test_the_board_gets_what_was_checked_and_says_what_echo_answered(
    provision, profile, port, flash, emulator
):
    emulator.clear()
    done = provision("--port", port, MILEPAD_CLIENT_SECRET=emulator.client_secret)
    assert (done.returncode, done.stderr) == (0, "")
    written, identity = done.stdout.splitlines()
    assert written == f"{port}: written; ECHO approved (0000)"
    assert identity.startswith(f"{port}: Milepad {VERSION} for simulator; MicroPython ")
    secret = {"platform": {"client_secret": emulator.client_secret}}
    assert own_files(flash) == profiles.load(profile, secret).files
    assert [request["op"] for request in emulator.requests()] == ["token", "echo"]


def watched(profile, port, secret):
    """(the arguments of all processes meanwhile, what it said) of one that provisions."""
    words = ["tools.deploy.provision", "--board", "simulator", "--port", port]
    arguments = ""
    with subprocess.Popen(
        [sys.executable, "-m", *words, "--profile", str(profile)],
        cwd=ROOT,
        env={**os.environ, "MILEPAD_CLIENT_SECRET": secret},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        while process.poll() is None:
            arguments += subprocess.check_output(["ps", "-A", "-o", "args="], text=True)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.02)
        return arguments, process.communicate()[0]


def test_the_secret_is_in_one_file_and_nowhere_else(profile, port, flash, emulator):
    secret = emulator.client_secret
    arguments, said = watched(profile, port, secret)
    while "tools.deploy.provision" not in arguments:  # it had ended before `ps` looked
        arguments, said = watched(profile, port, secret)
    assert secret not in arguments
    assert secret not in said
    holders = [n for n, raw in image.read_files(flash).items() if secret.encode() in raw]
    assert holders == ["secret.json"]


def test_a_wrong_secret_is_what_echo_tells(provision, port, emulator):
    provision("--port", port, MILEPAD_CLIENT_SECRET=emulator.client_secret)
    done = provision("--port", port, MILEPAD_CLIENT_SECRET="another-one")
    assert done.returncode == 1
    assert (
        f"{port}: written; ECHO not sent (token: token refused (HTTP 401))\n" in done.stdout
    )


def test_a_board_without_firmware_gets_its_settings_and_says_so(
    provision, tmp_path, emulator
):
    flash = tmp_path / "bare.img"
    with plugged_in(flash) as port:
        done = provision("--port", port, MILEPAD_CLIENT_SECRET=emulator.client_secret)
    assert done.returncode == 1
    assert "the firmware is missing: run make deploy first" in done.stdout
    assert len(own_files(flash)) == 3


def test_a_profile_that_is_wrong_reaches_no_board(provision, profile, port, flash):
    profile.write_text(profile.read_text().replace('"EST5EDT', '"nowhere'))
    done = provision("--port", port, MILEPAD_CLIENT_SECRET="s")
    assert done.returncode == 2
    assert "[time] zone: expected a POSIX zone" in done.stderr
    assert own_files(flash) == {}


def test_a_secret_that_nobody_can_be_asked_for_is_one_line(provision, port, flash):
    done = provision("--port", port)
    assert done.returncode == 2
    assert "put it into MILEPAD_CLIENT_SECRET, or run this in a terminal" in done.stderr
    assert own_files(flash) == {}


def test_of_many_devices_one_that_fails_does_not_stop_the_others(
    provision, flashed, tmp_path, emulator
):
    flashes = [tmp_path / "a.img", tmp_path / "b.img"]
    for flash in flashes:
        shutil.copyfile(flashed, flash)
    devices = tmp_path / "devices.csv"
    with plugged_in(flashes[0]) as first, plugged_in(flashes[1]) as second:
        devices.write_text(
            "port,device_id,columns\n"
            f"{first},001,32\n"
            "/dev/ttyNONE,002,32\n"
            f"{second},003,48\n"
            "\n"
        )
        done = provision(
            "--csv", str(devices), MILEPAD_CLIENT_SECRET=emulator.client_secret
        )
    assert done.returncode == 1
    title, *rows, last = done.stdout.splitlines()
    assert last == f"inventory: {tmp_path / 'devices-inventory.csv'}"
    assert title.split() == ["PORT", "DEVICE", "PREFIX"]
    assert [row.split()[:4] for row in rows] == [
        [first, "001", prefix_of("0001", "001", ""), "ok"],
        ["/dev/ttyNONE", "002", prefix_of("0001", "002", ""), "FAILED"],
        [second, "003", prefix_of("0001", "003", ""), "ok"],
    ]
    assert "ECHO approved" in rows[0]
    assert "there is no such port" in rows[1]
    kept = json.loads(own_files(flashes[0])["profile.json"])
    assert kept["device"]["device_id"] == "001"
    assert kept["device"]["trace_prefix"] == prefix_of("0001", "001", "")
    assert json.loads(own_files(flashes[1])["profile.json"])["printer"]["columns"] == 48


def test_a_fleet_is_checked_whole_before_the_first_device_is_touched(
    provision, port, flash, tmp_path
):
    devices = tmp_path / "devices.csv"
    devices.write_text(
        f"port;device_id;columns\n{port};001;32\n{port};002;33\n;003;33;9\n{port};001;32\n"
    )
    before = own_files(flash)
    done = provision("--csv", str(devices), MILEPAD_CLIENT_SECRET="issued")
    assert (done.returncode, done.stdout) == (2, "")
    title, *lines = done.stderr.splitlines()
    assert title == f"provision: {devices}: 4 faults, nothing was written"
    assert [line.strip() for line in lines] == [
        'every line: [platform] client_secret: still the example\'s "issued": '
        "AIR MILES issues it; kept apart from the profile on the device",
        "line 3: [printer] columns: expected one of 32, 48",
        "line 4: expected 3 cells, not 4",
        "line 5: the same device_id as line 2",
    ]
    assert own_files(flash) == before
    assert [path.name for path in tmp_path.glob("*inventory*")] == []


def test_devices_that_share_a_trace_prefix_are_told_before_anything_is_written(
    provision, port, flash, tmp_path
):
    before = own_files(flash)
    devices = tmp_path / "devices.csv"
    devices.write_text(f"port,device_id,trace_prefix\n{port},001,42\n/dev/b,002,0042\n")
    done = provision("--csv", str(devices), MILEPAD_CLIENT_SECRET="s")
    assert (done.returncode, done.stdout) == (2, "")
    assert "lines 2 and 3 share the trace_prefix 0042" in done.stderr
    assert own_files(flash) == before


def test_an_updated_firmware_keeps_its_settings(
    provision, board, port, flash, whole, emulator
):
    provision("--port", port, MILEPAD_CLIENT_SECRET=emulator.client_secret)
    before = own_files(flash)
    bring(board, port, {**whole, "milepad/new.mpy": whole["milepad/app.mpy"]})
    assert own_files(flash) == before
