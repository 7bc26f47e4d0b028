"""The large files of the littlefs store: records in order, as many as fill one block.

Each is named by its last record, in hexadecimal. It is written under another name and
renamed, so that a power cut leaves the old one or the new one. Bytes in it that are no record
are kept wherever it is written again.
"""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.ledger import frames, records

if TYPE_CHECKING:
    from typing import Iterator

    from milepad.base.protocols import Files

UNFINISHED = "/tmp"  # noqa: S108  (a file in the folder)
CHUNK_BYTES = const(256)  # more than the longest record
_READ_BYTES = const(1024)
SEGMENT_BYTES = const(4096)


def hex_number(name: str) -> int:
    """The number that a file's name is, in lower-case hexadecimal; -1 for other names."""
    for c in name:
        if not ("0" <= c <= "9" or "a" <= c <= "f"):
            return -1
    return int(name, 16) if name else -1


def number_of(record: bytes) -> int:
    """The number of a record; 0 for bytes that are none."""
    return frames.sequence_of(record, 0, frames.INTENT)


class Segments:
    """The large files in `folder`; `lasts` are their last records, ascending.

    `damaged` gets the last record of each file in which there is something else. Methods raise
    OSError when the medium fails, but for those that say otherwise.
    """

    def __init__(self, files: "Files", folder: str, damaged: set[int]):
        self._files = files
        self._folder = folder
        self._damaged = damaged
        self.lasts: list[int] = []

    def find(self, names: list[str]) -> None:
        """Takes those of a folder's names that are large files'."""
        numbers = [hex_number(name) for name in names if len(name) == 8]
        self.lasts = sorted([number for number in numbers if number > 0])

    def newest(self) -> int:
        """The last record of the newest file; 0: there is none."""
        return self.lasts[-1] if self.lasts else 0

    def covering(self, number: int) -> int:
        """The file that a record is in, if it is in one; 0: in none."""
        return min([last for last in self.lasts if last >= number] or [0])

    def pieces(self, last: int) -> "Iterator[bytes]":
        """Yields what a file is made of: records, and single bytes of none.

        The file is never open meanwhile: who stops in the middle would leave it to the garbage
        collector, and MicroPython's littlefs does not survive that.
        """
        at, is_end = 0, False
        raw = b""
        while True:
            if len(raw) < CHUNK_BYTES and not is_end:
                raw = self._read(last, at)
                is_end = len(raw) < _READ_BYTES
            if not raw:
                return
            record = records.trimmed(raw)
            if not record:
                self._damaged.add(last)
            yield record or raw[:1]
            at += len(record) or 1
            raw = raw[len(record) or 1 :]

    def _read(self, last: int, at: int) -> bytes:
        with self._files.open(self._path(last), "rb") as file:
            file.seek(at)
            found: bytes = file.read(_READ_BYTES)
            return found

    def records_in(self, last: int) -> "Iterator[bytes]":
        """Yields a file's records, as far as it can be read; never raises."""
        try:
            for raw in self.pieces(last):
                if number_of(raw):
                    yield raw
        except OSError:  # damaged: the others can still be read
            self._damaged.add(last)

    def numbers_in(self, last: int) -> set[int] | None:
        """The numbers of a file's records; None when it cannot be read; never raises."""
        found: set[int] = set()
        if last:
            try:
                for raw in self.pieces(last):
                    found.add(number_of(raw))
            except OSError:
                self._damaged.add(last)
                return None
        return found

    def write(self, record_list: "Iterator[bytes]") -> int:
        """Makes a file of the first records that fit into a block; its last one, or 0."""
        size = last = 0
        with self._files.open(self._folder + UNFINISHED, "wb") as file:
            for raw in record_list:
                size += len(raw)
                if size > SEGMENT_BYTES:
                    break
                file.write(raw)
                last = number_of(raw)
        if last:
            self._files.rename(self._folder + UNFINISHED, self._path(last))
            self.lasts.append(last)
        return last

    def replace(self, number: int, record: bytes) -> None:
        """Writes the covering file again, with that record in its place or put there."""
        last = self.covering(number)
        with self._files.open(self._folder + UNFINISHED, "wb") as file:
            for raw in self.pieces(last):
                if record and number_of(raw) >= number:
                    file.write(record)
                    record = b""
                if number_of(raw) != number:
                    file.write(raw)
            file.write(record)
        self._files.rename(self._folder + UNFINISHED, self._path(last))

    def remove(self, last: int) -> None:
        """Removes a file."""
        self._files.remove(self._path(last))
        self.lasts.remove(last)

    def _path(self, last: int) -> str:
        return "%s/%08x" % (self._folder, last)
