"""Frames: a kind, a length, a payload and a CRC-32, so that torn bytes are known as torn.

    version (high half) and kind (low half of 1 byte) | length (2) | payload | CRC-32 (4)

Numbers are big-endian. Pure. Intents and results have two versions (see `entries`), values
and bodies one. A whole frame of any version counts as a frame here, so that what a later
firmware wrote is left in place and keeps its number.
"""

from binascii import crc32

from milepad.base.compat import const

INTENT = const(1)
RESULT = const(2)
VALUE = const(3)
BODY = const(4)  # number (4), then what is sent for it, or a part of that
MAX_PAYLOAD_BYTES = const(4400)  # of a value; a body says its own

HEAD_BYTES = const(3)
OVERHEAD_BYTES = const(7)


def seal(kind: int, payload: bytes, version: int = 1) -> bytes:
    """The frame of `payload`, which is shorter than 64 KiB."""
    raw = bytes((version << 4 | kind, len(payload) >> 8, len(payload) & 255)) + payload
    return raw + crc32(raw).to_bytes(4, "big")


def measure(raw: bytes, at: int, kind: int) -> int:
    """Bytes that the whole frame of that kind takes at `at`; 0 when there is none."""
    if len(raw) - at < OVERHEAD_BYTES or raw[at] & 15 != kind or raw[at] < 16:
        return 0
    end = at + HEAD_BYTES + (raw[at + 1] << 8 | raw[at + 2])
    if end + 4 > len(raw) or crc32(raw[at:end]) != int.from_bytes(
        raw[end : end + 4], "big"
    ):
        return 0
    return end + 4 - at


def rest_bytes(head: bytes, most: int) -> int:
    """How many bytes follow a head; 0 where it is none, or of a payload over `most`."""
    if len(head) < HEAD_BYTES:
        return 0
    length = head[1] << 8 | head[2]
    return length + 4 if length <= most else 0


def version_of(raw: bytes, at: int) -> int:
    """The version of the frame at `at`."""
    return raw[at] >> 4


def payload_of(raw: bytes, at: int, kind: int) -> bytes | None:
    """The payload of the frame of that kind at `at`, or None."""
    size = measure(raw, at, kind)
    return raw[at + HEAD_BYTES : at + size - 4] if size else None


def sequence_of(raw: bytes, at: int, kind: int) -> int:
    """The sequence number that an intent's or a result's frame starts with; 0: no frame."""
    payload = payload_of(raw, at, kind)
    return int.from_bytes(payload[:4], "big") if payload and len(payload) >= 4 else 0
