"""A flash's files that were written before."""

from __future__ import annotations

import io
from typing import Any


class Files:
    """A flash filesystem; `contents` is {name: bytes}."""

    def __init__(self, contents: dict[str, bytes]) -> None:
        self.contents = contents

    def stat(self, name: str) -> tuple[int, ...]:
        if name not in self.contents:
            raise OSError(2)
        return (0x8000, 0, 0, 0, 0, 0, len(self.contents[name]), 0, 0, 0)

    def open(self, name: str, mode: str) -> Any:
        if name not in self.contents:
            raise OSError(2)
        return io.BytesIO(self.contents[name])
