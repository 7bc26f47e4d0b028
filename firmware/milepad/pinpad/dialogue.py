"""One request that the pad works at."""

import asyncio

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import MilepadError
from milepad.pinpad.messages import Node, Request, Sale

if TYPE_CHECKING:
    from typing import Any

    from milepad.pinpad.kept import Record
    from milepad.pinpad.protocols import After


class Refused(MilepadError):
    """A request that is not carried out: an ErrorCondition, the response code that says so if
    there is one, and what else the till is told, as name=value of at most 24 characters.
    """

    def __init__(self, condition: str, code: str = "", note: str = ""):
        super().__init__(condition)
        self.condition = condition
        self.code = code
        self.note = note
        self.after: "After | None" = None  # what the pad shows and prints of it


class Dialogue:
    """One request that the pad works at. `aborted`: the till does not want it any more."""

    def __init__(self, request: Request):
        self.request = request
        self.begun = False
        self.aborted = False
        self.sale = Sale(Node({}))  # who asks, once that could be read
        self.record: "Record | None" = None  # of what may move miles
        self.body: "dict[str, Any] | None" = None  # of its response, once there is one
        self.is_done = asyncio.Event()

    def finish(self, body: "dict[str, Any]") -> None:
        """Its response's body, for everybody who waits for it; a second one changes nothing."""
        if self.body is None:
            self.body = body
            self.is_done.set()
