"""The program as another program sees it: arguments, bad input, exit codes."""

import json
import socket
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
import trustme

from tools.folders import ROOT
from tools.handheld import __main__ as program
from tools.handheld import preparing
from tools.handheld.client import HandheldClient
from tools.profile import template

ERROR = "tools.handheld: "


def run(*words: object, stdin: bytes = b"") -> tuple[int, list[str], list[str]]:
    """Exit code, lines of output, lines of error."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.handheld", *map(str, words)],
        input=stdin,
        capture_output=True,
        cwd=ROOT,
        timeout=60,
    )
    return (
        done.returncode,
        done.stdout.decode().splitlines(),
        done.stderr.decode().splitlines(),
    )


def main(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, list[str]]:
    """Exit code and lines of error, within this process."""
    try:
        code = program.main([str(word) for word in words])
    except SystemExit as end:
        code = int(end.code or 0)
    return code, capsys.readouterr().err.splitlines()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--headless", "--display", "paper"], 'Invalid value "paper" for --display'),
        (["--headless", "--interpreter", "perl"], 'Invalid value "perl" for --interpreter'),
        (["--headless", "--loud"], "Unknown option: --loud"),
        (["--headless", "--profile", "/none.toml"], "profile /none.toml: No such file"),
        (["--headless", "--flash", "/none/flash.img"], "No such file"),
        (["--headless", "--flash", "/dev/full"], "/dev/full: not a regular file"),
        (["--headless", "--profile", "/dev/zero"], "/dev/zero: not a regular file"),
        (
            ["--headless", "--heap", "112"],
            '"112" for --heap. it is no size such as 112K or 2M',
        ),
        (["--headless", "--heap", "x; reboot"], "is no size such as 112K or 2M"),
        (["--headless", "--heap", "9K"], "48K to 1023M are possible"),
        ([], "a program uses --headless"),
        (["--headless", "--page"], "expected one of --headless and --page"),
    ],
)
def test_bad_arguments_are_one_line_and_exit_2(words, expected, capsys):
    code, (line,) = main(capsys, *words)
    assert code == 2
    assert line.startswith(ERROR)
    assert expected in line


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"{", "line 2 of the input: not JSON"),
        (b'{"key": "Q"}', 'line 2 of the input: "key" expects one of'),
        (b'{"dance": 1}', "line 2 of the input: unknown event"),
        (b"\xff", "line 2 of the input: not JSON"),
    ],
)
def test_a_bad_event_is_one_line_and_exit_2(line, expected, tmp_path):
    stdin = b'{"cut": true}\n' + line + b"\n"
    flash = tmp_path / "flash.img"
    code, out, errors = run("--headless", "--flash", flash, stdin=stdin)
    assert code == 2
    assert errors[-1].startswith(ERROR + expected)
    events = [json.loads(text) for text in out]
    assert events[0] == {"power": "on"}
    assert {"power": "off"} in events


@pytest.mark.parametrize("stdin", [b"", b'{"quit": true}\n', b'\n{"quit": true}'])
def test_quit_and_the_end_of_the_input_end_the_program(stdin, tmp_path):
    flash = tmp_path / "flash.img"
    code, out, _ = run("--headless", "--flash", flash, stdin=stdin)
    assert code == 0
    assert json.loads(out[0]) == {"power": "on"}
    assert flash.stat().st_size == 1024 * 1024


def test_a_pythonpath_of_ones_own_is_not_taken_for_a_missing_micropython(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert run("--headless", stdin=b"")[2] == []


RAW = {"odd": b"a letter", "odd zeros": bytes(1000), "whole": b"PK" * 4096}
# Each image on MicroPython, one on CPython, two without a profile; `make prove` takes all.
BY_DEFAULT = [
    *product(["micropython"], RAW, [True]),
    ("micropython", "odd", False),
    ("cpython", "whole", False),
]


@pytest.mark.parametrize(
    ("interpreter", "raw", "has_profile"),
    [
        pytest.param(*case, marks=() if case in BY_DEFAULT else pytest.mark.prove)
        for case in product(["micropython", "cpython"], RAW, [True, False])
    ],
)
def test_a_foreign_image_is_the_devices_to_tell_and_stays_as_it_is(
    interpreter, raw, has_profile, tmp_path
):
    flash, profile = tmp_path / "flash.img", tmp_path / "profile.toml"
    flash.write_bytes(RAW[raw])
    trustme.CA().cert_pem.write_to_path(tmp_path / "ca.pem")
    profile.write_text(template.text({}), "utf-8")
    options = ["--interpreter", interpreter]
    with HandheldClient(profile if has_profile else None, flash, options) as till:
        rows = till.wait_screen("CALL FOR SERVICE")
        assert rows[0].rstrip() == "STORAGE FAILED"
        assert rows[1].rstrip() == "STORAGE: NOT OURS"
        till.key("ENTER")
        till.wait_screen("CALL FOR SERVICE")
        assert till.close() == 0
    assert flash.read_bytes() == RAW[raw]


def test_a_second_handheld_on_the_same_flash_is_refused_until_the_first_has_ended(
    tmp_path, capsys
):
    flash = tmp_path / "flash.img"
    words = ["--headless", "--flash", flash]
    with HandheldClient(None, flash) as till:
        till.wait_screen("")
        code, (line,) = main(capsys, *words)
        assert code == 2
        assert line == f"{ERROR}flash image {flash}: another handheld is using it"
        till.cut()  # its power may be off: the flash is still its own
        assert main(capsys, *words)[0] == 2
    assert run(*words, stdin=b'{"quit": true}\n')[0] == 0


def test_events_may_come_from_a_file(tmp_path):
    script: Path = tmp_path / "events.jsonl"
    script.write_text('{"cut": true}\n{"cut": true}\n{"quit": true}\n')
    with script.open("rb") as stdin:
        done = subprocess.run(
            [sys.executable, "-m", "tools.handheld", "--headless"],
            stdin=stdin,
            capture_output=True,
            cwd=ROOT,
            timeout=60,
        )
    assert done.returncode == 0
    assert json.loads(done.stdout.splitlines()[-1]) == {"log": "power is off already"}


def test_the_printer_has_the_pages_that_the_profile_names():
    assert (
        preparing.printer_pages({"code_page": "CP858", "code_page_number": -1})[19]
        == "cp858"
    )
    assert preparing.printer_pages({"code_page": "WPC1252", "code_page_number": 71}) == {
        0: "cp437",
        71: "cp1252",
    }


def test_a_page_whose_port_is_taken_is_one_line_and_exit_2(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, (line,) = main(capsys, "--page", "--port", port)
    assert code == 2
    assert line == f"tools.handheld: --port {port}: Address already in use"


def test_a_page_whose_flash_has_no_folder_makes_none(capsys, tmp_path):
    flash = tmp_path / "none" / "flash.img"
    code, (line,) = main(capsys, "--page", "--flash", flash)
    assert code == 2
    assert line == f"tools.handheld: flash image {flash}: No such file or directory"
    assert not flash.parent.exists()
