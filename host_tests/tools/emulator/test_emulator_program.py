"""The program itself: its first line, its state folder, its end, and bad options."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import ssl
import stat
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from host_tests.kit.command import run_here
from host_tests.kit.until import LONG_S
from tools.emulator.testing import RunningEmulator, running_emulator

ROOT = Path(__file__).resolve().parents[3]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Runs the program, in this process, with options that it must refuse."""
    mask = os.umask(0o077)  # as the program sets it
    try:
        return run_here("tools.emulator", *words)
    finally:
        os.umask(mask)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--port", "x"], "--port"),
        (["--port", "65536"], "--port"),
        (["--port", "0", "--clock", "noon"], "--clock 'noon'"),
        (["--port", "0", "--unit-miles", "0"], "--unit-miles"),
        (["--port", "0", "--reset-hour", "24"], "--reset-hour"),
        (["--port", "0", "--zone", "Mars/Olympus"], "--zone"),
        (["--port", "0", "--manual-inquiry", "maybe"], "--manual-inquiry"),
        (["--port", "0", "--colour", "red"], "--colour"),
        (["--port", "0", "--self-cancel-s", "-2"], "--self-cancel-s"),
        (["--port", "0", "--retention-hours", "nan"], "--retention-hours"),
        (["--port", "0", "--bearer-status", "402"], "--bearer-status"),
        (["--port", "0", "--offer-desc-fr", "\udcff"], "--offer-desc-fr"),
        ([], "--port"),
    ],
)
def test_a_bad_option_is_one_clear_line(
    words: list[str], named: str, tmp_path: Path
) -> None:
    ended = run("--state", str(tmp_path / "state"), *words)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert len(ended.stderr.splitlines()) == 1
    assert named in ended.stderr


def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "-m", "tools.emulator", f"--port={port}", f"--state={tmp_path}"],
            cwd=ROOT, capture_output=True, text=True, timeout=100, check=False,
        )  # fmt: skip
    assert ended.returncode == 2
    assert re.fullmatch(rf"emulator: --port {port}: Address already in use\n", ended.stderr)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("credentials.json", "{}"),
        ("credentials.json", "not JSON"),
        ("emulator.db", "no database at all, and longer than a header of one " * 4),
    ],
)
def test_a_damaged_state_is_named_and_left_alone(
    tmp_path: Path, name: str, content: str
) -> None:
    (tmp_path / name).write_text(content)
    ended = run("--port", "0", "--state", str(tmp_path))
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert name in ended.stderr
    assert (tmp_path / name).read_text() == content


def test_a_state_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = run("--port", "0", "--state", str(tmp_path / "file"))
    assert ended.returncode == 2
    assert re.fullmatch(r"emulator: .*file: cannot write there \(.*\)\n", ended.stderr)


def test_a_damaged_authority_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    (tmp_path / "ca-key.pem").write_text("no key")
    ended = run("--port", "0", "--state", str(tmp_path))
    assert ended.returncode == 2
    assert "ca.pem" in ended.stderr


def test_the_state_is_kept_between_runs_and_its_files_are_their_owners_alone(
    tmp_path: Path,
) -> None:
    with running_emulator(state=tmp_path) as first:
        authority = Path(first.ca).read_bytes()
        sale = first.call("redeem", key="key")
        token = first._bearer
        modes = {
            path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()
        }
    assert {"ca-key.pem", "credentials.json", "emulator.db"} <= set(modes)
    assert set(modes.values()) == {0o600}
    with running_emulator(state=tmp_path) as second:
        assert Path(second.ca).read_bytes() == authority
        assert second.client_secret == first.client_secret
        assert [entry["units"] for entry in second.ledger()] == [4]
        second._bearer = token
        assert second.call("redeem", key="key").content == sale.content


def test_it_listens_on_loopback_only(emulator: RunningEmulator) -> None:
    lines = (
        Path("/proc/net/tcp").read_text().splitlines() if sys.platform == "linux" else []
    )
    listening = [line.split()[1] for line in lines if f":{emulator.port:04X} " in line[:22]]
    assert all(address == f"0100007F:{emulator.port:04X}" for address in listening)


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_its_certificate_is_verified(emulator: RunningEmulator, name: str) -> None:
    context = ssl.create_default_context(cafile=emulator.ca)
    with httpx.Client(verify=context, trust_env=False, timeout=LONG_S) as client:
        assert client.get(f"https://{name}:{emulator.port}/docs").status_code == 200


def test_its_authority_is_its_own(emulator: RunningEmulator) -> None:
    with (
        httpx.Client(trust_env=False, timeout=LONG_S) as stranger,
        pytest.raises(httpx.ConnectError),
    ):
        stranger.get(f"{emulator.url}/docs")


def test_another_name_can_be_in_the_certificate() -> None:
    with running_emulator(host_name="platform.test") as emulator:
        assert emulator.url == f"https://platform.test:{emulator.port}"
        context = ssl.create_default_context(cafile=emulator.ca)
        with (
            socket.create_connection(("127.0.0.1", emulator.port), 60) as plain,
            context.wrap_socket(plain, server_hostname="platform.test") as secure,
        ):
            assert secure.version() in ("TLSv1.2", "TLSv1.3")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(number: signal.Signals, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tools.emulator", "--port=0", f"--state={tmp_path}"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        hello = json.loads(process.stdout.readline() if process.stdout else "")
        assert set(hello) == {"url", "ca", "client_id", "client_secret"}
        process.send_signal(number)
        said = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, ("", ""))


def test_a_signal_ends_it_soon_even_while_a_client_waits() -> None:
    with running_emulator() as emulator:
        token = emulator.token()
        emulator.faults("echo", "delay", seconds=600)
        with socket.create_connection(("127.0.0.1", emulator.port), 60) as plain:
            context = ssl.create_default_context(cafile=emulator.ca)
            with context.wrap_socket(plain, server_hostname="localhost") as secure:
                head = "POST /checkout/amcash/echo HTTP/1.1\r\nHost: localhost\r\n"
                head += f"Authorization: Bearer {token}\r\nContent-Length: 2\r\n\r\n"
                secure.sendall(head.encode() + b"{}")
                while not emulator.requests("echo"):
                    time.sleep(0.01)
                emulator.process.terminate()
                assert emulator.process.wait(60) == 0


def test_settings_reach_the_platform() -> None:
    options = {"daily_cap_dollars": 200, "token_lifetime": 60, "bearer_status": 403}
    with running_emulator(clock="2019-01-30T16:05:00Z", **options) as emulator:
        offer = emulator.call("inquire").json()
        assert (offer["dailyOfferLimit"], offer["transDateTime"][:13]) == (
            "20",
            "2019-01-30T11",
        )
        emulator.advance_clock(60)
        assert emulator.call("echo").status_code == 403


def test_what_it_said_is_told_when_it_does_not_start() -> None:
    with (
        pytest.raises(RuntimeError, match="--clock 'noon'"),
        running_emulator(clock="noon"),
    ):
        pass
