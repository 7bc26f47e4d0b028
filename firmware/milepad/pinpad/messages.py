"""What a till asks and what it is answered: nexo Sale-to-POI messages as values. Pure.

Members that nobody here knows are ignored; one that is read and is of another kind than it has
to be raises MessageError. Texts are bounded before anything keeps them.
"""

from binascii import crc32

from milepad.base import clock
from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.errors import FieldError, MessageError
from milepad.base.money import parse_dollars
from milepad.base.text import digits_only, is_printable, letters_or_digits, printable
from milepad.base.vocabulary import ENGLISH, FRENCH
from milepad.pinpad import exact_json
from milepad.pinpad.exact_json import Number

if TYPE_CHECKING:
    from typing import Any

CURRENCY = "CAD"
_MAX_ID_CHARS = const(24)  # of a till's name
_MAX_SERVICE_CHARS = const(10)
_MAX_CATEGORY_CHARS = const(24)
_MAX_TEXT_CHARS = const(200)
_HEADER = (
    "MessageClass",
    "MessageCategory",
    "ServiceID",
    "DeviceID",
    "SaleID",
    "POIID",
    "ProtocolVersion",
)


class Node:
    """One object of a message; an empty one stands for what is not there."""

    def __init__(self, members: "dict[str, Any]"):
        self.members = members

    def has(self, name: str) -> bool:
        """Whether the member is there."""
        return self.members.get(name) is not None

    def child(self, name: str) -> "Node":
        """The object of that name, or an empty one."""
        return _node(name, self.members.get(name))

    def children(self, name: str) -> "list[Node]":
        """The objects in the list of that name; none where there is no list."""
        found = self.members.get(name)
        if isinstance(found, dict):  # some clients leave the list out around a single one
            found = [found]
        if found is not None and not isinstance(found, list):
            raise MessageError(name)
        return [_node(name, each) for each in found or ()]

    def text(self, name: str, limit: int = _MAX_TEXT_CHARS) -> str:
        """The text of that name, "" where there is none; a number is its digits."""
        found = self.members.get(name)
        if isinstance(found, Number):
            found = found.text
        if found is None:
            return ""
        if not isinstance(found, str) or len(found) > limit:
            raise MessageError(name)
        return found

    def texts(self, name: str) -> list[str]:
        """The texts in the list of that name; one alone needs no list."""
        found = self.members.get(name)
        if found is None or isinstance(found, str):
            found = [found] if found else []
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            raise MessageError(name)
        return [each[:_MAX_TEXT_CHARS] for each in found]

    def flag(self, name: str) -> bool:
        """Whether the member says true."""
        found = self.members.get(name)
        if found not in (None, True, False) or isinstance(found, Number):
            raise MessageError(name)
        return bool(found)

    def cents(self, name: str) -> int | None:
        """The amount of that name in cents, from its text; None where there is none. It is in
        the programme's currency, or Currency beside it is what is wrong.
        """
        if not self.has(name):
            return None
        if self.text("Currency", 3) not in ("", CURRENCY):
            raise MessageError("Currency")
        try:
            return parse_dollars(self.text(name))
        except FieldError:
            raise MessageError(name)


def _node(name: str, found: object) -> Node:
    if found is not None and not isinstance(found, dict):
        raise MessageError(name)
    return Node(found or {})


class Request:
    """One request of a till. `header` is what its response repeats of its header.

    `fault` names the member that makes it none that could be served, "" when there is none.
    """

    def __init__(self, header: "dict[str, Any]", body: Node, fault: str = ""):
        self.header = header
        self.body = body
        self.fault = fault
        self._checksum = -1

    @property
    def category(self) -> str:
        """Its MessageCategory."""
        return str(self.header["MessageCategory"])

    @property
    def sale_id(self) -> str:
        """Which till asks."""
        return str(self.header["SaleID"])

    @property
    def service_id(self) -> str:
        """The till's own number of this request."""
        return str(self.header["ServiceID"])

    def checksum(self) -> int:
        """Of its body: the same request has the same, however it was written."""
        if self._checksum < 0:
            self._checksum = crc32(exact_json.dump(self.body.members))
        return self._checksum

    def let_go(self) -> None:
        """Its body has been read: some KiB are free for the answer and the slip."""
        self.checksum()
        self.body = Node({})

    @property
    def key(self) -> tuple[str, str]:
        """What it is known by."""
        return self.sale_id, self.service_id


def header_of(message: Node) -> "dict[str, Any]":
    """What a response repeats of a header. Raises MessageError where no response could be told
    to belong to it.
    """
    found: "dict[str, Any]" = {}
    node = message.child("MessageHeader")
    for name in _HEADER:
        if node.has(name):
            found[name] = node.text(name, _MAX_ID_CHARS)
    category, service_id = node.text("MessageCategory"), node.text("ServiceID")
    if not letters_or_digits(category) or len(category) > _MAX_CATEGORY_CHARS:
        raise MessageError("MessageCategory")
    if not letters_or_digits(service_id) or len(service_id) > _MAX_SERVICE_CHARS:
        raise MessageError("ServiceID")
    if node.text("MessageType") != "Request":
        raise MessageError("MessageType")
    for name in ("SaleID", "POIID"):
        if not found.get(name) or not is_printable(found[name]):
            raise MessageError(name)
    return found


def read(members: "dict[str, Any]") -> Request:
    """The request in a message. Raises MessageError where even its header is none."""
    message = Node(members).child("SaleToPOIRequest")
    header = header_of(message)
    name = header["MessageCategory"] + "Request"
    try:
        return Request(header, message.child(name), "" if message.has(name) else name)
    except MessageError as fault:
        return Request(header, Node({}), str(fault))


def language_of(text: str) -> str:
    """The language that a till means by "fr", "fr-CA", "en"; "" for none of ours."""
    return {"fr": FRENCH, "en": ENGLISH}.get(text[:2].lower(), "")


def _day_of(text: str) -> int | None:
    """The day of a moment in ISO 8601, counted from 1970; None for any other text."""
    year, month, day = text[:4], text[5:7], text[8:10]
    if len(day) < 2 or not digits_only(year + month + day) or text[4] != "-":
        return None
    return clock.days_from_civil(int(year), int(month), int(day))


class Sale:
    """Who asks, as the till says it when it logs in or with a sale; `day`: of the sale."""

    def __init__(self, node: Node):
        self.operator_id = printable(node.text("OperatorID"), _MAX_ID_CHARS)
        self.language = language_of(node.text("OperatorLanguage"))
        self.is_training = node.flag("TrainingModeFlag")
        self.day = _day_of(node.child("SaleTransactionID").text("TimeStamp"))
        terminal = node.child("SaleTerminalData")
        # Where the till has a printer for it, slips go there.
        self.prints = "PrinterReceipt" in terminal.texts("SaleCapabilities")


class Answer:
    """What a request comes to. `condition` is an ErrorCondition, "" for a success.

    `notes` are told as AdditionalResponse, `members` stand beside it in the response's body.
    """

    def __init__(
        self,
        condition: str = "",
        notes: "dict[str, Any] | None" = None,
        members: "dict[str, Any] | None" = None,
    ):
        self.condition = condition
        self.notes = notes or {}
        self.members = members or {}

    def body(self) -> "dict[str, Any]":
        """The response's body: `members`, and Response."""
        told: "dict[str, Any]" = {"Result": "Failure" if self.condition else "Success"}
        if self.condition:
            told["ErrorCondition"] = self.condition
        if self.notes:
            parts = ["%s=%s" % (name, self.notes[name]) for name in sorted(self.notes)]
            told["AdditionalResponse"] = "&".join(parts)
        body = dict(self.members)
        body["Response"] = told
        return body


def header(category: str, sale_id: str, service_id: str, poi_id: str) -> "dict[str, Any]":
    """A response's header, less its type."""
    return {
        "MessageClass": "Service",
        "MessageCategory": category,
        "SaleID": sale_id,
        "ServiceID": service_id,
        "POIID": poi_id,
    }


def response(
    header: "dict[str, Any]", category: str, body: "dict[str, Any]"
) -> "dict[str, Any]":
    """What stands within SaleToPOIResponse."""
    answered = dict(header)
    answered["MessageType"] = "Response"
    return {"MessageHeader": answered, category + "Response": body}


def event(
    poi_id: str, sale_id: str, kind: str, details: str, unix_s: int
) -> "dict[str, Any]":
    """What stands within SaleToPOIRequest when the pad tells of something by itself."""
    return {
        "MessageHeader": {
            "MessageClass": "Event",
            "MessageCategory": "Event",
            "MessageType": "Notification",
            "SaleID": sale_id,
            "POIID": poi_id,
            "DeviceID": "1",
        },
        "EventNotification": {
            "TimeStamp": timestamp(unix_s),
            "EventToNotify": kind,
            "EventDetails": details,
        },
    }


def timestamp(unix_s: int) -> str:
    """A moment in UTC, as messages have it: 2026-11-30T14:12:00Z."""
    return "%04d-%02d-%02dT%02d:%02d:%02dZ" % clock.civil(unix_s)
