"""The retry rule, without I/O: at most two copies leave, byte for byte alike.

A second copy leaves only on 0008, 0096 or no usable answer. A refused token is replaced and
the same bytes go out again; that is not the retry, but it is a copy, so the cap holds for both
together. What comes out names what is certain, and nothing more: `declined` means that no copy
can have been committed.
"""

from milepad.amcash import response_codes
from milepad.amcash.replies import Reply, parse
from milepad.base.compat import const
from milepad.base.errors import ReplyError
from milepad.base.vocabulary import APPROVED, DECLINED, NOT_SENT, UNKNOWN

_MAX_COPIES = const(2)
# Without a response code the platform was not asked.
_GATEWAY_ERRORS = (429, 502, 503, 504)
_PAUSE_S = const(1)
_MAX_REST_S = const(86400)  # a Retry-After beyond it is a mistake
TOKEN_REFUSED = (401, 403)  # without a response code: it is about the token (spec, "none")


class CallResult:
    """What a call came to. `code` is the response code, "" when there was none.

    `cause` says why nothing left: a word of the NotSentError that was raised.
    `units` is set by whoever compares an approval with what was asked: how many count.
    `miles` and `message` are an earning's, where the reply or the rules tell them.
    `rest_s`: for so long a gateway that gave no answer has asked to be left alone.
    """

    miles = 0
    message = ""
    rest_s = 0

    def __init__(
        self, outcome: str, code: str, reply: Reply | None, copies: int, reason: str
    ):
        self.outcome = outcome
        self.code = code
        self.reply = reply
        self.copies = copies  # how many left the device
        self.reason = reason  # for the log: why there was no answer
        self.cause = "network"
        self.trace_id = ""  # of the request, to be quoted to AIR MILES
        self.units: int | None = None


class Attempts:
    """One call's copies: it is told what each attempt came to.

    `copies` is how many left before, unanswered (an interrupted call that is finished);
    `moves` is whether the call moves miles: of one that does not, any code is certain.
    `match`: a reply that names another trace id than its request is not taken.
    After `note_...` either `again` is true and the same bytes go out once more, or
    `result()` says what is certain.
    """

    in_background = False

    def __init__(self, copies: int = 0, moves: bool = True, match: bool = True):
        self.copies = copies
        self.again = True
        self.pause_s = 0  # before the next copy
        self._rest_s = 0
        self._moves = moves
        self._match = match
        self._retried = False
        self._token_renewed = False
        self._committed = copies > 0  # perhaps: some copy's own fate is not known
        self._refused = False  # the last copy was refused for its token
        self._reply: Reply | None = None
        self._reason = ""
        self.cause = "network"

    @property
    def needs_sight(self) -> bool:
        """Whether a copy would move miles, and no earlier one can have moved them."""
        return self._moves and not self._committed

    def may_leave(self) -> bool:
        """Whether the copy may leave for which there is a token now."""
        return self.again

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

    def note_answer(self, http_status: int, body: bytes | bytearray, trace_id: str) -> bool:
        """A copy left and this came back; whether it may be about that request."""
        try:
            reply = parse(body)
        except ReplyError as fault:
            if http_status not in TOKEN_REFUSED:
                self.note_no_answer("HTTP %d: %s" % (http_status, fault))
                return True
            reply = Reply({})  # a gateway's own page about the token
        if self._match and not reply.is_about(trace_id):
            self.note_no_answer("the reply names another trace id")
            return False
        self.note_reply(http_status, reply)
        return True

    def note_reply(self, http_status: int, reply: Reply) -> None:
        """A copy left and a JSON object came back."""
        self.copies += 1
        self._refused = not reply.code and http_status in TOKEN_REFUSED
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
            if row.retry or row.code == response_codes.OTHER:
                self._committed = True  # it does not tell even its own copy's fate
            self._retry_if(row.retry)

    def note_status(self, http_status: int, retry_after_s: int, limit_s: int) -> None:
        """The reply to the last copy, noted before, had that status.

        After a gateway's error the next copy waits a second, or as long as the gateway asks
        for if that is within the limit: at once it would meet the same fault.
        """
        self.pause_s = self._rest_s = 0
        if http_status in _GATEWAY_ERRORS and self._reply is None:
            self._rest_s = min(retry_after_s, _MAX_REST_S)
            asked_s = retry_after_s if retry_after_s <= limit_s else 0
            self.pause_s = asked_s or _PAUSE_S

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

    def result(self) -> CallResult:
        """What is certain now; asked once, because it hands the reply over."""
        reply, self._reply = self._reply, None  # or the session would hold 2 KB of it
        code = reply.code if reply else ""
        if reply:
            row = response_codes.lookup(code)
            certain = row.excludes_commit or not self._committed or not self._moves
            outcome = APPROVED if row.approved else DECLINED if certain else UNKNOWN
        elif not self.copies:
            outcome = NOT_SENT
        else:
            outcome = DECLINED if self._refused and not self._committed else UNKNOWN
        result = CallResult(outcome, code, reply, self.copies, self._reason)
        result.cause = self.cause
        result.rest_s = self._rest_s
        return result
