"""Block devices over RAM for MicroPython's filesystems."""


class Blocks:
    """A flash in RAM that counts what is done to it."""

    def __init__(self, count, size=4096):
        self.count = count
        self.size = size
        self.raw = bytearray(b"\xff" * (count * size))
        self.programmed_bytes = 0
        self.erased_blocks = 0
        self.read_bytes = 0

    def readblocks(self, block, buffer, offset=0):
        at = block * self.size + offset
        buffer[:] = memoryview(self.raw)[at : at + len(buffer)]
        self.read_bytes += len(buffer)

    def writeblocks(self, block, buffer, offset=0):
        at = block * self.size + offset
        for start in range(
            0, len(buffer), self.size
        ):  # FAT hands over several blocks at once
            self.change(at + start, bytes(memoryview(buffer)[start : start + self.size]))
        self.programmed_bytes += len(buffer)

    def change(self, at, raw):
        self.raw[at : at + len(raw)] = raw

    def ioctl(self, operation, argument):
        if operation == 4:
            return self.count
        if operation == 5:
            return self.size
        if operation == 6:
            self.change(argument * self.size, b"\xff" * self.size)
            self.erased_blocks += 1
        return 0


class Journal(Blocks):
    """Notes every program and erase in order, so that each can be the last one."""

    def __init__(self, count, size=4096):
        super().__init__(count, size)
        self.changes = []

    def change(self, at, raw):
        self.changes.append((at, raw))
        super().change(at, raw)
