"""AM Cash replies: bytes from outside become a few checked values.

Source: the response models of the AM Cash API library. Any member may be missing, and one of
the wrong type counts as missing; only the response code decides what happened.
"""

import json

from milepad.base.errors import FieldError, ReplyError
from milepad.base.money import digits_only, letters_or_digits, parse_dollars

_MAX_TEXT = 160  # longer descriptions are cut before anything keeps them


class Reply:
    """One reply. `code` is the response code, "" when there is none."""

    def __init__(self, members: dict):
        self._members = members
        code = self.text("responseCode")
        self.code = code if len(code) == 4 and digits_only(code) else ""

    def text(self, name: str) -> str:
        """The member as text of at most 160 characters; "" when it is missing."""
        value = self._members.get(name)
        return value[:_MAX_TEXT] if isinstance(value, str) else ""

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


def json_object(body: bytes | bytearray) -> dict:
    """The members of one JSON object in UTF-8. Raises ReplyError for anything else."""
    members = None
    start, end = 0, len(body)
    while end and body[end - 1] in b" \t\r\n":
        end -= 1
    while start < end and body[start] in b" \t\r\n":
        start += 1
    # MicroPython would read one that was cut or begins with a comma; CPython would take UTF-16.
    if (
        body[start : start + 1] == b"{"
        and body[end - 1 : end] == b"}"
        and b"\0" not in body
    ):
        try:
            body.decode()  # only to see that it is UTF-8: the heap has no room for both
            members = json.loads(body)  # type: ignore[type-var]  # the stub knows bytes only
        except (ValueError, RuntimeError, MemoryError):  # the last two: nested too deep
            pass
    if not isinstance(members, dict):
        raise ReplyError("the reply is no JSON object")
    return members


def parse(body: bytes | bytearray) -> Reply:
    """Reads a reply's body. Raises ReplyError unless it is one JSON object in UTF-8."""
    return Reply(json_object(body))
