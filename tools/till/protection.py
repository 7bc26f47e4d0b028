"""Message protection between till and pad, from the till's side.

A protected message is the header in clear, the whole message encrypted, and a trailer:
{MessageHeader, NexoBlob: base64(AES-256-CBC with PKCS #7), SecurityTrailer{AdyenCryptoVersion,
KeyIdentifier, KeyVersion, Nonce, Hmac}}. The HMAC-SHA256 is over the text; 80 bytes of
PBKDF2-HMAC-SHA1 of the passphrase are its key (32), the cipher's (32) and a mask (16), which
the nonce is combined with into the cipher's first block. The vectors in
host_tests/pinpad/golden were made by @adyen/api-library. No code is shared with the firmware.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Callable
from typing import Any, NamedTuple, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, hmac, padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

_SALT = b"AdyenNexoV1Salt"
_ROUNDS = 4000
_HMAC_BYTES = 32
_CIPHER_BYTES = 32
_BLOCK_BYTES = 16
_VERSION = 1


class ProtectionError(Exception):
    """A message is not protected as agreed; one line says what is wrong, and no content."""


class Key(NamedTuple):
    """What till and pad share; `identifier` and `version` say which key it is."""

    hmac: bytes
    cipher: bytes
    mask: bytes
    identifier: str
    version: int = 1

    @classmethod
    def from_passphrase(cls, passphrase: str, identifier: str, version: int = 1) -> Self:
        """Derives it; some 10 ms. ProtectionError for letters outside Latin-1."""
        length = _HMAC_BYTES + _CIPHER_BYTES + _BLOCK_BYTES
        # Client libraries of the field read the passphrase as Latin-1, not as UTF-8.
        try:
            raw = passphrase.encode("latin-1")
        except UnicodeEncodeError:
            raise ProtectionError("a passphrase is of letters of Latin-1") from None
        # SHA-1 is the convention's, and no weakness of PBKDF2's.
        derived = PBKDF2HMAC(hashes.SHA1(), length, _SALT, _ROUNDS).derive(raw)  # noqa: S303
        cut = _HMAC_BYTES + _CIPHER_BYTES
        return cls(
            derived[:_HMAC_BYTES],
            derived[_HMAC_BYTES:cut],
            derived[cut:],
            identifier,
            version,
        )


def is_protected(message: dict[str, Any]) -> bool:
    """Whether what stands within SaleToPOIRequest or SaleToPOIResponse is protected."""
    return "NexoBlob" in message


def protect(
    header: dict[str, Any],
    text: str,
    key: Key,
    draw: Callable[[int], bytes] = os.urandom,
) -> dict[str, Any]:
    """What stands within SaleToPOIRequest in the place of `text`, the whole message."""
    raw, nonce = text.encode(), draw(_BLOCK_BYTES)
    padder = padding.PKCS7(_BLOCK_BYTES * 8).padder()
    encryptor = _cipher(key, nonce).encryptor()
    blob = encryptor.update(padder.update(raw) + padder.finalize()) + encryptor.finalize()
    return {
        "MessageHeader": header,
        "NexoBlob": _encoded(blob),
        "SecurityTrailer": {
            "AdyenCryptoVersion": _VERSION,
            "Hmac": _encoded(_mac(key, raw).finalize()),
            "KeyIdentifier": key.identifier,
            "KeyVersion": key.version,
            "Nonce": _encoded(nonce),
        },
    }


def unprotect(message: dict[str, Any], key: Key) -> str:
    """The text that was protected. ProtectionError for any other than `protect` makes."""
    try:
        trailer = message["SecurityTrailer"]
        named = (trailer["KeyIdentifier"], trailer["KeyVersion"])
        blob, nonce, mac = (
            base64.b64decode(text, validate=True)
            for text in (message["NexoBlob"], trailer["Nonce"], trailer["Hmac"])
        )
        version = trailer["AdyenCryptoVersion"]
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise ProtectionError("the protected message is not whole") from None
    if version != _VERSION or named != (key.identifier, key.version):
        raise ProtectionError("it is protected with another key")
    return _checked(blob, nonce, mac, key)


def _checked(blob: bytes, nonce: bytes, mac: bytes, key: Key) -> str:
    try:
        decryptor = _cipher(key, nonce).decryptor()
        padded = decryptor.update(blob) + decryptor.finalize()
        unpadder = padding.PKCS7(_BLOCK_BYTES * 8).unpadder()
        raw = unpadder.update(padded) + unpadder.finalize()
        _mac(key, raw).verify(mac)
        return raw.decode()
    except (ValueError, InvalidSignature):
        raise ProtectionError("its protection does not fit its content") from None


def _cipher(key: Key, nonce: bytes) -> Cipher[modes.CBC]:
    """Raises ValueError for a nonce of another length."""
    first = bytes(a ^ b for a, b in zip(key.mask, nonce, strict=True))
    return Cipher(algorithms.AES256(key.cipher), modes.CBC(first))


def _mac(key: Key, raw: bytes) -> hmac.HMAC:
    made = hmac.HMAC(key.hmac, hashes.SHA256())
    made.update(raw)
    return made


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
