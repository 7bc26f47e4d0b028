"""What a till does with a pad: one request at a time, and never twice what was asked once.

The till's rule: the intent is on disk, then the request goes out. When no answer comes in
time, the till sends an Abort and listens a little longer; then, and when the connection
broke, it asks for the status every 5 s, up to 90 s. Only what the pad itself says counts: an
Abort is a wish.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tools.till import messages, money
from tools.till.journal import Journal
from tools.till.links import Link, LinkError
from tools.till.messages import Request
from tools.till.protection import Key, ProtectionError, is_protected, protect, unprotect
from tools.till.replies import MessageError, Reply, read, repeated

# What moves miles: its outcome has to be learnt, however long that takes.
RECOVERED = ("Loyalty", "Reversal")
_IN_PROGRESS = "InProgress"

_REACH_S = 0.5

Say = Callable[[str], None]


@dataclass(frozen=True)
class Times:
    """In seconds. A dialogue waits for a card and a customer."""

    reply: float = 120
    beside: float = 10  # for what needs no customer
    abort: float = 10
    every: float = 5
    recovery: float = 90


@dataclass(frozen=True)
class Identity:
    """Which till asks which pad."""

    sale_id: str
    poi_id: str


class NoAnswerError(Exception):
    """Nobody answered what moves nothing, or it is not known what came of what does."""


class Till:
    """One till at one pad. `say` is told what a cashier would see happen."""

    def __init__(
        self,
        link: Link,
        journal: Journal,
        identity: Identity,
        key: Key | None,
        say: Say,
        times: Times | None = None,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.identity = identity
        self.times = times or Times()
        self.on_event: Callable[[dict[str, Any]], None] = lambda _: None
        # What goes and comes, out of its protection: ("sent" or "received", message).
        self.on_message: Callable[[str, dict[str, Any]], None] = lambda *_: None
        self._link = link
        self._journal = journal
        self._key = key
        self._say = say
        self._clock = clock
        self._pause = pause
        self._asked: tuple[str, str] | None = None  # category and ServiceID under way

    # --- asking ---

    def ask(self, request: Request, wait_s: float | None = None) -> Reply:
        """The pad's answer. NoAnswerError when there is none, or when nobody knows."""
        wait_s = wait_s or (
            self.times.reply if _is_dialogue(request) else self.times.beside
        )
        service_id = self._journal.new_id()
        raw = self._intended(request, service_id)
        self._asked = (request.category, service_id)
        try:
            reply = self._learnt(request, service_id, raw, wait_s)
        finally:
            self._asked = None
        if reply is not None:
            self._conclude(service_id, reply)
            return reply
        if request.category in RECOVERED:
            raise NoAnswerError(
                "nobody knows what came of it: see the pad, or recover later"
            )
        self._journal.conclude(service_id, "no answer")
        raise NoAnswerError("the pad does not answer")

    def ask_and_lose(self, request: Request) -> str:
        """Sends a request and hangs up before it is answered, as a till that falls over.

        Its ServiceID; the journal holds it as open.
        """
        service_id = self._journal.new_id()
        raw = self._intended(request, service_id)
        self._link.send(raw)
        # A socket that is closed with something unread is reset, and the request may be lost
        # with it: what the pad has said so far is taken, while the request reaches it.
        self._awaited(service_id, _REACH_S)
        self._link.close()
        self._asked = (request.category, service_id)
        return service_id

    def abort(self) -> None:
        """Asks the pad to give up what it was asked for; from another thread, too."""
        asked = self._asked
        if asked is not None:
            self._send_abort(*asked)

    def status(self, category: str, service_id: str) -> Reply:
        """What became of a request: its own reply again, or the status's own failure.

        NoAnswerError when nobody answers.
        """
        request = messages.status(category, self.identity.sale_id, service_id)
        own_id = self._journal.new_id()
        raw = self._intended(request, own_id)
        try:
            self._link.send(raw)
            reply = self._awaited(own_id, self.times.beside)
        finally:
            self._journal.conclude(own_id, "status")
        if reply is None:
            raise NoAnswerError("the pad does not answer")
        return repeated(reply) if reply.is_success else reply

    def recover(self) -> list[tuple[str, Reply | None]]:
        """Asks about everything that the journal holds as open: (kind, what came of it)."""
        found = []
        for intent in self._journal.open():
            reply = self._settled(intent.category, intent.service_id)
            if reply is not None:
                self._conclude(intent.service_id, reply)
            found.append((intent.kind, reply))
        return found

    def kind(self, service_id: str) -> str:
        """What this till asked under that ServiceID; "" for nothing."""
        return self._journal.kind(service_id)

    def close(self) -> None:
        """Hangs up."""
        self._link.close()
        self._journal.close()

    # --- the till's rule ---

    def _learnt(
        self, request: Request, service_id: str, raw: bytes, wait_s: float
    ) -> Reply | None:
        """Sends a request; what came of it, or None. LinkError when it could not be sent."""
        try:
            self._link.send(raw)
        except LinkError:  # no whole message has left
            self._journal.conclude(service_id, "not sent")
            raise
        try:
            reply = self._awaited(service_id, wait_s)
        except KeyboardInterrupt:
            self._say("Abort ...")
            self.abort()
            reply = self._awaited(service_id, wait_s)
        except LinkError as fault:
            self._say(str(fault))
            reply = None
        else:
            if reply is None and request.category in RECOVERED:
                reply = self._aborted(request.category, service_id)
        if reply is None and request.category in RECOVERED:
            reply = self._settled(request.category, service_id)
        return reply

    def _aborted(self, category: str, service_id: str) -> Reply | None:
        """Gives up, with a little patience for what the pad makes of it."""
        self._say("No answer in time. Abort ...")
        self._send_abort(category, service_id)
        try:
            return self._awaited(service_id, self.times.abort)
        except LinkError:
            return None

    def _settled(self, category: str, service_id: str) -> Reply | None:
        """The status every 5 s, up to 90 s; None when it stays unknown.

        What the pad does not know it will not do either, should it still be on its way.
        """
        deadline_s = self._clock() + self.times.recovery
        while True:
            begun_s = self._clock()
            try:
                reply = self.status(category, service_id)
                if reply.error_condition != _IN_PROGRESS:
                    return reply
                waits = reply.notes.get("waitsFor") == "cashier"
                self._say("The pad's screen asks." if waits else "The pad is still at it.")
            except (NoAnswerError, LinkError, MessageError):
                self._say("The pad does not answer.")
            if self._clock() + self.times.every > deadline_s:
                return None
            self._pause(max(0.0, begun_s + self.times.every - self._clock()))

    def _send_abort(self, category: str, service_id: str) -> None:
        request = messages.abort(category, self.identity.sale_id, service_id)
        own_id = self._journal.new_id()
        raw = self._intended(request, own_id)
        self._journal.conclude(own_id, "abort")
        try:
            self._link.send(raw)
        except LinkError as fault:
            self._say(str(fault))

    def _conclude(self, service_id: str, reply: Reply) -> None:
        outcome = reply.result if reply.is_success else reply.error_condition or "Failure"
        self._journal.conclude(service_id, outcome, reply.transaction_id)

    # --- messages ---

    def _intended(self, request: Request, service_id: str) -> bytes:
        """The message's bytes, once the intent is on disk."""
        raw = self._packed(request, service_id)
        kept = money.dumps(request.body)
        self._journal.intend(service_id, request.category, request.kind, kept)
        return raw

    def _packed(self, request: Request, service_id: str) -> bytes:
        sale_id, poi_id = self.identity.sale_id, self.identity.poi_id
        header = messages.header(request, sale_id, poi_id, service_id)
        body = {"MessageHeader": header, f"{request.category}Request": request.body}
        self.on_message("sent", {"SaleToPOIRequest": body})
        text = money.dumps({"SaleToPOIRequest": body})
        if self._key is not None:
            text = money.dumps({"SaleToPOIRequest": protect(header, text, self._key)})
        return text.encode()

    def _awaited(self, service_id: str, wait_s: float) -> Reply | None:
        """The reply to that request, or None; what else comes is an event, or comes too late.

        Raises LinkError when the connection breaks.
        """
        deadline_s = self._clock() + wait_s
        while (left_s := deadline_s - self._clock()) > 0:
            raw = self._link.receive(min(left_s, 1.0))
            if raw is None:
                continue
            try:
                document = self._opened(raw)
                self.on_message("received", document)
                event = document.get("SaleToPOIRequest")
                if isinstance(event, dict):
                    self.on_event(event)
                    continue
                reply = read(document.get("SaleToPOIResponse"))
            except (MessageError, ProtectionError, ValueError) as fault:
                self._say(f"passed over: {fault}")
                continue
            if reply.service_id == service_id:
                return reply
        return None

    def _opened(self, raw: bytes) -> dict[str, Any]:
        """A message's JSON, out of its protection. Raises MessageError, ProtectionError."""
        document = money.loads(raw.decode())
        if not isinstance(document, dict):
            raise MessageError("it is no object")
        inner = document.get("SaleToPOIResponse")
        if self._key is None or inner is None:
            return document
        if not isinstance(inner, dict) or not is_protected(inner):
            raise MessageError("it is not protected")
        opened = money.loads(unprotect(inner, self._key))
        if not isinstance(opened, dict):
            raise MessageError("it is no object")
        return opened


def _is_dialogue(request: Request) -> bool:
    """Whether it waits for a card or a customer."""
    return request.category in (*RECOVERED, "CardAcquisition", "BalanceInquiry")
