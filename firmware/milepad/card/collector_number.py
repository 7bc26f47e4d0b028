"""What a collector's number is, and how it is found in the digits of a card.

Pure: text in, `Card` out. No page that was found states where the number stands on a real
card (FACTS 8.3), so that is a matter of rules: the profile's [card] section as a dict.

| rule        | default | meaning                                                      |
|-------------|---------|--------------------------------------------------------------|
| track       | 0       | 1, 2, or 0 for whichever holds a number (see tracks.py)      |
| prefix      | ""      | digits that the field starts with; they are dropped          |
| offset      | 0       | digits dropped after the prefix; -1: the number stands last  |
| tail        | 0       | digits dropped after the number                              |
| length      | 11      | digits of the number                                         |
| first_digit | "8"     | what the number starts with; "" for anything                 |
| check_digit | "warn"  | "warn", "refuse" or "off": a number that fails modulus 11    |

Digits that the rules do not account for are refused: many a product's 12 or 13 digit bar
code starts with 8. The default only warns of a check digit, because the one rule that is
known comes from a single source and two of the platform's own samples fail it (FACTS X7).
"""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import CardError, ForeignCardError
from milepad.base.text import digits_only
from milepad.base.vocabulary import MANUAL

if TYPE_CHECKING:
    from milepad.card.protocols import CardRules

CHECK_DIGIT = "check_digit"

LENGTH = 11
_WEIGHTS = b"\x06\x05\x04\x03\x08\x07\x06\x05\x04\x03"


class Card:
    """A collector number, how it was entered, and what is odd about it.

    `warning` is None, or `CHECK_DIGIT` when the number fails modulus 11.
    """

    def __init__(
        self, collector_number: str, card_entry_mode: str, warning: str | None = None
    ):
        self.collector_number = collector_number
        self.card_entry_mode = card_entry_mode
        self.warning = warning


def is_valid_check(number: str) -> bool:
    """Whether `number` is 11 digits of which the last is the modulus 11 check digit.

    "84095202006" is; "81111111111" is not (FACTS 8.2).
    """
    if len(number) != LENGTH or not digits_only(number):
        return False
    total = 0
    for i in range(LENGTH - 1):
        total += int(number[i]) * _WEIGHTS[i]
    rest = total % 11
    return int(number[-1]) == (0 if rest < 2 else 11 - rest)


def masked(number: str) -> str:
    """The number for paper and screen: "84095202006" is "*******2006".

    Of anything shorter than a collector number nothing is shown.
    """
    shown = 4 if len(number) >= LENGTH else 0
    hidden = len(number) - shown
    return "*" * hidden + number[hidden:]


def accept(number: str, rules: "CardRules", card_entry_mode: str) -> Card:
    """A card with exactly `number`, if its length, first digit and check digit are right.

    Raises CardError; ForeignCardError where it is not for the check digit.
    """
    if len(number) != rules.get("length", LENGTH) or not digits_only(number):
        raise ForeignCardError("no collector number")
    if not number.startswith(rules.get("first_digit", "8")):
        raise ForeignCardError("not a collector card")
    check = rules.get("check_digit", "warn")
    # The check digit is known for 11 digits only.
    if check == "off" or len(number) != LENGTH or is_valid_check(number):
        return Card(number, card_entry_mode)
    if check == "refuse":
        raise CardError("wrong check digit")
    return Card(number, card_entry_mode, CHECK_DIGIT)


def find(field: str, rules: "CardRules", card_entry_mode: str) -> Card:
    """The number in `field`, the digits of a track or bar code, where the rules say it is.

    With `{"prefix": "6000", "offset": 1}`, "6000984095202006" holds 84095202006.
    Raises as `accept`.
    """
    prefix = rules.get("prefix", "")
    offset = rules.get("offset", 0)
    end = len(field) - rules.get("tail", 0)
    start = end - rules.get("length", LENGTH)
    spare = start - len(prefix)  # digits between the prefix and the number
    if spare < 0 or offset not in (-1, spare) or not digits_only(field):
        raise ForeignCardError("no collector number")
    if not field.startswith(prefix):
        raise ForeignCardError("not a collector card")
    return accept(field[start:end], rules, card_entry_mode)


def keyed(text: str, rules: "CardRules") -> Card:
    """The card of a number that a cashier keyed; prefix, offset and tail are not keyed.

    Raises CardError.
    """
    return accept(text, rules, MANUAL)
