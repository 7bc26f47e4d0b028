"""Several root certificates in one file: DER after DER, as a device's `ca.der` has them."""


def split_roots(raw: bytes) -> list[bytes]:
    """Each certificate by itself; what is none stays whole, for who loads it to refuse.

    A certificate is a SEQUENCE of more than 255 and less than 65,536 bytes (X.690, 8.1.3).
    """
    roots = []
    while raw[:2] == b"\x30\x82":
        end = 4 + int.from_bytes(raw[2:4], "big")
        roots.append(raw[:end])
        raw = raw[end:]
    return roots if roots and not raw else roots + [raw]
