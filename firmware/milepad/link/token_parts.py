"""A JWT as its three parts without their base64, and back, to the byte. Pure."""

from binascii import a2b_base64, b2a_base64


def _encode_part(raw: bytes) -> str:
    text = b2a_base64(raw).decode().rstrip("\n=")
    return text.replace("+", "-").replace("/", "_")


def pack(text: str) -> bytes | None:
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
        if _encode_part(raws[-1]) != part:
            return None
    lengths = len(raws[0]).to_bytes(2, "big") + len(raws[1]).to_bytes(2, "big")
    return lengths + b"".join(raws)


def unpack(raw: bytes) -> str:
    """The text of which `pack` made these bytes."""
    first = 4 + int.from_bytes(raw[:2], "big")
    second = first + int.from_bytes(raw[2:4], "big")
    return ".".join(
        [
            _encode_part(raw[4:first]),
            _encode_part(raw[first:second]),
            _encode_part(raw[second:]),
        ]
    )
