"""Records on littlefs2, laid out for what a program and an erase cost there.

    FOLDER/new/00 .. 2b   one record each; small enough to live inside the directory's
                          own blocks, so writing one programs about 100 bytes
    FOLDER/0000002d       records up to number 45 (hexadecimal), as many as fill one block
    FOLDER/trace ...      named values; `tmp` is a file that never became one

When all small files are taken their records move into one block-sized file, written as
`tmp` and renamed; records that are in such a file make their small files free again.
Closing a file is atomic on littlefs, and so is renaming over one: a power cut leaves the
old or the new. So small files are overwritten in place, and nothing is ever removed first.
"""

from milepad.base.errors import LedgerFullError, StorageError
from milepad.base.pythons import const
from milepad.ledger import frames, records
from milepad.ledger.stores import failed

_SEGMENT_BYTES = const(4096)
_UNFINISHED = "/tmp"  # noqa: S108  (a file in the folder)
_CHUNK_BYTES = const(256)  # more than the longest record
_TAKEN = const(-1)  # a small file that holds something which is not ours to overwrite


def _hex(name: str) -> int:
    """The number that a file's name is, in lower-case hexadecimal; -1 for other names."""
    for c in name:
        if not ("0" <= c <= "9" or "a" <= c <= "f"):
            return -1
    return int(name, 16) if name else -1


class LittlefsStore:
    """A store in one folder of `files`, an object with VfsLfs2's methods.

    When it is made it reads the small files and the start of the oldest large one.
    Raises StorageError when the folder can be neither read nor made.
    """

    slots = 44  # small files: about as many as fill one large file
    warning = ""
    most = 1 << 29  # the flash itself says when it is full

    def __init__(self, files, folder: str = "/ledger"):
        self._files = files
        self._folder = folder
        self._slots = [0] * self.slots  # which record each small file holds; 0: free
        self._segments: list = []  # last record of each large file, ascending
        self.bad: set = set()
        self.open: list = []
        try:
            self._mount()
        except OSError as fault:
            raise failed(fault)

    def _mount(self) -> None:
        for path in (self._folder, self._folder + "/new"):
            try:
                self._files.stat(path)
            except OSError:
                self._files.mkdir(path)
        for row in self._files.ilistdir(self._folder):
            if len(row[0]) == 8 and _hex(row[0]) > 0:
                self._segments.append(_hex(row[0]))
        self._segments.sort()
        self.last = self._segments[-1] if self._segments else 0
        for row in self._files.ilistdir(self._folder + "/new"):
            self._mount_slot(_hex(row[0]))
        self.open.sort()
        self.last = max([self.last] + self._slots)
        self.first = self._oldest()

    def _mount_slot(self, slot: int) -> None:
        if not 0 <= slot < self.slots:
            self.bad.add(-slot)
            return
        raw = self._bytes(self._slot_path(slot))
        number = frames.sequence_of(raw, 0, frames.INTENT) if raw else 0
        if raw is None or (raw and not number):
            self._slots[slot] = self._spoilt(slot)
        elif number and (not self._segments or number > self._segments[-1]):
            self._slots[slot] = number
            if records.is_open(raw):
                self.open.append(number)

    def _oldest(self) -> int:
        for raw in self.scan(0):
            return frames.sequence_of(raw, 0, frames.INTENT)
        return self.last + 1

    def _spoilt(self, slot: int) -> int:
        """Counts a small file that holds no record, and keeps it from being overwritten."""
        self.bad.add(-slot)
        return _TAKEN

    def _slot_path(self, slot: int) -> str:
        return "%s/new/%02x" % (self._folder, slot)

    def _segment_path(self, last: int) -> str:
        return "%s/%08x" % (self._folder, last)

    def _bytes(self, path: str, limit: int = _CHUNK_BYTES) -> bytes | None:
        """A small file's content; None when the file is damaged."""
        try:
            with self._files.open(path, "rb") as file:
                return file.read(limit)
        except OSError:
            return None

    def next(self) -> int:
        """The number for the next record."""
        return self.last + 1

    def append(self, number: int, raw: bytes) -> None:
        """Adds a record; moves the older ones into a large file first when it must."""
        try:
            if 0 not in self._slots:
                self._merge()
            slot = self._slots.index(0)
            with self._files.open(self._slot_path(slot), "wb") as file:
                file.write(raw)
        except OSError as fault:
            raise failed(fault)
        self._slots[slot] = self.last = number

    def amend(self, number: int, raw: bytes) -> None:
        """Puts a result after the intent, in one commit."""
        try:
            if number not in self._slots:
                self._rewrite(number, raw)
                return
            # Not truncated when it is opened, so that no fault in between can commit less.
            with self._files.open(
                self._slot_path(self._slots.index(number)), "r+b"
            ) as file:
                file.seek(frames.measure(file.read(_CHUNK_BYTES), 0, frames.INTENT))
                file.write(raw)
        except OSError as fault:
            raise failed(fault)

    def read(self, number: int) -> bytes | None:
        """The record's bytes, or None."""
        for raw in self.scan(number):
            return raw if frames.sequence_of(raw, 0, frames.INTENT) == number else None
        return None

    def scan(self, from_number: int):
        """Yields records in order; holds one record and one list of numbers in memory."""
        for last in self._segments:
            if last >= from_number:
                try:
                    for raw in self._pieces(last):
                        if frames.sequence_of(raw, 0, frames.INTENT) >= max(from_number, 1):
                            yield raw
                except OSError:  # damaged: the others can still be read
                    self.bad.add(last)
        for number in sorted(self._slots):
            if number > 0 and number >= from_number:
                raw = self._slot_record(self._slots.index(number))
                if raw:
                    yield raw

    def _slot_record(self, slot: int) -> bytes:
        return records.trimmed(self._bytes(self._slot_path(slot)) or b"")

    def _pieces(self, last: int):
        """Yields what a large file is made of: records, and single bytes of none."""
        with self._files.open(self._segment_path(last), "rb") as file:
            raw = file.read(_CHUNK_BYTES)
            while raw:
                record = records.trimmed(raw)
                if not record:
                    self.bad.add(last)
                yield record or raw[:1]
                raw = raw[len(record) or 1 :]
                if len(raw) < _CHUNK_BYTES:
                    raw += file.read(_CHUNK_BYTES)

    def _merge(self) -> None:
        """Moves the oldest records, up to an open one, into one large file."""
        size = last = 0
        path = self._folder + _UNFINISHED
        with self._files.open(path, "wb") as file:
            for number in sorted(self._slots):
                if number <= 0:
                    continue
                slot = self._slots.index(number)
                raw = self._slot_record(slot)
                if not raw:
                    self._slots[slot] = self._spoilt(slot)
                    continue
                size += len(raw)
                if records.is_open(raw) or size > _SEGMENT_BYTES:
                    break
                file.write(raw)
                last = number
        if not last:
            raise LedgerFullError("Finish or void the interrupted entry first.")
        self._files.rename(path, self._segment_path(last))
        self._segments.append(last)
        self._slots = [0 if 0 < number <= last else number for number in self._slots]

    def _rewrite(self, number: int, result: bytes) -> None:
        """Writes the large file that holds the record again, with another result in it."""
        last = min([last for last in self._segments if last >= number] or [0])
        if not last:
            raise StorageError("The ledger has no such entry.")
        with self._files.open(self._folder + _UNFINISHED, "wb") as file:
            for raw in self._pieces(last):
                size = frames.measure(raw, 0, frames.INTENT)
                found = frames.sequence_of(raw, 0, frames.INTENT) == number
                file.write(raw[:size] + result if found else raw)
        self._files.rename(self._folder + _UNFINISHED, self._segment_path(last))

    def drop(self, up_to: int) -> bool:
        """Removes the oldest large file, if all that it holds may go. The newest one stays:
        its name says which small files are only what it was made of.
        """
        if len(self._segments) < 2 or self._segments[0] > up_to:
            return False
        try:
            self._files.remove(self._segment_path(self._segments[0]))
        except OSError as fault:
            raise failed(fault)
        self.first = self._segments.pop(0) + 1
        return True

    def get(self, name: str) -> bytes | None:
        """A named value, or None when it is not there or damaged."""
        raw = self._bytes(self._folder + "/" + name, frames.MAX_PAYLOAD_BYTES)
        return frames.payload_of(raw, 0, frames.VALUE) if raw else None

    def put(self, name: str, raw: bytes) -> None:
        """Replaces a named value."""
        path = self._folder + _UNFINISHED
        try:
            with self._files.open(path, "wb") as file:
                file.write(frames.seal(frames.VALUE, raw))
            self._files.rename(path, self._folder + "/" + name)
        except OSError as fault:
            raise failed(fault)
