"""What a record is made of: numbers, texts and choices as bytes, and back. Pure."""

from binascii import hexlify, unhexlify

from milepad.base.errors import UNREADABLE, FieldError, StorageError
from milepad.base.money import MAX_CENTS
from milepad.base.text import digits_only, is_printable


def index_of(value: str, choices: tuple, field: str) -> int:
    """Where a choice stands among those of `field`. Raises FieldError."""
    if value not in choices:
        raise FieldError(field, " or ".join(choices))
    return choices.index(value)


def fixed(value: int, size: int, field: str) -> bytes:
    """`size` bytes, big-endian. Raises FieldError."""
    if not 0 <= value < 1 << 8 * size:
        raise FieldError(field, "0 to %d bytes" % size)
    return value.to_bytes(size, "big")


def clamped(value: int, most: int) -> int:
    """The nearest value from 0 to `most`: a wild one keeps no outcome off the flash."""
    return max(0, min(value, most))


def varint(value: int, field: str) -> bytes:
    """7 bits a byte, lowest first; the top bit says that more follow. Raises FieldError."""
    if not 0 <= value <= MAX_CENTS + 1:
        raise FieldError(field, "0 to %d" % MAX_CENTS)
    raw = bytearray()
    while value > 127:
        raw.append(value & 127 | 128)
        value >>= 7
    raw.append(value)
    return bytes(raw)


def text_bytes(text: str, limit: int, field: str) -> bytes:
    """Length, then ASCII; or length + 128, then two digits a byte, when all are digits.

    Raises FieldError for what is longer than `limit` or no printable ASCII.
    """
    if len(text) > limit:
        raise FieldError(field, "at most %d characters" % limit)
    if digits_only(text):
        return bytes((len(text) | 128,)) + unhexlify(text + "f" * (len(text) & 1))
    if not is_printable(text):
        raise FieldError(field, "printable ASCII")
    return bytes((len(text),)) + text.encode()


def digits(text: str, low: int, high: int, field: str) -> str:
    """`text` itself, which has to be that many digits. Raises FieldError."""
    if not (digits_only(text) and low <= len(text) <= high):
        raise FieldError(field, "%d to %d digits" % (low, high))
    return text


def uuid_bytes(text: str) -> bytes:
    """The 16 bytes of a UUID in lower case. Raises FieldError."""
    try:
        raw = unhexlify(text.replace("-", ""))
    except ValueError:
        raw = b""
    if len(raw) != 16 or uuid_text(raw) != text:
        raise FieldError("idempotency_key", "a UUID in lower case")
    return raw


def uuid_text(raw: bytes) -> str:
    """Those bytes as a text of 36 characters."""
    text = hexlify(raw).decode()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


class Reader:
    """Takes values off a payload; StorageError where they end early or are out of range."""

    def __init__(self, payload: bytes):
        self.payload = payload
        self.at = 0

    def take(self, size: int) -> bytes:
        """The next bytes."""
        raw = self.payload[self.at : self.at + size]
        if len(raw) < size:
            raise StorageError(UNREADABLE)
        self.at += size
        return raw

    def number(self, size: int) -> int:
        """What `fixed` made."""
        return int.from_bytes(self.take(size), "big")

    def varint(self) -> int:
        """What `varint` made."""
        value = shift = 0
        while shift < 28:
            byte = self.number(1)
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
        raise StorageError(UNREADABLE)

    def text(self, limit: int) -> str:
        """What `text_bytes` made, of at most `limit` characters."""
        length = self.number(1)
        if length & 127 > limit:
            raise StorageError(UNREADABLE)
        if length < 128:
            raw = self.take(length)
            for byte in raw:
                if not 32 <= byte < 127:
                    raise StorageError(UNREADABLE)
            return raw.decode()
        length &= 127
        text = hexlify(self.take((length + 1) // 2)).decode()[:length]
        if not digits_only(text):
            raise StorageError(UNREADABLE)
        return text

    def end(self) -> None:
        """Nothing more may follow."""
        if self.at != len(self.payload):
            raise StorageError(UNREADABLE)
