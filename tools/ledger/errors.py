"""What these commands raise for bad input: one line, which names the file (and the line)."""

from __future__ import annotations


class LedgerToolError(Exception):
    """Said to the user in one line; the program ends with exit status 2."""


class SourceError(LedgerToolError):
    """A flash image or a pulled folder cannot be read."""


class FrameError(LedgerToolError):
    """A reconciliation file is not what the layout says it is."""

    def __init__(self, name: str, line: int, problem: str) -> None:
        super().__init__(f"{name}, line {line}: {problem}")
        self.line = line


class PullError(LedgerToolError):
    """A device's ledger could not be copied, verified or marked."""
