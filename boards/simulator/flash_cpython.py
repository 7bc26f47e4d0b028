"""MicroPython's `VfsLfs2` for CPython, over littlefs-python. No device loads it."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from littlefs import LittleFS, LittleFSError, UserContext, lfs

if TYPE_CHECKING:
    from boards.simulator.image import ImageBlocks

_DISK_VERSION = 0x00020001  # littlefs 2.1 on disk, as MicroPython 1.25 writes it
_DIRECTORY = 0x4000
_FILE = 0x8000
_READ_WRITE = 3
# littlefs: 1 read, 2 write, 0x100 create, 0x200 only if new, 0x400 empty it, 0x800 append
_FLAGS = {"r": 1, "w": 0x502, "x": 0x302, "a": 0x902}


class _Context(UserContext):
    """What littlefs-python calls for its bytes."""

    def __init__(self, blocks: ImageBlocks) -> None:
        self._blocks = blocks

    def read(self, config: object, block: int, offset: int, size: int) -> bytearray:
        raw = bytearray(size)
        self._blocks.readblocks(block, raw, offset)
        return raw

    def prog(self, config: object, block: int, offset: int, raw: bytes) -> int:
        return self._blocks.writeblocks(block, raw, offset)

    def erase(self, config: object, block: int) -> int:
        return self._blocks.ioctl(6, block)

    def sync(self, config: object) -> int:
        return 0


def _checked(operation: Callable[..., Any], *args: object) -> Any:
    """Calls littlefs; its errors become OSError with the errno that MicroPython gives."""
    try:
        return operation(*args)
    except LittleFSError as fault:
        raise OSError(-fault.code, os.strerror(-fault.code)) from None


class LittleFiles:
    """The files on a block device; call `mount()` first. The interface is VfsLfs2's."""

    def __init__(self, blocks: ImageBlocks, read_bytes: int, program_bytes: int) -> None:
        self._blocks = blocks
        self._littlefs = LittleFS(
            context=_Context(blocks),
            mount=False,
            block_size=blocks.ioctl(5, 0),
            block_count=blocks.ioctl(4, 0),
            read_size=read_bytes,
            prog_size=program_bytes,
            cache_size=4 * max(read_bytes, program_bytes),
            lookahead_size=32,
            block_cycles=100,
            disk_version=_DISK_VERSION,
        )

    def format(self) -> None:
        """Makes an empty filesystem."""
        _checked(self._littlefs.format)

    def mount(self) -> None:
        """Raises OSError when there is no littlefs2."""
        _checked(self._littlefs.mount)

    def open(self, path: str, mode: str) -> io.RawIOBase | io.TextIOWrapper:
        """A file object; modes r, w, a, x with + and b, as the built-in's."""
        raw = _RawFile(self, path, mode)
        if "b" in mode:
            return raw
        if "+" in mode:
            return io.TextIOWrapper(io.BufferedRandom(raw), "utf-8")
        buffered = io.BufferedReader(raw) if "r" in mode else io.BufferedWriter(raw)
        return io.TextIOWrapper(buffered, "utf-8")

    def remove(self, path: str) -> None:
        """Removes a file or an empty folder."""
        _checked(lfs.remove, self._littlefs.fs, path)

    def rename(self, old: str, new: str) -> None:
        """Moves a file; one that is called `new` is replaced in the same instant."""
        _checked(lfs.rename, self._littlefs.fs, old, new)

    def mkdir(self, path: str) -> None:
        """Makes a folder."""
        _checked(lfs.mkdir, self._littlefs.fs, path)

    def rmdir(self, path: str) -> None:
        """Removes an empty folder."""
        _checked(lfs.remove, self._littlefs.fs, path)

    def ilistdir(self, path: str = "/") -> Iterator[tuple[str, int, int, int]]:
        """(name, kind, 0, size) of each entry; kind 0x8000 is a file, 0x4000 a folder."""
        for entry in _checked(list, self._entries(path)):
            folder = entry.type == 2
            yield (
                entry.name,
                _DIRECTORY if folder else _FILE,
                0,
                0 if folder else entry.size,
            )

    def _entries(self, path: str) -> Iterator[Any]:
        yield from self._littlefs.scandir(path or "/")

    def stat(self, path: str) -> tuple[int, ...]:
        """Ten numbers: kind first, size seventh, the others 0."""
        found = _checked(lfs.stat, self._littlefs.fs, path or "/")
        folder = found.type == 2
        kind, size = (_DIRECTORY, 0) if folder else (_FILE, found.size)
        return kind, 0, 0, 0, 0, 0, size, 0, 0, 0

    def statvfs(self, path: str) -> tuple[int, ...]:
        """Block size, the same, blocks, free, available; the rest as VfsLfs2 has it."""
        size = self._littlefs.cfg.block_size
        count = self._littlefs.block_count
        free = count - self._littlefs.used_block_count
        return size, size, count, free, free, 0, 0, 0, 0, 255

    def umount(self) -> None:
        """Lets go of the device and closes it."""
        _checked(self._littlefs.unmount)
        self._blocks.ioctl(2, 0)


class _RawFile(io.RawIOBase):
    """A binary file; nothing is buffered beyond littlefs's own cache, as on MicroPython."""

    def __init__(self, files: LittleFiles, path: str, mode: str) -> None:
        flags = _FLAGS[mode[0]] | (_READ_WRITE if "+" in mode else 0)
        self._handle: Any = None
        self._files = files  # its littlefs must outlive the file
        self._fs = files._littlefs.fs
        self._flags = flags
        self._handle = _checked(lfs.file_open, self._fs, path, flags, "utf-8")

    def readable(self) -> bool:
        return bool(self._flags & 1)

    def writable(self) -> bool:
        return bool(self._flags & 2)

    def seekable(self) -> bool:
        return True

    def readinto(self, raw: Any) -> int:
        found = _checked(lfs.file_read, self._fs, self._handle, len(raw))
        raw[: len(found)] = found
        return len(found)

    def write(self, raw: Any) -> int:
        return int(_checked(lfs.file_write, self._fs, self._handle, bytes(raw)))

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(_checked(lfs.file_seek, self._fs, self._handle, offset, whence))

    def tell(self) -> int:
        return int(_checked(lfs.file_tell, self._fs, self._handle))

    def flush(self) -> None:
        """Makes what was written so far what a power cut leaves."""
        if self._handle is not None:
            _checked(lfs.file_sync, self._fs, self._handle)

    def close(self) -> None:
        """Commits what was written, in one step."""
        if not self.closed:
            handle, self._handle = self._handle, None
            try:
                if handle is not None:
                    _checked(lfs.file_close, self._fs, handle)
            finally:
                super().close()
