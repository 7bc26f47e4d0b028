"""What the cashier reads, in en-CA and fr-CA: one table a language, the same keys in both.

A text is one row of the screen, or two rows with a newline between them; no row is wider
than 20 columns once its values are in. Slips have words of their own (`receipt`).
"""

ENGLISH = "en-CA"
FRENCH = "fr-CA"
_tables: dict = {}


def table(language: str) -> dict:
    """{key: text} of a language; loaded when it is first needed."""
    if language not in _tables:
        if language == FRENCH:
            from milepad.words import fr_ca as module
        else:
            from milepad.words import en_ca as module
        _tables.clear()  # a cashier reads one language at a time
        _tables[language] = module.TEXTS
    return _tables[language]


def text(key: str, language: str) -> str:
    """The text of a key. Raises KeyError for one that no table holds."""
    return table(language)[key]


def dollars(cents: int, language: str) -> str:
    """An amount as the language writes it: $40.00 or 40,00 $."""
    whole, part = cents // 100, cents % 100
    return "%d,%02d $" % (whole, part) if language == FRENCH else "$%d.%02d" % (whole, part)
