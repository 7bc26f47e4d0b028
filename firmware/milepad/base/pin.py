"""A PIN as a device keeps it: salted, and hashed so often that guessing takes a while.

No port of MicroPython has PBKDF2, so SHA-256 is repeated: each round takes the digest before
it, the salt and the PIN. How often stands beside the digest, so that it can grow.
"""

from binascii import hexlify, unhexlify

from milepad.base.compat import TYPE_CHECKING, const, sha256
from milepad.base.text import digits_only

if TYPE_CHECKING:
    from typing import TypeGuard

_NAME = "sha256"
_SALT_BYTES = const(16)
_DIGEST_BYTES = const(32)
_MAX_ROUNDS = const(65536)  # a file from outside must not keep the device for minutes


def stretch(digest: bytes, salt: bytes, pin: str, rounds: int) -> bytes:
    """`rounds` more rounds; the first one begins with no digest, `b""`."""
    tail = salt + pin.encode()
    for _ in range(rounds):
        digest = sha256(digest + tail)
    return digest


def kept(pin: str, salt: bytes, rounds: int) -> str:
    """What a device keeps of a PIN; `salt` is 16 random bytes."""
    digest = stretch(b"", salt, pin, rounds)
    return ":".join((_NAME, str(rounds), hexlify(salt).decode(), hexlify(digest).decode()))


def is_kept(value: object) -> "TypeGuard[str]":
    """Whether it is a text that `kept` could have made."""
    return isinstance(value, str) and _is_kept(value.split(":"))


def _is_kept(parts: list[str]) -> bool:
    if len(parts) != 4 or parts[0] != _NAME or not digits_only(parts[1]):
        return False
    if len(parts[1]) > 5 or not 0 < int(parts[1]) <= _MAX_ROUNDS:
        return False
    return _is_hex(parts[2], _SALT_BYTES) and _is_hex(parts[3], _DIGEST_BYTES)


def _is_hex(text: str, size: int) -> bool:
    return len(text) == 2 * size and all(c in "0123456789abcdef" for c in text)


def parts(text: str) -> tuple[int, bytes, bytes]:
    """(rounds, salt, digest) of a text that `is_kept` takes."""
    _, rounds, salt, digest = text.split(":")
    return int(rounds), unhexlify(salt), unhexlify(digest)
