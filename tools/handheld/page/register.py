"""The cash register beside the handheld: what the page's loop has of it.

One call at a time, each in a thread. A call ends by itself (the till's own times are its
bound), by an abort, or when the program does.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.handheld.events import EventError, Outgoing
from tools.handheld.page import counter
from tools.handheld.page.counter import GOODS, Counter
from tools.handheld.page.leash import Leash
from tools.handheld.page.orders import Ask
from tools.handheld.page.refusals import Refused
from tools.handheld.practice import TILL_HOST, TILL_KEY, TILL_PASSPHRASE
from tools.till import money
from tools.till.journal import Journal, JournalError
from tools.till.links import HttpsLink, Link, SerialLink, TcpLink
from tools.till.protection import Key

_LISTED = [
    {
        "code": good.code,
        "name": {"en": good.english, "fr": good.french},
        "cents": good.cents,
        "pre_tax_cents": good.pre_tax_cents,
    }
    for good in GOODS
]


class Register:
    """A till of this project's. `latest` gives the page's newest `till` and `language`, `is_on`
    whether the pad has power; `journal` is the file of what it asked, `authority` whose
    certificate a pad shows over HTTPS.
    """

    def __init__(
        self,
        tell: Callable[[Outgoing], None],
        latest: Callable[[str], Any],
        is_on: Callable[[], bool],
        journal: Path,
        authority: Path,
    ) -> None:
        self._tell = tell
        self._latest = latest
        self._is_on = is_on
        self._path = journal
        self._authority = authority
        self._leash = Leash(self._link)
        self._journal: Journal | None = None
        self._counter: Counter | None = None
        self._call: asyncio.Task[None] | None = None
        self._doing = ""
        self._was_aborted = False
        self._loses = False
        self._answer: dict[str, Any] | None = None
        self._number = 0

    def told(self, message: Outgoing) -> None:
        """What the device tells; a till's port makes the register ready."""
        if "till" in message and self._counter is None:
            with contextlib.suppress(EventError):  # said again when something is asked
                self._ready()
                self._changed()

    async def obey(self, ask: Ask) -> None:
        """Does something, or begins it. Refused where it is not possible now."""
        till = self._ready()
        if ask.what == "abort":
            await self._abort(till)
        elif self._call is not None:
            raise Refused("till_waits")
        elif ask.what == "lose":
            self._loses = ask.value == "yes"
        elif ask.what == "item":
            self._put(till, ask.value)
        elif ask.what == "sale":
            till.new_sale()
            self._answer = None
        else:
            self._begin(till, ask)
        self._changed()

    async def close(self) -> None:
        """Waits for the pad no more."""
        self._leash.cut()
        if self._call is not None:
            await self._call
        self._leash.close()
        if self._journal is not None:
            self._journal.close()

    def _ready(self) -> Counter:
        if self._latest("till") is None:
            raise Refused("no_till")
        if self._counter is None:
            try:
                self._journal = Journal(self._path)
            except JournalError as fault:
                raise Refused("no_journal", str(fault)) from None
            key = Key.from_passphrase(TILL_PASSPHRASE, TILL_KEY)
            self._loop = asyncio.get_running_loop()
            self._counter = Counter(self._leash, self._journal, key, self._overheard)
        return self._counter

    def _link(self) -> Link:
        place = self._latest("till")
        if place["mode"] == "serial":
            return SerialLink(place["path"])
        if place["mode"] == "https":
            return HttpsLink(TILL_HOST, place["port"], self._authority)
        return TcpLink("127.0.0.1", place["port"])

    def _overheard(self, direction: str, document: dict[str, Any]) -> None:
        """In the call's thread."""
        self._loop.call_soon_threadsafe(self._passed, direction, document)

    def _passed(self, direction: str, document: dict[str, Any]) -> None:
        self._number += 1
        passed = counter.message(direction, document)
        self._tell({"till_message": {"number": self._number, **passed}})

    @staticmethod
    def _put(till: Counter, code: str) -> None:
        good = next((each for each in GOODS if each.code == code), None)
        if good is None:
            raise Refused("no_goods")
        if len(till.sale.items) >= counter.MOST_ITEMS:
            raise Refused("basket_full", most=counter.MOST_ITEMS)
        till.put(good)

    def _begin(self, till: Counter, ask: Ask) -> None:
        if not self._is_on():
            raise Refused("pad_off")
        if ask.what in ("redeem", "earn") and not till.sale.items:
            raise Refused("basket_empty")
        if ask.what == "refund" and till.last is None:
            raise Refused("nothing_taken")
        if ask.what == "redeem" and ask.value:
            try:
                money.from_text(ask.value)
            except money.AmountError as fault:
                raise Refused("no_amount", str(fault)) from None
        loses = self._loses and till.can_lose(ask.what)
        self._loses = self._loses and not loses
        self._doing, self._was_aborted, self._answer = ask.what, False, None
        self._call = asyncio.create_task(self._run(till, ask, loses))

    async def _run(self, till: Counter, ask: Ask, loses: bool) -> None:
        language = str(self._latest("language"))[:2]
        try:
            answer = await asyncio.to_thread(
                till.call, ask.what, ask.value, loses, language
            )
            if text := answer.pop("text", ""):
                self._tell({"log": f"till: {text}"})
            self._answer = answer
        finally:
            self._leash.mend()
            self._call, self._doing = None, ""
            self._changed()

    async def _abort(self, till: Counter) -> None:
        """The pad is asked; who asks twice, or a pad without power, waits no longer."""
        if self._call is None and not till.open():
            raise Refused("nothing_asked")
        if self._call is not None and (self._was_aborted or not self._is_on()):
            self._leash.cut()
            return
        if not self._is_on():
            raise Refused("pad_off")
        self._was_aborted = True
        try:
            await asyncio.to_thread(till.abort)
        except sqlite3.Error as fault:
            raise Refused("no_journal", str(fault)) from None

    def _changed(self) -> None:
        till = self._counter
        if till is None:
            return
        sale, last = till.sale, till.last
        pre_tax_cents = sum(item.pre_tax_cents for item in sale.items)
        self._tell(
            {
                "register": {
                    "goods": _LISTED,
                    "items": [item.product_code for item in sale.items],
                    "pre_tax_cents": pre_tax_cents,
                    "tax_cents": sale.total_cents - pre_tax_cents,
                    "total_cents": sale.total_cents,
                    "discount_cents": sale.discount_cents,
                    "left_cents": sale.left_cents,
                    "last": {"kind": last.kind, "number": last.number} if last else None,
                    "open": len(till.open()),
                    "lose": self._loses,
                    "doing": self._doing or None,
                    "answer": self._answer,
                }
            }
        )
