"""What the HTTP interface asks of a family of operations, and what both kinds of it share.

AIR MILES Cash is such a family (`cash.platform`). A family knows fields, codes and rules;
bearer, faults, the record of requests and the wire are the same for all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from tools.emulator.parameters import BadParameterError
from tools.emulator.store import Remembered, Store

_MAX_KEY = 255
KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": _MAX_KEY},
    "description": "Tells a copy from a new transaction: the same key with the same body "
    "gets the first reply again and moves nothing; with another body it is a bad "
    "parameter. Without a key the body itself is the key.",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply. `entry` is the ledger entry that it reports; `detail` is for developers."""

    code: str
    status: int
    body: bytes
    entry: int | None = None
    detail: str = ""
    retry_after_s: int | None = None


class Service(Protocol):
    """One family of operations. No method raises but for a fault of the program.

    `by_status` is true where the HTTP status says what came of a request, `decisive` names
    the members of a reply that say so.
    """

    by_status: bool
    decisive: tuple[str, ...]

    def answer(self, op: str, raw: bytes, key: str | None, pending: bool = False) -> Answer:
        """Serves one request to `op`; `key` is its Idempotency-Key header, if any.

        `pending` has what it moves wait, where a family knows such a thing.
        """

    def running(self, op: str, raw: bytes, key: str | None) -> AbstractContextManager[None]:
        """Lasts from a request's arrival until its reply is ready."""

    def busy(self) -> Answer:
        """The refusal of what may not run beside something else."""

    def mark_delivered(self, entry: int) -> None:
        """The reply that reports this entry left on an open connection."""

    def refused(self, error: BadParameterError) -> Answer:
        """The reply to a request that is bad before its fields are looked at."""

    def ordered(
        self,
        op: str,
        raw: bytes,
        code: str,
        status: int | None,
        serve: Callable[..., Answer],
    ) -> Answer:
        """A reply with this code, whoever asks; `serve` gives the usual one, if needed."""

    def bare(self) -> Answer:
        """An approval that tells nothing of the request."""

    def magic_code(self, op: str, raw: bytes) -> str | None:
        """The code that the amounts of this request ask for, if they do."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request that moves miles; its key tells it from others, or else its content."""

    op: str
    raw: bytes
    key: str | None
    now_s: float

    def __post_init__(self) -> None:
        key = self.key
        if key is not None and not (0 < len(key) <= _MAX_KEY and key.isascii()):
            raise BadParameterError("Idempotency-Key", "1 to 255 ASCII characters")

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.op.encode() + b"\n" + self.raw).hexdigest()

    @property
    def identity(self) -> str:
        return f"content:{self.digest}" if self.key is None else f"key:{self.key}"


def once(
    store: Store, call: Call, retention_s: float, serve: Callable[[], Answer]
) -> Answer:
    """The same request again gets the first answer and commits nothing.

    To be called inside a transaction of the store. Raises BadParameterError for a key that
    came with another request before.
    """
    seen = store.remembered(call.identity, call.now_s - retention_s)
    if seen is not None:
        if seen.digest != call.digest:
            raise BadParameterError("Idempotency-Key", "the request it first came with")
        return Answer(seen.code, seen.status, seen.body, seen.entry, "replayed")
    answer = serve()
    store.remember(
        call.identity,
        Remembered(call.digest, answer.code, answer.status, answer.body, answer.entry),
        call.now_s,
    )
    return answer
