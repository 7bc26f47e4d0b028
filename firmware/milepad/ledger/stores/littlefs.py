"""Records on littlefs2, laid out for what a program and an erase cost there.

    FOLDER/new/00 .. 2b   one record each; small enough to live inside the directory's
                          own blocks, so writing one programs about 100 bytes
    FOLDER/0000002d       records up to number 45 (hexadecimal), as many as fill one block
    FOLDER/pending        the numbers of records in large files that may still be open
    FOLDER/trace ...      named values; `tmp` is a file that never became one

When all small files are taken their records move into one block-sized file, written as
`tmp` and renamed; records that are in such a file make their small files free again.
Closing a file is atomic on littlefs, and so is renaming over one: a power cut leaves the
old or the new. So small files are overwritten in place, and nothing is ever removed first.

An open record moves along with the others, so that it holds nothing up; its number is in
`pending` before it moves. That list may name too many, never too few.
"""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.errors import DAMAGED, NO_ENTRY, StorageError
from milepad.ledger import frames, records
from milepad.ledger.stores import Store, failed
from milepad.ledger.stores.segments import (
    CHUNK_BYTES,
    UNFINISHED,
    Segments,
    hex_number,
    number_of,
)

if TYPE_CHECKING:
    from typing import Iterator

    from milepad.base.protocols import Files

_PENDING = "pending"
_MAX_LISTED = const(1000)  # more than a value holds: then every large file is read
_TAKEN = const(-1)  # a small file that holds something which is not ours to overwrite


class LittlefsStore(Store):
    """A store in one folder of `files`, an object with VfsLfs2's methods.

    When it is made it reads the small files, the newest large one, and those in which
    something is pending. Raises StorageError when the folder can be neither read nor made.
    """

    slots = 44  # small files: about as many as fill one large file
    capacity = 1 << 29  # the flash itself says when it is full

    def __init__(self, files: "Files", folder: str = "/ledger"):
        super().__init__()
        self._files = files
        self._folder = folder
        self._slots = [0] * self.slots  # which record each small file holds; 0: free
        self._segments = Segments(files, folder, self.damaged)
        self._pinned: set[int] = set()  # large files that were found to hold what must stay
        self._listed: list[int] = []  # what the value `pending` names
        try:
            self._mount()
        except OSError as fault:
            raise failed(fault)

    # --- at start-up ---

    def _mount(self) -> None:
        for path in (self._folder, self._folder + "/new"):
            try:
                self._files.stat(path)
            except OSError:
                self._files.mkdir(path)
        names = [row[0] for row in self._files.ilistdir(self._folder)]
        self._segments.find(names)
        self._read_exported()
        self._find_pending(_PENDING in names)
        in_newest = self._segments.numbers_in(self._segments.newest())
        for row in self._files.ilistdir(self._folder + "/new"):
            self._mount_slot(hex_number(row[0]), in_newest)
        self.pending.sort()
        self.last = max([self._segments.newest()] + self._slots)
        try:
            self._take_in_strays()
        except (OSError, StorageError):  # perhaps read-only: they stay where they are
            pass

    def _find_pending(self, is_listed: bool) -> None:
        """Looks into the large files that the list names; into all if it is damaged."""
        raw = self.get(_PENDING) if is_listed else b""
        is_whole = raw is not None and len(raw) % 4 == 0
        if not is_whole:
            self._listed = [0]  # to be written again
        elif raw:
            for at in range(0, len(raw), 4):
                self._listed.append(int.from_bytes(raw[at : at + 4], "big"))
        before = 0
        for last in self._segments.lasts:
            named = [number for number in self._listed if before < number <= last]
            if named or not is_whole:
                for record in self._segments.records_in(last):
                    if records.is_pending(record):
                        self.pending.append(number_of(record))
            before = last

    def _mount_slot(self, slot: int, in_newest: set[int] | None) -> None:
        if not 0 <= slot < self.slots:
            self.damaged.add(-slot)
            return
        raw = self._bytes(self._slot_path(slot))
        number = number_of(raw) if raw else 0
        if raw is None or (raw and not number):
            self._slots[slot] = self._spoilt(slot)
        elif number > self._segments.newest() or (
            number and self._is_stray(raw, in_newest)
        ):
            self._slots[slot] = number
            if records.is_pending(raw):
                self.pending.append(number)

    def _is_stray(self, raw: bytes, in_newest: set[int] | None) -> bool:
        """Whether a small file could not be read when its neighbours moved."""
        number = number_of(raw)
        if in_newest is None or number in in_newest or self.may_go(raw):
            return False
        last = self._segments.covering(number)
        if last == self._segments.newest():
            return True
        found = self._segments.numbers_in(last)
        return found is not None and number not in found

    def _take_in_strays(self) -> None:
        """Moves records from small files to their places between others, in a large one."""
        for slot, number in enumerate(self._slots):
            raw = self._slot_record(slot) if 0 < number <= self._segments.newest() else b""
            if raw:
                self._list_pending()
                self._segments.replace(number, raw)
                self._slots[slot] = 0

    def _spoilt(self, slot: int) -> int:
        """Counts a small file that holds no record, and keeps it from being overwritten."""
        self.damaged.add(-slot)
        return _TAKEN

    def _slot_path(self, slot: int) -> str:
        return "%s/new/%02x" % (self._folder, slot)

    def _bytes(self, path: str, limit: int = CHUNK_BYTES) -> bytes | None:
        """A small file's content; None when the file is damaged."""
        try:
            with self._files.open(path, "rb") as file:
                return file.read(limit)
        except OSError:
            return None

    # --- records ---

    def next_number(self) -> int:
        """The number for the next record."""
        return self.last + 1

    def room(self) -> int:
        """No limit but the flash's own."""
        return self.capacity

    @property
    def kept(self) -> int:
        """How many records are kept, with every large file counted as full."""
        return len(self._segments.lasts) * self.slots + len(
            [n for n in self._slots if n > 0]
        )

    def append(self, number: int, raw: bytes) -> None:
        """Adds a record; moves the older ones into a large file first when it must."""
        try:
            if 0 not in self._slots:
                self._merge()
            slot = self._slots.index(0)
        except OSError as fault:
            raise failed(fault)
        try:
            with self._files.open(self._slot_path(slot), "wb") as file:
                file.write(raw)
        except OSError as fault:
            if number_of(self._slot_record(slot)) == number:  # it is there all the same
                self._has_taken(slot, number, raw)
            raise failed(fault)
        self._has_taken(slot, number, raw)

    def _has_taken(self, slot: int, number: int, raw: bytes) -> None:
        self._slots[slot] = self.last = number
        self._track(number, raw)

    def write_result(self, number: int, raw: bytes) -> None:
        """Puts a result after the intent, in one commit."""
        try:
            if number in self._slots:
                intent = self._amend_slot(self._slots.index(number), raw)
            else:
                intent = self._amend_segment(number, raw)
        except OSError as fault:
            raise failed(fault)
        self._track(number, intent + raw)

    def _amend_slot(self, slot: int, raw: bytes) -> bytes:
        # Not truncated when it is opened, so that no fault in between can commit less.
        with self._files.open(self._slot_path(slot), "r+b") as file:
            record = file.read(CHUNK_BYTES)
            size = frames.measure(record, 0, frames.INTENT)
            file.seek(size)
            file.write(raw)
        return record[:size]

    def _amend_segment(self, number: int, raw: bytes) -> bytes:
        record = self.read(number)
        if not record:
            raise StorageError(NO_ENTRY)
        intent = record[: frames.measure(record, 0, frames.INTENT)]
        if records.is_pending(intent + raw) and number not in self._listed:
            self._write_list(self._listed + [number])
        self._segments.replace(number, intent + raw)
        return intent

    def read(self, number: int) -> bytes | None:
        """The record's bytes, or None."""
        if number > 0 and number in self._slots:
            return self._slot_record(self._slots.index(number)) or None
        for raw in self.scan(number):
            return raw if number_of(raw) == number else None
        return None

    def scan(self, from_number: int) -> "Iterator[bytes]":
        """Yields records in order; holds one record and one list of numbers in memory."""
        for last in self._segments.lasts:
            if last >= from_number:
                for raw in self._segments.records_in(last):
                    if number_of(raw) >= from_number:
                        yield raw
        for number in sorted(self._slots):
            if number > 0 and number >= from_number:
                raw = self._slot_record(self._slots.index(number))
                if raw:
                    yield raw

    def _slot_record(self, slot: int) -> bytes:
        return records.trimmed(self._bytes(self._slot_path(slot)) or b"")

    def _merge(self) -> None:
        """Moves the oldest records into one large file; afterwards a small file is free."""
        self._take_in_strays()
        if 0 in self._slots:
            return
        self._list_pending()
        last = self._segments.write(self._small_records())
        if not last:
            raise StorageError(DAMAGED)
        self._slots = [0 if 0 < number <= last else number for number in self._slots]

    def _small_records(self) -> "Iterator[bytes]":
        """Yields the records of the small files in order; passes over those it cannot read."""
        for number in sorted(self._slots):
            if number > 0:
                slot = self._slots.index(number)
                raw = self._slot_record(slot)
                if raw:
                    yield raw
                else:
                    self._slots[slot] = self._spoilt(slot)

    def _list_pending(self) -> None:
        """Puts all that is pending into the list, before any of it moves."""
        if self.pending != self._listed:
            self._write_list(self.pending)

    def _write_list(self, numbers: list[int]) -> None:
        if len(numbers) > _MAX_LISTED:
            raw = b"\0"
        else:
            raw = b"".join([number.to_bytes(4, "big") for number in numbers])
        self.put(_PENDING, raw)
        self._listed = list(numbers)

    def drop(self) -> bool:
        """Removes the oldest large file of which all may go. The newest one stays: its name
        says which small files are only what it was made of.
        """
        for last in self._segments.lasts[:-1]:
            if (
                last <= self.exported
                and last not in self._pinned
                and self._all_may_go(last)
            ):
                try:
                    self._segments.remove(last)
                except OSError as fault:
                    raise failed(fault)
                return True
        return False

    def _all_may_go(self, last: int) -> bool:
        try:
            for raw in self._segments.pieces(last):
                if number_of(raw) and not self.may_go(raw):
                    self._pinned.add(last)
                    return False
        except OSError:  # what it holds is not known
            self._pinned.add(last)
            return False
        return True

    def mark_exported(self, up_to: int) -> None:
        """Moves the mark of exports."""
        super().mark_exported(up_to)
        self._pinned.clear()

    # --- named values ---

    def get(self, name: str) -> bytes | None:
        """A named value, or None when it is not there or damaged."""
        raw = self._bytes(self._folder + "/" + name, frames.MAX_PAYLOAD_BYTES)
        return frames.payload_of(raw, 0, frames.VALUE) if raw else None

    def put(self, name: str, raw: bytes) -> None:
        """Replaces a named value."""
        path = self._folder + UNFINISHED
        try:
            with self._files.open(path, "wb") as file:
                file.write(frames.seal(frames.VALUE, raw))
            self._files.rename(path, self._folder + "/" + name)
        except OSError as fault:
            raise failed(fault)
