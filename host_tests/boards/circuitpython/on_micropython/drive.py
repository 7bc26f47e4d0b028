"""A FAT drive in a file, and `drive.py IMAGE FOLDER`, which makes one with a folder's files."""

import os
import sys

import vfs

_BLOCK_BYTES = 512
_BLOCKS = 960 * 1024 // _BLOCK_BYTES  # the part of 4 MB flash that is the Feather's drive


class Blocks:
    """The block device."""

    def __init__(self, path, mode="rb+"):
        self._file = open(path, mode)

    def readblocks(self, number, buffer):
        self._file.seek(number * _BLOCK_BYTES)
        self._file.readinto(buffer)

    def writeblocks(self, number, buffer):
        self._file.seek(number * _BLOCK_BYTES)
        self._file.write(buffer)

    def ioctl(self, operation, argument):
        if operation == 3:
            self._file.flush()
        return {4: _BLOCKS, 5: _BLOCK_BYTES}.get(operation, 0)


def _copy(source, target, filesystem):
    for name, kind, *_ in os.ilistdir(source):
        if kind == 0x4000:
            filesystem.mkdir(target + "/" + name)
            _copy(source + "/" + name, target + "/" + name, filesystem)
        else:
            with open(source + "/" + name, "rb") as file:
                raw = file.read()
            with filesystem.open(target + "/" + name, "wb") as copy:
                copy.write(raw)


if __name__ == "__main__":
    with open(sys.argv[1], "wb") as image:
        for _ in range(_BLOCKS):
            image.write(bytes(_BLOCK_BYTES))
    blocks = Blocks(sys.argv[1])
    vfs.VfsFat.mkfs(blocks)
    _copy(sys.argv[2], "", vfs.VfsFat(blocks))
