"""What the till beside the handheld does, call by call: a thread's work, never the loop's.

It is `tools.till` as a terminal has it, with a basket of these goods. What came of a call is a
document for the page; no text of it is longer than `_LONGEST`.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from tools.handheld.page.leash import GivenUpError, Leash
from tools.till import money
from tools.till.commands import Commands
from tools.till.journal import Intent, Journal
from tools.till.links import LinkError
from tools.till.messages import Item
from tools.till.money import AmountError
from tools.till.protection import Key
from tools.till.register import RECOVERED, Identity, NoAnswerError, Till
from tools.till.replies import MessageError, Reply
from tools.till.sale import Basket, Cashier

MOST_ITEMS = 60  # as many as an award may have
_LONGEST = 6000
_PAD = "001"  # the device_id of the handheld to practise with
_MOST_SALES = 50
_NOT_FOUND = "NotFound"
_GIVEN, _TAKEN_BACK = ("Redemption", "Award"), ("RedemptionRefund", "Reversal")

Document = dict[str, Any]


class Good(NamedTuple):
    """Something to sell; with Ontario's HST and without, in cents."""

    code: str
    english: str
    french: str
    cents: int
    pre_tax_cents: int


GOODS = (
    Good("1001", "shoes", "chaussures", 4335, 3836),
    Good("1002", "umbrella", "parapluie", 2260, 2000),
    Good("1003", "coffee", "café", 339, 300),
    Good("1004", "bread", "pain", 450, 450),  # not taxed
)


class Moved(NamedTuple):
    """Something that can be taken back, and the sale that it belongs to."""

    kind: str
    number: str
    sale: Basket


class Counter:
    """A till, its journal and its sales. `told` gets each message: (direction, document)."""

    def __init__(
        self,
        leash: Leash,
        journal: Journal,
        key: Key | None,
        told: Callable[[str, Document], None],
    ) -> None:
        self._journal = journal
        self._till = Till(
            leash, journal, Identity("PAGE", _PAD), key, _unheard, pause=leash.pause
        )
        self._till.on_message = told
        self._commands = Commands(self._till, _unheard)
        self._moved: deque[Moved] = deque(maxlen=_MOST_SALES)
        self._learnt: deque[str] = deque(maxlen=_MOST_SALES)
        self._asked_for = self._commands.basket  # whose request went out last

    # --- at once ---

    @property
    def sale(self) -> Basket:
        """The one at the till."""
        return self._commands.basket

    @property
    def last(self) -> Moved | None:
        """What a refund takes back."""
        return self._moved[-1] if self._moved else None

    def put(self, good: Good) -> None:
        """Into the basket."""
        item = Item(good.code, good.english, good.cents, good.pre_tax_cents)
        self.sale.items.append(item)

    def new_sale(self) -> None:
        """The next customer."""
        self._commands.clear()

    def open(self) -> list[Intent]:
        """What moves miles and nobody knows the outcome of, oldest first."""
        return [each for each in self._journal.open() if each.category in RECOVERED]

    def can_lose(self, what: str) -> bool:
        """Whether its response can be lost on purpose: it moves miles, and is no reversal."""
        if what == "refund":
            return self.last is not None and self.last.kind == "Redemption"
        return what in ("redeem", "earn")

    # --- in a thread ---

    def call(self, what: str, value: str, is_lost: bool, language: str) -> Document:
        """Does one of `orders.ASKED`; what came of it, however it ended."""
        self._commands.cashier = Cashier("1", language)
        self._commands.last = None
        found: Document
        try:
            self._do(what, value, is_lost)
            found = _answer(self._commands.last) or {"result": "none"}
            if is_lost:
                found = {"result": "lost"}
        except GivenUpError:
            found = {"result": "given_up"}
        except LinkError as fault:
            found = {"result": "unreachable", "text": str(fault)[:200]}
        except (AmountError, MessageError, NoAnswerError, ValueError) as fault:
            found = {"result": "none", "text": str(fault)[:200]}
        except sqlite3.Error as fault:
            found = {"result": "journal", "text": str(fault)[:200]}
        return {"asked": what, **found}

    def abort(self) -> None:
        """Asks the pad to give up; while another thread waits in `call`, too."""
        with contextlib.suppress(GivenUpError):
            self._till.abort()

    def _do(self, what: str, value: str, is_lost: bool) -> None:
        commands = self._commands
        if what in ("redeem", "earn"):
            self._asked_for = self.sale
        if what == "redeem":
            commands.redeem(value, lose=is_lost)
        elif what == "earn":
            commands.earn(lose=is_lost)
        elif what == "refund":
            self._take_back(is_lost)
        elif what == "status":
            self._ask_status()
        elif what == "login":
            commands.login(french=commands.cashier.language == "fr")
        else:
            {"balance": commands.balance, "totals": commands.totals}[what]()
        self._note(commands.last)

    def _take_back(self, is_lost: bool) -> None:
        last = self._moved[-1]
        self._asked_for = last.sale
        if last.kind == "Award":
            self._commands.reverse(last.number)
        else:
            self._within(
                last.sale, lambda: self._commands.refund(last.number, lose=is_lost)
            )

    def _ask_status(self) -> None:
        """Of what is open, the newest; else of this till's last request."""
        waiting = self.open()
        about = waiting[-1] if waiting else None
        number, category = (about.service_id, about.category) if about else ("", "Loyalty")
        sale = self._asked_for if about else Basket("")  # what is known changes no sale
        self._within(sale, lambda: self._commands.status(number, category=category))
        reply = self._commands.last
        if about is None or reply is None:
            return
        if reply.repeated or reply.error_condition == _NOT_FOUND:
            outcome = reply.result if reply.is_success else reply.error_condition
            self._journal.conclude(number, outcome or "Failure", reply.transaction_id)

    def _within(self, sale: Basket, call: Callable[[], object]) -> None:
        """A call about a sale that need not be the one at the till."""
        present, self._commands.basket = self._commands.basket, sale
        try:
            call()
        finally:
            self._commands.basket = present

    def _note(self, reply: Reply | None) -> None:
        """What can be taken back from now on, and what no more."""
        if reply is None or not reply.is_success or reply.service_id in self._learnt:
            return
        kind = self._journal.kind(reply.service_id)
        if kind in _GIVEN and reply.transaction_id:
            self._moved.append(Moved(kind, reply.transaction_id, self._asked_for))
        elif kind in _TAKEN_BACK and self._moved:
            self._moved.pop()
        if kind in (*_GIVEN, *_TAKEN_BACK):
            self._learnt.append(reply.service_id)


def _unheard(_text: str) -> None:
    """The page says it in its own words."""


def _answer(reply: Reply | None) -> Document | None:
    """A reply as the page shows it."""
    if reply is None:
        return None
    amounts = reply.amounts
    return {
        "category": reply.category[:40],
        "result": reply.result[:40],
        "condition": reply.error_condition[:40],
        "number": reply.transaction_id[:40],
        "cents": amounts.get("Monetary"),
        "miles": amounts.get("Point"),
        "repeated": reply.repeated,
        "notes": {name[:40]: value[:80] for name, value in [*reply.notes.items()][:20]},
        "totals": _totals(reply),
    }


def _totals(reply: Reply) -> list[Document]:
    found = []
    for each in reply.body.get("TransactionTotals") or []:
        for row in each.get("LoyaltyTotals") or []:
            found.append(
                {
                    "kind": str(row.get("TransactionType", ""))[:40],
                    "count": int(row.get("TransactionCount", 0)),
                    "cents": money.cents(row.get("TransactionAmount", 0)),
                }
            )
    return found[:20]


def pretty(value: object, indent: str = "") -> str:
    """A message for people, its amounts as their digits."""
    if not value or not isinstance(value, dict | list):
        return money.dumps(value)
    inner = indent + "  "
    if isinstance(value, dict):
        rows = [
            f"{json.dumps(name)}: {pretty(each, inner)}" for name, each in value.items()
        ]
        first, last = "{}"
    else:
        rows = [pretty(each, inner) for each in value]
        first, last = "[]"
    text = ",\n".join(inner + row for row in rows)
    return f"{first}\n{text}\n{indent}{last}"


def message(direction: str, document: Document) -> Document:
    """A message of the till or the pad as the page lists it; the pad's may be anything."""
    inner = next(iter(document.values()), None)
    head = inner.get("MessageHeader") if isinstance(inner, dict) else None
    head = head if isinstance(head, dict) else {}
    try:
        text = pretty(document)
    except RecursionError:
        text = "nested too deeply"
    return {
        "direction": direction,
        "category": str(head.get("MessageCategory", ""))[:40],
        "service_id": str(head.get("ServiceID", ""))[:20],
        "text": text[:_LONGEST],
    }
