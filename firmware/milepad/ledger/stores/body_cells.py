"""The bodies of the earnings that wait, in cells of one sector, for media on which nothing is
atomic: FAT, NVM, RAM.

    cell: one frame: number (4) | CRC-32 of the whole body (4) | part (1) | parts (1) | bytes

A body takes as many cells as it needs, wherever some are free, and is there when all of its
parts are. So a cut while it is written leaves none, and nothing else is touched. A cell is free
when the ledger says that its entry is settled: what is sent is not written again.
"""

from binascii import crc32

from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.errors import QUEUE_FULL, StorageError
from milepad.ledger import frames
from milepad.ledger.stores import failed
from milepad.ledger.stores.bodies import cannot_add
from milepad.ledger.stores.regions import FileRegion

if TYPE_CHECKING:
    from milepad.base.protocols import FileOpener
    from milepad.ledger.protocols import Region

CELL_BYTES = const(512)
_HEAD_BYTES = const(10)
PART_BYTES = const(495)  # what is left of a cell
_FREE = const(0)
_CELLS_AT_ONCE = const(8)


class CellBodies:
    """Bodies in a region (see `regions`) of `cells` cells; reads all of them at the start."""

    warning = ""
    tried = 0

    def __init__(self, region: "Region", cells: int):
        self._region = region
        self._cells = [_FREE] * cells  # whose each is; below 0: it was that one's
        self._last = -1  # the cell that was written last: wear goes round
        try:
            self._mount()
        except OSError as fault:
            raise failed(fault)

    def _mount(self) -> None:
        for cell in range(0, len(self._cells), _CELLS_AT_ONCE):
            count = min(_CELLS_AT_ONCE, len(self._cells) - cell)
            raw = self._region.read(cell * CELL_BYTES, count * CELL_BYTES)
            for at in range(0, len(raw), CELL_BYTES):
                self._cells[cell + at // CELL_BYTES] = frames.sequence_of(
                    raw, at, frames.BODY
                )
            if len(raw) < count * CELL_BYTES:  # the file ends here: it grows when it has to
                return

    def note_tried(self, number: int) -> bool:
        """It is not kept here: the ledger's own note is cheap where nothing is atomic."""
        return False

    def keep(self, numbers: list[int]) -> None:
        """Only the bodies of these entries are needed; the others may be forgotten."""
        for cell, number in enumerate(self._cells):
            if number > 0 and number not in numbers:
                self._cells[cell] = -number

    def add(self, number: int, body: bytes) -> None:
        """Keeps a body; it is on flash when this returns. Raises StorageError.

        After an error nothing may be sent; what was written of it is of no entry then.
        """
        self.drop(number)  # what a cut left of one that got no entry
        parts = (len(body) + PART_BYTES - 1) // PART_BYTES
        cells = self._free(number, parts)
        head = number.to_bytes(4, "big") + crc32(body).to_bytes(4, "big")
        try:
            for part, cell in enumerate(cells):
                piece = body[part * PART_BYTES : (part + 1) * PART_BYTES]
                raw = frames.seal(frames.BODY, head + bytes((part, parts)) + piece)
                self._cells[cell] = -number
                self._region.write(cell * CELL_BYTES, raw + bytes(CELL_BYTES - len(raw)))
                self._last = cell
        except OSError as fault:
            raise cannot_add(fault)
        for cell in cells:
            self._cells[cell] = number

    def _free(self, number: int, count: int) -> list[int]:
        """Free cells; first those that still hold parts under the same number."""
        found = [cell for cell, each in enumerate(self._cells) if each == -number]
        size = len(self._cells)
        for step in range(1, size + 1):
            if len(found) >= count:
                return found[:count]
            cell = (self._last + step) % size
            if self._cells[cell] <= 0 and self._cells[cell] != -number:
                found.append(cell)
        if len(found) >= count:
            return found[:count]
        raise StorageError(QUEUE_FULL)

    def read(self, number: int) -> bytes | None:
        """An entry's body; None when it is not there, or damaged."""
        bodies: dict[bytes, dict[int, bytes]] = {}  # by their checksum and how many parts
        for cell, each in enumerate(self._cells):
            raw = self._payload(cell) if each == number else b""
            if len(raw) > _HEAD_BYTES:
                parts = bodies.setdefault(raw[4:8] + raw[9:10], {})
                parts[raw[8]] = raw[_HEAD_BYTES:]
        for name, parts in bodies.items():
            body = b"".join([parts.get(part, b"") for part in range(name[4])])
            if crc32(body) == int.from_bytes(name[:4], "big"):
                return body
        return None

    def _payload(self, cell: int) -> bytes:
        try:
            raw = self._region.read(cell * CELL_BYTES, CELL_BYTES)
        except OSError:
            return b""
        return frames.payload_of(raw, 0, frames.BODY) or b""

    def drop(self, number: int) -> None:
        """An entry's body is not needed any more."""
        for cell, each in enumerate(self._cells):
            if each == number:
                self._cells[cell] = -number


def fat_bodies(files: "FileOpener", path: str, cells: int) -> CellBodies:
    """Bodies in one file of a FAT disk, with so many cells, or with all of a longer file that
    earlier firmware began. Raises StorageError when it cannot be written.
    """
    try:
        region = FileRegion(files, path)
        return CellBodies(region, max(cells, region.size_bytes // CELL_BYTES))
    except OSError as fault:
        raise failed(fault)
