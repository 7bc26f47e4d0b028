"""What stands on a slip, as lines that fit the paper. Knows no printer and no reply.

`slip(facts, language, columns, copy)` is the one entrance. `facts` is a dict of plain
values; what is None or absent is left out:

- `kind`: "redemption", "reversal", "balance", "declined", "unknown", "totals" (of a day),
  "device" (what it says of itself, `rows` of (label, value)), or a kind of `earned`, where
  the facts of an earning are told;
  `reversing`: True when it is a reversal that got no answer; `voided`: True when it takes
  back a redemption whose discount was never given; `needs_support`: True for a refusal to be
  told to AIR MILES
- `asked_cents`: what was tried; `mismatch`: True when the reply named another amount
- `programme`: whose words the slip has, see `base.programme`; AIR MILES when it is left out
- `when`: local (y, m, d, H, M, S); `store`, `footer`: lists of texts; `device_id`,
  `trace_id`, `response_code`: texts; `collector_number`: printed masked
- `basket_cents`, `redeemed_cents`, `miles`, `units`: of a reversal, what it gives back
- `redemption_number`: of a reversal, what it takes back
- `confirmation_number`, `offer_text`, `message` (what a refusal says): texts
- of totals: `day_start` as `when`, and `redeemed_`, `reversed_` and `unresolved_count` and
  `_cents`, `redeemed_miles`, `reversed_miles`, `net_cents`, `net_miles`; where the shop's
  sales earn, `issued_`, `returned_` and `pending_count` and `_miles`, and `queued_` and
  `parked_count`
- `cash_balance`, `dream_balance`, `available_cash_miles` in miles, `available_cents`,
  `balances_allowed`; `locked`: True when the account may not redeem, whatever its balance

Balances and available Cash stand on the customer's copy only: the store's copy lies in a
drawer where others read it. They are printed when `balances_allowed` is True, and never
under code 0001 or 0005, whatever the caller allows (specification, response codes). Only a
redemption and an earning have a barcode, what a refund or a return is found by: the number
of a reversal must not be scanned to reverse anything.
"""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import FieldError
from milepad.base.money import display_dollars
from milepad.base.vocabulary import DECLINED, LANGUAGES, UNKNOWN
from milepad.card.collector_number import masked
from milepad.receipt import earned
from milepad.receipt.escpos import BARCODE, BOLD, CENTER, TALL
from milepad.receipt.paper import Slip, pair

if TYPE_CHECKING:
    from milepad.receipt.protocols import Element, Facts

_CASH_KINDS = ("redemption", "reversal", "balance", DECLINED, UNKNOWN)
_KINDS = _CASH_KINDS + earned.KINDS + ("totals", "device")


def as_on_card(number: str) -> str:
    """A collector number masked, 11 digits grouped 4-3-4: "**** *** 2006"."""
    text = masked(number)
    return text[:4] + " " + text[4:7] + " " + text[7:] if len(text) == 11 else text


def _head(slip: Slip, reprint: bool) -> None:
    """Shop, title, and what every slip says about its request."""
    facts = slip.facts
    slip.centred("store")
    slip.gap()
    is_earning = facts["kind"] in earned.KINDS
    slip.word("programme" if is_earning else "brand", CENTER)
    voided = facts.get("voided")
    title = earned.title(facts) if is_earning else facts["kind"]
    slip.word("voided" if voided else title, CENTER | BOLD | TALL)
    if voided:
        slip.word("no_discount", CENTER | BOLD | TALL)
    if facts["kind"] == UNKNOWN:
        key = "no_refund" if facts.get("reversing") else "no_discount"
        slip.word(key, CENTER | BOLD | TALL)
    if reprint:
        slip.word("reprint", CENTER | BOLD)
    slip.gap()
    slip.moment("when")
    slip.fields("device_id", "trace_id")
    if facts.get("collector_number"):
        slip.pair("collector_number", as_on_card(facts["collector_number"]))
    slip.gap()
    if not is_earning:
        slip.fields("basket_cents", "redemption_number")


def _moved(slip: Slip, redeemed: bool) -> None:
    """What a redemption took or a reversal gave back, and the number that proves it."""
    facts = slip.facts
    cents = facts.get("redeemed_cents")
    if cents is not None:
        key = "redeemed_cents" if redeemed else "reversed"
        slip.pair(key, display_dollars(cents, slip.language, True), BOLD)
    slip.fields("units", "miles")
    if redeemed and cents is not None and facts.get("basket_cents") is not None:
        left_cents = facts["basket_cents"] - max(0, cents)
        slip.pair("to_pay", display_dollars(max(0, left_cents), slip.language, True), BOLD)
    slip.gap()
    if facts.get("mismatch"):
        slip.word("mismatch", BOLD)
        slip.fields("asked_cents")
        slip.gap()
    number = facts.get("confirmation_number")
    if number:
        slip.pair("confirmation_number", number, BOLD)
        if redeemed:
            slip.elements.append((BARCODE, number))
    else:
        slip.word("no_confirmation", BOLD)
    if facts.get("mismatch") or not number:
        _quote(slip, "support")
    slip.gap()
    earned.part(slip)


def _quote(slip: Slip, key: str) -> None:
    """Whom to tell the trace id, and the trace id."""
    slip.word(key)
    slip.lines(slip.facts.get("trace_id"), CENTER | BOLD)


def _balances(slip: Slip) -> None:
    """The collector's miles where they may be printed, and what the platform offers."""
    facts = slip.facts
    suppressed = facts.get("response_code") in ("0001", "0005")
    if facts.get("balances_allowed") is True and not suppressed:
        slip.fields("cash_balance", "dream_balance")
        if not facts.get("locked"):
            slip.fields("available_cash_miles", "available_cents")
    elif facts["kind"] == "balance":
        slip.word("hidden")
    if facts.get("locked"):
        slip.word("locked", BOLD)
    slip.gap()
    slip.lines(facts.get("offer_text"))
    slip.gap()


def _unknown(slip: Slip) -> None:
    """That nobody knows what became of the request, and whom to ask."""
    slip.gap()
    slip.fields("asked_cents")
    if slip.facts.get("response_code"):
        slip.fields("response_code")
    slip.word("unknown_reversal" if slip.facts.get("reversing") else "unknown_miles")
    slip.gap()
    _quote(slip, "escalate")
    slip.gap()


def _declined(slip: Slip) -> None:
    """What a refusal says, and what the customer is owed after it."""
    code = slip.facts.get("response_code")
    slip.gap()
    slip.lines(slip.facts.get("message"), BOLD)
    if code == "0080":
        slip.word("no_cash", BOLD)
    if code:
        slip.fields("response_code")
    if slip.facts.get("needs_support"):
        _quote(slip, "support")
    slip.gap()


def _totals(slip: Slip) -> None:
    """A day in numbers: what was redeemed, what was given back, and what is not known."""
    slip.moment("day_start")
    for names in (
        ("redeemed_count", "redeemed_cents", "redeemed_miles"),
        ("reversed_count", "reversed_cents", "reversed_miles"),
        ("net_cents", "net_miles"),
        ("unresolved_count", "unresolved_cents"),
        ("issued_count", "issued_miles"),
        ("returned_count", "returned_miles"),
        ("pending_count", "pending_miles"),
        ("queued_count", "parked_count"),
    ):
        slip.gap()
        slip.fields(*names)
    slip.gap()


def _device(slip: Slip) -> None:
    """What a device says of itself, a label and a value a line."""
    for label, value in slip.facts["rows"]:
        for line in pair(label, value, slip.columns):
            slip.elements.append((0, line))


def slip(
    facts: "Facts", language: str, columns: int, copy: str, reprint: bool = False
) -> "list[Element]":
    """The elements of one slip, as (style, text) with the styles of `escpos`.

    No text is wider than `columns` but a barcode's. `copy` is "customer" or "store"; a
    `reprint` is marked as one. Raises FieldError for an unknown kind, copy or language.
    """
    kind = facts.get("kind")
    if kind not in _KINDS:
        raise FieldError("kind", "a kind of slip")
    if copy not in ("customer", "store"):
        raise FieldError("copy", "customer or store")
    if language not in LANGUAGES:
        raise FieldError("language", "en-CA or fr-CA")
    slip = Slip(facts, language, columns)
    _head(slip, reprint)
    if kind in ("totals", "device"):
        (_totals if kind == "totals" else _device)(slip)
        return slip.elements
    if kind in earned.KINDS:
        earned.body(slip)
    elif kind == UNKNOWN:
        _unknown(slip)
    elif kind == DECLINED:
        _declined(slip)
    else:
        if kind != "balance":
            _moved(slip, kind == "redemption")
        slip.gap()
        if copy == "customer":
            _balances(slip)
    if kind == "redemption":
        slip.word("keep", CENTER)
    slip.word(copy, CENTER)
    slip.centred("footer")
    return slip.elements
