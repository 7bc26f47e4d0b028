"""A flash in RAM that loses its power at an operation, and a filesystem on it."""

import vfs

EIO = 5


class PowerCut(BaseException):
    """Nothing runs any more. Not an Exception, so that no handler of the firmware sees it."""


class FailingFlash:
    """Does `limit` programs and erases (-1: all) and a part of the next one; then nothing.

    What comes then raises PowerCut; or it returns `error` if `goes_on`, when the flash has
    failed and the device has not. `torn` is how many eighths of the last operation are done.
    """

    def __init__(self, count, size, raw=None):
        self.size = size
        self.raw = bytearray(b"\xff" * (count * size)) if raw is None else bytearray(raw)
        self.count = len(self.raw) // size
        self.operations = 0
        self.limit = -1
        self.torn = 0
        self.goes_on = False
        self.error = EIO
        self.is_dead = False
        self.is_off = False  # after its life: the collector may still close files on it

    def readblocks(self, block, buffer, offset=0):
        if not self.is_off:
            at = block * self.size + offset
            buffer[:] = memoryview(self.raw)[at : at + len(buffer)]
        return 0

    def writeblocks(self, block, buffer, offset=0):
        fault = 0
        for start in range(0, len(buffer), self.size):  # FAT hands over several at once
            part = memoryview(buffer)[start : start + self.size]
            fault = fault or self.change(block * self.size + offset + start, part)
        return fault

    def ioctl(self, operation, argument):
        if operation == 4:
            return self.count
        if operation == 5:
            return self.size
        if operation == 6:
            return self.change(argument * self.size, b"\xff" * self.size)
        return 0

    def change(self, at, raw):
        """One program or erase; 0, or an error."""
        if self.is_off:
            return 0
        if self.operations == self.limit and not self.is_dead:
            self.is_dead = True
            part = len(raw) * self.torn // 8
            self.raw[at : at + part] = raw[:part]
        if self.is_dead:
            if self.goes_on:
                return -self.error
            raise PowerCut()
        self.operations += 1
        self.raw[at : at + len(raw)] = raw
        return 0


def formatted(kind):
    """A new flash with an empty filesystem: `littlefs` or `fat`."""
    if kind == "littlefs":
        flash = FailingFlash(32, 4096)
        vfs.VfsLfs2.mkfs(flash)
    else:
        flash = FailingFlash(160, 512)
        vfs.VfsFat.mkfs(flash)
    return flash


def mounted(kind, flash):
    """The files on it."""
    return vfs.VfsLfs2(flash, mtime=False) if kind == "littlefs" else vfs.VfsFat(flash)
