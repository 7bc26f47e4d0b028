"""Gets a program's packages and unpacks them.

A locked file comes from the cache, because its SHA-256 says as much as a mirror does, then
from the pool. What no mirror's pool has in any locked version apt looks up in the suite's
index; what apt got at another time is the last resort.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools.debian import FetchError, apt, mirror
from tools.debian.cache import Cache, folder
from tools.debian.lock import File, Lock, read
from tools.debian.programs import Program


class Source:
    """Where packages come from: `mirrors` are addresses in the order in which they are asked."""

    def __init__(
        self,
        addresses: Sequence[str],
        mirrors: Sequence[mirror.Mirror],
        cache: Cache,
        lock: Lock,
        keyring: str = apt.KEYRING,
    ) -> None:
        self._addresses = addresses
        self._mirrors = mirrors
        self._cache = cache
        self._lock = lock
        self._keyring = keyring

    def unpack(self, name: str, program: Program, arch: str, home: Path) -> None:
        """Puts the program's packages below `home`, all of them or none. Raises FetchError."""
        home.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home.parent, prefix=f".{home.name}-") as work:
            packages, tree = Path(work) / "packages", Path(work) / "tree"
            packages.mkdir()
            tree.mkdir()
            self._collect(name, program, arch, packages)
            for package in sorted(packages.iterdir()):
                _unpack(package, tree)
            (tree / ".complete").touch()
            shutil.rmtree(home, ignore_errors=True)
            os.replace(tree, home)

    def _collect(self, name: str, program: Program, arch: str, to: Path) -> None:
        locked = self._lock.get(name, {}).get(arch, {})
        missing, reasons = [], []
        for package in program.packages:
            try:
                self._locked(locked.get(package, []), to / f"{package}.deb")
            except FetchError as fault:
                missing.append(package)
                reasons.append(str(fault))
        if missing:
            self._unlocked(program, arch, missing, to, reasons)

    def _locked(self, versions: Sequence[File], target: Path) -> None:
        """The newest version of a package that can be had."""
        if any(self._cache.take(file.sha256, target) for file in versions):
            return
        reason: FetchError = mirror.NotThereError(f"{target.stem}: not in the lock file")
        for source in self._mirrors:
            for file in versions:
                try:
                    source.download(file, target)
                except FetchError as fault:
                    reason = fault
                    continue
                self._cache.keep(target)
                return
        raise reason

    def _unlocked(
        self, program: Program, arch: str, missing: list[str], to: Path, reasons: list[str]
    ) -> None:
        for address in self._addresses:
            for suite in program.suites:
                try:
                    self._from_apt(address, suite, program.codename, arch, missing, to)
                    return
                except FetchError as fault:
                    reasons.append(str(fault))
        for package in missing:
            label = f"{program.codename}-{arch}-{package}-"
            if not self._cache.take("", to / f"{package}.deb", label):
                raise FetchError("; ".join(dict.fromkeys(reasons)))

    def _from_apt(
        self,
        address: str,
        suite: str,
        codename: str,
        arch: str,
        missing: list[str],
        to: Path,
    ) -> None:
        with apt.PrivateApt(address, suite, arch, self._keyring) as private:
            private.update(codename)
            for package in missing:
                target = to / f"{package}.deb"
                private.download(package, target)
                self._cache.keep(target, f"{codename}-{arch}-{package}")


def machine_source() -> Source:
    """This machine's own mirrors and this user's cache. FetchError: there is no apt."""
    addresses = mirror.addresses()
    through = mirror.proxies()
    mirrors = [mirror.Mirror(address, through=through) for address in addresses]
    return Source(addresses, mirrors, Cache(folder()), read())


def _unpack(package: Path, home: Path) -> None:
    try:
        subprocess.run(["dpkg-deb", "-x", package, home], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as fault:
        raise FetchError(f"{package.name} cannot be unpacked") from fault
