"""A till over TCP that speaks in frames and keeps nothing: what a test sends, a test reads."""

from __future__ import annotations

import itertools
import json
import socket
from typing import Any

from tools.till import protection
from tools.till.protection import Key

PASSPHRASE = "milepad till 1"
KEY_NAMES = {"passphrase": PASSPHRASE, "key_identifier": "till", "key_version": 1}
_services = itertools.count(1)


def header(category: str, sale_id: str = "TILL1", service_id: str = "") -> dict[str, str]:
    return {
        "MessageClass": "Service",
        "MessageCategory": category,
        "MessageType": "Request",
        "SaleID": sale_id,
        "ServiceID": service_id or str(next(_services)),
        "POIID": "001",
    }


class Till:
    """One connection. Each message may be asked for by itself, in any order."""

    def __init__(
        self, port: int, sale_id: str = "TILL1", is_protected: bool = True
    ) -> None:
        self.sale_id = sale_id
        self._socket = socket.create_connection(("127.0.0.1", port), 10)
        self._socket.settimeout(30)
        self._key = Key.from_passphrase(PASSPHRASE, "till") if is_protected else None

    def send(self, category: str, body: Any, service_id: str = "") -> str:
        """Sends a request; its ServiceID."""
        head = header(category, self.sale_id, service_id)
        message = {"MessageHeader": head, category + "Request": body}
        self.send_raw(self.frame(message))
        return head["ServiceID"]

    def frame(self, message: dict[str, Any]) -> bytes:
        text = json.dumps({"SaleToPOIRequest": message})
        if self._key:
            sealed = protection.protect(message["MessageHeader"], text, self._key)
            text = json.dumps({"SaleToPOIRequest": sealed})
        raw = text.encode()
        return len(raw).to_bytes(4, "big") + raw

    def send_raw(self, raw: bytes) -> None:
        self._socket.sendall(raw)

    def receive(self) -> dict[str, Any]:
        """What stands within the next message; ConnectionError when there is no more."""
        size = int.from_bytes(self._exactly(4), "big")
        message = json.loads(self._exactly(size))
        if "SaleToPOIResponse" in message and self._key:
            text = protection.unprotect(message["SaleToPOIResponse"], self._key)
            message = json.loads(text)
        (found,) = message.values()
        assert isinstance(found, dict)
        return found

    def ask(self, category: str, body: Any = None, service_id: str = "") -> dict[str, Any]:
        """The body of the response to a request."""
        self.send(category, body or {}, service_id)
        return self.body(category)

    def body(self, category: str) -> dict[str, Any]:
        """The body of the next response, which is of that category."""
        found = self.receive()[category + "Response"]
        assert isinstance(found, dict)
        return found

    def close(self) -> None:
        self._socket.close()

    def _exactly(self, count: int) -> bytes:
        raw = b""
        while len(raw) < count:
            piece = self._socket.recv(count - len(raw))
            if not piece:
                raise ConnectionError(f"{len(raw)} of {count} bytes")
            raw += piece
        return raw
