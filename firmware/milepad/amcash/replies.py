"""AM Cash replies: bytes from outside become a few checked values.

Source: the response models of the AM Cash API library. Any member may be missing, and one of
the wrong type counts as missing, but for a whole number where text is specified: it is read
as its digits. What a gateway or an old table does to a description costs no answer: a
byte-order mark, a byte that is no UTF-8, half of a surrogate pair. Only the response code
decides what happened, and it is read strictly.
"""

import json

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import FieldError, ReplyError
from milepad.base.money import parse_dollars
from milepad.base.text import digits_only, letters_or_digits

if TYPE_CHECKING:
    from typing import Any

_MAX_TEXT = 160  # longer descriptions are cut before anything keeps them
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Reply:
    """One reply. `code` is the response code, "" when there is none."""

    def __init__(self, members: "dict[str, Any]"):
        self._members = members
        code = members.get("responseCode")
        self.code = ""
        if isinstance(code, str) and len(code) == 4 and digits_only(code):
            self.code = code

    def text(self, name: str) -> str:
        """The member as text of at most 160 characters; "" when it is missing.

        A whole number is text too, without a way over a float; a number with a point is not.
        Half of a surrogate pair, which no encoding has, reads as "?".
        """
        value = self._members.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            return ""
        return "".join(["?" if _is_surrogate(c) else c for c in value[:_MAX_TEXT]])

    def has(self, name: str) -> bool:
        """Whether the member is there at all, readable or not."""
        return self._members.get(name) not in (None, "")

    def is_about(self, trace_id: str) -> bool:
        """Whether this may be the reply to the request of that trace id.

        Not when it names another one. A reply that names none may be: a refusal need not
        repeat the request. As a JSON number a trace id lacks the zeros that it begins with.
        """
        named = self.text("traceId")
        return not named or named.lstrip("0") == trace_id.lstrip("0")

    def number(self, name: str) -> int | None:
        """A count such as miles or units; None when missing or no whole number."""
        text = self.text(name)
        return int(text) if len(text) <= 9 and digits_only(text) else None

    def cents(self, name: str) -> int | None:
        """A dollar amount ("10" or "10.00") in cents; None when missing or no amount."""
        try:
            return parse_dollars(self.text(name))
        except FieldError:
            return None

    def confirmation_number(self) -> str:
        """txnConfirmationNumber if it is 1 to 24 letters or digits, else ""."""
        text = self.text("txnConfirmationNumber")
        return text if len(text) <= 24 and letters_or_digits(text) else ""


def _is_surrogate(letter: str) -> bool:
    return 0xD800 <= ord(letter) <= 0xDFFF


def _as_utf8(body: bytes | bytearray) -> bytes | bytearray:
    """`body` itself if it is UTF-8, else a copy with each wrong byte read as Latin-1."""
    try:
        body.decode()
        return body
    except UnicodeError:
        pass
    repaired = bytearray()
    at = 0
    while at < len(body):
        size = _sequence_bytes(body[at : at + 4])
        repaired.extend(body[at : at + size] if size else chr(body[at]).encode())
        at += size or 1
    return repaired


def _sequence_bytes(raw: bytes | bytearray) -> int:
    """How many bytes the letter has that `raw` begins with; 0 when it is no UTF-8."""
    size = 1 if raw[0] < 0x80 else 2 if raw[0] < 0xE0 else 3 if raw[0] < 0xF0 else 4
    try:
        return size if len(raw[:size].decode()) == 1 else 0
    except UnicodeError:
        return 0


def json_object(body: bytes | bytearray) -> "dict[str, Any]":
    """The members of one JSON object. Raises ReplyError for anything else.

    A byte-order mark before it is skipped; bytes that are no UTF-8 are read as Latin-1.
    """
    members = None
    if body[:3] == _BYTE_ORDER_MARK:
        body = body[3:]
    start, end = 0, len(body)
    while end and body[end - 1] in b" \t\r\n":
        end -= 1
    while start < end and body[start] in b" \t\r\n":
        start += 1
    # MicroPython's parser accepts an object that was cut or begins with a comma, and takes a
    # NUL for the end; CPython's accepts UTF-16.
    if (
        body[start : start + 1] == b"{"
        and body[end - 1 : end] == b"}"
        and b"\0" not in body
    ):
        try:
            members = json.loads(_as_utf8(body))  # type: ignore[type-var]  # the stub's bytes
        except (ValueError, RuntimeError, MemoryError):  # the last two: nested too deep
            pass
    if not isinstance(members, dict):
        raise ReplyError("the reply is no JSON object")
    return members


def parse(body: bytes | bytearray) -> Reply:
    """Reads a reply's body. Raises ReplyError unless it is one JSON object."""
    return Reply(json_object(body))
