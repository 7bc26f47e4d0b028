"""The small files of the littlefs store: one record each, at a fixed name, overwritten in place.

Each is small enough to live inside its directory's own blocks, so that writing one programs
about 100 bytes. Methods raise OSError when the medium fails, but for those that say otherwise.
"""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.ledger import frames, records
from milepad.ledger.stores.segments import CHUNK_BYTES

if TYPE_CHECKING:
    from typing import Iterator

    from milepad.base.protocols import Files

FREE = const(0)
TAKEN = const(-1)  # it holds something which is not ours to overwrite


def read_file(files: "Files", path: str, limit: int) -> bytes | None:
    """A file's first `limit` bytes; None when it is missing or damaged."""
    try:
        with files.open(path, "rb") as file:
            return file.read(limit)
    except OSError:
        return None


class SmallFiles:
    """`count` of them in `folder`; `numbers` is which record each holds, `FREE` or `TAKEN`.

    `damaged` gets the negative index of each that holds something else.
    """

    def __init__(self, files: "Files", folder: str, count: int, damaged: set[int]):
        self._files = files
        self._folder = folder
        self._damaged = damaged
        self.numbers = [FREE] * count

    def _path(self, slot: int) -> str:
        return "%s/%02x" % (self._folder, slot)

    def content(self, slot: int) -> bytes | None:
        """What is in it; None when it cannot be read. Raises nothing."""
        return read_file(self._files, self._path(slot), CHUNK_BYTES)

    def record(self, slot: int) -> bytes:
        """The record in it, b"" for none. Raises nothing."""
        return records.trimmed(self.content(slot) or b"")

    def set_aside(self, slot: int) -> None:
        """Counts one that holds no record, and keeps it from being overwritten."""
        self._damaged.add(-slot)
        self.numbers[slot] = TAKEN

    def find(self, number: int) -> bytes:
        """The record of that number, b"" for none. Raises nothing."""
        if number <= 0 or number not in self.numbers:
            return b""
        return self.record(self.numbers.index(number))

    def scan(self, from_number: int) -> "Iterator[bytes]":
        """Yields records in order; passes over those it cannot read. Raises nothing."""
        for number in sorted(self.numbers):
            raw = self.find(number) if number >= from_number else b""
            if raw:
                yield raw

    def take_all(self) -> "Iterator[bytes]":
        """As `scan`; what it cannot read is set aside."""
        for number in sorted(self.numbers):
            if number > 0:
                slot = self.numbers.index(number)
                raw = self.record(slot)
                if raw:
                    yield raw
                else:
                    self.set_aside(slot)

    def write(self, slot: int, raw: bytes) -> None:
        """Puts a record in place of what is there."""
        with self._files.open(self._path(slot), "wb") as file:
            file.write(raw)

    def write_result(self, number: int, raw: bytes) -> bytes:
        """Puts a result after the intent of that number, which it returns."""
        path = self._path(self.numbers.index(number))
        # Not truncated when it is opened, so that no fault in between can commit less.
        with self._files.open(path, "r+b") as file:
            record = file.read(CHUNK_BYTES)
            size = frames.measure(record, 0, frames.INTENT)
            file.seek(size)
            file.write(raw)
        return record[:size]

    def free_up_to(self, last: int) -> None:
        """Frees those whose records are in a large file now."""
        self.numbers = [FREE if 0 < number <= last else number for number in self.numbers]
