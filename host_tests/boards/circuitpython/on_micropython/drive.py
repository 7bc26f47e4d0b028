"""A FAT drive in a file, and `drive.py IMAGE FOLDER`, which makes one with a folder's files."""

import os
import sys

import vfs

from host_tests.kit.on_micropython.flash import FileFlash

_BLOCK_BYTES = 512
_BLOCKS = 960 * 1024 // _BLOCK_BYTES  # the part of 4 MB flash that is the Feather's drive


def blocks(path):
    """The drive's block device."""
    return FileFlash(path, _BLOCKS, _BLOCK_BYTES)


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
    drive = blocks(sys.argv[1])
    vfs.VfsFat.mkfs(drive)
    _copy(sys.argv[2], "", vfs.VfsFat(drive))
