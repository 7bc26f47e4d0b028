"""What stands on a slip, as lines that fit the paper. Knows no printer and no reply.

`slip(facts, language, columns, copy)` is the one entrance. `facts` is a dict of plain
values; what is None or absent is left out:

- `kind`: "redemption", "reversal", "balance", "declined", "unknown" or "totals" (of a day);
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
  `balances_allowed`

Balances and available Cash stand on the customer's copy only: the store's copy lies in a
drawer where others read it. They are printed when `balances_allowed` is True, and never
under code 0001 or 0005, whatever the caller allows (specification, response codes). Only a
redemption has a barcode: the number of a reversal must not be scanned to reverse anything.
"""

from milepad.base.errors import FieldError
from milepad.receipt import words
from milepad.receipt.escpos import BARCODE, BOLD, CENTER, TALL
from milepad.receipt.tidy import tidy

_KINDS = ("redemption", "reversal", "balance", "declined", "unknown", "totals")
_MAX_LINES = 8  # of an offer or a message: a wild reply must not eat the roll


def masked(number: str) -> str:
    """All but the last four as "*", grouped 4-3-4 as on the card: "**** *** 2006"."""
    hidden = len(number) - 4 if len(number) > 4 else len(number)
    text = "*" * hidden + number[hidden:]
    return text[:4] + " " + text[4:7] + " " + text[7:] if len(text) == 11 else text


def grouped(value: int, language: str) -> str:
    """A whole number with its thousands apart: "7,125", in French "7 125" (no-break)."""
    text = str(abs(value))
    out = text[-3:]
    while len(text) > 3:
        text = text[:-3]
        out = text[-3:] + ("\u00a0" if language == "fr-CA" else ",") + out
    return "-" + out if value < 0 else out


def dollars(cents: int, language: str) -> str:
    """An amount as paper shows it: "$40.00", in French "40,00 $" (no-break)."""
    form = "%s%s,%02d\u00a0$" if language == "fr-CA" else "%s$%s.%02d"
    size = abs(cents)
    return form % ("-" if cents < 0 else "", grouped(size // 100, language), size % 100)


def wrap(text: str, columns: int) -> list[str]:
    """Lines of at most `columns`, broken at spaces; a word that is longer is cut."""
    lines = []
    line = ""
    for word in tidy(text).split(" "):
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
    value = tidy(value)
    fill = columns - len(label) - len(value)
    if fill > 0:
        return [label + " " * fill + value]
    lines = wrap(value, columns)
    return wrap(label, columns) + [" " * (columns - len(line)) + line for line in lines]


class _Slip:
    """The elements so far, and what every line needs to know."""

    def __init__(self, facts: dict, language: str, columns: int):
        self.facts = facts
        self.language = language
        self.columns = columns
        self.elements: list[tuple[int, str]] = []

    def lines(self, text: str | None, style: int = 0) -> None:
        """A paragraph."""
        for line in wrap(text or "", self.columns)[:_MAX_LINES]:
            self.elements.append((style, line))

    def word(self, key: str, style: int = 0) -> None:
        """A paragraph of our own words."""
        self.lines(words.text(key, self.language), style)

    def pair(self, key: str, value: str, style: int = 0) -> None:
        """A labelled value."""
        for line in pair(words.text(key, self.language), value, self.columns):
            self.elements.append((style, line))

    def fields(self, *names: str) -> None:
        """The facts of these names that are there, each with its label and in its form."""
        for name in names:
            value = self.facts.get(name)
            if value is not None:
                if name.endswith("_cents"):
                    value = dollars(value, self.language)
                elif isinstance(value, int):
                    value = grouped(value, self.language)
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


def _head(paper: _Slip, reprint: bool) -> None:
    facts = paper.facts
    paper.centred("store")
    paper.gap()
    paper.word("brand", CENTER)
    voided = facts.get("voided")
    paper.word("voided" if voided else facts["kind"], CENTER | BOLD | TALL)
    if voided:
        paper.word("no_discount", CENTER | BOLD | TALL)
    if facts["kind"] == "unknown":
        key = "no_refund" if facts.get("reversing") else "no_discount"
        paper.word(key, CENTER | BOLD | TALL)
    if reprint:
        paper.word("reprint", CENTER | BOLD)
    paper.gap()
    paper.moment("when")
    paper.fields("device_id", "trace_id")
    if facts.get("collector_number"):
        paper.pair("collector_number", masked(facts["collector_number"]))
    paper.gap()
    paper.fields("basket_cents", "redemption_number")


def _moved(paper: _Slip, redeemed: bool) -> None:
    """What a redemption took or a reversal gave back, and the number that proves it."""
    facts = paper.facts
    cents = facts.get("redeemed_cents")
    if cents is not None:
        key = "redeemed_cents" if redeemed else "reversed"
        paper.pair(key, dollars(cents, paper.language), BOLD)
    paper.fields("units", "miles")
    if redeemed and cents is not None and facts.get("basket_cents") is not None:
        left_cents = facts["basket_cents"] - max(0, cents)
        paper.pair("to_pay", dollars(max(0, left_cents), paper.language))
    paper.gap()
    if facts.get("mismatch"):
        paper.word("mismatch", BOLD)
        paper.fields("asked_cents")
        paper.gap()
    number = facts.get("confirmation_number")
    if number:
        paper.pair("confirmation_number", number, BOLD)
        if redeemed:
            paper.elements.append((BARCODE, number))
    else:
        paper.word("no_confirmation", BOLD)
    if facts.get("mismatch") or not number:
        _quote(paper, "support")
    paper.gap()


def _quote(paper: _Slip, key: str) -> None:
    """Whom to tell the trace id, and the trace id."""
    paper.word(key)
    paper.lines(paper.facts.get("trace_id"), CENTER | BOLD)


def _balances(paper: _Slip) -> None:
    facts = paper.facts
    suppressed = facts.get("response_code") in ("0001", "0005")
    if facts.get("balances_allowed") is True and not suppressed:
        paper.fields(
            "cash_balance", "dream_balance", "available_cash_miles", "available_cents"
        )
    elif facts["kind"] == "balance":
        paper.word("hidden")
    paper.gap()
    paper.lines(facts.get("offer_text"))
    paper.gap()


def _failed(paper: _Slip) -> None:
    facts = paper.facts
    paper.gap()
    if facts["kind"] == "unknown":
        paper.fields("asked_cents")
        if facts.get("response_code"):
            paper.fields("response_code")
        paper.word("unknown_reversal" if facts.get("reversing") else "unknown_miles")
        paper.gap()
        _quote(paper, "escalate")
    else:
        paper.lines(facts.get("message"), BOLD)
        if facts.get("response_code") == "0080":
            paper.word("no_cash", BOLD)
        if facts.get("response_code"):
            paper.fields("response_code")
        if facts.get("needs_support"):
            _quote(paper, "support")
    paper.gap()


def _totals(paper: _Slip) -> None:
    """A day in numbers: what was redeemed, what was given back, and what is not known."""
    paper.moment("day_start")
    for names in (
        ("redeemed_count", "redeemed_cents", "redeemed_miles"),
        ("reversed_count", "reversed_cents", "reversed_miles"),
        ("net_cents", "net_miles"),
        ("unresolved_count", "unresolved_cents"),
    ):
        paper.gap()
        paper.fields(*names)
    paper.gap()


def slip(
    facts: dict, language: str, columns: int, copy: str, reprint: bool = False
) -> list[tuple[int, str]]:
    """The elements of one slip, as (style, text) with the styles of `escpos`.

    No text is wider than `columns` but a barcode's. `copy` is "customer" or "store"; a
    `reprint` is marked as one. Raises FieldError for an unknown kind, copy or language.
    """
    kind = facts.get("kind")
    if kind not in _KINDS:
        raise FieldError("kind", "a kind of slip")
    if copy not in ("customer", "store"):
        raise FieldError("copy", "customer or store")
    paper = _Slip(facts, language, columns)
    _head(paper, reprint)
    if kind == "totals":
        _totals(paper)
        return paper.elements
    if kind in ("declined", "unknown"):
        _failed(paper)
    else:
        if kind != "balance":
            _moved(paper, kind == "redemption")
        paper.gap()
        if copy == "customer":
            _balances(paper)
    if kind == "redemption":
        paper.word("keep", CENTER)
    paper.word(copy, CENTER)
    paper.centred("footer")
    return paper.elements
