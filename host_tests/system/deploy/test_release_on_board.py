"""What reached the flash runs: a checkout on it, a mip package of it, its console."""

import functools
import http.server
import os
import pty
import select
import subprocess
import sys
import threading

import pytest

from tools.deploy import package
from tools.folders import ROOT
from tools.handheld import image
from tools.handheld.client import HandheldClient, HandheldError
from tools.virtual_board.testing import plugged_in


def test_a_checkout_runs_on_what_was_deployed_and_provisioned(
    deploy_process, provision, flash, emulator
):
    with plugged_in(flash) as port:
        assert deploy_process(port).returncode == 0
        done = provision("--port", port, MILEPAD_CLIENT_SECRET=emulator.client_secret)
        assert done.returncode == 0
    emulator.reset()
    with HandheldClient(None, flash, ["--from-flash"]) as handheld:
        handheld.wait_screen("CHECKOUT")
        handheld.press("1")
        handheld.wait_screen("TOTAL")
        handheld.press("4335", "ENTER")
        handheld.wait_screen("CARD")
        handheld.scan("84095202006")
        handheld.wait_screen("$40.00")
        handheld.press("ENTER")
        handheld.wait_screen("APPROVED")
        assert "40.00" in handheld.wait_slip().text
        assert handheld.complaints == []
    assert [entry["dollars"] for entry in emulator.ledger()] == ["40.00"]


def test_nothing_but_the_flash_is_booted(flash):
    with (
        HandheldClient(None, flash, ["--from-flash"]) as handheld,
        pytest.raises(HandheldError, match="stopped by itself"),
    ):
        handheld.wait_screen("CHECKOUT")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def served(release, tmp_path):
    """The package behind a web server: (its folder, its address)."""
    folder = tmp_path / "package"
    package.write(release, "0.1.0", folder)
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield folder, f"http://127.0.0.1:{server.server_port}/package.json"
        server.shutdown()


@pytest.mark.parametrize("place", ["folder", "address"])
def test_mip_installs_the_package(place, served, port, flash, release):
    where = str(served[0] / "package.json") if place == "folder" else served[1]
    words = ["connect", port, "mip", "install", "--target", "/", where]
    done = subprocess.run(
        [sys.executable, "-m", "mpremote", *words], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert image.read_files(flash) == release


def test_a_package_is_made_by_one_command(whole, tmp_path):
    done = subprocess.run(
        ["make", "--no-print-directory", "package", "BOARD=simulator"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0
    assert done.stdout == (
        "mpremote connect PORT mip install --target / build/package/simulator/package.json\n"
    )
    files = ROOT / "build/package/simulator/files"
    found = {p.relative_to(files).as_posix() for p in files.rglob("*") if p.is_file()}
    assert found == set(whole)


def test_the_console_is_the_boards_prompt(port):
    master, slave = pty.openpty()
    process = subprocess.Popen(
        ["make", "--no-print-directory", "console", f"PORT={port}"],
        cwd=ROOT,
        stdin=slave,
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    seen = b""
    try:
        for typed, answer in ((b"", b"Ctrl-]"), (b"\r", b">>> "), (b"6*7\r", b"42\r\n")):
            os.write(master, typed)
            while answer not in seen:
                assert select.select([master], [], [], 60)[0], seen
                seen += os.read(master, 1000)
        os.write(master, b"\x1d")
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
        os.close(master)
