"""What a ledger asks of the parts that it is given. For type checkers only: no device has it."""

from typing import Iterator, Protocol


class Region(Protocol):
    """A plain run of bytes for `stores.ring`; raises OSError when the medium fails."""

    def read(self, at: int, count: int) -> bytes:
        """Up to `count` bytes; fewer, or none, past the end."""

    def write(self, at: int, raw: bytes) -> None:
        """Writes in place; the medium decides how much of it a power cut leaves."""


class LedgerStore(Protocol):
    """Where a ledger's numbered records live; loses nothing that it took.

    Methods raise StorageError, and nothing else, when the medium fails.
    """

    damaged: set[int]
    """Where torn, corrupt or foreign records were met; none is wiped."""

    last: int
    """The highest number that was used; 0: none."""

    pending: list[int]
    """The numbers of Cash's records with something still to be done, ascending."""

    queued: list[int]
    """The same of earnings: those that wait to be sent, or for a person, ascending."""

    exported: int
    """What is known of the records up to this one is safe elsewhere."""

    exports: int
    """How often an export was made, modulo 256."""

    @property
    def warning(self) -> str:
        """Why it forgets when power goes, a reason of StorageError; "" when it does not."""

    @property
    def capacity(self) -> int:
        """How many records it can keep."""

    @property
    def kept(self) -> int:
        """How many records it keeps, about."""

    def next_number(self) -> int:
        """The number for the next record. Raises StorageError."""

    def used(self) -> int:
        """How many records were not exported yet, but for pending ones."""

    def room(self) -> int:
        """How many more fit before something must be exported."""

    def append(self, number: int, raw: bytes) -> None:
        """Adds an intent's frame; it is on flash when this returns."""

    def write_result(self, number: int, raw: bytes) -> None:
        """Puts a result's frame after it, or over an earlier one, all or nothing."""

    def read(self, number: int) -> bytes | None:
        """The record's bytes, or None."""

    def scan(self, from_number: int) -> Iterator[bytes]:
        """Yields the records' bytes from there on, in order."""

    def drop(self) -> bool:
        """Drops the oldest records that may go; whether it did."""

    def mark_exported(self, up_to: int) -> None:
        """Says that what is known of the records up to this one is safe elsewhere."""

    def get(self, name: str) -> bytes | None:
        """A named value ("exported", "trace", "time", "token", "tries", of a till's
        records "withdrawn", and "copies" of earlier firmware), or None."""

    def put(self, name: str, raw: bytes) -> None:
        """Replaces a named value, all or nothing."""


class Bodies(Protocol):
    """Where the bodies of the earnings that wait live, by the numbers of their entries."""

    @property
    def warning(self) -> str:
        """Why it keeps none, a reason of StorageError; "" when it does."""

    tried: int
    """Of this entry and of those before it a copy may have left, whatever the ledger says."""

    def note_tried(self, number: int) -> bool:
        """Before the first copy of an entry leaves: whether that is kept here, and not on the
        ledger. Raises StorageError.
        """

    def keep(self, numbers: list[int]) -> None:
        """Only the bodies of these entries are needed; the others may be forgotten."""

    def add(self, number: int, body: bytes) -> None:
        """Keeps a body; it is on flash when this returns. Raises StorageError."""

    def read(self, number: int) -> bytes | None:
        """An entry's body; None when it is not there, or damaged."""

    def drop(self, number: int) -> None:
        """An entry's body is not needed any more. Raises nothing."""
