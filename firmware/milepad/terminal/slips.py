"""Slips: what the cashier sees while one is printed, its copies, and the last one again."""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.vocabulary import INQUIRE
from milepad.receipt import escpos, layout
from milepad.terminal import earned, screens
from milepad.terminal.terminal import COLUMNS

if TYPE_CHECKING:
    from typing import Iterator

    from milepad.base.transaction import Transaction
    from milepad.link.retry import CallResult
    from milepad.receipt.protocols import Element, PrinterSettings
    from milepad.terminal.slip_facts import SlipFacts
    from milepad.terminal.terminal import Terminal

_BESIDE_ENTER = COLUMNS - len(" ENTER")


class Slips:
    """Prints on a terminal's printer. `printer` is the profile's section of that name."""

    def __init__(
        self, terminal: "Terminal", facts: "SlipFacts", printer: "PrinterSettings"
    ):
        self.facts = facts
        self.last: tuple[dict, str] | None = None  # facts and language, for a reprint
        self._terminal = terminal
        self._printer = printer

    async def print(self, facts: dict, language: str, reprint: bool = False) -> bool:
        """Prints the customer's copy and, where the shop keeps one, the store's.

        False when the cashier gave up on one of them.
        """
        self.last = (facts, language)
        self._announce(facts, reprint)
        copies = ["customer"]
        if self._printer["store_copy"] and facts["kind"] != "balance":
            copies.append("store")
        for copy in copies:
            if not await self._print_copy(facts, language, copy, reprint):
                return False
        return True

    async def print_transaction(self, transaction: "Transaction") -> bool:
        """Prints the slip of a transaction that has its result; see `print`."""
        facts = self.facts.of_transaction(transaction)
        return await self.print(facts, transaction.language)

    async def print_own(self, facts: dict) -> bool:
        """Prints what is no sale's slip, in the cashier's language; False when the cashier
        gave up. A reprint goes on giving the last slip of a sale.
        """
        return await self._print_copy(facts, self._terminal.language, "store", False)

    async def approved(
        self,
        transaction: "Transaction",
        call: "CallResult | None",
        rows: list[str],
        voided: bool = False,
        earning: "Transaction | None" = None,
        is_told: bool = False,
    ) -> None:
        """Shows an approval's rows while its slip is printed, and then until a key.

        What is odd about it follows on screens of its own. `call` is None for one of an
        earlier life of the device, whose reply was not kept. `voided`: a reversal of a
        redemption whose discount was never given. `earning`: what the same checkout has
        earned, told on the same slip and in the last row. `is_told`: the rows stand already.
        """
        terminal = self._terminal
        last = terminal.text("go_on")
        if earning:
            last = terminal.pair(
                earned.row(terminal, earning, _BESIDE_ENTER), terminal.text("enter")
            )
        sound = "" if is_told else "ok"
        terminal.announce(sound, *rows, terminal.text("printing"))
        if call:
            facts = self.facts.of_approval(transaction, call)
        else:
            facts = self.facts.of_transaction(transaction)
        facts["voided"] = voided
        if earning:
            facts.update(earned.beside_redemption(earning, transaction.basket_cents))
        await self.print(facts, transaction.language)
        await terminal.message("", *rows, last)
        await screens.odd_approval(terminal, transaction)

    async def inquiry_failed(
        self, inquiry: "Transaction", call: "CallResult", second_key: str
    ) -> bool:
        """An inquiry that was refused or got no answer; whether the cashier tries again.

        Where support asks for its trace id, a slip has it.
        """
        is_told = screens.needs_slip(INQUIRE, call)
        if is_told:
            facts = self.facts.of_refused_inquiry(inquiry, call.code)
            await self.print(facts, inquiry.language)
        return await screens.failed(self._terminal, call, "", second_key, is_told, True)

    async def _print_copy(
        self, facts: dict, language: str, copy: str, reprint: bool
    ) -> bool:
        facts["programme"] = self._terminal.programme

        def job(is_copy: bool) -> bytes:
            columns = self._printer["columns"]
            elements = layout.slip(facts, language, columns, copy, is_copy)
            return escpos.job(_used_up(elements), self._printer)

        return await self._terminal.print(job(reprint), lambda: job(True))

    def _announce(self, facts: dict, reprint: bool) -> None:
        """Says what the slip is about while it is printed; an approval's own screen says it."""
        terminal = self._terminal
        printing = terminal.text("printing")
        if reprint:
            number = facts.get("confirmation_number")
            terminal.show(
                terminal.text("card_is") % facts["collector_number"][-4:],
                "%04d-%02d-%02d %02d:%02d" % tuple(facts["when"][:5]),
                terminal.confirmation(number) if number else "",
                printing,
            )
        elif facts["kind"] == "unknown":
            second = terminal.text("no_refund" if facts["reversing"] else "no_discount")
            advice = terminal.text("unknown_advice") % facts["trace_id"]
            title = screens.no_answer_title(terminal, facts["response_code"])
            terminal.announce("error", title, second, advice, printing)
        elif facts["kind"] == "declined":
            code, trace_id = facts["response_code"], facts["trace_id"]
            terminal.announce("error", *screens.refused_rows(terminal, code, trace_id))


def _used_up(elements: "list[Element]") -> "Iterator[Element]":
    """Yields a slip's lines; each goes as its bytes come, for both are 3 KiB."""
    elements.reverse()
    while elements:
        yield elements.pop()
