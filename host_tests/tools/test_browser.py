"""The browser of the page's tests: had where it may be installed, else told in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import browser


@pytest.fixture
def bin_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH; root in CI, unless a test says otherwise."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(browser.os, "geteuid", lambda: 0)
    return tmp_path


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def installs(folder: Path) -> str:
    """What apt-get does on `install`: a Chromium that works is there afterwards."""
    browser_ = folder / "chromium"
    return f": > {browser_}; /bin/chmod 755 {browser_}"


def test_the_one_that_is_there_serves(bin_: Path) -> None:
    script(bin_ / "chromium-browser", "exit 0")
    assert browser.get()
    assert browser.command() == str(bin_ / "chromium-browser")


def test_on_a_person_s_machine_nothing_is_installed(
    bin_: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script(bin_ / "apt-get", installs(bin_))
    monkeypatch.delenv("CI")
    assert not browser.get()
    assert capsys.readouterr().err.splitlines() == [
        "setup: left out of the tests: the page in a browser (there is no Chromium on PATH "
        "(Debian: apt-get install chromium))"
    ]


def test_in_ci_it_is_installed_even_where_the_index_could_not_be_renewed(
    bin_: Path,
) -> None:
    script(bin_ / "apt-get", f'case "$*" in *update*) exit 100 ;; esac\n{installs(bin_)}')
    assert browser.get()


def test_a_broken_index_is_the_reason_that_is_told(
    bin_: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script(
        bin_ / "apt-get", 'case "$*" in *update*) echo E: no mirror >&2 ;; esac; exit 100'
    )
    assert not browser.get()
    assert capsys.readouterr().err.splitlines() == [
        "setup: left out of the tests: the page in a browser (apt-get update: E: no mirror)"
    ]


def test_one_that_was_installed_and_is_not_there_is_a_fault(bin_: Path) -> None:
    script(bin_ / "apt-get", "exit 0")
    with pytest.raises(browser.BrowserError, match="no Chromium on PATH"):
        browser.get()
