"""Starts a program of unpacked packages through the loader that came with them."""

from __future__ import annotations

from pathlib import Path

# By Debian's architecture: the loader, and the folder of the libraries.
LOADERS = {
    "amd64": ("usr/lib64/ld-linux-x86-64.so.2", "usr/lib/x86_64-linux-gnu"),
    "arm64": ("usr/lib/ld-linux-aarch64.so.1", "usr/lib/aarch64-linux-gnu"),
    "i386": ("usr/lib/ld-linux.so.2", "usr/lib/i386-linux-gnu"),
}


def command(home: Path, arch: str, path: str) -> list[str]:
    """The words that start the program at `path` below `home`, which holds packages of `arch`."""
    loader, libraries = LOADERS[arch]
    return [str(home / loader), "--library-path", str(home / libraries), str(home / path)]
