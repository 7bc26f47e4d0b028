"""The few lines that differ between MicroPython, CircuitPython and CPython.

Everything else in the firmware is the same on all three. Each difference stands behind
`IS_MICROPYTHON` or `IS_CIRCUITPYTHON`: the type checker reads only what is for the one whose
names it knows.
"""

import asyncio
import gc
import hashlib
import os
import sys
import time

IS_MICROPYTHON = sys.implementation.name == "micropython"
IS_CIRCUITPYTHON = sys.implementation.name == "circuitpython"
TYPE_CHECKING = False  # type checkers take this name for true: no device has `typing`

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from typing import Any

if IS_MICROPYTHON or IS_CIRCUITPYTHON:
    from micropython import const
else:

    def const(value: int) -> int:  # type: ignore[misc]
        """Marks a number that the cross-compiler may fold into the code."""
        return value


# The platform and certificates count from 1970, as CircuitPython and CPython do.
if IS_MICROPYTHON:  # a port counts from 1970 or from 2000
    _EPOCH_OFFSET_S = 946684800 if time.gmtime(0)[0] == 2000 else 0
else:
    _EPOCH_OFFSET_S = 0

# No device that runs this lives before it: an earlier time means that the clock is not set.
BUILD_EPOCH_S = 1767225600  # 2026-01-01T00:00:00Z


def unix_time() -> int:
    """Seconds since 1970-01-01T00:00:00Z, as far as the device's clock is set."""
    return int(time.time()) + _EPOCH_OFFSET_S


def collect_early() -> None:
    """Keeps the heap in one piece, where a port lets it: a checkout needs 30 KiB less."""
    if IS_MICROPYTHON:
        gc.threshold(gc.mem_free() // 128)


if IS_MICROPYTHON or IS_CIRCUITPYTHON:
    heap_free_bytes = gc.mem_free
else:

    def heap_free_bytes() -> int:
        """What is left of the heap; CPython's grows, and has no such figure."""
        return 0


def random_bytes(count: int) -> bytes:
    """`count` bytes of the port's own entropy source."""
    return os.urandom(count)


if IS_MICROPYTHON:

    def sha256(raw: bytes) -> bytes:
        """The digest of `raw`, 32 bytes."""
        return hashlib.sha256(raw).digest()

else:

    def sha256(raw: bytes) -> bytes:
        """The digest of `raw`, 32 bytes."""
        return hashlib.new("sha256", raw).digest()


_CBC = const(2)

if IS_CIRCUITPYTHON:
    import aesio

    class _Cipher:
        """AES with the interface of `cryptolib.aes`."""

        def __init__(self, key: bytes, vector: bytes):
            self._aes = aesio.AES(key, aesio.MODE_CBC, vector)

        def encrypt(self, raw: bytes) -> bytes:
            """`raw`, whole blocks, enciphered."""
            enciphered = bytearray(len(raw))
            self._aes.encrypt_into(raw, enciphered)
            return bytes(enciphered)

        def decrypt(self, raw: bytes) -> bytes:
            """`raw`, whole blocks, deciphered."""
            deciphered = bytearray(len(raw))
            self._aes.decrypt_into(raw, deciphered)
            return bytes(deciphered)

    def aes_cbc(key: bytes, vector: bytes) -> _Cipher:
        """AES-CBC for one text: `encrypt` or `decrypt`, whole blocks."""
        return _Cipher(key, vector)

    HAS_AES = True
else:
    try:
        from cryptolib import aes
    except ImportError:  # CPython, and MicroPython that was built without
        aes = None  # type: ignore[misc,assignment]
    if not (IS_MICROPYTHON or aes):
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        class aes:  # type: ignore[no-redef]
            """AES-CBC with the interface of `cryptolib.aes`."""

            def __init__(self, key: bytes, _mode: int, vector: bytes):
                self._cipher = Cipher(algorithms.AES(key), modes.CBC(vector))

            def encrypt(self, raw: bytes) -> bytes:
                """`raw`, whole blocks, enciphered."""
                return self._cipher.encryptor().update(raw)

            def decrypt(self, raw: bytes) -> bytes:
                """`raw`, whole blocks, deciphered."""
                return self._cipher.decryptor().update(raw)

    def aes_cbc(key: bytes, vector: bytes) -> "aes":
        """AES-CBC for one text, where `HAS_AES`: `encrypt` or `decrypt`, whole blocks."""
        return aes(key, _CBC, vector)

    HAS_AES = aes is not None


if IS_MICROPYTHON:
    ticks_ms = time.ticks_ms
    ticks_diff = time.ticks_diff
else:

    def ticks_ms() -> int:
        """Milliseconds of a clock that never jumps."""
        return time.monotonic_ns() // 1000000

    def ticks_diff(end: int, start: int) -> int:
        """Milliseconds from `start` to `end`, both of `ticks_ms`."""
        return end - start


if IS_MICROPYTHON or IS_CIRCUITPYTHON:
    sleep_ms = asyncio.sleep_ms
    wait_for_ms = asyncio.wait_for_ms  # type: ignore[attr-defined]  # MicroPython's stubs lack it
else:

    async def sleep_ms(delay_ms: int) -> None:
        """Lets the other tasks run for `delay_ms` milliseconds."""
        await asyncio.sleep(delay_ms / 1000)

    async def wait_for_ms(awaitable: "Awaitable[Any]", timeout_ms: int) -> "Any":
        """The awaitable's result, or asyncio.TimeoutError after `timeout_ms`."""
        return await asyncio.wait_for(awaitable, timeout_ms / 1000)


def split_der(raw: bytes) -> "list[bytes]":
    """Certificates that stand one after the other, each by itself: mbedTLS reads only the
    first, OpenSSL skips what follows the last.

    What is none stays whole, for who loads it to refuse. A certificate is a SEQUENCE of more
    than 255 and less than 65,536 bytes (X.690, 8.1.3).
    """
    end = 4 + int.from_bytes(raw[2:4], "big")
    if raw[:2] != b"\x30\x82" or end >= len(raw):
        return [raw]
    return [raw[:end]] + split_der(raw[end:])
