"""A littlefs2 image on the desktop: the ledger's files in it, and nothing is ever written.

The image is read into memory and opened there. It may be a filesystem alone, as the simulated
handheld keeps it, or a dump of a whole flash chip with the filesystem somewhere inside: then
it is found by its superblock, which also tells the size of its blocks.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from littlefs import LittleFS, LittleFSError

from tools import regular_file
from tools.handheld.image import filesystem_in
from tools.ledger.errors import SourceError
from tools.ledger.layout import HEADERS, SEPARATOR

_MAGIC = b"littlefs"
_MAGIC_AT = 8
_SIZES_AT = 24  # block size and block count, little-endian, in the superblock
_BLOCK_SIZES = range(128, 65537)
_ALIGNMENT = 512
_MAX_IMAGE_BYTES = 64 << 20
_MAX_FILE_BYTES = 1 << 16


class FlashFiles:
    """The files of an image. Raises SourceError when it holds no filesystem."""

    def __init__(self, path: Path) -> None:
        self._path = path
        raw = _read(path)
        for start, block_bytes in _candidates(raw):
            try:
                self._files = _mounted(raw[start:], block_bytes)
            except (LittleFSError, ValueError):
                continue
            return
        raise SourceError(f"{path}: holds no littlefs2 filesystem")

    def names(self, folder: str) -> list[str]:
        """The files of a folder, not of the folders in it; empty when there is none."""
        try:
            return [row.name for row in self._files.scandir(folder) if row.type == 1]
        except LittleFSError as fault:
            if fault.code == LittleFSError.Error.LFS_ERR_NOENT:
                return []
            raise SourceError(f"{self._path}: {folder} is damaged: {fault}") from None
        except UnicodeDecodeError:
            raise SourceError(
                f"{self._path}: {folder} holds a file with a foreign name"
            ) from None

    @property
    def used_bytes(self) -> int:
        """How much of the filesystem is taken, in whole blocks."""
        return int(self._files.used_block_count * self._files.cfg.block_size)

    def has_folder(self, folder: str) -> bool:
        """Whether there is such a folder."""
        try:
            return self._files.stat(folder).type == 2
        except LittleFSError:
            return False

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None when it cannot be read or is larger than any of ours."""
        try:
            with self._files.open(path, "rb") as file:
                raw = bytes(file.read(_MAX_FILE_BYTES + 1))
        except (LittleFSError, OSError, ValueError):
            return None
        return raw if len(raw) <= _MAX_FILE_BYTES else None


def is_ledger(path: Path) -> bool:
    """Whether a path is to be read as a ledger: a folder, or a file with littlefs in it."""
    if path.is_dir():
        return True
    text = (HEADERS[0].marker + SEPARATOR).encode()
    try:
        with regular_file.opened(path) as file:
            raw = file.read(len(text))
            return raw != text and _MAGIC in raw + file.read(_MAX_IMAGE_BYTES)
    except OSError:
        return False


def _read(path: Path) -> bytes:
    try:
        return regular_file.read(path, _MAX_IMAGE_BYTES)
    except OSError as fault:
        raise SourceError(f"{path}: {fault.strerror}") from None


def _candidates(raw: bytes) -> Iterator[tuple[int, int]]:
    """(start, block size) of what may be a filesystem, the most likely first."""
    at = raw.find(_MAGIC)
    while at >= 0:
        start = at - _MAGIC_AT
        if start >= 0 and start % _ALIGNMENT == 0 and len(raw) >= start + 32:
            block_bytes, count = struct.unpack_from("<II", raw, start + _SIZES_AT)
            if block_bytes in _BLOCK_SIZES and 2 <= count <= len(raw) // block_bytes:
                yield start, block_bytes
                if start >= block_bytes:  # the superblock's other copy may be the torn one
                    yield start - block_bytes, block_bytes
        at = raw.find(_MAGIC, at + 1)


def _mounted(raw: bytes, block_bytes: int) -> LittleFS:
    """Opens a copy; the number of blocks is what the superblock says."""
    files, _ = filesystem_in(raw, block_bytes)
    files.mount()
    if files.block_count * block_bytes > len(raw):
        raise ValueError("the image ends early")
    return files
