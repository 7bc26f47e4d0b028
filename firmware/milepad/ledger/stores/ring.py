"""Records in cells of a fixed size, for media on which nothing is atomic: FAT, NVM, RAM.

    values, first half | values, second half | cell 0 | cell 1 | ...
    cell: intent (96 bytes) | result, first half (56) | result, second half (56)

Whatever may be written again has two halves with a counter and a checksum; a write goes
to the older one, so a cut leaves the newer. Record n lives in cell n modulo the number of
cells; a cell is used again only when its record may go. A cell that a cut left torn, and
one whose record is pending, are passed over: their next number is never used. Where flash
erases several cells to write one (a FAT disk on raw flash, RP2040's NVM), a cut can take the
neighbours too: prefer littlefs there.
"""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.errors import DAMAGED, FULL, OPEN_FIRST, TOO_SMALL, StorageError
from milepad.ledger import frames, records
from milepad.ledger.stores import Store, failed
from milepad.ledger.stores.regions import FileRegion

if TYPE_CHECKING:
    from typing import Iterator

    from milepad.base.protocols import FileOpener
    from milepad.ledger.protocols import Region

_RESULTS_AT = const(96)
_RESULT_BYTES = const(56)
CELL_BYTES = const(208)
_FAT_CELL_BYTES = const(256)  # two a sector, none across two
_SECTOR_BYTES = const(512)
_FAT_TOKEN_BYTES = const(4096)
_VALUE_BYTES = const(16)
_TRIES = "tries"
_VALUES = ("exported", "trace", "time", "copies", "token", _TRIES)
_CELLS_AT_ONCE = const(16)


class RingStore(Store):
    """A store over a region (see `regions`) with room for `cells` records.

    `token_bytes` is the room for a token (0: none is kept). At start-up it reads every cell
    that was ever written, 4 KiB at a time.
    """

    def __init__(
        self, region: "Region", cells: int, token_bytes: int = 0, sector_bytes: int = 1
    ):
        super().__init__()
        self._region = region
        self.capacity = cells
        self._token_bytes = token_bytes
        half = 4 * _VALUE_BYTES + token_bytes
        self._half_bytes = (half + sector_bytes - 1) // sector_bytes * sector_bytes
        self._cell_bytes = _FAT_CELL_BYTES if sector_bytes > 1 else CELL_BYTES
        self._torn_cells: set[int] = set()
        self._waiting = 0  # records after the mark of exports that are not pending
        self._late: list[int] = []  # records below the mark whose end no export has seen
        self._read_exported()
        self._mount()

    def _mount(self) -> None:
        """Reads every cell once, a few at a time: no mark tells what a cut may have left."""
        for cell, raw in self._cells():
            number = self._number(cell, raw)
            if number > 0:
                self.last = max(self.last, number)
                self._has(number, self._record(raw, number))

    def _has(self, number: int, record: bytes) -> None:
        """Takes a record that is there into account."""
        self._track(number, record)
        if number > self.exported and not records.is_pending(record):
            self._waiting += 1

    def _track(self, number: int, record: bytes) -> None:
        super()._track(number, record)
        is_late = number <= self.exported and not records.is_pending(record)
        if is_late and number not in self._late and not self.may_go(record):
            self._late.append(number)

    def _cells(self) -> "Iterator[tuple[int, bytes]]":
        """Yields (cell, its bytes) of all that were ever written."""
        size = self._cell_bytes
        for cell in range(0, self.capacity, _CELLS_AT_ONCE):
            count = min(_CELLS_AT_ONCE, self.capacity - cell)
            raw = self._read(self._cell_at(cell), count * size)
            for at in range(0, len(raw), size):
                yield cell + at // size, raw[at : at + size]
            if len(raw) < count * size:  # the file ends here: it grows when it has to
                return

    def _cell_at(self, cell: int) -> int:
        return 2 * self._half_bytes + cell * self._cell_bytes

    def _number_in(self, cell: int) -> int:
        """The number of the record in a cell; 0: blank; -1: torn."""
        return self._number(cell, self._read(self._cell_at(cell), _RESULTS_AT))

    def _number(self, cell: int, raw: bytes) -> int:
        number = frames.sequence_of(raw, 0, frames.INTENT)
        if number or not raw or raw[:8] in (bytes(8), b"\xff" * 8):
            return number
        self._torn_cells.add(cell)
        self.damaged.add(-cell)
        return -1

    def _ahead(self) -> tuple[int, set[int]]:
        """How many numbers lie before the cell of the oldest record that was not exported
        comes round again, and the cells that are passed over.
        """
        stuck = self._stuck()
        for oldest in self._waiting_numbers() if self._waiting else ():
            return oldest + self.capacity - 1 - self.last, stuck  # no other is needed
        return self.capacity, stuck

    def _waiting_numbers(self) -> "Iterator[int]":
        """Yields the numbers of the records that wait for an export. A number that was passed
        over has no record, whatever has become of its cell since.
        """
        first = max(self.exported, self.last - self.capacity) + 1
        held = self._held()
        for number in range(first, self.last + 1):
            if number not in held and self._number_in(number % self.capacity) == number:
                yield number

    def _stuck(self) -> set[int]:
        stuck = {number % self.capacity for number in self._held() + self._late}
        stuck.update(self._torn_cells)
        return stuck

    def used(self) -> int:
        """How many records wait for an export; what is pending fills nothing."""
        return self._waiting

    def room(self) -> int:
        """How many more records fit before something must be exported."""
        ahead, stuck = self._ahead()
        return ahead - len([cell for cell in stuck if self._distance(cell) < ahead])

    def _distance(self, cell: int) -> int:
        return (cell - self.last - 1) % self.capacity

    def next_number(self) -> int:
        """The number for the next record, whose cell is free. Raises StorageError if none is."""
        ahead, stuck = self._ahead()
        for number in range(self.last + 1, self.last + 1 + ahead):
            cell = number % self.capacity
            if cell not in stuck and self._number_in(cell) >= 0:
                return number
        if ahead < self.capacity:
            raise StorageError(FULL)
        raise StorageError(OPEN_FIRST if self._held() else DAMAGED)

    def append(self, number: int, raw: bytes) -> None:
        """Adds a record."""
        cell = number % self.capacity
        try:
            self._write(self._cell_at(cell), raw + bytes(self._cell_bytes - len(raw)))
        except StorageError:
            if self._number_in(cell) == number:  # it is there all the same
                self._has_taken(number, raw)
            raise
        self._has_taken(number, raw)

    def _has_taken(self, number: int, raw: bytes) -> None:
        self.last = number
        self._has(number, raw)

    def write_result(self, number: int, raw: bytes) -> None:
        """Puts a result over the older of the record's two."""
        cell = self._read(self._cell_at(number % self.capacity), self._cell_bytes)
        at = _RESULTS_AT + _RESULT_BYTES * (1 - self._newest_result(cell, number)[0])
        self._write(self._cell_at(number % self.capacity) + at, raw)
        intent = cell[: frames.measure(cell, 0, frames.INTENT)]
        was_pending = number in self._held()
        self._track(number, intent + raw)
        if number > self.exported:
            self._waiting += was_pending - records.is_pending(intent + raw)

    def read(self, number: int) -> bytes | None:
        """The record's bytes, or None."""
        if number < 1:
            return None
        raw = self._read(self._cell_at(number % self.capacity), self._cell_bytes)
        if frames.sequence_of(raw, 0, frames.INTENT) != number:
            return None
        return self._record(raw, number)

    def _record(self, cell: bytes, number: int) -> bytes:
        """The record in a cell's bytes: the intent and the newest of its two results."""
        return (
            cell[: frames.measure(cell, 0, frames.INTENT)]
            + self._newest_result(cell, number)[1]
        )

    def _newest_result(self, cell: bytes, number: int) -> tuple[int, bytes]:
        """(which half, the result's frame); (1, b"") when there is none."""
        newest, found = 1, b""
        for half in (0, 1):
            raw = cell[_RESULTS_AT + half * _RESULT_BYTES :][:_RESULT_BYTES]
            if frames.sequence_of(raw, 0, frames.RESULT) != number:
                continue
            # The byte after the number counts the results that were written.
            if not found or (raw[7] - found[7]) & 255 < 128:
                newest, found = half, raw[: frames.measure(raw, 0, frames.RESULT)]
        return newest, found

    def scan(self, from_number: int) -> "Iterator[bytes]":
        """Yields records in order; holds one at a time."""
        first = max(1, self.last - self.capacity + 1)
        for number in sorted(self._held() + self._late):  # those that were passed over
            if from_number <= number < first:
                yield from self._whole(number)
        for number in range(max(from_number, first), self.last + 1):
            yield from self._whole(number)

    def _whole(self, number: int) -> "Iterator[bytes]":
        raw = self.read(number)
        if raw:
            yield raw

    kept = 0  # the oldest record's cell is the next one's

    def drop(self) -> bool:
        """Nothing to do: records that may go make room by themselves."""
        return False

    def mark_exported(self, up_to: int) -> None:
        """Moves the mark of exports."""
        super().mark_exported(up_to)
        self._late.clear()
        self._waiting = len(list(self._waiting_numbers()))

    def _value(self, name: str) -> tuple[int, int, bytes | None]:
        """(which half is newest, its counter, its payload without the counter)."""
        newest, turn, found = 1, 0, None
        for half in (0, 1) if self._has_room(name) else ():
            raw = self._read(self._value_at(name, half), self._value_bytes(name))
            payload = frames.payload_of(raw, 0, frames.VALUE)
            if payload and (found is None or (payload[0] - turn) & 255 < 128):
                newest, turn, found = half, payload[0], payload[1:]
        return newest, turn, found

    def _value_at(self, name: str, half: int) -> int:
        # What came later stands after the token, where a FAT disk's half has room to a sector.
        at = _VALUES.index(name) * _VALUE_BYTES
        if name == _TRIES:
            at += self._token_bytes - _VALUE_BYTES
        return half * self._half_bytes + at

    def _has_room(self, name: str) -> bool:
        known = name in _VALUES  # what has come since needs a littlefs
        return (
            known and self._value_at(name, 0) + self._value_bytes(name) <= self._half_bytes
        )

    def _value_bytes(self, name: str) -> int:
        return self._token_bytes if name == "token" else _VALUE_BYTES

    def get(self, name: str) -> bytes | None:
        """A named value, or None."""
        return self._value(name)[2]

    def put(self, name: str, raw: bytes) -> None:
        """Replaces a named value; StorageError when there is no room for it."""
        newest, turn, _ = self._value(name)
        frame = frames.seal(frames.VALUE, bytes(((turn + 1) & 255,)) + raw)
        if len(frame) > self._value_bytes(name) or not self._has_room(name):
            raise StorageError(TOO_SMALL, name)
        self._write(self._value_at(name, 1 - newest), frame)

    def _read(self, at: int, count: int) -> bytes:
        try:
            return self._region.read(at, count)
        except OSError as fault:
            raise failed(fault)

    def _write(self, at: int, raw: bytes) -> None:
        try:
            self._region.write(at, raw)
        except OSError as fault:
            raise failed(fault)


def fat_store(files: "FileOpener", path: str, cells: int) -> RingStore:
    """A store in one file of a FAT disk. Raises StorageError when it cannot be written."""
    try:
        region = FileRegion(files, path)
    except OSError as fault:
        raise failed(fault)
    return RingStore(region, cells, _FAT_TOKEN_BYTES, _SECTOR_BYTES)


def fat_bytes(cells: int) -> int:
    """How long the file of a `fat_store` with so many cells becomes: no cell lies beyond it."""
    half = 4 * _VALUE_BYTES + _FAT_TOKEN_BYTES
    halves = 2 * ((half + _SECTOR_BYTES - 1) // _SECTOR_BYTES * _SECTOR_BYTES)
    return halves + cells * _FAT_CELL_BYTES
