"""The pad's side of the till: takes messages, answers them, one dialogue at a time.

A transport hands every message to `take`, in a task of its own. What needs the pad itself
(card, customer, platform, printer) is a dialogue: it waits until the idle screen begins it, and
runs there, as if a cashier had pressed a key; whoever asked may be gone when it ends. Login,
Logout, Abort and TransactionStatus are answered beside it.
"""

import asyncio

from milepad.base.compat import TYPE_CHECKING, const, sleep_ms, wait_for_ms
from milepad.base.errors import Cancelled, MessageError, StorageError
from milepad.pinpad import beside, conditions, events, idle, memory, messages
from milepad.pinpad.dialogue import Dialogue
from milepad.pinpad.envelope import Envelope
from milepad.pinpad.memory import Memory
from milepad.pinpad.messages import Answer, Request, Sale

if TYPE_CHECKING:
    from typing import Any

    from milepad.pinpad.kept import Kept
    from milepad.pinpad.memory import Answered
    from milepad.pinpad.protection import Protection
    from milepad.pinpad.protocols import After, Tell
    from milepad.workflows.device import Device

_BEGIN_MS = const(3000)  # within which the idle screen takes a dialogue up
_LINGER_MS = const(6000)  # how long what came of it stands, where no key is pressed
_SEAL_MS = const(20)  # the answer leaves before a slip takes the same memory
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

    `refused` counts messages that were not served; `kept` is what was asked and answered before.
    """

    def __init__(self, device: "Device", protection: "Protection | None", kept: "Kept"):
        self.device = device
        self.memory = Memory(kept)
        self.kept = kept
        self.is_free = False  # whether the pad stands at its idle screen
        self.refused = 0
        self.turn = asyncio.Lock()  # of the connection that sends a large message
        self._events = events.Events()
        self.transport: "asyncio.Task[None] | None" = None  # it must not be collected
        self.tills: dict[str, Sale] = {}  # what each said when it logged in
        self.logged_out: list[str] = []
        self.current: Dialogue | None = None  # it waits, or the pad works at it
        self.is_protected = protection is not None
        self._envelope = Envelope(protection)
        self._poi_id: str = device.profile["till"]["poi_id"]
        self._sale_ids: list[str] = device.profile["till"]["sale_ids"]
        self._is_ending = False  # a slip is printed, or what came of it is shown

    # --- what transports call ---

    async def take(
        self, raw: "bytes | bytearray", tell: "Tell | None" = None
    ) -> bytes | None:
        """Serves one message: the bytes of its response, or None where it has none.

        `tell` sends events to who asks, once there was a login: until `disconnected`.
        """
        try:
            request = self._envelope.opened(raw)
            raw = b""  # a dialogue lasts, and so would this
        except MessageError as fault:
            self.refused += 1
            self.device.log("till: refused, %s" % fault)
            return events.message(self.device, "", "Reject", str(fault))
        if tell and request.category == "Login" and self._may_ask(request):
            self._events.listen(tell, request.sale_id)
        answer = await self._body(request)
        if answer is None:
            return None
        message = messages.response(request.header, request.category, answer)
        return self._envelope.sealed(message)

    def notify(self, kind: str, details: str = "", only: str = "") -> None:
        """Tells every till that is connected and has logged in of an event; or that one."""
        self._events.notify(self.device, kind, details, only)

    def disconnected(self, tell: "Tell") -> None:
        """A connection has ended."""
        self._events.leave(tell)

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
        except StorageError as fault:
            return Answer(conditions.DEVICE_OUT, {"storage": fault.reason}).body()

    def _may_ask(self, request: Request) -> bool:
        """Whether it is one of the shop's tills, and means this pad: the shop's others may have
        the same key, and what was recorded on the way to one of them is not for this one.
        """
        is_known = not self._sale_ids or request.sale_id in self._sale_ids
        return is_known and self._poi_id in ("", request.header["POIID"])

    def _refusal(self, request: Request) -> Answer | None:
        """Why a request is not served, None when it is."""
        category = request.category
        if not self._may_ask(request):
            self.refused += 1
            self.device.log("till: refused, a till that may not ask")
            is_here = self._poi_id in ("", request.header["POIID"])
            note = {} if is_here else {"poiId": self._poi_id}
            return Answer(conditions.NOT_ALLOWED, note)
        if category not in ("Abort",) + tuple(beside.SERVED) + _DIALOGUES:
            return Answer(conditions.UNAVAILABLE_SERVICE)
        if request.fault:
            return Answer(conditions.MESSAGE_FORMAT, {"member": request.fault})
        if category in _DIALOGUES and request.sale_id in self.logged_out:
            return self._withdrawn(request, conditions.LOGGED_OUT)
        return None

    def sale(self, request: Request) -> Sale:
        """Who asks: as the request says it, and else as the till did when it logged in."""
        said = Sale(request.body.child("SaleData"))
        known = self.tills.get(request.sale_id)
        if known:
            said.operator_id = said.operator_id or known.operator_id
            said.is_training = known.is_training
            said.prints = said.prints or known.prints
        return said

    def _abort(self, request: Request) -> None:
        """Stops the dialogue that is meant, while it may be stopped. There is no response."""
        about = request.body.child("MessageReference")
        current = self.current
        key = (about.text("SaleID") or request.sale_id, about.text("ServiceID"))
        if current is None or current.request.key != key:
            self.memory.given_up(self.device, request, about, key)
            return
        current.aborted = True
        if current.begun:  # CANCEL stops whatever may be stopped
            self.device.terminal.emit("key", "CANCEL")
        else:
            self._told(current, self._withdrawn(current.request, conditions.ABORTED))

    async def _dialogue(self, request: Request) -> "dict[str, Any]":
        """Waits for its turn and for its end; the same request again waits with the first."""
        current = self.current
        if current is None or current.request.key != request.key:
            earlier = self._earlier(request)
            if earlier:
                return earlier
            if current or not self.is_free:
                return self._withdrawn(request, conditions.BUSY).body()
            current = self.current = Dialogue(request)
            self.device.terminal.emit("till", "")
            if not self._is_ending:
                await self._begins(current)
        elif current.request.checksum() != request.checksum():
            return memory.used()
        await current.is_done.wait()
        return current.body or {}

    def _earlier(self, request: Request) -> "dict[str, Any] | None":
        """What that same request was answered before; None for a new one."""
        found = self.find(request.key)
        if found is None:
            told = self.memory.withdrawn.find(request.key)
            return Answer(told).body() if told else None
        if found.checksum != request.checksum():
            return memory.used()
        return found.body or Answer(conditions.IN_PROGRESS).body()

    def find(self, key: tuple[str, str]) -> "Answered | None":
        """See `Memory.find`; what the pad's cashier has settled by now is known at once."""
        found = self.memory.find(self.device, key)
        if found and found.body is None and self.current is None:
            self.settle()
            found = self.memory.find(self.device, key)
        return found

    def _withdrawn(self, request: Request, condition: str) -> Answer:
        """The answer to a request that is not begun: from now on, and over power cuts, it is
        not carried out, for whoever sends it again may not be its till.
        """
        self.memory.withdraw(self.device, request.category, request.key, condition)
        return Answer(condition)

    async def _begins(self, dialogue: Dialogue) -> None:
        """The idle screen takes it up at once, or something else came first on the pad."""
        try:
            await wait_for_ms(dialogue.is_done.wait(), _BEGIN_MS)
        except asyncio.TimeoutError:
            if not dialogue.begun:
                self._end(dialogue)
                answer = self._withdrawn(dialogue.request, conditions.BUSY)
                dialogue.finish(answer.body())

    # --- what the idle screen calls ---

    def idle_rows(self, beside: str, state: str) -> list[str]:
        """Its rows, see `idle.rows`."""
        return idle.rows(self.device, beside, state)

    async def key(self, name: str, menu_rows: list[str]) -> str:
        """Which key counts, see `idle.key`. Raises Cancelled."""
        return await idle.key(self.device, name, menu_rows)

    @property
    def wants(self) -> bool:
        """Whether a dialogue waits to be begun."""
        return self.current is not None and not self.current.begun

    def look(self) -> None:
        """Tells the tills when the pad's network has gone or come back."""
        self._events.look(self.device)

    def settle(self) -> None:
        """Nothing runs on the pad: what a power cut left open may be known by now."""
        self.memory.settle(self.device)

    def has_asked_for(self, sequence: int) -> bool:
        """Whether that entry of the ledger came of a till's request."""
        return self.kept.holds(sequence)

    async def run(self) -> None:
        """Works at the dialogue that waits, and at those that come until its end was seen."""
        while self.current and not self.current.begun:
            after = await self._work(self.current)
            self.is_free = self._is_ending = True  # the next one waits for the slip
            try:
                if after:
                    await sleep_ms(_SEAL_MS)
                    await after()
                await self._linger()
            except Cancelled:
                pass
            finally:
                self.is_free = self._is_ending = False

    async def _work(self, dialogue: Dialogue) -> "After | None":
        """Carries a dialogue out; what is still to be done once the till has its answer."""
        # Imported within the menu's `Unimport`: no dialogue's code stays when it is over.
        from milepad.pinpad import dispatch

        dialogue.begun = True
        answer, after = Answer(conditions.IN_PROGRESS), None
        try:
            answer, after = await dispatch.work(self, dialogue)
        finally:  # whatever happens, nobody waits for ever
            dialogue.request.let_go()
            self._told(dialogue, answer)
        return after

    def _told(self, dialogue: Dialogue, answer: Answer) -> None:
        body = answer.body()
        if answer.condition != conditions.IN_PROGRESS:
            self.memory.remember(dialogue.request, body)
        self._end(dialogue)
        dialogue.finish(body)
        if dialogue.aborted:  # an Abort has no response
            self.notify("Completed", dialogue.request.service_id)
        if answer.condition == conditions.DEVICE_OUT:
            self.notify("OutOfOrder", str(answer.notes.get("storage", "")))

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
