"""Faults on order: what the next requests will meet instead of a plain reply.

A fault waits for a request to its operation, strikes `count` times and is gone. It strikes
only requests whose bearer is good, so that a refused token does not use it up; only
`cut_request`, which acts before anything is read, cannot tell.
"""

from __future__ import annotations

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tools.emulator.issuance import operations
from tools.emulator.tokens import ERRORS

FaultName = Literal[
    "drop_before_commit",
    "drop_after_commit",
    "delay",
    "code",
    "truncate",
    "garbage",
    "reset",
    "html_502",
    "expire_token",
    "cut_request",
    "hang_up",
    "missing_code",
    "wrong_shape",
    "oversized",
    "deep",
    "pending",
    "busy",
]
FAULTS: dict[FaultName, str] = {
    "drop_before_commit": "the connection closes, and nothing was done",
    "drop_after_commit": "the request is served, then the connection closes without a reply",
    "delay": "the reply comes `seconds` late",
    "code": "the reply has `code` (an HTTP status for Issuance); an approval is still a "
    "real one",
    "truncate": "the connection closes after `bytes` of the reply, its head included",
    "garbage": "bytes that are no HTTP come back",
    "reset": "TCP reset instead of a reply",
    "html_502": "a proxy's page with status 502",
    "expire_token": "the bearer is refused, and is no good from then on",
    "cut_request": "the connection closes after `bytes` of the request were read",
    "hang_up": "the reply is whole, then the connection closes without saying so",
    "missing_code": "the reply lacks its `responseCode` (for the token: the token; for "
    "Issuance: the miles)",
    "wrong_shape": "the reply is JSON, and no object",
    "oversized": "the reply is a megabyte long",
    "deep": "the reply is JSON, nested a thousand deep",
    "pending": "202: accepted, and the miles follow (--issuance-pending-s); it waits for a "
    "request that moves miles of Issuance",
    "busy": "as if another transaction of the collector ran (--issuance-parallel-status)",
}
FaultOp = Literal[
    "any",
    "token",
    "echo",
    "inquire",
    "redeem",
    "reverse",
    "calculate",
    "issue",
    "return",
    "record",
    "post",
    "post/event",
    "issuance/reverse",
    "reverse/event",
]

# These let the platform do its work first, unless the order says otherwise.
_AFTER_COMMIT = ("drop_after_commit", "delay", "truncate", "hang_up", "pending")
# Where the HTTP status says what was done, one of these below 300 would be a lie otherwise.
_BAD_REPLIES = ("missing_code", "wrong_shape", "oversized", "deep")
_NOT_DONE = 300
ISSUANCE = (*operations.OPERATIONS,)
_OF_BOTH = ("any", "reverse")  # of Cash and of Issuance: a status strikes the latter alone
_NEEDS: dict[str, str] = {
    "delay": "seconds",
    "code": "code",
    "truncate": "bytes",
    "cut_request": "bytes",
}


class Fault(BaseModel):
    """An order for a fault: it strikes the next requests to `op` whose bearer is good."""

    model_config = ConfigDict(extra="forbid", strict=True)

    op: FaultOp = Field(
        description="which requests; `any` is every one but `token`, `reverse` that of Cash "
        "and that of Issuance, whichever comes first"
    )
    fault: FaultName = Field(
        description="; ".join(f"{name}: {does}" for name, does in FAULTS.items())
    )
    count: int | None = Field(
        default=1,
        ge=1,
        le=1_000_000,
        description="how many requests it strikes; null: until cleared",
    )
    seconds: float = Field(
        default=0, ge=0, le=600, description="wait so long before the reply or its absence"
    )
    code: str | None = Field(
        default=None,
        description="four digits, empty for none; for Issuance an HTTP status, which with "
        "`any` and `reverse` strikes nothing else; for the token an OAuth error",
    )
    status: int | None = Field(
        default=None, ge=200, le=599, description="HTTP status in place of the usual one"
    )
    retry_after: str | None = Field(
        default=None,
        pattern=r"^[\x20-\x7e]{1,64}$",
        description="a Retry-After header beside whatever is replied: seconds, or a date",
    )
    bytes: int | None = Field(
        default=None, ge=0, description="of the reply (truncate) or request (cut_request)"
    )
    after_commit: bool | None = Field(
        default=None, description="the request is served first; its reply is what suffers"
    )

    @model_validator(mode="after")
    def _complete(self) -> Fault:
        need = _NEEDS.get(self.fault)
        if need is not None and (
            need not in self.model_fields_set or getattr(self, need) is None
        ):
            raise ValueError(f"{self.fault} needs {need}")
        if self.code is not None:
            self._check_code(self.code)
        if self.fault == "pending" and self.op not in (
            "any",
            "reverse",
            *operations.MOVING,
        ):
            raise ValueError("pending is for operations that move miles of Issuance")
        if self.fault.startswith("drop_") and self.after_commit is not None:
            raise ValueError(f"{self.fault} says itself when it strikes")
        return self

    def _check_code(self, code: str) -> None:
        if self.op == "token":
            if code not in ERRORS:
                raise ValueError(f"code for token is one of {', '.join(ERRORS)}")
        elif self.op in ISSUANCE:
            if not _is_status(code):
                raise ValueError("code for Issuance is an HTTP status from 200 to 599")
        elif self.op in _OF_BOTH and _is_status(code):
            return
        elif not re.fullmatch("([0-9]{4})?", code):
            raise ValueError("code is four digits or empty")

    def commits(self, by_status: bool) -> bool:
        """True when the platform serves the request before the fault strikes.

        `by_status`: the HTTP status says what came of the request.
        """
        if self.after_commit is not None:
            return self.after_commit
        if by_status and self.fault in _BAD_REPLIES:
            return self.status is None or self.status < _NOT_DONE
        return self.fault in _AFTER_COMMIT


class Faults:
    """The faults on order, oldest first."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._waiting.append(fault)

    def clear(self) -> None:
        self._waiting.clear()

    def waiting(self) -> list[Fault]:
        return list(self._waiting)

    def take(self, op: str) -> Fault | None:
        """The fault that this request to `op` meets, counted; never a `cut_request`."""
        return self._first(op, cuts=False)

    def take_cut(self, op: str) -> Fault | None:
        """The `cut_request` that this request to `op` meets, counted."""
        return self._first(op, cuts=True)

    def _first(self, op: str, cuts: bool) -> Fault | None:
        for fault in self._waiting:
            if (fault.fault == "cut_request") == cuts and _strikes(fault, op):
                self._count(fault)
                return fault
        return None

    def _count(self, fault: Fault) -> None:
        if fault.count is None:
            return
        fault.count -= 1
        if fault.count == 0:
            self._waiting = [each for each in self._waiting if each is not fault]


def _is_status(code: str) -> bool:
    """True for the code of a fault that is an HTTP status."""
    return re.fullmatch("[2-5][0-9]{2}", code) is not None


def _strikes(fault: Fault, op: str) -> bool:
    """True when a request to `op` is one of those that the order is for."""
    if fault.fault == "pending" and op not in operations.MOVING:
        return False
    if op == "token":
        return fault.op == op
    if fault.fault == "code" and _is_status(fault.code or "") and op not in ISSUANCE:
        return False
    return fault.op in (op, "any", op.removeprefix("issuance/"))
