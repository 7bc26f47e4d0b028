"""The simulated board's flash image as a block device; `flash` mounts it."""

from milepad.base.compat import TYPE_CHECKING, const

if TYPE_CHECKING:
    from typing import Any, Callable

    from milepad.drivers.protocols import Raw

BLOCK_BYTES = const(4096)
_EIO = const(5)
_EROFS = const(30)


class ImageBlocks:
    """The image as a block device (MicroPython's extended interface), unbuffered.

    `before_write`: who is asked before a write, with the file, the place, the bytes and how
    often they are written.
    """

    before_write: "Callable[[Any, int, Raw, int], None] | None" = None

    def __init__(self, path: str):
        self._is_read_only = False
        try:
            self._file = open(path, "r+b", buffering=0)  # noqa: SIM115 - open while mounted
        except OSError:  # a flash that is write-protected
            self._file = open(path, "rb", buffering=0)  # noqa: SIM115
            self._is_read_only = True
        self.count = self._file.seek(0, 2) // BLOCK_BYTES

    def readblocks(self, block: int, raw: bytearray | memoryview, offset: int = 0) -> None:
        """Fills `raw` from `offset` within `block`."""
        self._file.seek(block * BLOCK_BYTES + offset)
        self._file.readinto(raw)

    def writeblocks(self, block: int, raw: "Raw", offset: int = 0) -> int:
        """Programs `raw` at `offset` within `block`, which was erased before.

        0, or a negative errno: an exception would be lost within littlefs.
        """
        return self._write(block * BLOCK_BYTES + offset, raw, 1)

    def _write(self, at: int, raw: "Raw", times: int) -> int:
        if self._is_read_only:
            return -_EROFS
        before_write = ImageBlocks.before_write
        if before_write:
            before_write(self._file, at, raw, times)
        try:
            self._file.seek(at)
            for _ in range(times):
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
            return self._write(block * BLOCK_BYTES, b"\xff" * 256, BLOCK_BYTES // 256)
        if operation == 2:
            self._file.close()
        return 0
