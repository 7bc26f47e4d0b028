"""The programme as data: its name, what is earned, its unit. AIR MILES unless told otherwise.

Press says that the name, the currency and the unit are about to change (FACTS 12): a shop
follows by provisioning. Of an offer, the reply's own unit counts, and none of this.
"""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.vocabulary import ENGLISH, FRENCH

if TYPE_CHECKING:
    from typing import Any

AIR_MILES = {
    "name": "AIR MILES",
    "currency_en": "miles",
    "currency_fr": "milles",
    "unit_miles": 95,
    "unit_dollars": 10,
    "balances": 2,
}


# Forms of a message: for a programme with one balance, and for one that is not AIR MILES.
_ONE = "_one"
_OTHER = "_other"


def is_form(texts: dict[str, str], key: str) -> bool:
    """Whether a key only says another key's message for some programmes."""
    return any(key.endswith(f) and key[: -len(f)] in texts for f in (_ONE, _OTHER))


class Programme:
    """`settings` are the profile's section `programme`."""

    def __init__(self, settings: "dict[str, Any]"):
        self.name: str = settings["name"]
        self.unit_miles: int = settings["unit_miles"]
        self.unit_cents: int = settings["unit_dollars"] * 100
        self.has_two_balances: bool = settings["balances"] == 2
        self._currency = {
            ENGLISH: settings["currency_en"],
            FRENCH: settings["currency_fr"],
        }

    def message(self, texts: dict[str, str], key: str, language: str) -> str:
        """The text of a key with this programme's words in it. Raises KeyError.

        A key with "_one" is preferred where a collector has one balance, and one with "_other"
        where the programme is not AIR MILES: its row says no more than a longer name leaves
        room for. {NAME} and {name}, {MILES}, {Miles} and {miles} are filled in.
        """
        text = texts[key]
        if not self.has_two_balances:
            text = texts.get(key + _ONE, text)
        if self.name != AIR_MILES["name"]:
            text = texts.get(key + _OTHER, text)
        if "{" not in text:
            return text
        word = self._currency[language]
        for mark, value in (
            ("{NAME}", self.name.upper()),
            ("{name}", self.name),
            ("{MILES}", word.upper()),
            ("{Miles}", word[0].upper() + word[1:]),
            ("{miles}", word),
        ):
            text = text.replace(mark, value)
        return text


DEFAULT = Programme(AIR_MILES)
