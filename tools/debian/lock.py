"""The lock file: for each program, architecture and package the files that serve, newest first."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import NamedTuple

PATH = Path(__file__).with_name("packages.lock.toml")
_HEAD = "# Written by `make lock`: Debian's paths, sizes and SHA-256, the newest version first.\n"


class File(NamedTuple):
    """One version of one package."""

    path: str  # below the mirror's address
    size_bytes: int
    sha256: str


Packages = dict[str, list[File]]  # {package: its versions}
Lock = dict[str, dict[str, Packages]]  # {program: {architecture: ...}}


def read(path: Path = PATH) -> Lock:
    """The lock's content; nothing where there is no file yet."""
    if not path.exists():
        return {}
    return {
        program: {
            arch: {
                name: [File(**version) for version in versions]
                for name, versions in of.items()
            }
            for arch, of in arches.items()
        }
        for program, arches in tomllib.loads(path.read_text("utf-8")).items()
    }


def write(lock: Lock, path: Path = PATH) -> None:
    """Replaces the file at once."""
    lines = [_HEAD]
    for program, arches in sorted(lock.items()):
        for arch, packages in sorted(arches.items()):
            lines.append(f"\n[{program}.{arch}]\n")
            for name, versions in sorted(packages.items()):
                lines.append(f'"{name}" = [\n')  # a name may have a dot or a plus
                lines += [
                    f'  {{ path = "{file.path}", size_bytes = {file.size_bytes},'
                    f' sha256 = "{file.sha256}" }},\n'
                    for file in versions
                ]
                lines.append("]\n")
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    beside.write_text("".join(lines), "utf-8")
    os.replace(beside, path)
