"""The gallery: a picture of each screen and slip in both languages, and the list of them.

`list.json` holds what each picture shows as text; `stale` holds that against today's words
and chips, without a firmware and within a moment.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from milepad.drivers.lcd_glyphs import LETTERS, PATTERNS, rom_code
from tools.folders import ROOT
from tools.handheld import paper
from tools.handheld.chips import hd44780_glass
from tools.handheld.chips.hd44780_rom import rom_rows
from tools.handheld.chips.thermal_printer import IDLE_MS, ThermalPrinter
from tools.pictures.messages import KINDS, LANGUAGES, Kind, Language, fits, shown, unseen
from tools.pictures.stage import Seen

FOLDER = ROOT / "tools" / "pictures" / "made"
LIST = "list.json"
_PASSING = {"printing", "wait_connecting"}  # on the way to a screen that is shown, too
_COUNTING = {"supervisor", "wait_hold"}  # a PIN is worked on: a moment on some machines
_ALIKE = {"slip_english": "slip_language", "slip_french": "slip_language"}
_NAMELESS = {"brand", "brand_one"}  # on every slip
_MOST_KEYS = 4  # of a name
_LEAST_LIKENESS = 0.6
_SAMPLE = [
    "The quick brown fox",
    "JUMPS OVER 13 LAZY",
    "dogs: $4.20 (95%)",
    "éèêàçùûôîÉÈÀÇ #@&!?",
]


def _dots(letter: str) -> bytes:
    at = LETTERS.find(letter)
    return PATTERNS[8 * at : 8 * at + 8] if at >= 0 else rom_rows(rom_code(letter))


def glass(rows: Sequence[str]) -> Image.Image:
    """Four rows as the character LCD shows them."""
    return hd44780_glass.draw(
        b"".join(_dots(each) for row in rows for each in f"{row:<20}")
    )


def _messages(kind: Kind, language: Language, rows: Sequence[str]) -> list[frozenset[str]]:
    """What tells a picture from others; nothing for one that is only passing."""
    found = [
        frozenset(_ALIKE.get(key, key) for key in keys)
        for keys in shown(kind, language, rows)
    ]
    if len(found) > 1 and any(keys & _PASSING for keys in found):
        return []
    if {*frozenset().union(*found)} == _COUNTING:
        return []
    if kind == "slips":  # what it is, and whether for the second time
        named = [keys for keys in found if not keys & _NAMELESS]
        return named[:1] + [keys for keys in named[1:] if "reprint" in keys]
    return found


@dataclass
class Entry:
    """A screen or a slip: in each language its messages, what it says, and its picture."""

    messages: dict[Language, list[frozenset[str]]] = field(default_factory=dict)
    texts: dict[Language, list[str]] = field(default_factory=dict)
    pictures: dict[Language, Image.Image] = field(default_factory=dict)

    @property
    def keys(self) -> dict[str, list[str]]:
        """In each language; of messages that are alike there, one that is meant in all."""
        everywhere = frozenset.intersection(
            *(frozenset[str]().union(*each) for each in self.messages.values())
        )
        return {
            str(language): [min(each & everywhere or each) for each in messages]
            for language, messages in self.messages.items()
        }

    @property
    def name(self) -> str:
        keys = next(iter(self.keys.values()))
        return "-".join(list(dict.fromkeys(keys))[:_MOST_KEYS])

    def likeness(self, messages: Sequence[frozenset[str]]) -> float:
        """How many of the messages it may have in another language, of 1."""
        ours = next(iter(self.messages.values()))
        both = sum(any(each & other for other in ours) for each in messages)
        return both / max(len(ours), len(messages))


def _of(seen: Seen, language: Language) -> dict[Kind, list[Entry]]:
    """The pictures of one language that differ, in the order in which they came."""
    found: dict[Kind, dict[tuple[frozenset[str], ...], Entry]] = {
        "screens": {},
        "slips": {},
    }
    for kind, rows, picture in _pictures(seen):
        messages = _messages(kind, language, rows)
        if messages and tuple(messages) not in found[kind]:
            text = [row.rstrip() for row in rows]
            found[kind][tuple(messages)] = Entry(
                {language: messages}, {language: text}, {language: picture}
            )
    return {kind: [*entries.values()] for kind, entries in found.items()}


def _join(entries: list[Entry], others: list[Entry]) -> None:
    """Puts the pictures of another language beside those that are most like them."""
    pairs = sorted(
        (
            (-one.likeness(*other.messages.values()), at, number)
            for at, one in enumerate(entries)
            for number, other in enumerate(others)
        ),
    )
    taken: set[int] = set()
    joined: set[int] = set()
    for score, at, number in pairs:
        if -score >= _LEAST_LIKENESS and at not in joined and number not in taken:
            entries[at].messages |= others[number].messages
            entries[at].texts |= others[number].texts
            entries[at].pictures |= others[number].pictures
            joined.add(at)
            taken.add(number)
    _lend(entries, others)
    entries += [other for number, other in enumerate(others) if number not in taken]


def _lend(entries: list[Entry], others: list[Entry]) -> None:
    """Where two screens say the same in another language, its one picture stands beside both."""
    for one in entries:
        for other in others:
            (language,) = [*other.texts][-1:]
            if language not in one.texts and one.likeness(other.messages[language]) == 1:
                one.messages[language] = other.messages[language]
                one.texts[language] = other.texts[language]
                one.pictures[language] = other.pictures[language]


def _entries(all_seen: dict[Language, Seen]) -> dict[Kind, list[Entry]]:
    """The pictures of all languages, those of one screen together."""
    first, *others = (_of(seen, language) for language, seen in all_seen.items())
    for other in others:
        for kind, entries in other.items():
            _join(first[kind], entries)
    return first


def _slips(seen: Seen) -> Iterator[tuple[list[str], Image.Image]]:
    for raw in seen.slips:
        printer = ThermalPrinter()
        printer.receive(raw, 0)
        for slip in printer.take_slips(10 * IDLE_MS):
            yield slip.lines, paper.draw(slip).convert("1", dither=Image.Dither.NONE)


def _pictures(seen: Seen) -> Iterator[tuple[Kind, list[str], Image.Image]]:
    for rows in seen.screens:
        yield "screens", rows, glass(rows)
    for lines, picture in _slips(seen):
        yield "slips", lines, picture


def make(all_seen: dict[Language, Seen], folder: Path = FOLDER) -> list[str]:
    """Makes the gallery anew; returns the messages that none of its screens shows."""
    listed: dict[str, Any] = {"drawn": drawn()}
    for kind, entries in _entries(all_seen).items():
        shutil.rmtree(folder / kind, ignore_errors=True)
        listed[kind] = {}
        for entry in entries:
            number = 2
            name = entry.name
            while name in listed[kind]:
                name, number = f"{entry.name}-{number}", number + 1
            texts = {str(each): text for each, text in entry.texts.items()}
            listed[kind][name] = {"keys": entry.keys} | texts
            for language, picture in entry.pictures.items():
                path = folder / kind / language / f"{name}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                picture.save(path, "PNG", optimize=True)
    text = json.dumps(listed, ensure_ascii=False, indent=1)
    (folder / LIST).write_text(text + "\n", "utf-8")
    keys: set[str] = set()
    for language, seen in all_seen.items():
        for rows in seen.screens:
            keys.update(*shown("screens", language, rows))
    missing = unseen(keys)
    (folder / "README.md").write_text(page(listed, missing), "utf-8")
    return missing


def drawn() -> str:
    """A digest of how the glass draws a sample: another one means other pictures."""
    return hashlib.sha256(glass(_SAMPLE).tobytes()).hexdigest()[:16]


def page(listed: dict[str, Any], missing: Sequence[str]) -> str:
    """The gallery as Markdown; `missing`: the messages that none of its screens shows."""
    lines = [
        "# Screens and slips",
        "",
        "Made by `make pictures` from the real firmware on the simulated handheld. Each",
        "picture is named for its messages in `firmware/milepad/words`.",
    ]
    if missing:
        lines += ["", f"On none of them yet: {', '.join(f'`{each}`' for each in missing)}."]
    for kind in KINDS:
        lines += ["", f"## {kind.capitalize()}", "", "| English | français |", "|---|---|"]
        for name, entry in listed[kind].items():
            cells = [
                f"![{' / '.join(filter(None, entry[each][:4]))}]({kind}/{each}/{name}.png)"
                if each in entry
                else ""
                for each in LANGUAGES
            ]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def stale(folder: Path = FOLDER) -> list[str]:
    """Why the gallery has to be made anew, a line each; nothing when it is as it should be."""
    try:
        return [*_stale(folder, json.loads((folder / LIST).read_text("utf-8")))]
    except (OSError, ValueError):
        return ["there is no gallery"]
    except (AttributeError, KeyError, TypeError):
        return [f"{LIST} is not as it is written today"]


def _stale(folder: Path, listed: dict[str, Any]) -> Iterator[str]:
    if listed.pop("drawn", "") != drawn():
        yield "the display's dots are others"
    wanted = set()
    for kind in KINDS:
        for name, entry in listed[kind].items():
            keys = entry.pop("keys")
            for language, rows in entry.items():
                wanted.add(folder / kind / language / f"{name}.png")
                if not fits(keys[language], _messages(kind, language, rows)):
                    yield f"{kind}/{language}/{name}: its words are others now"
    there = set(folder.glob("s*/*/*.png"))
    yield from (
        f"{path.relative_to(folder)}: is missing" for path in sorted(wanted - there)
    )
    yield from (
        f"{path.relative_to(folder)}: is no more" for path in sorted(there - wanted)
    )
