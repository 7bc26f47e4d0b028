"""The program as another program sees it: arguments, bad input, exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tools.handheld import __main__ as program
from tools.handheld.firmware import ROOT

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
        (["--headless", "--display", "paper"], "invalid choice: 'paper'"),
        (["--headless", "--interpreter", "perl"], "invalid choice: 'perl'"),
        (["--headless", "--loud"], "unrecognized arguments: --loud"),
        (["--headless", "--profile", "/none.toml"], "profile /none.toml: No such file"),
        (
            ["--headless", "--flash", str(ROOT / "pyproject.toml")],
            "neither littlefs nor blank",
        ),
        (["--headless", "--flash", "/none/flash.img"], "No such file"),
        ([], "a program uses --headless"),
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
        program.printer_pages({"code_page": "CP858", "code_page_number": -1})[19] == "cp858"
    )
    assert program.printer_pages({"code_page": "WPC1252", "code_page_number": 71}) == {
        0: "cp437",
        71: "cp1252",
    }
