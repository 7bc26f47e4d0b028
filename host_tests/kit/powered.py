"""A device that may lose its power at any write, a platform with bad moments, and a cashier.

The app is the real one, down to session, token, ledger and store; what is scripted is the
transport to the platform, the medium under the store, and the time. The platform commits
and answers as the specification has it, and counts what would be a second commitment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from host_tests.kit.board import Board
from host_tests.kit.cashier import Cashier, say
from host_tests.kit.chips import Display, promised
from host_tests.kit.media import FakeFiles, TearingBytes
from host_tests.kit.platform import START_S, Platform
from host_tests.kit.power import Power, PowerCut
from host_tests.kit.profile import flash_files
from host_tests.kit.stores import VALUES_BYTES, SmallLittlefsStore
from milepad import app
from milepad.base.errors import StorageError
from milepad.base.timekeeper import Timekeeper
from milepad.ledger.ledger import Ledger
from milepad.ledger.stores.ring import RingStore

CAPACITY = 14
CHIP_S = 1609459200  # where an RP2350's clock begins
FINISH_S = 900  # how old an entry may be for the device to use its key again
# Certification, production, another path, and the first one written otherwise.
BASE_URLS = (
    "https://localhost:1",
    "https://production:1",
    "https://localhost:1/v2",
    "https://LOCALHOST:1/",
)
ABSENT = "absent"  # no time server answers


class Powered:
    """A store whose device stops with it."""

    def __init__(self, store: Any, plug: Power) -> None:
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


class Air:
    """A Wi-Fi that is always there; joined, it asks the time server once."""

    def __init__(self, device: Device, keeper: Timekeeper) -> None:
        self._device = device
        self._keeper = keeper

    def join(self, ssid: str, password: str, time_host: str) -> None:
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
        self.plug = self.medium.power
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
            monotonic_ns=lambda: int(self.now_s() * 1e9),
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
        cashier = Cashier([job] if job else [], choice, self.number)
        for _ in range(400):
            await asyncio.sleep(0.1)
            if not self.is_on or self.plug.gone:  # also where a task beside the app met it
                await self.power_off()
                return
            if self.screen[0] == say("menu_checkout") and not cashier.jobs:
                return
            for key in cashier.answer(self.screen):
                kind, value = key if isinstance(key, tuple) else ("key", key)
                reader = self.lives[-1].keypad if kind == "key" else self.lives[-1].scanner
                reader.emit(kind, value)
        raise AssertionError(f"going round in circles: {self.screen}")

    def shows(self, text: str) -> bool:
        """Whether a screen of the last life had that text."""
        return self.lives[-1].display.shows(text)

    def promised(self) -> list[str]:
        """Confirmation numbers for which a discount was to be given, in the last life."""
        return promised(self.lives[-1].display.screens)
