"""Media that fail when told to: a filesystem as littlefs promises it, and bytes that tear."""

from __future__ import annotations

import errno
from collections.abc import Iterator

from host_tests.kit.power import Power


class FakeFile:
    """An open file: what is written becomes the file's content when it is closed."""

    def __init__(self, files: FakeFiles, path: str, mode: str):
        self._files, self._path = files, path
        self._writes = mode != "rb"
        self._raw = bytearray(b"" if mode == "wb" else files.content[path])
        self._at = 0

    def __enter__(self) -> FakeFile:
        return self

    def __exit__(self, *_: object) -> None:
        if self._writes:
            self._files.power.spend()
            self._files.content[self._path] = bytes(self._raw)

    def read(self, count: int = -1) -> bytes:
        raw = bytes(self._raw[self._at :] if count < 0 else self._raw[self._at :][:count])
        self._at += len(raw)
        return raw

    def seek(self, at: int, whence: int = 0) -> int:
        self._at = at + (len(self._raw) if whence == 2 else 0)
        return self._at

    def write(self, raw: bytes) -> int:
        self._raw[self._at : self._at + len(raw)] = raw
        self._at += len(raw)
        return len(raw)


class FakeFiles:
    """VfsLfs2's methods over a dict; making, closing and renaming a file are atomic."""

    def __init__(self) -> None:
        self.content: dict[str, bytes] = {}
        self.folders = {""}
        self.power = Power()
        self.damaged: set[str] = set()
        self.blocks = 256

    def open(self, path: str, mode: str) -> FakeFile:
        if path in self.damaged:
            raise OSError(errno.EILSEQ, path)
        if path not in self.content:
            if mode != "wb":
                raise OSError(errno.ENOENT, path)
            self.power.spend()
            self.content[path] = b""
        return FakeFile(self, path, mode)

    def ilistdir(self, path: str) -> Iterator[tuple[str]]:
        if path not in self.folders:
            raise OSError(errno.ENOENT, path)
        for name in sorted(
            [*self.content, *self.folders], reverse=True
        ):  # in no useful order
            folder, _, last = name.rpartition("/")
            if folder == path and last:
                yield (last,)

    def stat(self, path: str) -> None:
        if path not in self.folders and path not in self.content:
            raise OSError(errno.ENOENT, path)

    def statvfs(self, path: str) -> tuple[int, ...]:
        free = self.blocks - len(self.content)
        return 4096, 4096, self.blocks, free, free, 0, 0, 0, 0, 255

    def mkdir(self, path: str) -> None:
        if path in self.content:
            raise OSError(errno.EEXIST, path)
        self.power.spend()
        self.folders.add(path)

    def remove(self, path: str) -> None:
        self.power.spend()
        del self.content[path]

    def rename(self, old: str, new: str) -> None:
        self.power.spend()
        self.content[new] = self.content.pop(old)


class TearingBytes:
    """A region of memory whose last write before a power cut is done only in part."""

    def __init__(self, size: int):
        self.raw = bytearray(size)
        self.power = Power()
        self.torn_bytes = 0
        self.whole_bytes = 0

    def read(self, at: int, count: int) -> bytes:
        return bytes(self.raw[at : at + count])

    def write(self, at: int, raw: bytes) -> None:
        try:
            self.power.spend()
        except OSError:
            self.whole_bytes = len(raw)
            part = raw[: self.torn_bytes % (len(raw) + 1)]
            self.raw[at : at + len(part)] = part
            raise
        self.raw[at : at + len(raw)] = raw
