"""Messages on a stream: four bytes that say how long the next is, high byte first, and it.

The same over TCP, a UART and USB. Pure.
"""

from milepad.base.compat import const
from milepad.base.errors import MessageError

# A request with forty items of a basket, protected, takes 8 KiB.
MAX_BYTES = const(8192)
_HEAD_BYTES = const(4)
_SMALL_BYTES = const(2048)  # a request without a basket, protected, takes 1.1 KiB


def pack(raw: bytes) -> bytes:
    """The frame of one message."""
    return len(raw).to_bytes(_HEAD_BYTES, "big") + raw


class Frames:
    """Puts messages together from the pieces that arrive.

    A message's buffer is made once, as long as its frame says. A large one waits until it
    `has_turn`, before any of it is taken: four tills that send 8 KiB each, slowly, would leave
    none of a small heap to the one that redeems.
    """

    def __init__(self) -> None:
        self.has_turn = False  # for a large message, which its reader sees to
        self._rest = b""  # what came and stands in no message yet
        self._message: bytearray | None = None
        self._filled = 0

    @property
    def is_within(self) -> bool:
        """Whether a message has begun and is not whole."""
        return bool(self._rest) or self._message is not None

    @property
    def wants_turn(self) -> bool:
        """Whether a large message begins that may not be taken yet."""
        return not self.has_turn and self._announced() > _SMALL_BYTES

    def _announced(self) -> int:
        """How long a message is said to be that begins; 0 where none does."""
        if self._message is not None or len(self._rest) < _HEAD_BYTES:
            return 0
        return int.from_bytes(self._rest[:_HEAD_BYTES], "big") or MAX_BYTES + 1

    def feed(self, raw: bytes) -> list[bytearray]:
        """Takes what has arrived, and gives the messages that are whole now.

        Raises MessageError as soon as one is announced that is empty or too long, before any of
        it is read: what comes after is no frame that could be told from it.
        """
        self._rest = self._rest + raw if self._rest else raw
        found = []
        while self._message is not None or self._begins():
            message, at = self._message or bytearray(), self._filled
            count = min(len(message) - at, len(self._rest))
            message[at : at + count] = self._rest[:count]
            self._filled, self._rest = at + count, self._rest[count:]
            if self._filled < len(message):
                break
            found.append(message)
            self._message, self.has_turn = None, False
        return found

    def _begins(self) -> bool:
        """Whether a message's buffer was made."""
        size = self._announced()
        if size > MAX_BYTES:
            raise MessageError("a message of other than 1 to %d bytes" % MAX_BYTES)
        if not size or self.wants_turn:
            return False
        self._message, self._filled = bytearray(size), 0
        self._rest = self._rest[_HEAD_BYTES:]
        return True
