"""Facts for the printer: a transaction or a reply becomes the plain values of a slip.

What may be printed is decided by the response code's row; how it looks, by `receipt`.
"""

from milepad import words
from milepad.amcash import response_codes
from milepad.base import clock
from milepad.base.compat import TYPE_CHECKING
from milepad.base.programme import Programme
from milepad.base.vocabulary import (
    APPROVED,
    FRENCH,
    NOT_SENT,
    REVERSE,
    UNKNOWN,
)
from milepad.card import scan
from milepad.card.collector_number import masked
from milepad.terminal import earned, screens

if TYPE_CHECKING:
    from milepad.amcash.replies import Reply
    from milepad.base.timekeeper import Timekeeper
    from milepad.base.transaction import Transaction
    from milepad.ledger.ledger import Ledger
    from milepad.link.retry import CallResult

_BALANCES = (
    ("cash_balance", "cashBalance"),
    ("dream_balance", "dreamBalance"),
    ("available_cash_miles", "availableCashBalance"),
)


class SlipFacts:
    """Makes the facts of slips for one shop, see `receipt.layout.slip`.

    `profile` is checked, `zone` is the store's, `ledger` knows the redemptions and `time`,
    the Timekeeper, what is on a slip that no transaction dates.
    """

    def __init__(
        self, profile: dict, zone: clock.Zone, ledger: "Ledger", time: "Timekeeper"
    ):
        self.programme = Programme(profile["programme"])
        self._receipt = profile["receipt"]
        self._card_rules = profile["card"]
        self._device_id = profile["device"]["device_id"]
        self._zone = zone
        self._ledger = ledger
        self._time = time

    def of_transaction(self, transaction: "Transaction") -> dict:
        """The facts of one that has a result; balances are not kept, so there are none."""
        result = transaction.result
        facts = self.common(transaction.unix_s, transaction.collector_number)
        if transaction.is_earning:
            facts["trace_id"] = transaction.trace_id
            facts.update(earned.alone(transaction))
            return facts
        facts["asked_cents"] = transaction.redeem_cents or None
        facts["trace_id"] = transaction.trace_id
        facts["confirmation_number"] = transaction.result.confirmation_number
        reversing = transaction.op == REVERSE
        if transaction.outcome == APPROVED:
            facts["kind"] = "reversal" if reversing else "redemption"
            moved_cents = transaction.moved_cents
            # None: the reply did not say, and the device does not know.
            facts["redeemed_cents"] = (
                moved_cents if result.mismatch else moved_cents or None
            )
            facts["miles"] = result.miles or None
            facts["mismatch"] = result.mismatch
            facts["response_code"] = result.response_code
        elif transaction.outcome == UNKNOWN:
            facts["kind"] = "unknown"
            facts["reversing"] = reversing
            facts["response_code"] = result.response_code
        elif transaction.outcome == NOT_SENT:
            facts["kind"] = "declined"
            facts["message"] = words.text("not_sent", transaction.language)
        else:
            _add_refusal(facts, result.response_code, transaction.language, self.programme)
        if reversing:
            facts["redemption_number"] = self._reversed_number(transaction)
        else:
            facts["basket_cents"] = transaction.basket_cents
        return facts

    def of_approval(self, transaction: "Transaction", call: "CallResult") -> dict:
        """The facts of a transaction that was approved just now.

        Takes the reply out of the outcome: it is 2 KB that the slip's bytes may need.
        """
        reply, call.reply = call.reply, None
        facts = self.of_transaction(transaction)
        facts["units"] = call.units
        if reply is None:
            return facts
        _add_balances(facts, reply, self.programme)
        if transaction.op != REVERSE:
            french = transaction.language == FRENCH
            facts["offer_text"] = reply.text("offerDescFr" if french else "offerDescEn")
        return facts

    def of_balance(self, inquiry: "Transaction", reply: "Reply") -> dict:
        """The facts of an inquiry whose answer the collector takes along."""
        facts = self.common(self._time.now_s(), inquiry.collector_number)
        facts["kind"] = "balance"
        return _add_balances(facts, reply, self.programme)

    def of_refused_inquiry(self, inquiry: "Transaction", code: str) -> dict:
        """The facts of an inquiry that support has to be told of."""
        facts = self.common(self._time.now_s(), inquiry.collector_number)
        _add_refusal(facts, code, inquiry.language, self.programme)
        facts["trace_id"] = inquiry.trace_id
        return facts

    def shown_number(self, number: str, is_known: bool) -> str:
        """A redemption's number for screen and paper: a card's that was taken for it is masked.

        `is_known`: the ledger or the platform knows a redemption by it, so it is no card's.
        """
        if is_known or not scan.may_be_card(number, self._card_rules):
            return number
        return masked(number)

    def common(self, unix_s: int, collector_number: str) -> dict:
        """The facts that every slip has: when, where, which device, whose card."""
        return {
            "when": clock.local(unix_s, self._zone),
            "store": self._receipt["header"],
            "footer": self._receipt["footer"],
            "device_id": self._device_id,
            "collector_number": collector_number,
        }

    def _reversed_number(self, reversal: "Transaction") -> str:
        """The number of what a reversal takes back, as it may be printed."""
        number = reversal.redemption_number
        is_approved = reversal.outcome == APPROVED
        return self.shown_number(
            number, is_approved or self._ledger.find_redemption(number) is not None
        )


def _add_balances(facts: dict, reply: "Reply", programme: Programme) -> dict:
    """Adds what the reply says about miles, if its code lets paper show it."""
    facts["response_code"] = reply.code
    row = response_codes.lookup(reply.code)
    facts["balances_allowed"] = row.balances_allowed
    facts["locked"] = not row.prompt_allowed
    for name, member in _BALANCES:
        facts[name] = reply.number(member)
    if not programme.has_two_balances:
        facts["dream_balance"] = None
    facts["available_cents"] = reply.cents("availableDollarAmount")
    return facts


def _add_refusal(facts: dict, code: str, language: str, programme: Programme) -> None:
    """Adds what a refusal says, in the collector's language."""
    facts["kind"] = "declined"
    facts["response_code"] = code
    key = response_codes.lookup(code).message_key
    facts["message"] = words.text(key, language, programme)
    facts["needs_support"] = screens.needs_support(code)
