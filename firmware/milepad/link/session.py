"""The calls to the platform, one at a time; `retry` decides whether another copy leaves.

A reply that names another request's trace id is no usable answer.
"""

import asyncio

from milepad import USER_AGENT
from milepad.amcash.replies import Reply, parse
from milepad.base.compat import TYPE_CHECKING, sleep_ms
from milepad.base.errors import LinkError, NotSentError, ReplyError, StorageError
from milepad.base.url import split_url
from milepad.base.vocabulary import REDEEM, REVERSE
from milepad.link.reply_date import parse_retry_after
from milepad.link.retry import TOKEN_REFUSED, Attempts, CallResult

if TYPE_CHECKING:
    from collections.abc import Callable

    from milepad.base.protocols import Sleep
    from milepad.base.request import Request
    from milepad.link.protocols import Headers, HttpClient, HttpReply, TokenSource

_MOVING = (REDEEM, REVERSE)


class Session:
    """One device's calls to the platform, one at a time.

    `match_trace_id`: a reply that names another trace id than its request is not taken.
    `max_pause_s`: how long a gateway may ask the second copy to wait.
    """

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
        self._attempts = Attempts()
        self._exchanging = False

    @property
    def stage(self) -> str:
        """What the network is doing: idle, connecting or waiting."""
        return self._client.stage

    @property
    def may_cancel(self) -> bool:
        """Whether no copy of the call in flight can be with the platform yet."""
        return not self._attempts.copies and not (self._exchanging and self._client.sent)

    async def call(
        self,
        request: "Request",
        before_copy: "Callable[[int], object] | None" = None,
        copies: int = 0,
    ) -> CallResult:
        """Sends a request, at most twice. Raises no network error.

        `before_copy(n)` is called just before an n-th copy (n > 1) may leave; if it raises
        StorageError, that copy stays. `copies` is how many left before this call.
        """
        async with self._lock:
            attempts = Attempts(copies, request.op in _MOVING)
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
            outcome = attempts.result()
            outcome.trace_id = request.trace_id
            return outcome

    async def _attempt(self, request: "Request", attempts: Attempts) -> None:
        """One copy, if a token can be had for it."""
        try:
            bearer = await self._token.bearer()
        except NotSentError as fault:
            attempts.cause = fault.cause
            attempts.note_no_token("token: %s" % fault)
            return
        copies = attempts.copies
        http_reply = await self._post(request, bearer, attempts)
        if http_reply is not None:
            self._note_reply(http_reply, request, attempts)
            wanted_s = parse_retry_after(http_reply.retry_after, http_reply.date)
            attempts.note_status(http_reply.status, wanted_s, self._max_pause_s)
        if attempts.token_refused and attempts.copies > copies:
            self._token.drop()

    async def _post(
        self, request: "Request", bearer: str, attempts: Attempts
    ) -> "HttpReply | None":
        """The reply to one copy, or None when none came; `attempts` knows why."""
        url = (self._host, self._port, self._base_path.rstrip("/") + request.path)
        self._exchanging = True
        try:
            return await self._client.post(url, _headers(request, bearer), request.body)
        except NotSentError as fault:
            attempts.cause = fault.cause
            attempts.note_not_sent(str(fault))
        except LinkError as fault:
            attempts.note_no_answer(str(fault))
        finally:
            self._exchanging = False
        return None

    def _note_reply(
        self, http_reply: "HttpReply", request: "Request", attempts: Attempts
    ) -> None:
        try:
            reply = parse(http_reply.body)
        except ReplyError as fault:
            if http_reply.status not in TOKEN_REFUSED:
                attempts.note_no_answer("HTTP %d: %s" % (http_reply.status, fault))
                return
            reply = Reply({})  # a gateway's own page about the token
        if self._match_trace_id and not reply.is_about(request.trace_id):
            # Whatever follows on this connection would be late by one reply too.
            self._client.close()
            attempts.note_no_answer("the reply names another trace id")
            return
        attempts.note_reply(http_reply.status, reply)


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
