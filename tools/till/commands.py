"""What a cashier can do at the till: one word each, typed or out of a script.

A command returns 0 when the pad did what was asked and 1 when it did not.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import Annotated, Any

from cyclopts import App, Parameter
from cyclopts.validators import Number

from tools import shell
from tools.till import messages, money
from tools.till.messages import Account, EntryMode, Item, Request
from tools.till.register import NoAnswerError, Say, Till
from tools.till.replies import MessageError, Reply
from tools.till.sale import Basket, Cashier

DONE, NOT_DONE = 0, 1
Card = Annotated[str, Parameter(help="a collector number that the till's own reader read")]
Entry = Annotated[EntryMode, Parameter(help="how the till read it")]
Lose = Annotated[
    bool, Parameter(help="hang up before the answer, as a till that falls over")
]
_RECEIPTS = {"CustomerReceipt": "customer's slip", "CashierReceipt": "shop's slip"}


class Commands:
    """A till's commands; `line` is the command line that they are on."""

    def __init__(self, till: Till, say: Say) -> None:
        self.basket = Basket(_number())
        self.cashier = Cashier()
        self.last: Reply | None = None
        self._till = till
        self._say = say
        till.on_event = self._event
        self.line = self._made_line()

    def _made_line(self) -> App:
        line = shell.app("till", "What a till asks a pad.")
        for function in (
            *(self.item, self.clear, self.show, self.login, self.logout, self.diagnosis),
            *(self.card, self.balance, self.redeem, self.earn, self.refund, self.reverse),
            *(self.status, self.recover, self.abort, self.totals, self.wait),
        ):
            line.command(function)
        return line

    # --- the basket ---

    def item(
        self,
        price: str,
        label: str = "goods",
        /,
        *,
        code: str = "0001",
        before_tax: str = "",
    ) -> int:
        """Puts goods into the basket: item 43.35 shoes --before-tax 38.36."""
        cents = money.from_text(price)
        pre_tax_cents = money.from_text(before_tax) if before_tax else cents
        self.basket.items.append(Item(code, label, cents, pre_tax_cents))
        return self.show()

    def clear(self) -> int:
        """Begins another sale."""
        self.basket = Basket(_number())
        return DONE

    def show(self) -> int:
        """Shows the basket."""
        for line in self.basket.lines() or ["the basket is empty"]:
            self._say(line)
        return DONE

    # --- the shift ---

    def login(
        self,
        *,
        operator: str = "1",
        french: bool = False,
        training: bool = False,
        prints: Annotated[bool, Parameter(help="slips come to the till's printer")] = False,
    ) -> int:
        """A cashier begins."""
        self.cashier = Cashier(operator, "fr" if french else "en")
        now, language = self.cashier.now(), self.cashier.language
        request = messages.login(now, operator, language, training, prints)
        return self._done(self._ask(request))

    def logout(self) -> int:
        """A cashier ends."""
        return self._done(self._ask(messages.logout()))

    def diagnosis(self) -> int:
        """How pad, printer, reader and link are."""
        reply = self._ask(messages.diagnosis())
        self._tell(reply, "POIStatus", "HostStatus")
        return self._done(reply)

    def totals(self) -> int:
        """What the pad's ledger has for today."""
        reply = self._ask(messages.totals())
        self._tell(reply, "TransactionTotals")
        return self._done(reply)

    def card(self) -> int:
        """Has a collector's card read at the pad."""
        return self._done(self._ask(messages.card(self._sale(), self.basket.total_cents)))

    def balance(self, number: Card = "", /, *, entry: Entry = "Scanned") -> int:
        """What a collector has: printed, never shown."""
        return self._done(self._ask(messages.balance(_account(number, entry))))

    def redeem(
        self,
        amount: str = "",
        number: Card = "",
        /,
        *,
        entry: Entry = "Scanned",
        lose: Lose = False,
    ) -> int:
        """Gives a discount for Cash miles: redeem 40.00; without, the collector chooses."""
        asked_cents = money.from_text(amount) if amount else None
        total_cents = self.basket.total_cents
        account = _account(number, entry)
        request = messages.redemption(self._sale(), total_cents, asked_cents, account)
        if lose:
            return self._lost(request)
        return self._redeemed(self._ask(request))

    def earn(
        self, number: Card = "", /, *, entry: Entry = "Scanned", lose: Lose = False
    ) -> int:
        """Issues the miles that the sale earns, on what is left to pay.

        Without a number the redemption's card serves, or one is read at the pad.
        """
        basket = self.basket
        redemption = "" if number else basket.redemption
        request = messages.award(
            self._sale(),
            basket.left_cents,
            basket.items,
            _account(number, entry),
            redemption,
        )
        if lose:
            return self._lost(request)
        return self._earned(self._ask(request))

    def refund(self, number: str = "", /, *, lose: Lose = False) -> int:
        """Takes a redemption back, this sale's unless the pad's number of another is given."""
        original = number or self.basket.redemption
        amount_cents, sale = None if number else self.basket.discount_cents, self._sale()
        request = messages.refund(sale, "RedemptionRefund", amount_cents, original, sale.at)
        if lose:
            return self._lost(request)
        return self._taken_back(self._ask(request))

    def reverse(self, number: str = "", /) -> int:
        """Takes this sale's award back, or what the pad has under that number."""
        original = number or self.basket.award
        sale = self._sale()
        request = messages.reversal(sale, original, sale.at)
        return self._done(self._ask(request))

    # --- when something went wrong ---

    def status(self, number: str = "", /, *, category: str = "Loyalty") -> int:
        """What became of the last request, or of the one with that ServiceID."""
        reply = self._heard(lambda: self._till.status(category, number))
        if reply is not None and reply.repeated:
            self._say(f"The pad repeats its answer to {reply.service_id}.")
            return self._settled(self._till.kind(reply.service_id), reply)
        return self._done(reply)

    def recover(self) -> int:
        """Asks about everything that the till's journal holds as open."""
        code = DONE
        for kind, reply in self._till.recover():
            self._say(f"{kind}, open in the till's journal:")
            self.last = reply
            if reply is None:
                self._say("nobody knows what came of it")
            code = max(code, self._settled(kind, reply))
        return code

    def abort(self) -> int:
        """Gives up what was asked with --lose; while the till waits, Ctrl-C does it."""
        self._till.abort()
        return DONE

    def wait(
        self, seconds: Annotated[float, Parameter(validator=Number(gte=0, lte=600))], /
    ) -> int:
        """Does nothing for so long."""
        time.sleep(seconds)
        return DONE

    # --- answers ---

    def _ask(self, request: Request) -> Reply | None:
        return self._heard(lambda: self._till.ask(request))

    def _heard(self, ask: Any) -> Reply | None:
        self.last = None
        try:
            self.last = ask()
        except (NoAnswerError, MessageError) as fault:
            self._say(str(fault))
        return self.last

    def _lost(self, request: Request) -> int:
        service_id = self._till.ask_and_lose(request)
        self._say(f"The till hangs up: the answer to {service_id} is lost.")
        return DONE

    def _settled(self, kind: str, reply: Reply | None) -> int:
        """What an answer to an earlier request means for the sale."""
        if kind == "Redemption":
            return self._redeemed(reply)
        if kind == "RedemptionRefund":
            return self._taken_back(reply)
        return self._earned(reply) if kind == "Award" else self._done(reply)

    def _redeemed(self, reply: Reply | None) -> int:
        code = self._done(reply)
        if reply is not None and code == DONE:
            self.basket.discount_cents = reply.amounts.get("Monetary", 0)
            self.basket.redemption = reply.transaction_id
            self._say(f"Discount {money.dollars(self.basket.discount_cents)}.")
            self.show()
        return code

    def _earned(self, reply: Reply | None) -> int:
        code = self._done(reply)
        if reply is not None and code == DONE:
            self.basket.award = reply.transaction_id
            miles = reply.amounts.get("Point")
            waits = (
                reply.notes.get("outcome") == "open"
                or reply.notes.get("responseCode") == "202"
            )
            told = "Miles will be added." if waits else "No miles for so little."
            self._say(told if miles is None else f"{miles} miles earned.")
        return code

    def _taken_back(self, reply: Reply | None) -> int:
        code = self._done(reply)
        if code == DONE:
            self._say(f"{money.dollars(self.basket.discount_cents)} is owed again.")
            self.basket.discount_cents, self.basket.redemption = 0, ""
        return code

    def _done(self, reply: Reply | None) -> int:
        if reply is None:
            return NOT_DONE
        for title, lines in reply.receipts:
            self._say(f"--- {_RECEIPTS.get(title, title)} ---")
            for line in lines:
                self._say(line)
            self._say("---")
        more = f" ({reply.additional})" if reply.additional else ""
        if reply.is_success:
            number = (
                f", the pad's number {reply.transaction_id}" if reply.transaction_id else ""
            )
            self._say(f"{reply.category}: done{number}{more}")
            return DONE
        self._say(f"{reply.category}: {reply.error_condition or reply.result}{more}")
        return NOT_DONE

    def _tell(self, reply: Reply | None, *names: str) -> None:
        for name in names:
            if reply is not None and name in reply.body:
                self._say(f"{name}: {money.dumps(reply.body[name])}")

    def _event(self, document: dict[str, Any]) -> None:
        event = document.get("EventNotification")
        if isinstance(event, dict):
            self._say(f"The pad says: {event.get('EventToNotify')}")

    def _sale(self) -> messages.Sale:
        return self.cashier.sale(self.basket)


def _account(number: str, entry: EntryMode) -> Account | None:
    return Account(number, entry) if number else None


def _number() -> str:
    return datetime.now().strftime("%y%m%d%H%M%S")
