"""How an earning is sent: what an answer means for it, and when what may be tried again. Pure.

Source: FACTS 6.2. 200 is done; 202 is accepted and pending, and sending it again would change
nothing; 400 is refused, for a person to decide; after 500, or no answer, at least two more
copies follow, then one after a minute, two minutes and so on up to half an hour. Every copy is
the first one, byte for byte, under the same key. A 400 to a copy of what had no answer speaks of
that copy: the first may have counted, and what became of the earning is unknown.
"""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.vocabulary import APPROVED, DECLINED, OPEN, UNKNOWN
from milepad.issuance import replies

if TYPE_CHECKING:
    from typing import Callable, Iterator

COPIES_AT_ONCE = const(3)  # the first and two more
_FIRST_S = const(60)
_LONGEST_S = const(1800)
_DOUBLINGS = const(5)
LONGEST_ASKED_S = const(86400)  # a Retry-After beyond it is a mistake
# Nothing published names these for an earning: they are about the token.
_TOKEN_REFUSED = (401, 403)
_TOO_MANY = (429, 503)


class Attempt:
    """One copy of an earning's request: `link.session` tells it what came of it.

    `copies` is how many left before. `may_go()` is asked before anything leaves: a workflow
    that has begun goes first; `before_copy()` may still refuse, by what it returns, just before
    one leaves. `match`: a reply that names another transaction is no usable answer. A refused
    token is replaced, and the same bytes leave once more. `in_doubt`: an earlier copy may have
    counted, so a refusal is not certain.
    """

    pause_s = 0  # none: the next copy is another attempt
    needs_sight = False  # what is earned is kept first, and told as kept

    def __init__(
        self,
        copies: int,
        may_go: "Callable[[], bool]",
        before_copy: "Callable[[], bool]",
        match: bool = True,
        in_background: bool = True,
    ):
        self.copies = copies
        self.in_doubt = False
        self.in_background = in_background
        self._before_copy = before_copy
        self._match = match
        self.outcome = OPEN
        self.code = ""  # the HTTP status; "" while there was no usable answer
        self.miles: int | None = None
        self.message = ""
        self.reason = ""  # for the log: why there was no answer
        self.cause = "network"
        self.retry_after_s = 0
        self.left = False  # whether a copy left in this attempt
        self.token_refused = False
        self._may_go = may_go
        self._again = True
        self._token_renewed = False

    @property
    def again(self) -> bool:
        """Whether a copy may leave now."""
        return self._again and self._may_go()

    def may_leave(self) -> bool:
        """Whether the copy may leave for which there is a token now; if not, none will."""
        self._again = self.again and self._before_copy()
        return self._again

    def note_no_token(self, reason: str) -> None:
        """No token could be had: nothing left."""
        self.note_not_sent(reason)

    def note_not_sent(self, reason: str) -> None:
        """Nothing left the device."""
        self.reason = reason
        self._again = False

    def note_no_answer(self, reason: str) -> None:
        """A copy left; no reply came that can be used."""
        self._note_left()
        self.reason = reason

    def note_answer(
        self, http_status: int, body: "bytes | bytearray", trace_id: str
    ) -> bool:
        """A copy left and this came back; whether it is about that transaction."""
        self._note_left()
        self.code = str(http_status)
        if http_status in _TOKEN_REFUSED:
            self.token_refused = True
            self.reason = "HTTP %d" % http_status
            self._again, self._token_renewed = not self._token_renewed, True
            return True
        reply = replies.read(http_status, body, trace_id if self._match else "")
        if reply.is_other:
            self.code, self.reason = "", "the reply names another transaction"
            return False
        self.outcome, self.miles, self.message = reply.outcome, reply.miles, reply.message
        if self.outcome == DECLINED and self.in_doubt:
            self.outcome = UNKNOWN
        if self.outcome != APPROVED:
            self.reason = "HTTP %d" % http_status
        return True

    def note_status(self, http_status: int, retry_after_s: int, limit_s: int) -> None:
        """The reply to the last copy, noted before, asks to wait so long (0: it does not)."""
        if http_status in _TOO_MANY:
            self.retry_after_s = min(retry_after_s, LONGEST_ASKED_S) or _FIRST_S

    def _note_left(self) -> None:
        self.copies += 1
        self.left = True
        self.token_refused = self._again = False

    @property
    def is_refused(self) -> bool:
        """Whether it was refused, and will be again: a person has to decide."""
        return self.outcome in (DECLINED, UNKNOWN)


def counted(asked: int, told: int | None) -> int:
    """The miles of an earning: those that were asked for, whatever a reply names; else those
    that it names, or 0.
    """
    return asked or told or 0


def asks_to_wait(code: str) -> bool:
    """Whether that was an answer that asks all of a device's earnings to wait."""
    return code in ("429", "503")


def most_copies(hours: int) -> int:
    """How many copies leave in so many hours at most: a bound where no clock can be believed."""
    return COPIES_AT_ONCE + _DOUBLINGS + 2 * hours


def rest_s(copies: int, retry_after_s: int, chance: int) -> int:
    """Seconds until the next copy of what was not taken; 0: at once.

    `copies` is how many left. `chance`, 0 to 255, spreads devices that failed together: up to
    a quarter is added.
    """
    if retry_after_s:
        return retry_after_s
    if copies < COPIES_AT_ONCE:
        return 0
    return _doubled_s(copies - COPIES_AT_ONCE, chance)


def _doubled_s(times: int, chance: int) -> int:
    wait_s = min(_FIRST_S << min(times, _DOUBLINGS), _LONGEST_S)
    return wait_s + wait_s * chance // 1024


class Pace:
    """When anything at all may be sent: a platform that is down is not asked 500 times.

    Two earnings in a row may fail for reasons of their own; after that, and when there is no
    way to the platform, all of them rest.
    """

    def __init__(self) -> None:
        self._failures = 0

    def note_success(self) -> None:
        """Something was answered: the platform is there."""
        self._failures = 0

    def note_failure(self, is_answered: bool, retry_after_s: int, chance: int) -> int:
        """An earning rests now; seconds for which all of them do."""
        self._failures += 1
        if retry_after_s:
            return retry_after_s
        if is_answered and self._failures <= 2:
            return 0
        return _doubled_s(self._failures - (3 if is_answered else 1), chance)


def first_due(
    waiting: "Iterator[tuple[int, int]]", is_resting: "Callable[[int], bool]"
) -> int:
    """The number of the earning that is sent next; 0: none may be.

    `waiting` yields (number, a collector's tag), oldest first. An earning waits for every
    older one of its collector: two of one collector are never sent at once, nor in another
    order.
    """
    passed = set()
    for number, collector in waiting:
        if collector in passed:
            continue
        if not is_resting(number):
            return number
        passed.add(collector)
    return 0
