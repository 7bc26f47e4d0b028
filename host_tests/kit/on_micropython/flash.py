"""A flash for MicroPython's filesystems: it counts, writes a journal, and fails on order."""

import errno

import vfs

from host_tests.kit.power import PowerCut


class Flash:
    """Blocks in RAM, of a given image or erased.

    It does `limit` programs and erases (-1: all) and a part of the next one; then nothing.
    What comes then raises PowerCut; or it returns `error` if `goes_on`, when the flash has
    failed and the device has not. `torn` is how many eighths of the last operation are done.
    """

    def __init__(self, count, size=4096, raw=None):
        self.size = size
        self.raw = bytearray(b"\xff" * (count * size)) if raw is None else bytearray(raw)
        self.count = len(self.raw) // size
        self.read_bytes = self.programmed_bytes = self.erased_blocks = 0
        self.journal = None  # a list takes (place, bytes) of every program and erase
        self.operations = 0
        self.limit = -1
        self.torn = 0
        self.goes_on = False
        self.error = errno.EIO
        self.is_dead = False
        self.is_off = False  # after its life: the collector may still close files on it

    def readblocks(self, block, buffer, offset=0):
        if not self.is_off:
            self._read(block * self.size + offset, buffer)
            self.read_bytes += len(buffer)
        return 0

    def writeblocks(self, block, buffer, offset=0):
        fault = 0
        for start in range(0, len(buffer), self.size):  # FAT hands over several at once
            part = memoryview(buffer)[start : start + self.size]
            fault = fault or self._change(block * self.size + offset + start, part)
        self.programmed_bytes += len(buffer)
        return fault

    def ioctl(self, operation, argument):
        if operation == 4:
            return self.count
        if operation == 5:
            return self.size
        if operation == 6:
            self.erased_blocks += 1
            return self._change(argument * self.size, b"\xff" * self.size)
        return 0

    def _change(self, at, raw):
        """One program or erase; 0, or an error."""
        if self.is_off:
            return 0
        if self.operations == self.limit and not self.is_dead:
            self.is_dead = True
            self._write(at, raw[: len(raw) * self.torn // 8])
        if self.is_dead:
            if self.goes_on:
                return -self.error
            raise PowerCut()
        self.operations += 1
        if self.journal is not None:
            self.journal.append((at, bytes(raw)))
        self._write(at, raw)
        return 0

    def _read(self, at, buffer):
        buffer[:] = memoryview(self.raw)[at : at + len(buffer)]

    def _write(self, at, raw):
        self.raw[at : at + len(raw)] = raw


class FileFlash(Flash):
    """The same over a file, in which everything that is written stays."""

    def __init__(self, path, count, size):
        super().__init__(0, size)
        self.count = count
        self._file = open(path, "rb+")

    def close(self):
        """The collector may still close files on it: those change nothing any more."""
        self.is_off = True
        self._file.close()

    def ioctl(self, operation, argument):
        if operation == 3 and not self.is_off:
            self._file.flush()
        return super().ioctl(operation, argument)

    def _read(self, at, buffer):
        self._file.seek(at)
        self._file.readinto(buffer)

    def _write(self, at, raw):
        self._file.seek(at)
        self._file.write(raw)


def formatted(kind, blocks=32):
    """A new flash with an empty filesystem: `littlefs`, of so many blocks, or `fat`."""
    if kind == "littlefs":
        flash = Flash(blocks)
        vfs.VfsLfs2.mkfs(flash)
    else:
        flash = Flash(160, 512)
        vfs.VfsFat.mkfs(flash)
    return flash


def mounted(kind, flash):
    """The files on it."""
    return vfs.VfsLfs2(flash, mtime=False) if kind == "littlefs" else vfs.VfsFat(flash)
