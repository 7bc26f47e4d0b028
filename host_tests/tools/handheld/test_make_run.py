"""`make run`: each of its settings is an option of the program, given when it is set."""

from __future__ import annotations

import shlex
import subprocess

import pytest

from tools.folders import ROOT


def run(*settings: str) -> list[str]:
    """The words of the program's command line, of `make run` with these settings."""
    # A make within another, which runs these tests, would print where it is as well.
    done = subprocess.run(
        [
            "make",
            "--no-print-directory",
            "-n",
            "-o",
            ".venv/.ready",
            "-o",
            ".tools/.python",
            "run",
            *settings,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    words = [word for word in shlex.split(done.stdout) if word.strip()]
    return words[words.index("tools.handheld") + 1 :]


def test_it_is_the_page_in_a_browser() -> None:
    assert run() == ["--page", "--open", "--language", "en-CA"]


def test_the_terminal_is_as_before() -> None:
    assert run("UI=terminal", "LANGUAGE=fr-CA") == ["--language", "fr-CA"]


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("FLASH=a device.img", ["--flash", "a device.img"]),
        ("PROFILE=shop.toml", ["--profile", "shop.toml"]),
        ("BOARD=esp32s3_handheld", ["--board", "esp32s3_handheld"]),
        ("PORT=8000", ["--port", "8000"]),
    ],
)
def test_a_setting_is_an_option(setting: str, words: list[str]) -> None:
    assert run(setting)[4:] == words
