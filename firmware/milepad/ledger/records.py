"""What a store must know of a record's bytes, without decoding it: is it finished with?

A record is an intent's frame with its newest result's frame behind it, if it has one. Of a
result of version 2 the bytes after the number are: revision, outcome with flags, exports.
"""

from milepad.base.compat import const
from milepad.ledger import frames

APPROVED = const(0)  # the outcomes' order in a byte; `entries` has them all
DECLINED = const(1)
UNKNOWN = const(3)
OPEN = const(4)
VOID = const(2)  # the same for decisions
LATER = const(3)
_EARNING_VERSION = const(3)  # of an intent
_PARKED = (DECLINED | LATER << 3, UNKNOWN | LATER << 3)

_VERSION = const(2)
_WHAT_AT = const(8)  # within a result's frame: head 3, number 4, revision 1
_EXPORTS_AT = const(9)


def trimmed(raw: bytes) -> bytes:
    """The record that starts `raw`, without what follows it; b"" when there is none."""
    size = frames.measure(raw, 0, frames.INTENT)
    return raw[: size + frames.measure(raw, size, frames.RESULT)] if size else b""


def _result_at(record: bytes) -> int:
    """Where the record's own result starts; 0 when it has none."""
    size = frames.measure(record, 0, frames.INTENT)
    whole = frames.measure(record, size, frames.RESULT)
    return size if whole and record[size + 3 : size + 7] == record[3:7] else 0


def is_open(record: bytes) -> bool:
    """Whether it has no outcome: no result, or a note on the way there."""
    at = _result_at(record)
    if not at:
        return True
    return frames.version_of(record, at) == _VERSION and record[at + _WHAT_AT] & 7 == OPEN


def is_earning(record: bytes) -> bool:
    """Whether it is an earning, which waits in the queue and not for a cashier's decision."""
    return frames.version_of(record, 0) == _EARNING_VERSION


def is_pending(record: bytes) -> bool:
    """Whether something is still to be done: it is open, its VOID was decided, or it is an
    earning that was refused and waits for a person.
    """
    at = _result_at(record)
    if not at:
        return True
    if frames.version_of(record, at) != _VERSION:
        return False
    what = record[at + _WHAT_AT]
    if is_earning(record) and what & 31 in _PARKED:
        return True
    return what & 7 == OPEN or what & 31 == APPROVED | VOID << 3


def is_exported(record: bytes, exports: int) -> bool:
    """Whether an export has seen the result of a record below the mark of exports.

    `exports` is the counter of exports that a result keeps: one that was written since the
    last of them carries the same.
    """
    at = _result_at(record)
    if not at or frames.version_of(record, at) != _VERSION:
        return True
    return record[at + _EXPORTS_AT] != exports
