"""The keys of a till's passphrase as a device keeps them: derived when it was provisioned.

PBKDF2 takes a microcontroller a minute, and the passphrase itself need not lie on its flash.
"""

from binascii import hexlify, unhexlify

from milepad.base.compat import TYPE_CHECKING, const

if TYPE_CHECKING:
    from typing import TypeGuard

_NAME = "key:"
KEY_BYTES = const(80)  # of the HMAC 32, of the cipher 32, a mask 16


def kept(raw: bytes) -> str:
    """The text that a device keeps of `KEY_BYTES` bytes."""
    return _NAME + hexlify(raw).decode()


def is_kept(value: object) -> "TypeGuard[str]":
    """Whether it is a text that `kept` could have made."""
    if not isinstance(value, str) or len(value) != len(_NAME) + 2 * KEY_BYTES:
        return False
    return value.startswith(_NAME) and all(
        c in "0123456789abcdef" for c in value[len(_NAME) :]
    )


def key_bytes(text: str) -> bytes:
    """The bytes of a text that `is_kept` takes."""
    return unhexlify(text[len(_NAME) :])
