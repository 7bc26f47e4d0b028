"""Message protection: the whole message enciphered, its header in clear beside it.

{MessageHeader, NexoBlob: base64 of AES-256-CBC with PKCS #7, SecurityTrailer: {Hmac, Nonce, ...}}.
The HMAC-SHA256 is over the plain text; the cipher's first block is the key's mask combined with
the nonce. The cipher is the port's own. Why a message is refused is told in a word that is the
same for all that is wrong within it: whoever guesses learns nothing.
"""

from binascii import a2b_base64, b2a_base64

from milepad.base.compat import TYPE_CHECKING, aes_cbc, const, random_bytes, sha256
from milepad.base.errors import MessageError
from milepad.pinpad.messages import Node

if TYPE_CHECKING:
    from typing import Any

_BLOCK_BYTES = const(16)
_HMAC_BLOCK_BYTES = const(64)
_VERSION = const(1)
_NONCES = const(256)  # how many of the latest are known again, by their first bytes
_KNOWN_BYTES = const(4)
_WRONG = "its protection does not fit"


class Protection:
    """One key. `raw` is its 80 bytes; `identifier` and `version` are what the till calls it."""

    def __init__(self, raw: bytes, identifier: str, version: int):
        self._hmac_key = raw[:32]
        self._cipher_key = raw[32:64]
        self._mask = raw[64:80]
        self._named = (identifier, version)
        self._seen = bytearray(_NONCES * _KNOWN_BYTES)  # one piece of heap, written around
        self._at = 0

    def open(self, message: Node) -> bytes:
        """The plain text of a protected message, which is taken once. Raises MessageError."""
        trailer = message.child("SecurityTrailer")
        if not message.has("NexoBlob"):
            raise MessageError("it is not protected")
        named = (trailer.text("KeyIdentifier"), _whole(trailer.text("KeyVersion")))
        if named != self._named or _whole(trailer.text("AdyenCryptoVersion")) != _VERSION:
            raise MessageError("it is protected with another key")
        nonce = _decoded(trailer.text("Nonce"))
        text = self._deciphered(nonce, _decoded(message.text("NexoBlob", 12000)))
        mac = self._mac(text if text is not None else b"")
        if text is None or not _are_same(mac, _decoded(trailer.text("Hmac"))):
            raise MessageError(_WRONG)
        self._note(nonce[:_KNOWN_BYTES])
        return text

    def _note(self, first: bytes) -> None:
        """Keeps a nonce in the place of the oldest. Raises MessageError for a known one."""
        seen, at = self._seen, self._seen.find(first)
        while at >= 0:
            if at % _KNOWN_BYTES == 0:
                raise MessageError("it came before")
            at = seen.find(first, at + 1)
        seen[self._at : self._at + _KNOWN_BYTES] = first
        self._at = (self._at + _KNOWN_BYTES) % len(seen)

    def seal(self, header: "dict[str, Any]", text: bytes) -> "dict[str, Any]":
        """What stands within SaleToPOIResponse in the place of a message's `text`."""
        nonce = random_bytes(_BLOCK_BYTES)
        count = _BLOCK_BYTES - len(text) % _BLOCK_BYTES
        blob = aes_cbc(self._cipher_key, self._vector(nonce)).encrypt(
            text + bytes((count,)) * count
        )
        identifier, version = self._named
        return {
            "MessageHeader": header,
            "NexoBlob": _encoded(blob),
            "SecurityTrailer": {
                "AdyenCryptoVersion": _VERSION,
                "Hmac": _encoded(self._mac(text)),
                "KeyIdentifier": identifier,
                "KeyVersion": version,
                "Nonce": _encoded(nonce),
            },
        }

    def _vector(self, nonce: bytes) -> bytes:
        return bytes([self._mask[i] ^ nonce[i] for i in range(_BLOCK_BYTES)])

    def _deciphered(self, nonce: bytes, blob: bytes) -> bytes | None:
        """The plain text without its padding; None where there is none."""
        if len(nonce) != _BLOCK_BYTES or not blob or len(blob) % _BLOCK_BYTES:
            return None
        text = aes_cbc(self._cipher_key, self._vector(nonce)).decrypt(blob)
        count = text[-1]
        if not 0 < count <= _BLOCK_BYTES or text[-count:] != bytes((count,)) * count:
            return None
        return text[:-count]

    def _mac(self, text: bytes) -> bytes:
        """HMAC-SHA256 (RFC 2104)."""
        key = self._hmac_key + bytes(_HMAC_BLOCK_BYTES - len(self._hmac_key))
        inner = sha256(bytes([each ^ 0x36 for each in key]) + text)
        return sha256(bytes([each ^ 0x5C for each in key]) + inner)


def _are_same(first: bytes, second: bytes) -> bool:
    """Compares in a time that does not tell where they differ."""
    differs = len(first) ^ len(second)
    for i in range(min(len(first), len(second))):
        differs |= first[i] ^ second[i]
    return not differs


def _whole(text: str) -> int:
    return (
        int(text)
        if len(text) < 6 and text and min(text) >= "0" and max(text) <= "9"
        else -1
    )


def _encoded(raw: bytes) -> str:
    return b2a_base64(raw).decode().strip()


def _decoded(text: str) -> bytes:
    try:
        return a2b_base64(text.encode())
    except ValueError:
        raise MessageError(_WRONG)
