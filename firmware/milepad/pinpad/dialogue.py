"""One request that the pad works at."""

import asyncio

from milepad.base.compat import TYPE_CHECKING
from milepad.pinpad.messages import Request

if TYPE_CHECKING:
    from typing import Any


class Dialogue:
    """One request that the pad works at. `aborted`: the till does not want it any more."""

    def __init__(self, request: Request):
        self.request = request
        self.begun = False
        self.aborted = False
        self.body: "dict[str, Any] | None" = None  # of its response, once there is one
        self.is_done = asyncio.Event()

    def finish(self, body: "dict[str, Any]") -> None:
        """Its response's body, for everybody who waits for it; a second one changes nothing."""
        if self.body is None:
            self.body = body
            self.is_done.set()
