"""What the cashier reads, in en-CA and fr-CA: one text a language, the same keys in both.

A message is one row of the screen, or two rows with a newline between them; no row is wider
than 20 columns once its values are in. Slips have words of their own (`receipt`).
"""

ENGLISH = "en-CA"
FRENCH = "fr-CA"
_loaded: dict = {}


def _texts(language: str) -> str:
    """All messages of a language; loaded when it is first needed, in place of the other."""
    if language not in _loaded:
        _loaded.clear()  # a cashier reads one language at a time
        if language == FRENCH:
            from milepad.words.fr_ca import TEXTS
        else:
            from milepad.words.en_ca import TEXTS
        _loaded[language] = TEXTS
    return _loaded[language]


def text(key: str, language: str) -> str:
    """The message of a key. Raises KeyError for one that is not there."""
    texts = _texts(language)
    start = texts.find("\n" + key + "=")
    if start < 0:
        raise KeyError(key)
    start += len(key) + 2
    return texts[start : texts.find("\n", start)].replace("|", "\n")


def table(language: str) -> dict:
    """{key: message} of a language, for tools and tests; the device asks for one at a time."""
    rows = [row for row in _texts(language).split("\n") if row]
    return {row.split("=")[0]: row[row.find("=") + 1 :].replace("|", "\n") for row in rows}


def dollars(cents: int, language: str) -> str:
    """An amount as the language writes it: $40.00 or 40,00 $."""
    whole, part = cents // 100, cents % 100
    return "%d,%02d $" % (whole, part) if language == FRENCH else "$%d.%02d" % (whole, part)
