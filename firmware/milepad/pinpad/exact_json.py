"""JSON read and written so that no amount ever is a float. Pure, the same on both Pythons.

The ports' own reader turns 43.35 into a binary fraction, and MicroPython's takes a comma for a
space. Here a number stays the text that the till wrote. Reading is strict (RFC 8259) but for a
byte-order mark; a message is refused when it is nested deeper than any message is.
"""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.errors import MessageError
from milepad.base.money import format_dollars

if TYPE_CHECKING:
    from typing import Any

_MAX_DEPTH = const(12)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_BLANKS = b" \t\r\n"
_WORDS = ((b"true", True), (b"false", False), (b"null", None))
_ESCAPES = {
    34: '"', 92: "\\", 47: "/", 98: "\b", 102: "\f", 110: "\n", 114: "\r", 116: "\t",
}  # fmt: skip


class Number:
    """A JSON number as it was written."""

    def __init__(self, text: str):
        self.text = text


class Cents:
    """An amount that is written as dollars: 4000 is 40.00."""

    def __init__(self, cents: int):
        self.cents = cents


def parse(raw: "bytes | bytearray") -> "dict[str, Any]":
    """The members of one JSON object. Raises MessageError for anything else."""
    if raw[:3] == _BYTE_ORDER_MARK:
        raw = raw[3:]
    reader = _Reader(raw)
    try:
        found = reader.value(0)
        reader.blanks()
    except (IndexError, ValueError):  # it ends early; bytes that are no UTF-8
        raise MessageError("no JSON")
    if reader.at != len(raw) or not isinstance(found, dict):
        raise MessageError("no JSON object")
    return found


class _Reader:
    """Reads values from bytes; IndexError at their end, ValueError for other than JSON."""

    def __init__(self, raw: "bytes | bytearray"):
        self._raw = raw
        self.at = 0

    def blanks(self) -> None:
        raw, at = self._raw, self.at
        while at < len(raw) and raw[at] in _BLANKS:
            at += 1
        self.at = at

    def _next(self) -> int:
        """The byte after blanks, which is not passed over."""
        self.blanks()
        return self._raw[self.at]

    def _skip(self, wanted: bytes) -> bool:
        """Whether that byte comes next; it is passed over then."""
        if self._next() != wanted[0]:
            return False
        self.at += 1
        return True

    def _need(self, wanted: bytes) -> None:
        if not self._skip(wanted):
            raise ValueError

    def value(self, depth: int) -> "Any":
        """The value that comes next."""
        if depth > _MAX_DEPTH:
            raise ValueError
        first = self._next()
        if first == 0x7B:
            return self._object(depth + 1)
        if first == 0x5B:
            return self._array(depth + 1)
        if first == 0x22:
            return self._string()
        for word, meaning in _WORDS:
            if self._raw[self.at : self.at + len(word)] == word:
                self.at += len(word)
                return meaning
        return self._number()

    def _object(self, depth: int) -> "dict[str, Any]":
        found: "dict[str, Any]" = {}
        self.at += 1
        if self._skip(b"}"):
            return found
        while True:
            if self._next() != 0x22:
                raise ValueError
            name = self._string()
            self._need(b":")
            value = self.value(depth)
            if name in found:  # which of them counts is nobody's to guess
                raise ValueError
            found[name] = value
            if self._skip(b"}"):
                return found
            self._need(b",")

    def _array(self, depth: int) -> "list[Any]":
        found: "list[Any]" = []
        self.at += 1
        if self._skip(b"]"):
            return found
        while True:
            found.append(self.value(depth))
            if self._skip(b"]"):
                return found
            self._need(b",")

    def _string(self) -> str:
        raw, at = self._raw, self.at + 1
        text = ""
        start = at
        while raw[at] != 0x22:
            if raw[at] < 0x20:
                raise ValueError
            if raw[at] == 0x5C:
                text += raw[start:at].decode()
                letter, at = self._escape(at + 1)
                text += letter
                start = at
            else:
                at += 1
        self.at = at + 1
        return text + raw[start:at].decode()

    def _escape(self, at: int) -> tuple[str, int]:
        """(the letter, where the text goes on) of what follows a backslash."""
        if self._raw[at] != 0x75:
            letter = _ESCAPES.get(self._raw[at])
            if letter is None:
                raise ValueError
            return letter, at + 1
        code, at = self._hex4(at + 1), at + 5
        if 0xD800 <= code < 0xDC00 and self._raw[at : at + 2] == b"\\u":
            low = self._hex4(at + 2)
            if 0xDC00 <= low < 0xE000:
                return chr(0x10000 + (code - 0xD800) * 1024 + low - 0xDC00), at + 6
        # Half of a pair is no letter that anything could keep or show.
        return "?" if 0xD800 <= code < 0xE000 else chr(code), at

    def _hex4(self, at: int) -> int:
        code = 0
        for i in range(4):
            code = code * 16 + b"0123456789abcdef".index(
                bytes((self._raw[at + i],)).lower()
            )
        return code

    def _digits(self) -> int:
        """How many digits come next; they are passed over."""
        raw, start = self._raw, self.at
        while self.at < len(raw) and 0x30 <= raw[self.at] <= 0x39:
            self.at += 1
        return self.at - start

    def _follows(self, choices: bytes) -> bool:
        """Whether one of these bytes comes next; it is passed over then."""
        found = self.at < len(self._raw) and self._raw[self.at] in choices
        self.at += found
        return found

    def _number(self) -> Number:
        start = self.at
        self._follows(b"-")
        is_zero = self._raw[self.at] == 0x30
        count = self._digits()
        good = count > 0 and not (is_zero and count > 1)
        if self._follows(b"."):
            good = good and self._digits() > 0
        if self._follows(b"eE"):
            self._follows(b"+-")
            good = good and self._digits() > 0
        if not good:
            raise ValueError
        return Number(self._raw[start : self.at].decode())


def dump(value: object) -> bytes:
    """A value of dicts, lists, texts, whole numbers, `Number`, `Cents`, truths and None as JSON.

    Members stand in the order of their names, so that the bytes are the same on both Pythons.
    """
    parts: list[str] = []
    _write(value, parts)
    return "".join(parts).encode()


def _write(value: object, parts: list[str]) -> None:
    if isinstance(value, dict):
        opening = "{"
        for name in sorted(value):
            parts.append(opening)
            _write_text(name, parts)
            parts.append(":")
            _write(value[name], parts)
            opening = ","
        parts.append("}" if value else "{}")
    elif isinstance(value, (list, tuple)):
        opening = "["
        for each in value:
            parts.append(opening)
            _write(each, parts)
            opening = ","
        parts.append("]" if value else "[]")
    elif isinstance(value, str):
        _write_text(value, parts)
    elif isinstance(value, Cents):
        parts.append(format_dollars(value.cents))
    elif isinstance(value, Number):
        parts.append(value.text)
    else:
        word = [word for word, meaning in _WORDS if meaning is value]
        parts.append(word[0].decode() if word else str(value))


def _write_text(text: str, parts: list[str]) -> None:
    parts.append('"')
    if '"' not in text and "\\" not in text and min(text or " ") >= " ":
        parts.append(text)
    else:
        for letter in text:
            if letter in '"\\':
                parts.append("\\")
            parts.append(letter if letter >= " " else "\\u%04x" % ord(letter))
    parts.append('"')
