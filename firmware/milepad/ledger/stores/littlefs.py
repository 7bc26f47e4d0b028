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
from milepad.ledger.stores.segments import UNFINISHED, Segments, hex_number, number_of
from milepad.ledger.stores.small_files import FREE, SmallFiles, read_file

if TYPE_CHECKING:
    from typing import Iterator

    from milepad.base.protocols import Files

_PENDING = "pending"
_MAX_LISTED = const(1000)  # more than a value holds: then every large file is read


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
        self._small = SmallFiles(files, folder + "/new", self.slots, self.damaged)
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
        self.last = max([self._segments.newest()] + self._small.numbers)
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
                    self._track(number_of(record), record)
            before = last

    def _mount_slot(self, slot: int, in_newest: set[int] | None) -> None:
        if not 0 <= slot < self.slots:
            self.damaged.add(-slot)
            return
        raw = self._small.content(slot)
        number = number_of(raw) if raw else 0
        if raw is None or (raw and not number):
            self._small.set_aside(slot)
        elif number > self._segments.newest() or (
            number and self._is_stray(raw, in_newest)
        ):
            self._small.numbers[slot] = number
            self._track(number, raw)

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
        for slot, number in enumerate(self._small.numbers):
            raw = self._small.record(slot) if 0 < number <= self._segments.newest() else b""
            if raw:
                self._list_pending()
                self._segments.replace(number, raw)
                self._small.numbers[slot] = FREE

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
        small = [number for number in self._small.numbers if number > 0]
        return len(self._segments.lasts) * self.slots + len(small)

    def append(self, number: int, raw: bytes) -> None:
        """Adds a record; moves the older ones into a large file first when it must."""
        try:
            if FREE not in self._small.numbers:
                self._merge()
            slot = self._small.numbers.index(FREE)
        except OSError as fault:
            raise failed(fault)
        try:
            self._small.write(slot, raw)
        except OSError as fault:
            if number_of(self._small.record(slot)) == number:  # it is there all the same
                self._has_taken(slot, number, raw)
            raise failed(fault)
        self._has_taken(slot, number, raw)

    def _has_taken(self, slot: int, number: int, raw: bytes) -> None:
        self._small.numbers[slot] = self.last = number
        self._track(number, raw)

    def write_result(self, number: int, raw: bytes) -> None:
        """Puts a result after the intent, in one commit."""
        try:
            if number in self._small.numbers:
                intent = self._small.write_result(number, raw)
            else:
                intent = self._amend_segment(number, raw)
        except OSError as fault:
            raise failed(fault)
        self._track(number, intent + raw)

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
        if number > 0 and number in self._small.numbers:
            return self._small.find(number) or None
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
        for raw in self._small.scan(from_number):
            yield raw

    def _merge(self) -> None:
        """Moves the oldest records into one large file; afterwards a small file is free."""
        self._take_in_strays()
        if FREE in self._small.numbers:
            return
        self._list_pending()
        last = self._segments.write(self._small.take_all())
        if not last:
            raise StorageError(DAMAGED)
        self._small.free_up_to(last)

    def _list_pending(self) -> None:
        """Puts all that is pending into the list, before any of it moves."""
        if self._held() != self._listed:
            self._write_list(self._held())

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
        path = self._folder + "/" + name
        raw = read_file(self._files, path, frames.MAX_PAYLOAD_BYTES)
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
