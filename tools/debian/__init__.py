"""Programs from Debian's packages in a folder of the project: no root, nothing installed.

A lock file names each package by its path in Debian's pool and its SHA-256. `packages` gets
them from a cache, the pool of the mirror that the machine itself uses, or through apt. Only
the standard library is used here, because setup runs this before anything is installed.
"""

from __future__ import annotations

import os


class FetchError(Exception):
    """A program could not be had; one line says why."""


def native_arch() -> str:
    """Debian's name for this machine's architecture."""
    names = {"x86_64": "amd64", "aarch64": "arm64"}
    return names.get(os.uname().machine, os.uname().machine)
