"""A device that may lose its power at any write, a platform with bad moments, and a cashier.

The app is the real one, down to session, token, ledger and store; what is scripted is the
transport to the platform, the medium under the store, and the time. The platform commits
and answers as the specification has it, and counts what would be a second commitment.
"""

from __future__ import annotations

import asyncio
import errno
import json
import time
from collections import defaultdict
from collections.abc import Callable
from email.utils import formatdate
from types import SimpleNamespace
from typing import Any, NamedTuple

from host_tests.kit.media import FakeFiles, Power, TearingBytes
from host_tests.kit.stores import SmallLittlefsStore
from host_tests.workflows.board import Board, flash_files
from host_tests.workflows.shop import CARD, MEMBERS
from milepad import app, words
from milepad.amcash.response_codes import lookup
from milepad.base.errors import LinkError, NotSentError, StorageError
from milepad.base.timekeeper import Timekeeper
from milepad.base.vocabulary import ENGLISH
from milepad.ledger.ledger import Ledger
from milepad.ledger.stores.ring import VALUES_BYTES, RingStore

CAPACITY = 14
START_S = 1780000000
TOKEN_S = 3600
CHIP_S = 1609459200  # where an RP2350's clock begins
RETENTION_S = 1200  # how long the platform keeps an idempotency key
FINISH_S = 900  # how old an entry may be for the device to use its key again
# Certification, production, another path, and the first one written otherwise.
BASE_URLS = (
    "https://localhost:1",
    "https://production:1",
    "https://localhost:1/v2",
    "https://LOCALHOST:1/",
)
ABSENT = "absent"  # no time server answers
FINISH, GIVE_UP, VOID, LATER = "7", "8", "9", "0"
# what a call may meet; the first is none, and the last three take the power
FAULTS = (
    "",
    "no way",  # nothing leaves
    "lost request",
    "lost reply",
    "refused",
    "platform error",
    "no code",
    "bad token",
    "power before",
    "power with the request",
    "power with the reply",
)
_DAY = {"checkout": "1", "balance": "2", "refund": "3", "reports": "4"}


class PowerCut(BaseException):
    """Nothing runs any more. Not an Exception, so that no handler of the firmware sees it."""


class Plug(Power):
    """Power that is `gone` with the write that it did not last for."""

    gone = False
    good_writes = bad_writes = 0  # of a flash that fails and recovers while power lasts

    def spend(self) -> None:
        self.gone = self.gone or self.left == 0
        super().spend()
        if self.bad_writes and self.good_writes:
            self.good_writes -= 1
        elif self.bad_writes:
            self.bad_writes -= 1
            raise OSError(errno.EIO, "the flash fails")

    def pull(self) -> None:
        """Now."""
        self.left, self.gone = 0, True

    def restore(self) -> None:
        self.left, self.gone = -1, False


class Powered:
    """A store whose device stops with it."""

    def __init__(self, store: Any, plug: Plug) -> None:
        self.__dict__.update(_store=store, _plug=plug)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._store, name, value)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._store, name)
        return self._stopping(value) if callable(value) else value

    def _stopping(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            try:
                return method(*args)
            except StorageError:
                if self._plug.gone:
                    raise PowerCut from None
                raise
            finally:
                if self._plug.gone:
                    raise PowerCut

        return call


class Commit(NamedTuple):
    """What the platform did, once and for all."""

    op: str
    trace_id: str
    key: str
    number: str
    miles: int
    cents: int
    of: str  # the redemption that a reversal takes back


class Answer(NamedTuple):
    """What `client.post` gives."""

    status: int
    body: bytes
    date: bytes = b""


class Platform:
    """The far end and the way to it; `faults` are what the next money calls meet."""

    stage = "idle"
    sent = False

    def __init__(self, plug: Plug) -> None:
        self.plug = plug
        self.faults: list[str] = []
        self.commits: list[Commit] = []
        self.copies: dict[str, list[bytes]] = defaultdict(list)  # by idempotency key
        self.origins: dict[str, set[tuple]] = defaultdict(set)  # where they went
        self.now_s: Callable[[], float] = lambda: 0.0  # seconds since the story's start
        self.unanswered = 0  # calls about miles that left and got no answer that counts
        self._answers: dict[str, tuple[float, Answer]] = {}
        self._tokens = 0

    async def post(self, url: tuple, headers: list, raw: bytes) -> Answer:
        """The face of `link.client.Client`."""
        self.sent, self.stage = False, "connecting"
        await asyncio.sleep(0.2)
        try:
            return await self._exchange(url, dict(headers), raw)
        finally:
            self.stage = "idle"

    async def _exchange(self, url: tuple, headers: dict[str, str], raw: bytes) -> Answer:
        path = url[2]
        key = headers.get("Idempotency-Key", "")
        fault = self.faults.pop(0) if key and self.faults else ""
        if fault == "no way":
            raise NotSentError("no connection within 10 s")
        if fault == "power before":
            self._cut()
        self.sent, self.stage = True, "waiting"
        if key:
            self.copies[key].append(raw)
            self.origins[key].add(url)
            self.unanswered += fault not in ("", "refused", "bad token")
        if fault == "power with the request":
            self._cut()
        if fault == "lost request":
            raise LinkError("no reply within 15 s")
        answer = self._answer(path, key, raw, fault)
        await asyncio.sleep(0.5)
        if fault == "power with the reply":
            self._cut()
        if fault == "lost reply":
            raise LinkError("no reply within 15 s")
        date = formatdate(START_S + self.now_s(), usegmt=True)
        return answer._replace(date=date.encode())

    def _cut(self) -> None:
        self.plug.pull()
        raise PowerCut

    def _answer(self, path: str, key: str, raw: bytes, fault: str) -> Answer:
        if path.endswith("token"):
            self._tokens += 1
            token = {"access_token": "token%d" % self._tokens, "expires_in": TOKEN_S}
            return Answer(200, json.dumps(token).encode())
        if fault == "bad token":
            return Answer(401, b"{}")
        if fault == "platform error":
            return said("", "0096")
        if fault == "refused" and self._kept(key) is None:
            return said("", "0051")
        answer = self._done(json.loads(raw), key) if key else said(_op_of(path), "0000")
        return Answer(200, b'{"message": "?"}') if fault == "no code" else answer

    def _done(self, body: dict[str, str], key: str) -> Answer:
        """Commits, unless this key has: then it is the same answer."""
        kept = self._kept(key)
        if kept is None:
            kept = self._commit(body, key)
            self._answers[key] = (self.now_s(), kept)
        return kept

    def _kept(self, key: str) -> Answer | None:
        """The answer to that key, unless the platform has forgotten it."""
        when_s, answer = self._answers.get(key, (0.0, None))
        return answer if self.now_s() - when_s < RETENTION_S else None

    def _commit(self, body: dict[str, str], key: str) -> Answer:
        number = "%011d" % (30000000000 + len(self.commits))
        of = body.get("redemptionConfirmationNum", "")
        if of and of not in self.standing():
            return said("", "0057")
        op = "reverse" if of else "redeem"
        if of:
            cents = self.standing()[of].cents
        else:
            cents = round(float(body["dollarRedeemRequest"]) * 100)
        miles, units = cents // 1000 * 95, str(cents // 1000)
        done = {"milesReversed": str(miles), "unitsReversed": units}
        if not of:
            done = {"milesRedeemed": str(miles), "unitsRedeemed": units}
        commit = Commit(op, body["traceId"], key, number, miles, cents, of)
        self.commits.append(commit)
        return said(op, "0000", txnConfirmationNumber=number, **done)

    def standing(self) -> dict[str, Commit]:
        """The redemptions that were not taken back, by their numbers."""
        gone = {commit.of for commit in self.commits}
        return {
            commit.number: commit
            for commit in self.commits
            if commit.op == "redeem" and commit.number not in gone
        }


def _op_of(path: str) -> str:
    return path.rpartition("/")[2] if path.rpartition("/")[2] in MEMBERS else "inquire"


def said(op: str, code: str, **changes: str) -> Answer:
    """A reply of the platform."""
    members = {**MEMBERS.get(op, {}), "message": "text", **changes, "responseCode": code}
    return Answer(lookup(code).http_status, json.dumps(members).encode())


class Display:
    """Keeps every screen."""

    def __init__(self) -> None:
        self.screens: list[list[str]] = [[""] * 4]

    async def start(self) -> None:
        """Nothing to do."""

    def show(self, rows: list[str]) -> None:
        if rows != self.screens[-1]:
            self.screens.append(rows)


def say(key: str) -> str:
    return words.text(key, ENGLISH).split("\n")[0]


class Air:
    """A Wi-Fi that is always there; joined, it asks the time server once."""

    def __init__(self, device: Device, keeper: Timekeeper) -> None:
        self._device = device
        self._keeper = keeper

    def join(self, ssid: str, password: str) -> None:
        self._task = asyncio.create_task(self._ask())

    async def _ask(self) -> None:
        await asyncio.sleep(0.3)
        if self._device.ntp != ABSENT:
            self._keeper.note_ntp(int(START_S + self._device.now_s() + self._device.ntp))

    def is_up(self) -> bool:
        return True


class Device:
    """One handheld over its lives, and the cashier at it. Its clock is lost with its power.

    `ntp` is how far the time server is ahead of the platform's clock, or `ABSENT`.
    """

    def __init__(self, is_ring: bool) -> None:
        if is_ring:
            self.medium: Any = TearingBytes(VALUES_BYTES + CAPACITY * 208 + 2 * 512)
        else:
            self.medium = FakeFiles()
        self.plug = self.medium.power = Plug()
        self.is_ring = is_ring
        self.platform = Platform(self.plug)
        self.ntp: Any = 0
        self.platform.now_s = self.now_s
        self._rtc_ahead_s = 0.0  # of the story's clock
        self.lives: list[Board] = []
        self.task: asyncio.Task | None = None
        self.number = ""  # what a refund is keyed by
        self.base_url = BASE_URLS[0]
        self._loop: asyncio.AbstractEventLoop | None = None

    def store(self) -> Any:
        """What a boot makes of the medium."""
        if self.is_ring:
            return RingStore(self.medium, CAPACITY, 512)
        return SmallLittlefsStore(self.medium)

    def ledger(self) -> Ledger:
        """What is on the medium now."""
        return Ledger(self.store(), CAPACITY)

    def clock(self) -> SimpleNamespace:
        """In the place of the module `time`."""
        return SimpleNamespace(
            time=lambda: START_S + self._rtc_ahead_s + self.now_s(),
            monotonic_ns=time.monotonic_ns,
        )

    def set_rtc(self, unix_s: int) -> None:
        """Sets the chip's clock."""
        self._rtc_ahead_s = unix_s - START_S - self.now_s()

    def now_s(self) -> float:
        """The seconds that have passed for everybody."""
        return self._loop.time() if self._loop else 0.0

    @property
    def is_on(self) -> bool:
        return self.task is not None and not self.task.done()

    @property
    def screen(self) -> list[str]:
        return self.lives[-1].display.screens[-1]

    async def power_on(self) -> None:
        """A new life; it has not done anything yet."""
        self._loop = asyncio.get_running_loop()
        self.plug.restore()
        self.set_rtc(CHIP_S)
        platform = {"base_url": self.base_url}
        board = Board(flash_files(cashier={"finish_s": FINISH_S}, platform=platform))
        board.time = Timekeeper(self.set_rtc, board.log)
        board.wlan = Air(self, board.time)  # type: ignore[assignment]
        board.display = Display()  # type: ignore[assignment]
        board.client = lambda *_: self.platform  # type: ignore[attr-defined]
        board.ledger_store = self._powered_store  # type: ignore[method-assign]
        self.lives.append(board)
        self.task = asyncio.create_task(app._main(board))
        await asyncio.sleep(0)

    def _powered_store(self) -> Powered:
        try:
            return Powered(self.store(), self.plug)
        except StorageError:
            if self.plug.gone:
                raise PowerCut from None
            raise

    async def power_off(self) -> None:
        """The plug is pulled, if it was not before; nothing goes on."""
        self.plug.pull()
        for task in asyncio.all_tasks():
            if task is not asyncio.current_task():
                task.cancel()
        assert self.task is not None
        done, _ = await asyncio.wait([self.task])
        for task in done:
            if not task.cancelled() and not isinstance(task.exception(), PowerCut):
                task.result()

    async def work(self, job: str, choice: str) -> None:
        """Does a job (or "" for none) and comes back to the idle screen, or loses power."""
        todo = [_DAY[job]] if job else []
        for _ in range(400):
            await asyncio.sleep(0.1)
            if not self.is_on or self.plug.gone:  # also where a task beside the app met it
                await self.power_off()
                return
            if self.screen[0] == say("menu_checkout") and not todo:
                return
            for key in self._answer(self.screen, choice, todo):
                kind, value = key if isinstance(key, tuple) else ("key", key)
                reader = self.lives[-1].keypad if kind == "key" else self.lives[-1].scanner
                reader.emit(kind, value)
        raise AssertionError(f"going round in circles: {self.screen}")

    def _answer(self, rows: list[str], choice: str, todo: list[str]) -> list[Any]:
        title = rows[0]
        if title == say("starting") or rows[3] in (say("wait_cancel"), say("wait_hold")):
            return []
        if "0=LATER" in rows[2] + rows[3]:
            return self._decide(rows, choice)
        if rows[3] == say("report_keys"):
            return ["CANCEL"]
        if rows[3] == say("again_keys"):  # a sale or a refund without an answer
            return ["00"]
        answers: dict[str, list[Any]] = {
            "menu_checkout": todo[:1],
            "basket_total": ["CLEAR", "4", "3", "3", "5", "ENTER"],
            "more_reprint": ["2"],
            "reports_totals": ["1"],
            "card": [("scan", CARD)],
            "confirmation": [("scan", self.number)],
        }
        found = [keys for key, keys in answers.items() if title.startswith(say(key))]
        if found and found[0] == todo[:1]:
            todo.clear()
        return found[0] if found else ["ENTER"]

    def _decide(self, rows: list[str], choice: str) -> list[str]:
        """The cashier's choice, or what comes next to it on this screen."""
        if say("waiting_time") in rows and choice != LATER:
            return []
        keys = " ".join(rows[2:])
        wanted = (choice, FINISH, GIVE_UP)
        return [next(key for key in wanted if key + "=" in keys)]

    def shows(self, text: str) -> bool:
        """Whether a screen of the last life had that text."""
        screens = self.lives[-1].display.screens
        return any(text in row for rows in screens for row in rows)

    def promised(self) -> list[str]:
        """Confirmation numbers for which a discount was to be given, in the last life."""
        return [
            rows[1].split()[-1]
            for rows in self.lives[-1].display.screens
            if rows[0].startswith("APPROVED") and rows[2].startswith("GIVE")
        ]
