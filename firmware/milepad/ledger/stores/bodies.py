"""The bodies of the earnings that wait, on littlefs2.

    FOLDER/0000002d       bodies in frames, from that of entry 45 (hexadecimal) on: as many as
                          fill one block
    FOLDER/tried          the last entry of which a copy may have left; those before it may, too

A body is appended to the newest file while something waits in it; closing a file is atomic on
littlefs, so a power cut leaves the body or none. Where nothing waits, as in a shop whose
network works, each has a file of its own: one block erased and a few hundred bytes programmed.
What is sent is not written again: the ledger knows, and the file goes when nothing in it waits.
"""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.errors import QUEUE_FULL, StorageError
from milepad.ledger import frames
from milepad.ledger.stores import failed
from milepad.ledger.stores.segments import hex_number
from milepad.ledger.stores.small_files import read_file

if TYPE_CHECKING:
    from typing import Callable

    from milepad.base.protocols import MeasuredFiles

MAX_BODY_BYTES = const(16384)
BLOCK_BYTES = const(4096)
_RESERVE_BLOCKS = const(24)  # for the ledger, which needs them more
_MOST_FILES = const(256)
_ENOSPC = 28
_TRIED = "/tried"


def cannot_add(fault: OSError) -> StorageError:
    """What to raise for an error of the medium under a body that was to be kept."""
    if fault.args and fault.args[0] == _ENOSPC:
        return StorageError(QUEUE_FULL)
    return failed(fault)


class LittlefsBodies:
    """Bodies in one folder of `files`, an object with VfsLfs2's methods.

    It takes at most half of the flash that is free at the start, so that a queue never costs
    a redemption. Raises StorageError when the folder can be neither read nor made.
    """

    warning = ""

    def __init__(self, files: "MeasuredFiles", folder: str = "/queue"):
        self._files = files
        self._folder = folder
        self._numbers: list[int] = []  # whose bodies are there
        self._homes: list[int] = []  # the files that they are in
        self._tail = 0  # the file that is appended to; 0: a new one is made
        self._tail_bytes = 0
        try:
            self._mount()
        except OSError as fault:
            raise failed(fault)

    def _mount(self) -> None:
        try:
            self._files.stat(self._folder)
        except OSError:
            self._files.mkdir(self._folder)
        names = [row[0] for row in self._files.ilistdir(self._folder)]
        homes = sorted([hex_number(name) for name in names if hex_number(name) > 0])
        sound: list[int] = []
        for home in homes:
            self._tail, self._tail_bytes = home, 0
            try:
                is_whole = self._each(home, self._found)
            except OSError:  # damaged: the others can still be read
                is_whole = False
            if is_whole:
                sound.append(home)
            else:
                self._tail = 0  # nothing is to follow bytes that nobody can read
        raw = read_file(self._files, self._folder + _TRIED, frames.OVERHEAD_BYTES + 4)
        payload = frames.payload_of(raw, 0, frames.VALUE) if raw else None
        self.tried = int.from_bytes(payload or b"", "big")
        if raw and payload is None:  # nobody can read it: a copy of each may have left
            self.tried = max([0] + self._numbers)
        self._junk = [home for home in sound if home not in self._homes]
        block, _, _, free = self._files.statvfs(self._folder)[:4]
        free = free * block // BLOCK_BYTES + len(homes)
        self._most = min(_MOST_FILES, max(0, free - _RESERVE_BLOCKS) // 2)

    def _found(self, number: int, _raw: bytes, end: int) -> None:
        self._put(number, self._tail)
        self._tail_bytes = end

    def _put(self, number: int, home: int) -> None:
        if number in self._numbers:  # a cut kept its entry off the ledger: the newer counts
            self._forget(number)
        self._numbers.append(number)
        self._homes.append(home)

    def _forget(self, number: int) -> int:
        at = self._numbers.index(number)
        del self._numbers[at]
        return self._homes.pop(at)

    def _path(self, home: int) -> str:
        return "%s/%08x" % (self._folder, home)

    def _each(self, home: int, take: "Callable[[int, bytes, int], None]") -> bool:
        """Hands over (number, frame, where it ends) of a file, up to what is no whole frame;
        whether there is nothing behind.
        """
        with self._files.open(self._path(home), "rb") as file:
            end = 0
            head = file.read(frames.HEAD_BYTES)
            while head:
                raw = head + file.read(frames.rest_bytes(head, MAX_BODY_BYTES + 4))
                number = frames.sequence_of(raw, 0, frames.BODY)
                if not number:
                    return False
                end += len(raw)
                take(number, raw, end)
                head = file.read(frames.HEAD_BYTES)
            return True

    def note_tried(self, number: int) -> bool:
        """Before the first copy of an entry leaves: whether that is kept here. Raises
        StorageError. The ledger's own note costs a block where the entry is in a large file.
        """
        try:
            with self._files.open(self._folder + _TRIED, "wb") as file:
                file.write(frames.seal(frames.VALUE, number.to_bytes(4, "big")))
        except OSError as fault:
            raise failed(fault)
        self.tried = number
        return True

    def keep(self, numbers: list[int]) -> None:
        """Only the bodies of these entries are needed; the others may be forgotten."""
        for number in list(self._numbers):
            if number not in numbers:
                self.drop(number)
        for home in self._junk:
            self._remove(home)

    def add(self, number: int, body: bytes) -> None:
        """Keeps a body; it is on flash when this returns. Raises StorageError.

        After an error nothing may be sent; what was written of it is of no entry then.
        """
        raw = frames.seal(frames.BODY, number.to_bytes(4, "big") + body)
        home, self._tail = self._tail, 0
        if home not in self._homes or self._tail_bytes + len(raw) > BLOCK_BYTES:
            home = 0
        if not home and len(set(self._homes)) >= self._most:
            raise StorageError(QUEUE_FULL)
        try:
            with self._files.open(
                self._path(home or number), "r+b" if home else "wb"
            ) as file:
                if home:
                    file.seek(self._tail_bytes)
                file.write(raw)
        except OSError as fault:
            raise cannot_add(fault)
        self._tail_bytes = (self._tail_bytes if home else 0) + len(raw)
        self._tail = home or number
        self._put(number, self._tail)

    def read(self, number: int) -> bytes | None:
        """An entry's body; None when it is not there, or damaged."""
        found: list[bytes] = []

        def take(each: int, raw: bytes, _end: int) -> None:
            if each == number:
                found[:] = [raw]

        if number in self._numbers:
            try:
                self._each(self._homes[self._numbers.index(number)], take)
            except OSError:
                return None
        payload = frames.payload_of(found[0], 0, frames.BODY) if found else None
        return payload[4:] if payload else None

    def drop(self, number: int) -> None:
        """An entry's body is not needed any more; where it cannot be removed it stays."""
        if number in self._numbers:
            home = self._forget(number)
            if home not in self._homes:
                self._remove(home)

    def _remove(self, home: int) -> None:
        try:
            self._files.remove(self._path(home))
        except OSError:  # its entries are settled: nothing in it is ever sent
            pass
