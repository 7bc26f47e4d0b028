"""What these commands raise for bad input: lines that name the file (and the line)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class LedgerToolError(Exception):
    """Said to the user in one line; the program ends with exit status 2."""


class SourceError(LedgerToolError):
    """A flash image or a pulled folder cannot be read."""


class FrameError(LedgerToolError):
    """A reconciliation file is not what the layout says it is, and what to do about it."""

    def __init__(self, name: str, line: int, problem: str, remedy: str) -> None:
        super().__init__(f"{name}, line {line}: {problem}; {remedy}")
        self.line = line


class PullError(LedgerToolError):
    """A device's ledger could not be copied, verified or marked."""


class SeveralErrors(LedgerToolError):
    """All that is wrong with what was given, a line each."""

    def __init__(self, faults: Sequence[LedgerToolError]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


class Problems:
    """Gathers what is wrong, so that all of it is told at once."""

    def __init__(self) -> None:
        self._faults: list[LedgerToolError] = []

    def __len__(self) -> int:
        return len(self._faults)

    def add(self, fault: LedgerToolError) -> None:
        """One more, or several."""
        self._faults += fault.faults if isinstance(fault, SeveralErrors) else [fault]

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """What is raised inside is kept until `raise_all`."""
        try:
            yield
        except LedgerToolError as fault:
            self.add(fault)

    def raise_all(self) -> None:
        """Raises what was gathered, if anything was; what stands on both sides once."""
        faults = list({str(fault): fault for fault in self._faults}.values())
        if len(faults) == 1:
            raise faults[0]
        if faults:
            raise SeveralErrors(faults)
