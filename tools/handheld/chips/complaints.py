"""What a real chip would not forgive, as short texts, for the log and for tests."""

from __future__ import annotations

_KEPT = 100


class Complaints:
    """A bounded list of complaints; `take` hands over those that nobody has read yet."""

    def __init__(self, chip: str):
        self._chip = chip
        self.all: list[str] = []
        self._new: list[str] = []

    def add(self, text: str) -> None:
        """Notes one complaint; after the first hundred, further ones are dropped."""
        if len(self.all) < _KEPT:
            self.all.append(text)
            self._new.append(f"{self._chip}: {text}")

    def take(self) -> list[str]:
        """The complaints since the last call, each with the chip's name in front."""
        taken, self._new = self._new, []
        return taken
