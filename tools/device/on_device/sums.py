"""Sums of this board's files, all in one answer: mpremote's own take three a file."""

import os
from binascii import hexlify
from hashlib import sha256

_FOLDER = 0x4000
_PIECE_BYTES = 512


def sums(paths: list[str]) -> dict[str, str]:
    """{path: SHA-256 in hex} of these files, and of every file below these folders."""
    found: dict[str, str] = {}
    for path in paths:
        _add(path, found)
    return found


def _add(path: str, found: dict[str, str]) -> None:
    try:
        is_folder = os.stat(path)[0] & _FOLDER
    except OSError:  # there is none
        return
    if is_folder:
        for row in os.ilistdir(path):
            _add(path + "/" + row[0], found)
    else:
        found[path] = _sum_of(path)


def _sum_of(path: str) -> str:
    total = sha256()
    raw = bytearray(_PIECE_BYTES)
    view = memoryview(raw)
    with open(path, "rb") as file:
        while count := file.readinto(raw):
            total.update(view[:count])
    return hexlify(total.digest()).decode()
