"""Messages as they travel: in clear, or protected as the pad's key wants it."""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import MessageError
from milepad.pinpad import exact_json, messages
from milepad.pinpad.messages import Node, Request

if TYPE_CHECKING:
    from typing import Any

    from milepad.pinpad.protection import Protection


class Envelope:
    """`protection` is None where messages come in clear; otherwise none may."""

    def __init__(self, protection: "Protection | None"):
        self._protection = protection

    def opened(self, raw: "bytes | bytearray") -> Request:
        """The request in a message. Raises MessageError, also for one without protection."""
        members = exact_json.parse(raw)
        if self._protection is None:
            return messages.read(members)
        outer = Node(members).child("SaleToPOIRequest")
        members = exact_json.parse(self._protection.open(outer))
        request = messages.read(members)
        if messages.header_of(outer) != request.header:
            raise MessageError("its header is another message's")
        return request

    def sealed(self, message: "dict[str, Any]") -> bytes:
        """A response's bytes; `message` is what stands within SaleToPOIResponse."""
        text = exact_json.dump({"SaleToPOIResponse": message})
        if self._protection is None:
            return text
        sealed = self._protection.seal(message["MessageHeader"], text)
        return exact_json.dump({"SaleToPOIResponse": sealed})
