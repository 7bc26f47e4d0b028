"""Every message, in en-CA and fr-CA: three files a language, for the screens of the idle device
and of a sale without trouble, for the slips of a redemption, an earning and a balance, and for
what is seldom shown or printed; with the same keys in both languages.

A message on the screen is one row, or two rows with a newline between them; no row is wider
than 20 columns once its values are in. The words of slips are apart: paper is wider. What the
programme is called, and what it gives, is the profile's, see `base.programme`.
"""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.programme import DEFAULT, Programme, is_form
from milepad.base.vocabulary import ENGLISH, FRENCH

if TYPE_CHECKING:
    from types import ModuleType


def _file(language: str) -> "ModuleType":
    # A language is loaded when it is first shown: a shop works in one of them.
    if language == ENGLISH:
        from milepad.words import en_ca

        return en_ca
    if language == FRENCH:
        from milepad.words import fr_ca

        return fr_ca
    raise KeyError(language)


def _seldom_file(language: str) -> "ModuleType":
    # Three quarters of the messages: an idle device has no use for them, nor have most sales.
    # What is said where nothing can be loaded any more is in the other file.
    if language == ENGLISH:
        from milepad.words import en_ca_seldom

        return en_ca_seldom
    from milepad.words import fr_ca_seldom

    return fr_ca_seldom


def _slips_file(language: str) -> "ModuleType":
    # As with the screen's: what is never printed in a language is never loaded.
    if language == ENGLISH:
        from milepad.words import en_ca_slips

        return en_ca_slips
    if language == FRENCH:
        from milepad.words import fr_ca_slips

        return fr_ca_slips
    raise KeyError(language)


def text(key: str, language: str, programme: Programme = DEFAULT) -> str:
    """The message of a key on the screen. Raises KeyError for one that is not there."""
    texts = _file(language).TEXTS
    if key not in texts:
        texts = _seldom_file(language).TEXTS
    return programme.message(texts, key, language)


def slip_text(key: str, language: str, programme: Programme = DEFAULT) -> str:
    """The words of a key on a slip. Raises KeyError for one that is not there."""
    texts = _slips_file(language).SLIP_TEXTS
    if key not in texts:
        texts = _seldom_file(language).SLIP_TEXTS
    return programme.message(texts, key, language)


def table(language: str, programme: Programme = DEFAULT) -> dict[str, str]:
    """{key: message} of the screens in a language, each by its plain key."""
    return {
        key: programme.message(texts, key, language)
        for texts in (_file(language).TEXTS, _seldom_file(language).TEXTS)
        for key in texts
        if not is_form(texts, key)
    }
