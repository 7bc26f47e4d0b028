"""The flash image: 1 MiB of littlefs2 in a file, which MicroPython's VfsLfs2 mounts.

Files are put into it before the handheld boots; whatever else it holds (the ledger) stays.
A file that is neither littlefs nor blank is refused and not touched. `Hold` keeps a second
handheld off an image that one has already.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, Self

from littlefs import LittleFS, LittleFSError, UserContext

from tools import regular_file

SIZE = 1024 * 1024
BLOCK = 4096
# MicroPython's VfsLfs2 defaults.
_READ = 32


class ImageError(Exception):
    """The flash image cannot be used; the text says why, in one line."""


class DamagedImageError(ImageError):
    """The image is foreign or damaged: a device that has it for its flash says so itself."""


class Hold:
    """While this is open, no other program's hold on the same image can be had."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self.renew()

    def renew(self) -> None:
        """Holds the file that is at the path now; ImageError when another has it."""
        try:
            file = regular_file.opened(self._path)
        except OSError:  # there is none yet, or whoever opens it next says what is wrong
            return
        if self._file and os.path.samestat(
            os.fstat(file.fileno()), os.fstat(self._file.fileno())
        ):
            file.close()
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise ImageError(
                f"flash image {self._path}: another handheld is using it"
            ) from None
        except OSError:  # a filesystem without locks
            pass
        self.close()
        self._file = file

    def close(self) -> None:
        """Lets go of it."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def blank() -> bytes:
    """A flash chip as it leaves the factory."""
    return b"\xff" * SIZE


def _is_blank(raw: bytes) -> bool:
    """Nothing but erased bytes, in whole blocks as a flash chip has them."""
    if len(raw) % BLOCK:
        return False
    return raw.strip(b"\xff") == b"" or raw.strip(b"\x00") == b""


def filesystem_in(
    raw: bytes, block_bytes: int = BLOCK, blocks: int = 0
) -> tuple[LittleFS, UserContext]:
    """A filesystem on a copy of these bytes, not mounted; 0: as many blocks as it says."""
    context = UserContext(buffer=bytearray(raw))
    filesystem = LittleFS(
        context=context,
        mount=False,
        block_size=block_bytes,
        block_count=blocks,
        read_size=_READ,
        prog_size=_READ,
        lookahead_size=_READ,
        cache_size=4 * _READ,
    )
    return filesystem, context


def _read(path: Path) -> bytes:
    try:
        return regular_file.read(path)
    except FileNotFoundError:
        return b""
    except OSError as fault:
        raise ImageError(f"flash image {path}: {fault.strerror}") from fault


def _opened(path: Path) -> tuple[LittleFS, UserContext]:
    raw = _read(path) or blank()
    filesystem, context = filesystem_in(raw, blocks=len(raw) // BLOCK)
    foreign = f"flash image {path}: neither littlefs nor blank; it is left as it is"
    if _is_blank(raw):
        filesystem.format()
    elif len(raw) % BLOCK:
        raise DamagedImageError(foreign)
    try:
        filesystem.mount()
    except LittleFSError as fault:
        raise DamagedImageError(foreign) from fault
    return filesystem, context


def _all_files(filesystem: LittleFS) -> dict[str, bytes]:
    found = {}
    for folder, _, names in filesystem.walk("/"):
        for name in names:
            path = f"{folder.rstrip('/')}/{name}"
            with filesystem.open(path, "rb") as file:
                found[path.lstrip("/")] = bytes(file.read())
    return found


def read_files(path: Path) -> dict[str, bytes]:
    """{name: bytes} of every file in the image, folders joined with "/"; or ImageError."""
    filesystem, _ = _opened(path)
    try:
        return _all_files(filesystem)
    except LittleFSError as fault:
        raise DamagedImageError(
            f"flash image {path}: a file in it cannot be read"
        ) from fault


def write_files(path: Path, files: Mapping[str, bytes]) -> None:
    """Puts `files` into the image, made when missing; every other file in it stays.

    The image is replaced as a whole, and only when something changes. DamagedImageError when
    it is foreign or damaged, ImageError when it is full or cannot be written.
    """
    fresh = _is_blank(_read(path))
    filesystem, context = _opened(path)
    try:
        present = _all_files(filesystem)
        changed = {name: raw for name, raw in files.items() if present.get(name) != raw}
        if not changed and not fresh:
            return
        for name, raw in changed.items():
            if "/" in name:
                filesystem.makedirs(name.rpartition("/")[0], exist_ok=True)
            with filesystem.open(name, "wb") as file:
                file.write(raw)
        filesystem.unmount()
    except LittleFSError as fault:
        kind = (
            ImageError
            if fault.code == LittleFSError.Error.LFS_ERR_NOSPC
            else DamagedImageError
        )
        raise kind(f"flash image {path}: {fault}") from fault
    _replace(path, bytes(context.buffer))


def _replace(path: Path, raw: bytes) -> None:
    beside = path.with_name(path.name + ".new")
    try:
        beside.write_bytes(raw)
        os.replace(beside, path)
    except OSError as fault:
        raise ImageError(f"flash image {path}: {fault.strerror}") from fault
