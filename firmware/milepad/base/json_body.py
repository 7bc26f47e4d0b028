"""A reply's body becomes the members of a JSON object, whatever gateways did to it.

A byte-order mark, a byte that is no UTF-8 or half of a surrogate pair costs no answer.
"""

import json

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import ReplyError

if TYPE_CHECKING:
    from typing import Any

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def without_surrogates(text: str) -> str:
    """`text` with "?" for half of a surrogate pair, which no encoding has."""
    return "".join(["?" if 0xD800 <= ord(c) <= 0xDFFF else c for c in text])


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
