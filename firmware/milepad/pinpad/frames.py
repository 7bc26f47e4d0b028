"""Messages on a stream: four bytes that say how long the next is, high byte first, and it.

The same over TCP, a UART and USB. Pure.
"""

from milepad.base.compat import const
from milepad.base.errors import MessageError

# A request with forty items of a basket, protected, takes 8 KiB.
MAX_BYTES = const(8192)
_HEAD_BYTES = const(4)


def pack(raw: bytes) -> bytes:
    """The frame of one message."""
    return len(raw).to_bytes(_HEAD_BYTES, "big") + raw


class Frames:
    """Puts messages together from the pieces that arrive."""

    def __init__(self) -> None:
        self._rest = b""

    @property
    def is_within(self) -> bool:
        """Whether a message has begun and is not whole."""
        return bool(self._rest)

    def feed(self, raw: bytes) -> list[bytes]:
        """Takes what has arrived, and gives the messages that are whole now.

        Raises MessageError as soon as one is announced that is too long, before any of it is
        read: what comes after is no frame that could be told from it.
        """
        self._rest += raw
        found = []
        while len(self._rest) >= _HEAD_BYTES:
            size = int.from_bytes(self._rest[:_HEAD_BYTES], "big")
            if not 0 < size <= MAX_BYTES:
                raise MessageError("a message of %d bytes" % size)
            end = _HEAD_BYTES + size
            if len(self._rest) < end:
                break
            found.append(self._rest[_HEAD_BYTES:end])
            self._rest = self._rest[end:]
        return found

    def drop(self) -> None:
        """Forgets what has come of a message that does not go on."""
        self._rest = b""
