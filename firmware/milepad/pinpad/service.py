"""The pad's side of the till: takes messages, answers them, one dialogue at a time.

A transport hands every message to `take`, in a task of its own. What needs the pad itself
(card, customer, platform, printer) is a dialogue: it waits until the idle screen begins it, and
runs there, as if a cashier had pressed a key; whoever asked may be gone when it ends. Login,
Logout, Abort and TransactionStatus are answered beside it.
"""

import asyncio

from milepad.base.compat import TYPE_CHECKING, const, wait_for_ms
from milepad.base.errors import Cancelled, MessageError, StorageError
from milepad.pinpad import beside, conditions, json_text, messages
from milepad.pinpad.dialogue import Dialogue
from milepad.pinpad.envelope import Envelope
from milepad.pinpad.messages import Answer, Request, Sale

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from milepad.pinpad.protection import Protection
    from milepad.pinpad.protocols import Tell
    from milepad.workflows.device import Device

_BEGIN_MS = const(3000)  # within which the idle screen takes a dialogue up
_LINGER_MS = const(6000)  # how long what came of it stands, where no key is pressed
_DIALOGUES = (
    "BalanceInquiry",
    "CardAcquisition",
    "Diagnosis",
    "GetTotals",
    "Loyalty",
    "Reversal",
)


class Service:
    """One pad's till link. `protection` is None where messages may come in clear.

    `sale_ids`: which tills may ask; none: any. `refused` counts messages that were not served.
    """

    def __init__(self, device: "Device", protection: "Protection | None"):
        self.device = device
        self.is_free = False  # whether the pad stands at its idle screen
        self.refused = 0
        self.transport: "asyncio.Task[None] | None" = None  # it must not be collected
        self.listeners: "list[Tell]" = []  # who is told of events
        self.tills: dict[str, Sale] = {}  # what each said when it logged in
        self._envelope = Envelope(protection)
        self._sale_ids: list[str] = device.profile["till"]["sale_ids"]
        self.logged_out: list[str] = []
        self.current: Dialogue | None = None  # it waits, or the pad works at it
        self._is_ending = False  # a slip is printed, or what came of it is shown
        self.last: "tuple[Request, dict[str, Any]] | None" = None

    # --- what transports call ---

    async def take(self, raw: bytes) -> bytes | None:
        """Serves one message: the bytes of its response, or None where it has none."""
        try:
            request = self._envelope.opened(raw)
        except MessageError as fault:
            self.refused += 1
            self.device.log("till: refused, %s" % fault)
            return self._event("", "Reject", str(fault))
        answer = await self._body(request)
        if answer is None:
            return None
        message = messages.response(request.header, request.category, answer)
        return self._envelope.sealed(message)

    def _event(self, sale_id: str, kind: str, details: str) -> bytes:
        """An event's bytes; it holds nothing that needs protection."""
        device = self.device
        poi_id = device.profile["device"]["device_id"]
        message = messages.event(poi_id, sale_id, kind, details, device.time.now_s())
        return json_text.dump({"SaleToPOIRequest": message})

    def notify(self, kind: str, details: str = "") -> None:
        """Tells every till that is connected of an event."""
        for tell in self.listeners:
            tell(self._event("", kind, details))

    # --- requests ---

    async def _body(self, request: Request) -> "dict[str, Any] | None":
        """The body of a request's response; None where it gets none."""
        try:
            refused = self._refusal(request)
            if refused:
                return refused.body()
            if request.category == "Abort":
                self._abort(request)
                return None
            if request.category in beside.SERVED:
                return beside.SERVED[request.category](self, request).body()
            return await self._dialogue(request)
        except MessageError as fault:
            return Answer(conditions.MESSAGE_FORMAT, {"member": str(fault)}).body()

    def _refusal(self, request: Request) -> Answer | None:
        """Why a request is not served, None when it is."""
        category = request.category
        if self._sale_ids and request.sale_id not in self._sale_ids:
            self.refused += 1
            self.device.log("till: refused, a till that may not ask")
            return Answer(conditions.NOT_ALLOWED)
        if (
            category != "Abort"
            and category not in beside.SERVED
            and category not in _DIALOGUES
        ):
            return Answer(conditions.UNAVAILABLE_SERVICE)
        if request.fault:
            return Answer(conditions.MESSAGE_FORMAT, {"member": request.fault})
        if category in _DIALOGUES and request.sale_id in self.logged_out:
            return Answer(conditions.LOGGED_OUT)
        return None

    def _abort(self, request: Request) -> None:
        """Stops the dialogue that is meant, while it may be stopped. There is no response."""
        about = request.body.child("MessageReference")
        current = self.current
        sale_id = about.text("SaleID") or request.sale_id
        if current is None or current.request.key != (sale_id, about.text("ServiceID")):
            return
        current.aborted = True
        if current.begun:  # CANCEL stops whatever may be stopped
            self.device.terminal.emit("key", "CANCEL")
        else:
            self._told(current, Answer(conditions.ABORTED))

    async def _dialogue(self, request: Request) -> "dict[str, Any]":
        """Waits for its turn and for its end; the same request again waits with the first."""
        current = self.current
        if current is None or current.request.key != request.key:
            if self.last and self.last[0].key == request.key:
                return self.last[1]
            if current or not self.is_free:
                return Answer(conditions.BUSY).body()
            current = self.current = Dialogue(request)
            self.device.terminal.emit("till", "")
            if not self._is_ending:
                await self._begins(current)
        await current.is_done.wait()
        return current.body or {}

    async def _begins(self, dialogue: Dialogue) -> None:
        """The idle screen takes it up at once, or something else came first on the pad."""
        try:
            await wait_for_ms(dialogue.is_done.wait(), _BEGIN_MS)
        except asyncio.TimeoutError:
            if not dialogue.begun:
                self._end(dialogue)
                dialogue.finish(Answer(conditions.BUSY).body())

    # --- what the idle screen calls ---

    @property
    def wants(self) -> bool:
        """Whether a dialogue waits to be begun."""
        return self.current is not None and not self.current.begun

    async def run(self) -> None:
        """Works at the dialogue that waits, and at those that come until its end was seen."""
        while self.current and not self.current.begun:
            after = await self._work(self.current)
            self.is_free = self._is_ending = True  # the next one waits for the slip
            try:
                if after:
                    await after()
                await self._linger()
            except Cancelled:
                pass
            finally:
                self.is_free = self._is_ending = False

    async def _work(self, dialogue: Dialogue) -> "Callable[[], Any] | None":
        """Carries a dialogue out; what is still to be done once the till has its answer."""
        # Imported within the menu's `Unimport`: no dialogue's code stays when it is over.
        from milepad.pinpad import dialogues

        dialogue.begun = True
        answer, after = Answer(conditions.IN_PROGRESS), None
        try:
            answer, after = await dialogues.work(self, dialogue)
        except Cancelled:
            answer = Answer(conditions.ABORTED if dialogue.aborted else conditions.CANCEL)
        except MessageError as fault:
            answer = Answer(conditions.MESSAGE_FORMAT, {"member": str(fault)})
        except StorageError as fault:
            answer = Answer(conditions.DEVICE_OUT, {"storage": fault.reason})
        finally:  # whatever happens, nobody waits for ever
            self._told(dialogue, answer)
        return after

    def _told(self, dialogue: Dialogue, answer: Answer) -> None:
        body = answer.body()
        self.last = (dialogue.request, body)
        self._end(dialogue)
        dialogue.finish(body)

    def _end(self, dialogue: Dialogue) -> None:
        if self.current is dialogue:
            self.current = None

    async def _linger(self) -> None:
        """What came of it stands for a while, until a key, or until the next request."""
        terminal = self.device.terminal
        while not self.current:
            kind, value = await terminal.event(_LINGER_MS)
            if kind == "key":
                return
            if kind != "till":
                terminal.emit(kind, value)  # a card is for the idle screen, which keeps it
                return
