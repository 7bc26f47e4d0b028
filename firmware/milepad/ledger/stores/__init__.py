"""Where a ledger's bytes live. Every store has the same face, and loses nothing it took.

    most                how many records it can keep
    warning             what a person must know, or ""
    bad                 a set: where torn, corrupt or foreign records were met; none is wiped
    first, last         the lowest number that may be kept; the highest one used (0: none)
    open                a list: the numbers of the records that had no result at start-up
    next()              the number for the next record
    append(number, raw) adds an intent's frame; it is on flash when this returns
    amend(number, raw)  puts a result's frame after it, or over an earlier one, all or nothing
    read(number)        the record's bytes, or None
    scan(from_number)   yields the records' bytes from there on, in order
    drop(up_to)         makes room: forgets the oldest records up to there; whether it did
    get(name)           a named value ("exported", "trace", "time", "token", and "copies" of
                        earlier firmware), or None
    put(name, raw)      replaces it, all or nothing

All of them raise StorageError and nothing else when the medium fails.
"""

from milepad.base.errors import StorageError


def failed(fault: OSError) -> StorageError:
    """What to raise for an error of the medium."""
    if fault.args and fault.args[0] == 30:  # EROFS
        return StorageError("The storage is read-only.")
    return StorageError(
        "The storage failed (error %s)." % (fault.args[0] if fault.args else "?")
    )
