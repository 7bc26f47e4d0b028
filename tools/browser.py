"""Finds the browser that the page's tests drive, and gets it in CI: `python -m tools.browser`.

It is the Chromium (or Chrome) on PATH. On a person's machine nothing is installed. Under
`CI=true` and as root it is Debian's package; where the index is broken the tests say why
they are left out. Only the standard library is used here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping

from tools import program

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_APT = ("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=2")
_UPDATE_S, _INSTALL_S = 180, 900


class BrowserError(Exception):
    """There is no browser, and this is why: one line."""


def command() -> str:
    """The path of the browser; BrowserError when there is none."""
    for name in _NAMES:
        path = shutil.which(name)
        if path is not None:
            return path
    raise BrowserError("there is no Chromium on PATH (Debian: apt-get install chromium)")


def _can_install(environment: Mapping[str, str]) -> bool:
    is_ci = environment.get("CI") == "true"
    return is_ci and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt(limit_s: float, *words: str) -> None:
    """Runs apt-get; BrowserError with the last thing that it said when it fails."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            [*_APT, *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=limit_s,
            env=environment,
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise BrowserError(f"apt-get {words[0]} did not end") from fault
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["it gives no reason"]
        raise BrowserError(f"apt-get {words[0]}: {lines[-1][:200]}")


def _install() -> None:
    """Debian's package; an index that is old may still have it where a new one fails."""
    print("installing Chromium for the tests ...", flush=True)
    fault: BrowserError | None = None
    try:
        _apt(_UPDATE_S, "update")
    except BrowserError as stale:
        fault = stale
    try:
        _apt(_INSTALL_S, "install", "--yes", "--no-install-recommends", "chromium")
    except BrowserError as refused:
        raise fault or refused from None


def get() -> bool:
    """Whether a browser is here, got where that may be done; one that is not is told.

    BrowserError when it was installed and still is not there: that is a fault of ours.
    """
    try:
        command()
        return True
    except BrowserError as missing:
        reason = missing
    if _can_install(os.environ):
        try:
            _install()
        except BrowserError as fault:
            reason = fault
        else:
            command()
            return True
    program.complain("setup", f"left out of the tests: the page in a browser ({reason})")
    return False


def _main() -> int:
    """Gets the browser that tests drive where that may be done; 1 when there is none."""
    program.Parser(prog="tools.browser", description=_main.__doc__).parse_args()
    try:
        return 0 if get() else 1
    except BrowserError as fault:
        program.complain("tools.browser", fault)
        return 1


if __name__ == "__main__":
    sys.exit(program.run("tools.browser", _main))
