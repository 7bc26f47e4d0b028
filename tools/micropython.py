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

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".tools" / "micropython"
SUITE = "trixie"
PACKAGES = (
    "micropython",
    "libc6",
    "libffi8",
    "libmbedtls21",
    "libmbedx509-7",
    "libmbedcrypto16",
)
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"

# amd64 runs the product; i386 has a microcontroller's word size, so heap is measured there.
LOADERS = {
    "amd64": ("usr/lib64/ld-linux-x86-64.so.2", "usr/lib/x86_64-linux-gnu"),
    "arm64": ("usr/lib/ld-linux-aarch64.so.1", "usr/lib/aarch64-linux-gnu"),
    "i386": ("usr/lib/ld-linux.so.2", "usr/lib/i386-linux-gnu"),
}
_NEEDS = (
    "import sys, tls, vfs, asyncio; vfs.VfsLfs2; assert sys.implementation[1] >= (1, 25)"
)


class FetchError(Exception):
    """MicroPython could not be had; the text says why and what to do."""


def native_arch() -> str:
    """Debian's name for this machine's architecture."""
    names = {"x86_64": "amd64", "aarch64": "arm64"}
    return names.get(os.uname().machine, os.uname().machine)


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


def _debian_mirror() -> str:
    """The address of a Debian mirror, from the machine's own apt configuration."""
    listing = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)"],
        capture_output=True,
        text=True,
    )
    for address in listing.stdout.splitlines():
        if address.rstrip("/").endswith("/debian"):
            return address
    raise FetchError(
        "apt knows no Debian mirror here; install MicroPython 1.25 or newer on PATH"
    )


def _apt(home: Path, arch: str, *words: str) -> None:
    """Runs apt-get on private lists, so that nothing of the system's changes."""
    options = {
        "Dir::Etc::sourcelist": str(home / "sources.list"),
        "Dir::Etc::sourceparts": "-",
        "Dir::State": str(home / "state"),
        "Dir::State::status": "/dev/null",
        "Dir::Cache": str(home / "cache"),
        "APT::Architecture": arch,
        "APT::Architectures": arch,
        "APT::Sandbox::User": "",
    }
    command = ["apt-get", "-qq"]
    for name, value in options.items():
        command += ["-o", f"{name}={value}"]
    done = subprocess.run([*command, *words], cwd=home, capture_output=True, text=True)
    if done.returncode:
        raise FetchError(f"apt-get {words[0]} failed:\n{done.stderr.strip()}")


def fetch(arch: str) -> list[str]:
    """Downloads and unpacks MicroPython for `arch`; returns the command that starts it."""
    if arch not in LOADERS or not shutil.which("apt-get") or not shutil.which("dpkg"):
        raise FetchError(
            "no apt here: install MicroPython 1.25 or newer (macOS: brew) on PATH"
        )
    address = _debian_mirror()
    home = FOLDER / arch
    shutil.rmtree(home, ignore_errors=True)
    for part in ("state/lists/partial", "cache/archives/partial"):
        (home / part).mkdir(parents=True)
    (home / "sources.list").write_text(
        f"deb [arch={arch} signed-by={KEYRING}] {address} {SUITE} main\n"
    )
    _apt(home, arch, "update")
    _apt(home, arch, "download", *PACKAGES)
    for package in home.glob("*.deb"):
        subprocess.run(["dpkg", "-x", package, home], check=True)
        package.unlink()
    for part in ("state", "cache"):
        shutil.rmtree(home / part)
    if not _works(_unpacked(arch)):
        raise FetchError(
            f"MicroPython for {arch} was fetched, but this kernel does not run it"
        )
    (home / ".complete").touch()
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
