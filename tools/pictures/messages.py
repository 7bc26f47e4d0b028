"""Which messages a screen or a slip shows: by them its pictures in both languages belong together.

A row is read back with the tables of words: the longest message first, what stands for a
number or a name is any text. So a picture is known to be stale once its words are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Literal

from milepad import words

Language = Literal["en-CA", "fr-CA"]
LANGUAGES: tuple[Language, ...] = ("en-CA", "fr-CA")
Kind = Literal["screens", "slips"]
KINDS: tuple[Kind, ...] = ("screens", "slips")
_PLACE = re.compile(r"%(?:0?[0-9]*)[ds]")
_ANY = {"d": r"-?[0-9][0-9 ,.\u00a0\u202f]*", "s": r".+?"}
_NO_TIME = "(?![0-9:])"  # a number at the end is none of a time of day
_LEAST = 3  # letters: a shorter message is found everywhere


def _table(kind: Kind, language: Language) -> dict[str, str]:
    if kind == "screens":
        return words.table(language)
    name = f"milepad.words.{language.lower().replace('-', '_')}"
    modules = [import_module(f"{name}_{part}") for part in ("slips", "seldom")]
    keys = [key for module in modules for key in module.SLIP_TEXTS]
    return {key: words.slip_text(key, language) for key in keys}


def _pattern(line: str) -> re.Pattern[str]:
    parts, at = [], 0
    for place in _PLACE.finditer(line):
        parts += [re.escape(line[at : place.start()]), _ANY[place.group()[-1]]]
        at = place.end()
    end = re.escape(line[at:]) or _NO_TIME
    return re.compile("".join([*parts, end]).replace(r"\ ", r"\s+"))


@cache
def _patterns(
    kind: Kind, language: Language
) -> list[tuple[frozenset[str], re.Pattern[str]]]:
    """(keys, pattern) of each line of the messages, the longest first; several may be alike."""
    keys: dict[str, set[str]] = {}
    for key, text in _table(kind, language).items():
        for line in text.split("\n"):
            if len(_PLACE.sub("", line).strip()) >= _LEAST:
                keys.setdefault(line.strip(), set()).add(key)
    lines = sorted(keys, key=lambda line: (-len(_PLACE.sub("", line)), line))
    return [(frozenset(keys[line]), _pattern(line)) for line in lines]


def shown(kind: Kind, language: Language, rows: Sequence[str]) -> list[frozenset[str]]:
    """The messages on it, from above: of each the keys that it may have, as some are alike."""
    found: list[tuple[int, int, frozenset[str]]] = []
    for number, row in enumerate(rows):
        rest = row.rstrip()
        for keys, pattern in _patterns(kind, language):
            match = pattern.search(rest)
            if match is not None:
                found.append((number, match.start(), keys))
                rest = (
                    rest[: match.start()] + "\0" * len(match.group()) + rest[match.end() :]
                )
    found.sort(key=lambda each: each[:2])
    messages: list[frozenset[str]] = []
    for _, _, keys in found:
        goes_on = messages and messages[-1] & keys  # the next line of the same message
        if not goes_on and keys not in messages:
            messages.append(keys)
    return messages


def fits(keys: Sequence[str], messages: Sequence[frozenset[str]]) -> bool:
    """Whether the messages may be those of these keys, one by one."""
    return len(keys) == len(messages) and all(
        key in each for key, each in zip(keys, messages, strict=True)
    )


def unseen(seen: set[str]) -> list[str]:
    """The messages of screens that none of the pictures shows."""
    return sorted(set(_table("screens", "en-CA")) - seen)
