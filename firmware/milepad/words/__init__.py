"""What the cashier reads, in en-CA and fr-CA: the same keys in both.

A message is one row of the screen, or two rows with a newline between them; no row is wider
than 20 columns once its values are in. Slips have words of their own (`receipt`).
"""

from milepad.base.vocabulary import ENGLISH, FRENCH
from milepad.words import en_ca, fr_ca

_TEXTS = {ENGLISH: en_ca.TEXTS, FRENCH: fr_ca.TEXTS}


def text(key: str, language: str) -> str:
    """The message of a key. Raises KeyError for one that is not there."""
    return _TEXTS[language][key]


def table(language: str) -> dict[str, str]:
    """{key: message} of a language."""
    return _TEXTS[language]
