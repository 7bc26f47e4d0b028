"""Downloads from the pool of the machine's own Debian mirror, every file verified."""

from __future__ import annotations

import hashlib
import http.client
import shlex
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tools.debian import FetchError
from tools.debian.lock import File

TRIES = 3
PAUSE_S = 1.0  # before the second try; twice that before the third
STALL_S = 20.0  # without a byte
FILE_S = 300.0  # for a whole file: 3 MB through 100 kbit/s
_PIECE_BYTES = 65536
_GONE = (404, 410)


class NotThereError(FetchError):
    """The mirror answers, and does not have this version."""


class DamagedError(FetchError):
    """What arrives is not what the lock names."""


class DownError(FetchError):
    """The mirror does not answer, or not with a file."""


def _said(*command: str) -> str:
    """What a program prints; nothing when it cannot be run."""
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=60).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def addresses() -> list[str]:
    """The Debian mirrors of the machine's own apt configuration; FetchError when it has none."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise FetchError("there is no apt here")
    fields = "$(REPO_URI) $(LABEL)"
    found = []
    for line in _said("apt-get", "indextargets", "--format", fields).splitlines():
        address, _, label = line.partition(" ")
        if label == "Debian" or address.rstrip("/").endswith("/debian"):
            found.append(address.rstrip("/") + "/")
    if not found:
        raise FetchError("apt knows no Debian mirror here")
    return list(dict.fromkeys(found))


def proxies() -> dict[str, str]:
    """The proxies of the environment, and those of apt's configuration, which come first."""
    found = urllib.request.getproxies()
    words = _said(
        "apt-config",
        "shell",
        "http",
        "Acquire::http::Proxy",
        "https",
        "Acquire::https::Proxy",
    )
    for word in shlex.split(words):
        scheme, _, address = word.partition("=")
        found[scheme] = address
    return {scheme: to for scheme, to in found.items() if to and to != "DIRECT"}


class Mirror:
    """One mirror's pool. One that does not answer is not asked for the next file."""

    def __init__(
        self,
        address: str,
        pause: Callable[[float], None] = time.sleep,
        stall_s: float = STALL_S,
        through: dict[str, str] | None = None,
    ) -> None:
        self._address = address
        self._pause = pause
        self._stall_s = stall_s
        handler = urllib.request.ProxyHandler(proxies() if through is None else through)
        self._opener = urllib.request.build_opener(handler)
        self._fault: DownError | None = None

    def download(self, file: File, target: Path) -> None:
        """Writes the file to `target`, which holds it whole and verified, or is not there.

        Raises NotThereError; after so many tries DamagedError, or DownError, which comes at
        once from then on.
        """
        if self._fault is not None:
            raise self._fault
        for attempt in range(1, TRIES + 1):
            try:
                self._once(file, target)
                return
            except (DamagedError, DownError) as fault:
                target.unlink(missing_ok=True)
                if attempt == TRIES:
                    self._fault = fault if isinstance(fault, DownError) else None
                    raise
                self._pause(PAUSE_S * attempt)

    def _once(self, file: File, target: Path) -> None:
        url = self._address + urllib.parse.quote(file.path)
        if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
            raise DownError("only apt itself can use this kind of mirror")
        try:
            with self._opener.open(url, timeout=self._stall_s) as reply:
                digest = _copied(reply, target, file.size_bytes)
        except urllib.error.HTTPError as fault:
            fault.close()
            if fault.code in _GONE:
                raise NotThereError(f"{Path(file.path).name}: not on the mirror") from fault
            raise DownError(f"the mirror answers {fault.code}") from fault
        except (OSError, http.client.HTTPException) as fault:
            reason = getattr(fault, "reason", fault)
            raise DownError(f"the mirror does not answer ({reason})") from fault
        if digest != file.sha256:
            raise DamagedError(f"{Path(file.path).name}: damaged on its way")


def _copied(reply: http.client.HTTPResponse, target: Path, size_bytes: int) -> str:
    """The SHA-256 of what was written, of one byte more than the file has at most."""
    digest = hashlib.sha256()
    left = size_bytes + 1
    end_s = time.monotonic() + FILE_S
    with target.open("wb") as out:
        while left and (piece := reply.read(min(left, _PIECE_BYTES))):
            if time.monotonic() > end_s:
                raise TimeoutError("too slow")
            digest.update(piece)
            out.write(piece)
            left -= len(piece)
    return digest.hexdigest()
