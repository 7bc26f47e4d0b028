"""The simulated board's flash: littlefs2 on an image file; a power cut leaves only this.

`mount()` gives the files with the face of MicroPython's `vfs.VfsLfs2`, on CPython too. An
image is only ever formatted when it holds nothing; a new one is made under another name and
renamed, so that a cut leaves no half-made image.
"""

import os

from milepad.base.errors import StorageError
from milepad.base.pythons import IS_MICROPYTHON, const

BLOCK_BYTES = const(4096)
NEW_IMAGE_BLOCKS = const(256)  # 1 MiB

# Both Pythons use the same geometry (it is VfsLfs2's own), so they age an image alike.
READ_BYTES = const(32)
PROGRAM_BYTES = const(32)
_EIO = const(5)
_EROFS = const(30)


class ImageBlocks:
    """The image as a block device (MicroPython's extended interface), unbuffered."""

    def __init__(self, path: str):
        self._is_read_only = False
        try:
            self._file = open(path, "r+b", buffering=0)  # noqa: SIM115 - open while mounted
        except OSError:  # a flash that is write-protected
            self._file = open(path, "rb", buffering=0)  # noqa: SIM115
            self._is_read_only = True
        self.count = self._file.seek(0, 2) // BLOCK_BYTES

    def readblocks(self, block: int, raw, offset: int = 0) -> None:
        """Fills `raw` from `offset` within `block`."""
        self._file.seek(block * BLOCK_BYTES + offset)
        self._file.readinto(raw)

    def writeblocks(self, block: int, raw, offset: int = 0) -> int:
        """Programs `raw` at `offset` within `block`, which was erased before.

        0, or a negative errno: an exception would be lost within littlefs.
        """
        if self._is_read_only:
            return -_EROFS
        try:
            self._file.seek(block * BLOCK_BYTES + offset)
            self._file.write(raw)
        except OSError:
            return -_EIO
        return 0

    def ioctl(self, operation: int, block: int) -> int:
        """2: closes; 4: how many blocks; 5: bytes in one; 6: erases `block`."""
        if operation == 4:
            return self.count
        if operation == 5:
            return BLOCK_BYTES
        if operation == 6:
            return self.writeblocks(block, b"\xff" * BLOCK_BYTES)
        if operation == 2:
            self._file.close()
        return 0


def mount(path: str):
    """The files on the image at `path`; a missing or blank image is made.

    Raises StorageError for an image that holds anything but littlefs2; its bytes are kept.
    """
    try:
        size = os.stat(path)[6]
    except OSError:
        size = 0
    if size % BLOCK_BYTES:
        raise StorageError("flash: no whole size; no multiple of %d bytes" % BLOCK_BYTES)
    if not size or _is_blank(path):
        _make(path, size // BLOCK_BYTES or NEW_IMAGE_BLOCKS)
    blocks = ImageBlocks(path)
    try:
        return _mount(blocks)
    except OSError:
        blocks.ioctl(2, 0)
        raise StorageError("flash: not littlefs2; nothing was changed")


def _make(path: str, count: int) -> None:
    new_path = path + ".new"
    with open(new_path, "wb") as file:
        _write_blank(file, count * BLOCK_BYTES)
    blocks = ImageBlocks(new_path)
    _format(blocks)
    blocks.ioctl(2, 0)
    os.rename(new_path, path)


def _write_blank(file, size: int) -> None:
    blank = b"\xff" * 256
    for _ in range(size // len(blank)):
        file.write(blank)


def _is_blank(path: str) -> bool:
    with open(path, "rb") as file:
        first = file.read(256)
        raw = first
        while raw:
            if raw not in (b"\xff" * 256, b"\x00" * 256) or raw != first:
                return False
            raw = file.read(256)
    return True


if IS_MICROPYTHON:
    import vfs

    def _format(blocks) -> None:
        vfs.VfsLfs2.mkfs(blocks, readsize=READ_BYTES, progsize=PROGRAM_BYTES)

    def _mount(blocks):
        return vfs.VfsLfs2(blocks, readsize=READ_BYTES, progsize=PROGRAM_BYTES, mtime=False)

else:
    from boards.simulator.flash_cpython import LittleFiles

    def _format(blocks) -> None:
        LittleFiles(blocks, READ_BYTES, PROGRAM_BYTES).format()

    def _mount(blocks):
        files = LittleFiles(blocks, READ_BYTES, PROGRAM_BYTES)
        files.mount()
        return files
