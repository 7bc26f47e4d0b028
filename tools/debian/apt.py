"""apt on lists of its own in a temporary folder: nothing of the system's changes.

It checks what it downloads against the machine's own Debian keyring.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
import urllib.parse
from pathlib import Path

from tools.debian import FetchError
from tools.debian.lock import File

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
_PRINTED = re.compile(r"^'([^']+)' (\S+) (\d+) SHA256:([0-9a-f]{64})$", re.MULTILINE)


class PrivateApt:
    """apt-get for one suite and architecture of one mirror, while the block runs."""

    def __init__(self, address: str, suite: str, arch: str, keyring: str = KEYRING) -> None:
        self._address = address
        self._suite = suite
        self._arch = arch
        self._keyring = keyring

    def __enter__(self) -> PrivateApt:
        self._folder = tempfile.TemporaryDirectory(prefix="milepad-apt-")
        self._home = Path(self._folder.name)
        for part in ("state/lists/partial", "cache/archives/partial"):
            (self._home / part).mkdir(parents=True)
        (self._home / "sources.list").write_text(
            f"deb [arch={self._arch} signed-by={self._keyring}]"
            f" {self._address} {self._suite} main\n"
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def update(self, codename: str) -> None:
        """Gets the suite's index. FetchError when it is broken, or is another suite's."""
        self._run("update")
        for path in (self._home / "state" / "lists").glob("*Release"):
            if f"\nCodename: {codename}\n" in path.read_text("utf-8", "replace"):
                return
        raise FetchError(f"{self._suite} is not {codename}")

    def download(self, package: str, target: Path) -> None:
        """The suite's version of a package, at `target`. Raises FetchError."""
        self._run("download", package)
        found = list(self._home.glob("*.deb"))
        if len(found) != 1:
            raise FetchError(f"apt-get download gave no {package}")
        found[0].rename(target)

    def names(self, package: str) -> File:
        """What `download` would download. Raises FetchError."""
        match = _PRINTED.search(self._run("download", "--print-uris", package))
        if match is None:
            raise FetchError(f"apt-get names no {package}")
        url, _, size, digest = match.groups()
        path = urllib.parse.unquote(url.removeprefix(self._address))
        return File(path, int(size), digest)

    def _run(self, *words: str) -> str:
        options = {
            "Dir::Etc::sourcelist": self._home / "sources.list",
            "Dir::Etc::sourceparts": "-",
            "Dir::State": self._home / "state",
            "Dir::State::status": "/dev/null",
            "Dir::Cache": self._home / "cache",
            "APT::Architecture": self._arch,
            "APT::Architectures": self._arch,
            "APT::Sandbox::User": "",
            "Acquire::Retries": "2",
            "Acquire::http::Timeout": "20",
            "Acquire::https::Timeout": "20",
        }
        command = ["apt-get", "-qq"]
        for name, value in options.items():
            command += ["-o", f"{name}={value}"]
        try:
            done = subprocess.run(
                [*command, *words],
                cwd=self._home,
                capture_output=True,
                text=True,
                timeout=300,
            )
        except (OSError, subprocess.TimeoutExpired) as fault:
            raise FetchError(f"apt-get {words[0]} did not end") from fault
        if done.returncode:
            lines = done.stderr.strip().splitlines() or ["it gives no reason"]
            raise FetchError(f"apt-get {words[0]}: {lines[0].removeprefix('E: ')[:200]}")
        return done.stdout
