"""The calls to the platform, with the retry rule: at most two copies, byte for byte alike.

A second copy leaves only on 0008, 0096 or no usable answer; a reply that names another
request's trace id is none. A refused token is replaced and the same bytes go out again; that
is not the retry, but it is a copy, so the cap holds for both together. What comes out names
what is certain, and nothing more: `declined` means that no copy can have been committed.
"""

import asyncio

from milepad import USER_AGENT
from milepad.amcash import replies, response_codes
from milepad.base.compat import const
from milepad.base.errors import LinkError, NotSentError, ReplyError, StorageError
from milepad.base.url import split_url
from milepad.base.vocabulary import APPROVED, DECLINED, NOT_SENT, REDEEM, REVERSE, UNKNOWN

_MAX_COPIES = const(2)
_MOVING = (REDEEM, REVERSE)
_TOKEN_REFUSED = (401, 403)  # without a response code: it is about the token (spec, "none")


class Outcome:
    """What a call came to. `code` is the response code, "" when there was none.

    `cause` says why nothing left: "network", "proof" or "login" (see `base.errors`).
    `mismatch` and `units` are set by whoever compares an approval with what was asked: whether
    the reply tells of another amount, and how many units count.
    """

    def __init__(self, kind: str, code: str, reply, copies: int, reason: str):
        self.kind = kind
        self.code = code
        self.reply = reply
        self.copies = copies  # how many left the device
        self.reason = reason  # for the log: why there was no answer
        self.cause = "network"
        self.trace_id = ""  # of the request, to be quoted to AIR MILES
        self.mismatch = False
        self.units: int | None = None


class Attempts:
    """The retry rule itself, without I/O: it is told what each attempt came to.

    `copies` is how many left before, unanswered (an interrupted call that is finished);
    `moves` is whether the call moves miles: of one that does not, any code is certain.
    After `note_...` either `again` is true and the same bytes go out once more, or
    `outcome()` says what is certain.
    """

    def __init__(self, copies: int = 0, moves: bool = True):
        self.copies = copies
        self.again = True
        self._moves = moves
        self._retried = False
        self._token_renewed = False
        self._committed = copies > 0  # perhaps: some copy's own fate is not known
        self._refused = False  # the last copy was refused for its token
        self._reply = None
        self._reason = ""
        self.cause = "network"

    def note_not_sent(self, reason: str) -> None:
        """Nothing left the device in this attempt."""
        self._reply = None
        self._reason = reason
        self._retry_if(True)

    def note_no_answer(self, reason: str) -> None:
        """A copy left; no reply came that can be used."""
        self.copies += 1
        self._committed = True
        self._refused = False
        self.note_not_sent(reason)

    def note_reply(self, http_status: int, reply) -> None:
        """A copy left and a JSON object came back."""
        self.copies += 1
        self._refused = not reply.code and http_status in _TOKEN_REFUSED
        if self._refused:
            self.again = not self._token_renewed and self.copies < _MAX_COPIES
            self._token_renewed = True
        elif not reply.code:
            self._reply = None
            self._committed = True
            self._reason = "no code (HTTP %d)" % http_status
            self._retry_if(http_status >= 500)
        else:
            self._reply = reply
            row = response_codes.lookup(reply.code)
            if (
                row.retry or row.code == response_codes.OTHER
            ):  # not even of its own copy's fate
                self._committed = True
            self._retry_if(row.retry)

    def note_no_token(self, reason: str) -> None:
        """No token could be had: nothing more can leave."""
        self._reason = reason
        self._reply = None
        self.again = False

    @property
    def token_refused(self) -> bool:
        """Whether the token has to be dropped before the next copy."""
        return self._refused

    def _retry_if(self, allowed: bool) -> None:
        self.again = allowed and not self._retried and self.copies < _MAX_COPIES
        self._retried = self._retried or self.again

    def outcome(self) -> Outcome:
        """What is certain now; asked once, for it hands the reply over."""
        reply, self._reply = self._reply, None  # 2 KB that a slip needs later
        code = reply.code if reply else ""
        if reply:
            row = response_codes.lookup(code)
            certain = row.excludes_commit or not self._committed or not self._moves
            kind = APPROVED if row.approved else DECLINED if certain else UNKNOWN
        elif not self.copies:
            kind = NOT_SENT
        else:
            kind = DECLINED if self._refused and not self._committed else UNKNOWN
        outcome = Outcome(kind, code, reply, self.copies, self._reason)
        outcome.cause = self.cause
        return outcome


class Session:
    """One device's calls to the platform, one at a time.

    `match_trace_id`: a reply that names another trace id than its request is not taken.
    """

    def __init__(self, client, token, base_url: str, match_trace_id: bool = True):
        self._client = client
        self._match_trace_id = match_trace_id
        self._token = token
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

    async def call(self, request, before_copy=None, copies: int = 0) -> Outcome:
        """Sends a request of `amcash.requests`, at most twice. Raises no network error.

        `before_copy(n)` is called just before an n-th copy (n > 1) may leave; if it raises
        StorageError, that copy stays. `copies` is how many left before this call.
        """
        async with self._lock:
            attempts = Attempts(copies, request.op in _MOVING)
            self._attempts = attempts
            while attempts.again:
                if attempts.copies and before_copy:
                    try:
                        before_copy(attempts.copies + 1)
                    except StorageError:
                        break
                await self._attempt(request, attempts)
            outcome = attempts.outcome()
            outcome.trace_id = request.trace_id
            return outcome

    async def _attempt(self, request, attempts: Attempts) -> None:
        try:
            bearer = await self._token.bearer()
        except NotSentError as fault:
            attempts.cause = fault.cause
            attempts.note_no_token(str(fault))
            return
        headers = [
            ("Authorization", bearer),
            ("Content-Type", "application/json"),
            ("Cache-Control", "no-cache"),
            ("User-Agent", USER_AGENT),
        ]
        if request.idempotency_key:
            headers.append(("Idempotency-Key", request.idempotency_key))
        url = (self._host, self._port, self._base_path.rstrip("/") + request.path)
        copies = attempts.copies
        await self._exchange(url, headers, request, attempts)
        if attempts.token_refused and attempts.copies > copies:
            self._token.drop()

    async def _exchange(self, url: tuple, headers: list, request, attempts) -> None:
        self._exchanging = True
        try:
            http_reply = await self._client.post(url, headers, request.body)
        except NotSentError as fault:
            attempts.cause = fault.cause
            attempts.note_not_sent(str(fault))
            return
        except LinkError as fault:
            attempts.note_no_answer(str(fault))
            return
        finally:
            self._exchanging = False
        try:
            reply = replies.parse(http_reply.body)
        except ReplyError as fault:
            if http_reply.status in _TOKEN_REFUSED:
                reply = replies.Reply({})  # a gateway's own page about the token
            else:
                attempts.note_no_answer(str(fault))
                return
        if self._match_trace_id and not reply.is_about(request.trace_id):
            # Whatever follows on this connection would be late by one reply too.
            self._client.close()
            attempts.note_no_answer("the reply names another trace id")
            return
        attempts.note_reply(http_reply.status, reply)
