"""Renews the lock file from the mirror's signed indexes: `python -m tools.debian.renew`.

Versions that were locked before stay behind the newest ones, because a mirror may lag
behind, and an architecture behind another. What no index tells stays as it is.
"""

from __future__ import annotations

import functools
import re
import subprocess
import sys

from tools import program
from tools.debian import FetchError, apt, lock, mirror
from tools.debian.programs import PROGRAMS, Program

_KEPT = 3  # versions of a package
_VERSION = re.compile(r"_([^_]+)_[^_]+\.deb$")


def _version(file: lock.File) -> str:
    """As in the file's name, which leaves out the epoch: that of a package hardly ever rises."""
    match = _VERSION.search(file.path)
    return match[1] if match else ""


def _newer(one: lock.File, other: lock.File) -> int:
    """As a comparison: less than zero when `one` is the newer."""
    words = ["dpkg", "--compare-versions", _version(one), "gt", _version(other)]
    return -1 if subprocess.run(words).returncode == 0 else 1


def merged(known: list[lock.File], found: list[lock.File]) -> list[lock.File]:
    """The newest versions of a package, newest first."""
    files = {file.sha256: file for file in (*known, *found)}
    return sorted(files.values(), key=functools.cmp_to_key(_newer))[:_KEPT]


def _named(address: str, wanted: Program, arch: str) -> lock.Packages:
    """What the suite's indexes name, under each of its names that is whole."""
    found: lock.Packages = {}
    for suite in wanted.suites:
        try:
            with apt.PrivateApt(address, suite, arch) as private:
                private.update(wanted.codename)
                for package in wanted.packages:
                    found.setdefault(package, []).append(private.names(package))
        except FetchError as fault:
            program.complain("renew", f"{suite} {arch}: {fault}")
    return found


def _main() -> int:
    """Asks the machine's first Debian mirror, and replaces the lock file."""
    program.Parser(prog="tools.debian.renew", description=_main.__doc__).parse_args()
    try:
        address = mirror.addresses()[0]
    except FetchError as fault:
        program.complain("renew", fault)
        return 1
    content = lock.read()
    for name, wanted in PROGRAMS.items():
        for arch in wanted.architectures:
            packages = content.setdefault(name, {}).setdefault(arch, {})
            for package, files in _named(address, wanted, arch).items():
                packages[package] = merged(packages.get(package, []), files)
    lock.write(content)
    return 0


if __name__ == "__main__":
    sys.exit(program.run("renew", _main))
