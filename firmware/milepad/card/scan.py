"""What a bar code scanner sends becomes a card, or a slip's confirmation number. Pure.

Any symbology serves, since none is published for the card (FACTS 8.3). A scanner may end
its line with CR, LF, TAB or ETX, begin it with STX, and put the symbology's AIM identifier
(ISO/IEC 15424: `]`, a letter, a digit or letter) or its maker's code letters before the data.
"""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.errors import CardError
from milepad.base.text import digits_only, letters_or_digits
from milepad.base.vocabulary import SCAN
from milepad.card.collector_number import LENGTH, Card, accept, find

if TYPE_CHECKING:
    from milepad.card.protocols import CardRules

_MAX_LINE = const(64)
_MIN_CONFIRMATION = const(4)
_MAX_CONFIRMATION = const(24)
_AROUND = " \r\n\t\0\x02\x03"


def _data(text: str) -> str:
    """The line without terminators, blanks and AIM identifier."""
    if len(text) > _MAX_LINE:
        raise CardError("bar code too long")
    text = text.strip(_AROUND)
    # A torn identifier is not guessed at: its "]" stays, and the line is refused.
    if text.startswith("]") and text[1:2] > "9" and letters_or_digits(text[1:3]):
        return text[3:].strip(_AROUND)
    return text


def scan(text: str, rules: "CardRules") -> Card:
    """The card of a scanner's line: "]C084095202006\\r" is 84095202006, entered by SCAN.

    A bar code of just the number is taken as it is; any other by the rules of
    `collector_number`, like a track. Raises CardError; ForeignCardError for the bar code of
    something else.
    """
    field = without_code_letters(_data(text))
    length = rules.get("length", LENGTH)
    begins = rules.get("prefix") or rules.get("first_digit", "8")
    if not field or (len(field) < length and field.startswith(begins)):
        raise CardError("half a bar code")
    if len(field) == length:
        return accept(field, rules, SCAN)
    return find(field, rules, SCAN)


def without_code_letters(data: str) -> str:
    """What stands behind the one or two letters by which a scanner names the symbology.

    Only digits can: of anything else the letters are a part.
    """
    for at in (1, 2):
        if letters_or_digits(data[:at]) and data[:1] > "9" and digits_only(data[at:]):
            return data[at:]
    return data


def is_card(text: str, rules: "CardRules") -> bool:
    """Whether a line holds a collector number and nothing is odd about it."""
    try:
        return not scan(text, rules).warning
    except CardError:
        return False


def may_be_card(text: str, rules: "CardRules") -> bool:
    """The same, also where its check digit is wrong and the rules only warn of that."""
    try:
        scan(text, rules)
    except CardError:
        return False
    return True


def confirmation_number(text: str) -> str:
    """The confirmation number in the bar code of a slip: 4 to 24 ASCII letters and digits.

    Raises CardError.
    """
    number = _data(text)
    good = _MIN_CONFIRMATION <= len(number) <= _MAX_CONFIRMATION
    if not (good and letters_or_digits(number)):
        raise CardError("no confirmation no.")
    return number
