"""What stands on a slip, as lines that fit the paper. Knows no printer and no reply.

`slip(facts, language, columns, copy)` is the one entrance. `facts` is a dict of plain
values; what is None or absent is left out:

- `kind`: "redemption", "reversal", "balance", "declined", "unknown", "totals" (of a day) or
  "device" (what it says of itself, `rows` of (label, value));
  `reversing`: True when it is a reversal that got no answer; `voided`: True when it takes
  back a redemption whose discount was never given; `needs_support`: True for a refusal to be
  told to AIR MILES
- `asked_cents`: what was tried; `mismatch`: True when the reply named another amount
- `when`: local (y, m, d, H, M, S); `store`, `footer`: lists of texts; `device_id`,
  `trace_id`, `response_code`: texts; `collector_number`: printed masked
- `basket_cents`, `redeemed_cents`, `miles`, `units`: of a reversal, what it gives back
- `redemption_number`: of a reversal, what it takes back
- `confirmation_number`, `offer_text`, `message` (what a refusal says): texts
- of totals: `day_start` as `when`, and `redeemed_`, `reversed_` and `unresolved_count` and
  `_cents`, `redeemed_miles`, `reversed_miles`, `net_cents`, `net_miles`
- `cash_balance`, `dream_balance`, `available_cash_miles` in miles, `available_cents`,
  `balances_allowed`; `locked`: True when the account may not redeem, whatever its balance

Balances and available Cash stand on the customer's copy only: the store's copy lies in a
drawer where others read it. They are printed when `balances_allowed` is True, and never
under code 0001 or 0005, whatever the caller allows (specification, response codes). Only a
redemption has a barcode: the number of a reversal must not be scanned to reverse anything.
"""

from milepad import words
from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import FieldError
from milepad.base.money import display_dollars, group_thousands
from milepad.base.vocabulary import DECLINED, LANGUAGES, UNKNOWN
from milepad.card.collector_number import masked
from milepad.receipt.code_pages import normalize
from milepad.receipt.escpos import BARCODE, BOLD, CENTER, TALL

if TYPE_CHECKING:
    from milepad.receipt.protocols import Element, Facts

_KINDS = ("redemption", "reversal", "balance", DECLINED, UNKNOWN, "totals", "device")
_MAX_LINES = 8  # of one text: a reply's long description must not use up the paper


def as_on_card(number: str) -> str:
    """A collector number masked, 11 digits grouped 4-3-4: "**** *** 2006"."""
    text = masked(number)
    return text[:4] + " " + text[4:7] + " " + text[7:] if len(text) == 11 else text


def wrap(text: str, columns: int) -> list[str]:
    """Lines of at most `columns`, broken at spaces; a word that is longer is cut."""
    lines = []
    line = ""
    for word in normalize(text).split(" "):
        if line and len(line) + 1 + len(word) > columns:
            lines.append(line)
            line = ""
        rest = word
        while len(rest) > columns:
            lines.append(rest[:columns])
            rest = rest[columns:]
        line = line + " " + rest if line and rest else line + rest
    if line:
        lines.append(line)
    return lines


def pair(label: str, value: str, columns: int) -> list[str]:
    """`label` at the left and `value` at the right; on lines of their own if they must."""
    value = normalize(value)
    fill = columns - len(label) - len(value)
    if fill > 0:
        return [label + " " * fill + value]
    lines = wrap(value, columns)
    return wrap(label, columns) + [" " * (columns - len(line)) + line for line in lines]


class _Slip:
    """The elements so far, and what every line needs to know."""

    def __init__(self, facts: "Facts", language: str, columns: int):
        self.facts = facts
        self.language = language
        self.columns = columns
        self.elements: "list[Element]" = []

    def lines(self, text: str | None, style: int = 0) -> None:
        """A paragraph."""
        for line in wrap(text or "", self.columns)[:_MAX_LINES]:
            self.elements.append((style, line))

    def word(self, key: str, style: int = 0) -> None:
        """A paragraph of our own words."""
        self.lines(words.slip_text(key, self.language), style)

    def pair(self, key: str, value: str, style: int = 0) -> None:
        """A labelled value."""
        for line in pair(words.slip_text(key, self.language), value, self.columns):
            self.elements.append((style, line))

    def fields(self, *names: str) -> None:
        """The facts of these names that are there, each with its label and in its form."""
        for name in names:
            value = self.facts.get(name)
            if value is not None:
                if name.endswith("_cents"):
                    value = display_dollars(value, self.language, True)
                elif isinstance(value, int):
                    value = group_thousands(value, self.language)
                self.pair(name, value)

    def moment(self, name: str) -> None:
        """The local date and time of that name, if it is there."""
        when = self.facts.get(name)
        if when:
            self.pair(name, "%04d-%02d-%02d %02d:%02d:%02d" % tuple(when))

    def centred(self, name: str) -> None:
        """The texts of a list of the profile, one below the other."""
        for text in self.facts.get(name) or ():
            self.lines(text, CENTER)

    def gap(self) -> None:
        """One empty line between two parts that are there."""
        if self.elements and self.elements[-1] != (0, ""):
            self.elements.append((0, ""))


def _head(slip: _Slip, reprint: bool) -> None:
    """Shop, title, and what every slip says about its request."""
    facts = slip.facts
    slip.centred("store")
    slip.gap()
    slip.word("brand", CENTER)
    voided = facts.get("voided")
    slip.word("voided" if voided else facts["kind"], CENTER | BOLD | TALL)
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
    slip.fields("basket_cents", "redemption_number")


def _moved(slip: _Slip, redeemed: bool) -> None:
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


def _quote(slip: _Slip, key: str) -> None:
    """Whom to tell the trace id, and the trace id."""
    slip.word(key)
    slip.lines(slip.facts.get("trace_id"), CENTER | BOLD)


def _balances(slip: _Slip) -> None:
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


def _unknown(slip: _Slip) -> None:
    """That nobody knows what became of the request, and whom to ask."""
    slip.gap()
    slip.fields("asked_cents")
    if slip.facts.get("response_code"):
        slip.fields("response_code")
    slip.word("unknown_reversal" if slip.facts.get("reversing") else "unknown_miles")
    slip.gap()
    _quote(slip, "escalate")
    slip.gap()


def _declined(slip: _Slip) -> None:
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


def _totals(slip: _Slip) -> None:
    """A day in numbers: what was redeemed, what was given back, and what is not known."""
    slip.moment("day_start")
    for names in (
        ("redeemed_count", "redeemed_cents", "redeemed_miles"),
        ("reversed_count", "reversed_cents", "reversed_miles"),
        ("net_cents", "net_miles"),
        ("unresolved_count", "unresolved_cents"),
    ):
        slip.gap()
        slip.fields(*names)
    slip.gap()


def _device(slip: _Slip) -> None:
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
    slip = _Slip(facts, language, columns)
    _head(slip, reprint)
    if kind in ("totals", "device"):
        (_totals if kind == "totals" else _device)(slip)
        return slip.elements
    if kind == UNKNOWN:
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
