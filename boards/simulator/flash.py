"""The simulated board's flash: littlefs2 on an image file; a power cut leaves only this.

`mount()` gives the files with the interface of MicroPython's `vfs.VfsLfs2`, on CPython too. An
image is only ever formatted when it holds nothing; a new one is made under another name and
renamed, so that a cut leaves no half-made image.
"""

import os

from boards.simulator.image import BLOCK_BYTES, ImageBlocks
from milepad.base.compat import IS_MICROPYTHON, TYPE_CHECKING, const

if TYPE_CHECKING:
    from typing import Any

    from milepad.base.protocols import MeasuredFiles
from milepad.base.errors import FOREIGN, StorageError

NEW_IMAGE_BLOCKS = const(256)  # 1 MiB

# Both Pythons use the same geometry (it is VfsLfs2's own), so they age an image alike.
READ_BYTES = const(32)
PROGRAM_BYTES = const(32)


def mount(path: str) -> "MeasuredFiles":
    """The files on the image at `path`; a missing or blank image is made.

    Raises StorageError for an image that holds anything but littlefs2; its bytes are kept.
    """
    try:
        size = os.stat(path)[6]
    except OSError:
        size = 0
    if size % BLOCK_BYTES:
        raise StorageError(FOREIGN, "no whole number of %d-byte blocks" % BLOCK_BYTES)
    if not size or _is_blank(path):
        _make(path, size // BLOCK_BYTES or NEW_IMAGE_BLOCKS)
    blocks = ImageBlocks(path)
    try:
        return _mount(blocks)
    except OSError:
        blocks.ioctl(2, 0)
        raise StorageError(FOREIGN, "not littlefs2; nothing was changed")


def _make(path: str, count: int) -> None:
    new_path = path + ".new"
    with open(new_path, "wb") as file:
        for _ in range(count * BLOCK_BYTES // 256):
            file.write(b"\xff" * 256)
    blocks = ImageBlocks(new_path)
    _format(blocks)
    blocks.ioctl(2, 0)
    os.rename(new_path, path)


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

    def _format(blocks: ImageBlocks) -> None:
        device: "Any" = blocks  # by its methods; the stubs ask for a class that no port has
        vfs.VfsLfs2.mkfs(device, readsize=READ_BYTES, progsize=PROGRAM_BYTES)

    def _mount(blocks: ImageBlocks) -> "MeasuredFiles":
        device: "Any" = blocks
        return vfs.VfsLfs2(device, readsize=READ_BYTES, progsize=PROGRAM_BYTES, mtime=False)

else:
    from boards.simulator.flash_cpython import LittleFiles

    def _format(blocks: ImageBlocks) -> None:
        LittleFiles(blocks, READ_BYTES, PROGRAM_BYTES).format()

    def _mount(blocks: ImageBlocks) -> "MeasuredFiles":
        files = LittleFiles(blocks, READ_BYTES, PROGRAM_BYTES)
        files.mount()
        return files
