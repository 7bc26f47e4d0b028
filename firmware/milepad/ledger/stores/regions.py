"""Plain runs of bytes for `ring.RingStore`: a file that is written in place, or memory. Each is a
`Region` of `milepad/ledger/protocols.py`.
"""

from milepad.base.compat import TYPE_CHECKING, const

if TYPE_CHECKING:
    from milepad.base.protocols import FileOpener

_BLOCK_BYTES = const(512)


class FileRegion:
    """A file on FAT. It grows by whole sectors and is never truncated, renamed or removed:
    so a write changes one or two sectors and, when it grows, the file's length.

    `size_bytes` is how long it is. Raises OSError when the file can be neither opened for writing
    nor made.
    """

    def __init__(self, files: "FileOpener", path: str):
        self._files = files
        self._path = path
        try:
            with files.open(path, "r+b") as file:
                self.size_bytes = file.seek(0, 2)
        except OSError as fault:
            if fault.args[0] != 2:  # ENOENT
                raise
            with files.open(path, "wb"):
                self.size_bytes = 0

    def read(self, at: int, count: int) -> bytes:
        """Up to `count` bytes."""
        with self._files.open(self._path, "rb") as file:
            file.seek(at)
            return file.read(count) if at < self.size_bytes else b""

    def write(self, at: int, raw: bytes) -> None:
        """Writes in place; fills with zeros what lies between the end and `at`."""
        with self._files.open(self._path, "r+b") as file:
            file.seek(0, 2)
            while self.size_bytes < at + len(raw):
                self.size_bytes += file.write(bytes(_BLOCK_BYTES))
            file.seek(at)
            file.write(raw)
