"""Gets MicroPython's unix port for this machine and finds it again: `python -m tools.micropython`.

Debian 13 packages it. On any Debian the package and the libraries it needs are downloaded by
apt from that suite, checked against the machine's own Debian keyring, and unpacked into the
project's `.tools/` folder; they start through their own loader. No root, nothing installed.
Elsewhere a `micropython` on PATH serves. Only the standard library is used here.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.debian import TOOLS, FetchError, native_arch, unpack, unpacking

FOLDER = TOOLS / "micropython"
SUITE = "trixie"
PACKAGES = (
    "micropython",
    "libc6",
    "libffi8",
    "libmbedtls21",
    "libmbedx509-7",
    "libmbedcrypto16",
)

# amd64 runs the product; i386 has a microcontroller's word size, so heap is measured there.
LOADERS = {
    "amd64": ("usr/lib64/ld-linux-x86-64.so.2", "usr/lib/x86_64-linux-gnu"),
    "arm64": ("usr/lib/ld-linux-aarch64.so.1", "usr/lib/aarch64-linux-gnu"),
    "i386": ("usr/lib/ld-linux.so.2", "usr/lib/i386-linux-gnu"),
}
_NEEDS = (
    "import sys, tls, vfs, asyncio; vfs.VfsLfs2; assert sys.implementation[1] >= (1, 25)"
)


def _works(command: list[str]) -> bool:
    try:
        done = subprocess.run([*command, "-c", _NEEDS], capture_output=True, timeout=20)
    except OSError:
        return False
    return done.returncode == 0


def _unpacked(arch: str) -> list[str]:
    loader, libraries = LOADERS[arch]
    home = FOLDER / arch
    return [
        str(home / loader),
        "--library-path",
        str(home / libraries),
        str(home / "usr/bin/micropython"),
    ]


def find(arch: str | None = None) -> list[str] | None:
    """The command that starts MicroPython, or None when it has not been fetched.

    `arch` is a Debian architecture; None means this machine's own.
    """
    wanted = arch or native_arch()
    if wanted in LOADERS and (FOLDER / wanted / ".complete").exists():
        return _unpacked(wanted)
    on_path = shutil.which("micropython")
    if arch in (None, native_arch()) and on_path and _works([on_path]):
        return [on_path]
    return None


def fetch(arch: str) -> list[str]:
    """Downloads and unpacks MicroPython for `arch`; returns the command that starts it."""
    home = FOLDER / arch
    if arch not in LOADERS:
        raise FetchError("install MicroPython 1.25 or newer on PATH (macOS: brew)")
    with unpacking(home, "MicroPython 1.25 or newer (macOS: brew)", SUITE, arch) as apt:
        apt("download", *PACKAGES)
        for package in home.glob("*.deb"):
            unpack(package, home)
        if not _works(_unpacked(arch)):
            raise FetchError("it was fetched, but this kernel does not run it")
    return _unpacked(arch)


def _get(arch: str) -> bool:
    try:
        command = find(arch)
        if command is None:
            print(f"fetching MicroPython for {arch} ...", flush=True)
            command = fetch(arch)
    except FetchError as fault:
        print(f"MicroPython for {arch}: {fault}", file=sys.stderr)
        return False
    print(f"MicroPython for {arch}: {Path(command[-1]).name} is ready")
    return True


def main() -> int:
    """Fetches this machine's flavour and, where it runs, the 32-bit one for heap figures."""
    argparse.ArgumentParser(prog="tools.micropython", description=main.__doc__).parse_args()
    native = _get(native_arch())
    if native_arch() == "amd64" and not _get("i386"):
        print("heap figures need the i386 flavour: they are left out here", file=sys.stderr)
    if native:
        return 0
    print("without MicroPython the firmware runs on CPython", file=sys.stderr)
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
