"""Gets MicroPython's unix port for this machine and finds it again: `python -m tools.micropython`.

On any Debian the packages of a suite that has it are unpacked into the project's `.tools/`
folder; they start through their own loader. No root, nothing installed. Elsewhere a
`micropython` on PATH serves. With `PYTHONS=newest` in the environment everything here means
the newest release that is packaged. Only the standard library is used here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tools import program
from tools.debian import FetchError, loader, native_arch
from tools.debian.packages import Source, machine_source
from tools.debian.programs import PROGRAMS
from tools.folders import TOOLS

# A microcontroller's word size: heap is measured there, and amd64 runs the product.
SMALL_WORDS = "i386"
_NAMES = {"": "micropython", "newest": "micropython-newest"}
_NEEDS = (
    "import sys, tls, vfs, asyncio; vfs.VfsLfs2; assert sys.implementation[1] >= (1, 25)"
)
_ON_PATH = "install MicroPython 1.25 or newer on PATH (macOS: brew install micropython)"


class MissingError(FetchError):
    """The wanted MicroPython has not been fetched."""

    def __init__(self, arch: str) -> None:
        super().__init__(f"MicroPython for {arch} is missing: run `make setup`")


def name() -> str:
    """Which of the programs is meant: the release that boards run, or the newest."""
    wanted = os.environ.get("PYTHONS", "")
    if wanted not in _NAMES:
        raise FetchError(f"PYTHONS={wanted} is unknown: newest, or nothing")
    return _NAMES[wanted]


def _works(command: list[str]) -> bool:
    try:
        done = subprocess.run([*command, "-c", _NEEDS], capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _unpacked(arch: str) -> list[str]:
    return loader.command(TOOLS / name() / arch, arch, "usr/bin/micropython")


def find(arch: str | None = None) -> list[str] | None:
    """The command that starts MicroPython, or None when it has not been fetched.

    `arch` is a Debian architecture; None means this machine's own.
    """
    wanted = arch or native_arch()
    if wanted in loader.LOADERS and (TOOLS / name() / wanted / ".complete").exists():
        return _unpacked(wanted)
    on_path = shutil.which("micropython")
    if arch in (None, native_arch()) and on_path and _works([on_path]):
        return [on_path]
    return None


def command(arch: str | None = None) -> list[str]:
    """As `find`, for those who cannot do without. Raises MissingError."""
    found = find(arch)
    if found is None:
        raise MissingError(arch or native_arch())
    return found


def heap_arch() -> str:
    """Where heap is measured: on a microcontroller's words, or on this machine's own."""
    return SMALL_WORDS if find(SMALL_WORDS) else native_arch()


def fetch(arch: str, source: Source | None = None) -> None:
    """Gets MicroPython for `arch`. Raises FetchError; then nothing has changed."""
    if arch not in loader.LOADERS:
        raise FetchError(_ON_PATH)
    home = TOOLS / name() / arch
    (source or machine_source()).unpack(name(), PROGRAMS[name()], arch, home)
    if not _works(_unpacked(arch)):
        shutil.rmtree(home)
        raise FetchError("it was fetched, but this kernel does not run it")


def _get(arch: str) -> bool:
    """Whether it is here, or could be had; says so in one line."""
    if find(arch) is None:
        print(f"fetching {name()} for {arch} ...", flush=True)
        try:
            fetch(arch)
        except FetchError as fault:
            program.complain(f"{name()} for {arch}", fault)
            return False
    return True


def get() -> bool:
    """Gets this machine's flavour and the one with small words; whether the first is here."""
    if native_arch() == "amd64" and not _get(SMALL_WORDS):
        program.complain(
            "setup", "heap is measured on 64-bit words; `make setup` tries again for i386"
        )
    return _get(native_arch())


def _main() -> int:
    """Gets what is missing of MicroPython; 1 when this machine's flavour cannot be had."""
    program.Parser(prog="tools.micropython", description=_main.__doc__).parse_args()
    try:
        return 0 if get() else 1
    except FetchError as fault:
        program.complain("micropython", fault)
        return 1


if __name__ == "__main__":
    sys.exit(program.run("micropython", _main))
