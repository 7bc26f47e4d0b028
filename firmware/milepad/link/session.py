"""The calls to the platform, one at a time; what they are told decides whether another copy
leaves: `retry` for AM Cash, `issuance.attempts` for an earning.

A reply that names another request's trace id is no usable answer.
"""

import asyncio

from milepad import USER_AGENT
from milepad.base.compat import TYPE_CHECKING, sleep_ms
from milepad.base.errors import Cancelled, LinkError, NotSentError, StorageError
from milepad.base.url import split_url
from milepad.base.vocabulary import REDEEM, REVERSE
from milepad.link.reply_date import parse_retry_after
from milepad.link.retry import Attempts, CallResult

if TYPE_CHECKING:
    from collections.abc import Callable

    from milepad.base.protocols import Sleep
    from milepad.base.request import Request
    from milepad.link.protocols import (
        Copies,
        Headers,
        HttpClient,
        HttpReply,
        Sight,
        TokenSource,
    )

_MOVING = (REDEEM, REVERSE)


class Session:
    """One device's calls to the platform, one at a time.

    `match_trace_id`: a reply that names another trace id than its request is not taken.
    `max_pause_s`: how long a gateway may ask the second copy to wait.
    `sight`, where it is set: what moves miles leaves only while a person can see it. But the
    copy of one that may have counted leaves: it is all that tells what became of that.
    """

    sight: "Sight | None" = None

    def __init__(
        self,
        client: "HttpClient",
        token: "TokenSource",
        base_url: str,
        match_trace_id: bool = True,
        max_pause_s: int = 15,
        sleep: "Sleep" = sleep_ms,
    ):
        self._client = client
        self._match_trace_id = match_trace_id
        self._token = token
        self._max_pause_s = max_pause_s
        self._sleep = sleep
        self._host, self._port, self._base_path = split_url(base_url)
        self._lock = asyncio.Lock()
        self._attempts: "Copies" = Attempts()
        self._exchanging = False

    @property
    def stage(self) -> str:
        """What the network is doing: idle, connecting or waiting."""
        return self._client.stage

    @property
    def may_cancel(self) -> bool:
        """Whether no copy of the call in flight can be with the platform yet, or it is an
        earning's in the background, for which the caller's own call waits.
        """
        if self._attempts.in_background:
            return True
        return not self._attempts.copies and not (self._exchanging and self._client.sent)

    async def call(
        self,
        request: "Request",
        before_copy: "Callable[[int], object] | None" = None,
        copies: int = 0,
    ) -> CallResult:
        """Sends a request of AM Cash, at most twice. Raises no network error.

        `before_copy(n)` is called just before an n-th copy (n > 1) may leave; if it raises
        StorageError, that copy stays. `copies` is how many left before this call. Raises
        Cancelled where nobody can see the first one leave: then none has.
        """
        attempts = Attempts(copies, request.op in _MOVING, self._match_trace_id)
        await self.exchange(request, attempts, before_copy)
        outcome = attempts.result()
        outcome.trace_id = request.trace_id
        return outcome

    async def exchange(
        self,
        request: "Request",
        attempts: "Copies",
        before_copy: "Callable[[int], object] | None" = None,
    ) -> None:
        """Sends copies of a request while `attempts` says so, which is told what each came to.

        Waits for the exchange that is on its way, if there is one. `before_copy` as in `call`.
        Raises no network error.
        """
        async with self._lock:
            self._attempts = attempts
            while attempts.again:
                if attempts.pause_s:
                    await self._sleep(attempts.pause_s * 1000)
                if attempts.copies and before_copy:
                    try:
                        before_copy(attempts.copies + 1)
                    except StorageError:
                        break
                await self._attempt(request, attempts)

    async def _attempt(self, request: "Request", attempts: "Copies") -> None:
        """One copy, if a token can be had for it."""
        try:
            bearer = await self._token.bearer()
        except NotSentError as fault:
            attempts.cause = fault.cause
            attempts.note_no_token("token: %s" % fault)
            return
        if not attempts.may_leave():  # a workflow began while the token was fetched
            return
        sight = self.sight if attempts.needs_sight else None
        if sight and not await sight.is_legible() and not attempts.copies:
            raise Cancelled("the display does not answer")
        copies = attempts.copies
        http_reply = await self._post(request, bearer, attempts, sight)
        if http_reply is not None:
            body, trace_id = http_reply.body, request.trace_id
            if not attempts.note_answer(http_reply.status, body, trace_id):
                # Whatever follows on this connection would be late by one reply too.
                self._client.close()
            wanted_s = parse_retry_after(http_reply.retry_after, http_reply.date)
            attempts.note_status(http_reply.status, wanted_s, self._max_pause_s)
        if attempts.token_refused and attempts.copies > copies:
            self._token.drop()

    async def _post(
        self, request: "Request", bearer: str, attempts: "Copies", sight: "Sight | None"
    ) -> "HttpReply | None":
        """The reply to one copy, or None when none came; `attempts` knows why."""
        url = (self._host, self._port, self._base_path.rstrip("/") + request.path)
        self._exchanging = True
        try:
            headers = _headers(request, bearer)
            may_leave = sight.look if sight else None
            return await self._client.post(url, headers, request.body, may_leave)
        except NotSentError as fault:
            attempts.cause = fault.cause
            attempts.note_not_sent(str(fault))
        except LinkError as fault:
            attempts.note_no_answer(str(fault))
        finally:
            self._exchanging = False
        return None


def _headers(request: "Request", bearer: str) -> "Headers":
    headers = [
        ("Authorization", bearer),
        ("Content-Type", "application/json"),
        ("Cache-Control", "no-cache"),
        ("Accept-Encoding", "identity"),
        ("User-Agent", USER_AGENT),
    ]
    if request.idempotency_key:
        headers.append(("Idempotency-Key", request.idempotency_key))
    return headers
