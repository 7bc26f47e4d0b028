"""The bearer token over a restart: small, encrypted where the Python can, ignored if torn.

A JWT is kept as its three parts without their base64, and restored to the byte; a token
that is not exactly such a text is kept as it is. No text of an error here holds any of it.

    form (1) | initialisation vector (16, if encrypted) | body
    body: expiry (5) | length of each part (2, 2) and the parts, or the text | CRC-32 (4)
"""

from binascii import crc32

from milepad.base.compat import HAS_AES, aes_cbc, const, forget, random_bytes
from milepad.base.errors import StorageError

_PARTS = const(1)
_ENCRYPTED = const(2)
_MAX_TEXT_CHARS = const(4096)


def _parts():
    """Takes heap only while a token is kept or found: once a day, once a start."""
    from milepad.link import token_parts

    forget(token_parts)
    return token_parts


class TokenStore:
    """Keeps one token in the ledger's store under the name "token".

    `key` is the device's own, 16 or 32 bytes. `encrypted` says whether this port encrypts.
    A token that could not be kept is fetched again: no method here raises.
    """

    encrypted = HAS_AES

    def __init__(self, store, key: bytes):
        self._store = store
        self._key = key
        self._dropped = False

    def save(self, token_text: str, expires_unix_s: int) -> bool:
        """Keeps it in place of the last one, up to 4 KiB of it; whether it did."""
        if len(token_text) > _MAX_TEXT_CHARS:
            return False
        parts = _parts().pack(token_text)
        body = expires_unix_s.to_bytes(5, "big") + (parts or token_text.encode())
        body += crc32(body).to_bytes(4, "big")
        form = _PARTS if parts else 0
        if HAS_AES:
            vector = random_bytes(16)
            form |= _ENCRYPTED
            padding = 16 - len(body) % 16
            body += bytes((padding,)) * padding
            body = vector + aes_cbc(self._key, vector).encrypt(body)
        return self._put(bytes((form,)) + body)

    def load(self, now_s: int) -> tuple[str, int] | None:
        """(token, when it expires), or None if none is whole and still valid."""
        raw = None
        try:
            raw = None if self._dropped else self._store.get("token")
        except StorageError:
            pass
        body = self._decrypted(raw) if raw else None
        if not raw or not body:
            return None
        expires_s = int.from_bytes(body[:5], "big")
        if expires_s <= now_s:
            return None
        return (
            _parts().unpack(body[5:]) if raw[0] & _PARTS else body[5:].decode()
        ), expires_s

    def _decrypted(self, raw: bytes) -> bytes | None:
        """The body without its CRC-32, or None when it is not whole or the key is another."""
        body = raw[1:]
        if raw[0] & _ENCRYPTED:
            if not HAS_AES or len(body) < 32 or len(body) % 16:
                return None
            body = aes_cbc(self._key, body[:16]).decrypt(body[16:])
            body = body[: -body[-1]]
        if len(body) < 9 or crc32(body[:-4]) != int.from_bytes(body[-4:], "big"):
            return None
        return body[:-4]

    def drop(self) -> None:
        """Forgets it: the platform has refused it."""
        self._put(b"")
        self._dropped = True

    def _put(self, raw: bytes) -> bool:
        try:
            self._store.put("token", raw)
        except StorageError:
            return False
        self._dropped = False
        return True
