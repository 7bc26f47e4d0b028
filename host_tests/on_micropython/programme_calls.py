"""A programme's messages with plain arguments, so that both Pythons can be asked."""

from milepad.base.programme import Programme


def message(settings: dict, texts: dict, key: str, language: str) -> str:
    """The text of a key in that programme's words."""
    return Programme(settings).message(texts, key, language)
