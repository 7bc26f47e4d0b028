"""What a scanner reads from paper: a real decoder, which knows nothing of our encoder."""

from __future__ import annotations

import zxingcpp


def scan(width: int, height: int, gray: bytes) -> list[tuple[str, bytes]]:
    """(symbology, data) of every barcode in a picture of one byte a dot, 0 is black."""
    picture = memoryview(gray).cast("B", (height, width))
    return [(str(code.format), code.bytes) for code in zxingcpp.read_barcodes(picture)]
