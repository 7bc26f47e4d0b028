"""Programs from Debian's packages in a folder of the project: no root, nothing installed.

apt downloads from the mirror that the machine itself uses, checks against the machine's own
Debian keyring, and works on private lists, so that nothing of the system's changes. Only the
standard library is used here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / ".tools"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


class FetchError(Exception):
    """A program could not be had; the text says why and what to do."""


def native_arch() -> str:
    """Debian's name for this machine's architecture."""
    names = {"x86_64": "amd64", "aarch64": "arm64"}
    return names.get(os.uname().machine, os.uname().machine)


def _mirror(what: str) -> str:
    """The address of a Debian mirror, from the machine's own apt configuration."""
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        raise FetchError(f"there is no apt here: install {what} yourself")
    listing = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)"],
        capture_output=True,
        text=True,
    )
    for address in listing.stdout.splitlines():
        if address.rstrip("/").endswith("/debian"):
            return address
    raise FetchError(f"apt knows no Debian mirror here: install {what} yourself")


class PrivateApt:
    """apt-get for one architecture and suite, on lists of its own below `home`."""

    def __init__(self, home: Path, arch: str):
        self._home = home
        self._arch = arch

    def __call__(self, *words: str) -> None:
        """Runs apt-get; FetchError with its own words when it fails."""
        options = {
            "Dir::Etc::sourcelist": str(self._home / "sources.list"),
            "Dir::Etc::sourceparts": "-",
            "Dir::State": str(self._home / "state"),
            "Dir::State::status": "/dev/null",
            "Dir::Cache": str(self._home / "cache"),
            "APT::Architecture": self._arch,
            "APT::Architectures": self._arch,
            "APT::Sandbox::User": "",
        }
        command = ["apt-get", "-qq"]
        for name, value in options.items():
            command += ["-o", f"{name}={value}"]
        done = subprocess.run(
            [*command, *words], cwd=self._home, capture_output=True, text=True
        )
        if done.returncode:
            raise FetchError(f"apt-get {words[0]} failed:\n{done.stderr.strip()}")


@contextmanager
def unpacking(home: Path, what: str, suite: str, arch: str) -> Iterator[PrivateApt]:
    """Gives an apt that fills `home`; afterwards only what was unpacked is left there.

    Every `.deb` that was downloaded into `home` or apt's cache is to be unpacked by the
    caller with `unpack`. `home/.complete` is made when the block ends without an error.
    """
    address = _mirror(what)
    shutil.rmtree(home, ignore_errors=True)
    for part in ("state/lists/partial", "cache/archives/partial"):
        (home / part).mkdir(parents=True)
    (home / "sources.list").write_text(
        f"deb [arch={arch} signed-by={KEYRING}] {address} {suite} main\n"
    )
    apt = PrivateApt(home, arch)
    apt("update")
    yield apt
    for part in ("state", "cache"):
        shutil.rmtree(home / part)
    (home / ".complete").touch()


def unpack(package: Path, home: Path) -> None:
    """Unpacks one package below `home`."""
    subprocess.run(["dpkg", "-x", package, home], check=True)
    package.unlink()
