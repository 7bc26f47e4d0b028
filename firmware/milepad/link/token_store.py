"""The bearer token over a restart: small, encrypted where the Python can, ignored if torn.

A JWT is kept as its three parts without their base64, and restored to the byte; a token
that is not exactly such a text is kept as it is. No text of an error here holds any of it.

    form (1) | initialisation vector (16, if encrypted) | body
    body: expiry (5) | length of each part (2, 2) and the parts, or the text | CRC-32 (4)
"""

from binascii import a2b_base64, b2a_base64, crc32

from milepad.base.compat import HAS_AES, TYPE_CHECKING, aes_cbc, const, random_bytes
from milepad.base.errors import StorageError

if TYPE_CHECKING:
    from milepad.link.protocols import ValueStore

_JWT = const(1)
_ENCRYPTED = const(2)
_MAX_TEXT_CHARS = const(4096)
_BLOCK_BYTES = const(16)  # of AES


class TokenStore:
    """Keeps one token in the ledger's store under the name "token".

    `key` is the device's own, 16 or 32 bytes.
    A token that could not be kept is fetched again: no method here raises.
    """

    def __init__(self, store: "ValueStore", key: bytes):
        self._store = store
        self._key = key
        self._dropped = False

    def save(self, token_text: str, expires_unix_s: int) -> bool:
        """Keeps it in place of the last one, up to 4 KiB of it; whether it did."""
        if len(token_text) > _MAX_TEXT_CHARS:
            return False
        form, body = _packed(token_text)
        body = expires_unix_s.to_bytes(5, "big") + body
        body += crc32(body).to_bytes(4, "big")
        if HAS_AES:
            form |= _ENCRYPTED
            body = self._encrypted(body)
        return self._put(bytes((form,)) + body)

    def load(self, now_s: int) -> tuple[str, int] | None:
        """(token, when it expires), or None if none is whole and still valid."""
        raw = None
        try:
            raw = None if self._dropped else self._store.get("token")
        except StorageError:
            pass
        body = self._opened(raw) if raw else None
        if not raw or not body:
            return None
        expires_s = int.from_bytes(body[:5], "big")
        if expires_s <= now_s:
            return None
        text = unpack_jwt(body[5:]) if raw[0] & _JWT else body[5:].decode()
        return text, expires_s

    def drop(self) -> None:
        """Erases it: the platform has refused it."""
        self._put(b"")
        self._dropped = True

    def _encrypted(self, body: bytes) -> bytes:
        vector = random_bytes(_BLOCK_BYTES)
        padding = _BLOCK_BYTES - len(body) % _BLOCK_BYTES
        body += bytes((padding,)) * padding
        return vector + aes_cbc(self._key, vector).encrypt(body)

    def _opened(self, raw: bytes) -> bytes | None:
        """The body without its CRC-32, or None when it is not whole or the key is another."""
        body = raw[1:]
        if raw[0] & _ENCRYPTED:
            if not HAS_AES or len(body) < 2 * _BLOCK_BYTES or len(body) % _BLOCK_BYTES:
                return None
            body = aes_cbc(self._key, body[:_BLOCK_BYTES]).decrypt(body[_BLOCK_BYTES:])
            body = body[: -body[-1]]
        if len(body) < 9 or crc32(body[:-4]) != int.from_bytes(body[-4:], "big"):
            return None
        return body[:-4]

    def _put(self, raw: bytes) -> bool:
        try:
            self._store.put("token", raw)
        except StorageError:
            return False
        self._dropped = False
        return True


def _packed(text: str) -> tuple[int, bytes]:
    """(form, bytes) of a token's text."""
    jwt = pack_jwt(text)
    return (_JWT, jwt) if jwt else (0, text.encode())


def pack_jwt(text: str) -> bytes | None:
    """The decoded parts of a JWT, or None when they would not give the same text again."""
    parts = text.split(".")
    if len(parts) != 3:
        return None
    raws = []
    for part in parts:
        padded = part.replace("-", "+").replace("_", "/") + "=" * (-len(part) % 4)
        try:
            raws.append(a2b_base64(padded.encode()))
        except ValueError:
            return None
        if _base64url(raws[-1]) != part:
            return None
    lengths = len(raws[0]).to_bytes(2, "big") + len(raws[1]).to_bytes(2, "big")
    return lengths + b"".join(raws)


def unpack_jwt(raw: bytes) -> str:
    """The text of which `pack_jwt` made these bytes."""
    first = 4 + int.from_bytes(raw[:2], "big")
    second = first + int.from_bytes(raw[2:4], "big")
    parts = (raw[4:first], raw[first:second], raw[second:])
    return ".".join([_base64url(part) for part in parts])


def _base64url(raw: bytes) -> str:
    """RFC 7515's base64url, without padding."""
    text = b2a_base64(raw).decode().rstrip("\n=")
    return text.replace("+", "-").replace("/", "_")
