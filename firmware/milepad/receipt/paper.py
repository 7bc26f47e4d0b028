"""A slip as it is filled: paragraphs, labelled values, gaps; none wider than the paper."""

from milepad import words
from milepad.base.compat import TYPE_CHECKING
from milepad.base.money import display_dollars, group_thousands
from milepad.base.programme import DEFAULT
from milepad.receipt.code_pages import normalize
from milepad.receipt.escpos import CENTER

if TYPE_CHECKING:
    from milepad.receipt.protocols import Element, Facts

_MAX_LINES = 8  # of one text: a reply's long description must not use up the paper


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


class Slip:
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

    def _text(self, key: str) -> str:
        programme = self.facts.get("programme", DEFAULT)
        return words.slip_text(key, self.language, programme)

    def word(self, key: str, style: int = 0) -> None:
        """A paragraph of our own words."""
        self.lines(self._text(key), style)

    def pair(self, key: str, value: str, style: int = 0) -> None:
        """A labelled value."""
        for line in pair(self._text(key), value, self.columns):
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

    def count(self, key: str, value: int, style: int = 0) -> None:
        """A whole number with a label of our own words."""
        self.pair(key, group_thousands(value, self.language), style)

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
