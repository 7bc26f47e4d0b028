"""A run of bytes in memory for the ring store, on each Python."""


class ByteRegion:
    """A bytearray, or what is read and written like one."""

    def __init__(self, memory: bytearray) -> None:
        self._memory = memory

    def read(self, at: int, count: int) -> bytes:
        """Up to `count` bytes."""
        return bytes(self._memory[at : at + count])

    def write(self, at: int, raw: bytes) -> None:
        """Writes in place."""
        self._memory[at : at + len(raw)] = raw
