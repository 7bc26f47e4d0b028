"""What the cashier reads, in en-CA and fr-CA: the same keys in both.

A message is one row of the screen, or two rows with a newline between them; no row is wider
than 20 columns once its values are in. Slips have words of their own (`receipt`).
"""

from milepad.base.compat import forget

ENGLISH = "en-CA"
FRENCH = "fr-CA"
_loaded: dict = {}


def _usual(language: str) -> str:
    """The usual messages of a language; loaded when first needed, in place of the other."""
    if language not in _loaded:
        _loaded.clear()  # a cashier reads one language at a time
        if language == FRENCH:
            from milepad.words.fr_ca import TEXTS
        else:
            from milepad.words.en_ca import TEXTS
        _loaded[language] = TEXTS
    return _loaded[language]


def _rare() -> tuple:
    """Those that a sale seldom comes to: they take heap only while one is looked up."""
    from milepad.words import rare

    forget(rare)
    return rare.TEXTS


def _row(found: str, key: str, rows_after: int) -> str:
    """The message of a key, or of a row after it; "" when the key is not there."""
    at = found.find("\n" + key + "=")
    if at < 0:
        return ""
    at += len(key) + 2
    for _ in range(rows_after):
        at = found.find("\n", at) + 1
    return found[at : found.find("\n", at)].replace("|", "\n")


def text(key: str, language: str) -> str:
    """The message of a key. Raises KeyError for one that is not there."""
    message = _row(_usual(language), key, 0)
    if message:
        return message
    for found in _rare():
        message = _row(found, key, 1 if language == FRENCH else 0)
        if message:
            return message
    raise KeyError(key)


def table(language: str) -> dict:
    """{key: message} of a language, for tools and tests; the device asks for one at a time."""
    rows = _usual(language).split("\n")
    for found in _rare():
        rows += found.split("\n")[1::2]
    keys = [row.split("=")[0] for row in rows if row]
    return {key: text(key, language) for key in keys}


def dollars(cents: int, language: str) -> str:
    """An amount as the language writes it: $40.00 or 40,00 $; below zero -$40.00, -40,00 $."""
    sign, size = ("-", -cents) if cents < 0 else ("", cents)
    form = "%s%d,%02d $" if language == FRENCH else "%s$%d.%02d"
    return form % (sign, size // 100, size % 100)
