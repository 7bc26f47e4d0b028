"""AM Cash replies: bytes from outside become a few checked values.

Source: the response models of the AM Cash API library. Any member may be missing, and one of
the wrong type counts as missing, but for a whole number where text is specified: it is read
as its digits. What a gateway or an old table does to a description costs no answer: a
byte-order mark, a byte that is no UTF-8, half of a surrogate pair. Only the response code
decides what happened, and it is read strictly.
"""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import FieldError
from milepad.base.json_body import json_object, without_surrogates
from milepad.base.money import parse_dollars
from milepad.base.text import digits_only, letters_or_digits

if TYPE_CHECKING:
    from typing import Any

_MAX_TEXT = 160  # longer descriptions are cut before anything keeps them


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
        return without_surrogates(value[:_MAX_TEXT])

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


def parse(body: bytes | bytearray) -> Reply:
    """Reads a reply's body. Raises ReplyError unless it is one JSON object."""
    return Reply(json_object(body))
