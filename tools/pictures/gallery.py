"""The gallery: a picture of each screen and slip in both languages, and the list of them.

`list.json` holds what each picture shows as text; `stale` holds that against today's words
and chips, without a firmware and within a moment.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from milepad.drivers.lcd_glyphs import LETTERS, PATTERNS, rom_code
from tools.folders import ROOT
from tools.handheld import paper
from tools.handheld.chips import hd44780_glass
from tools.handheld.chips.hd44780_rom import rom_rows
from tools.handheld.chips.thermal_printer import IDLE_MS, ThermalPrinter
from tools.pictures.messages import LANGUAGES, Kind, Language, fits, shown, unseen
from tools.pictures.stage import Seen

FOLDER = ROOT / "pictures"
LIST = "list.json"
_PASSING = {"printing", "wait_connecting"}  # on the way to a screen that is shown, too
_ALIKE = {"slip_english": "slip_language", "slip_french": "slip_language"}
_NAMELESS = {"brand", "brand_one"}  # on every slip
_MOST_KEYS = 4  # of a name
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
    if kind == "slips":  # what it is, and whether for the second time
        named = [keys for keys in found if not keys & _NAMELESS]
        return named[:1] + [keys for keys in named[1:] if "reprint" in keys]
    return found


@dataclass
class Entry:
    """A screen or a slip: its messages, and what it says in each language."""

    messages: list[frozenset[str]]
    texts: dict[Language, list[str]]
    pictures: dict[Language, Image.Image]

    @property
    def keys(self) -> list[str]:
        """Of messages that are alike in a language, one that is meant in all of them."""
        return [min(each) for each in self.messages]

    @property
    def name(self) -> str:
        return "-".join(list(dict.fromkeys(self.keys))[:_MOST_KEYS])

    def joins(self, messages: Sequence[frozenset[str]]) -> bool:
        """Whether it may be the same picture; if so, what both mean is what it has."""
        if len(messages) != len(self.messages):
            return False
        both = [ours & theirs for ours, theirs in zip(self.messages, messages, strict=True)]
        if all(both):
            self.messages = both
        return all(both)


def _entries(all_seen: dict[Language, Seen]) -> dict[Kind, list[Entry]]:
    """The pictures that differ, in the order in which they came."""
    found: dict[Kind, list[Entry]] = {"screens": [], "slips": []}
    for language, seen in all_seen.items():
        for kind, rows, picture in _pictures(seen):
            messages = _messages(kind, language, rows)
            text = [row.rstrip() for row in rows]
            if not messages:
                continue
            for entry in found[kind]:
                if entry.joins(messages):
                    break
            else:
                entry = Entry(messages, {}, {})
                found[kind].append(entry)
            entry.texts.setdefault(language, text)
            entry.pictures.setdefault(language, picture)
    return found


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
            listed[kind][name] = {"keys": entry.keys} | {
                str(each): text for each, text in entry.texts.items()
            }
            for language, picture in entry.pictures.items():
                path = folder / kind / language / f"{name}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                picture.save(path, "PNG", optimize=True)
    text = json.dumps(listed, ensure_ascii=False, indent=1)
    (folder / LIST).write_text(text + "\n", "utf-8")
    (folder / "README.md").write_text(page(listed), "utf-8")
    keys: set[str] = set()
    for language, seen in all_seen.items():
        for rows in seen.screens:
            keys.update(*shown("screens", language, rows))
    return unseen(keys)


def drawn() -> str:
    """A digest of how the glass draws a sample: another one means other pictures."""
    return hashlib.sha256(glass(_SAMPLE).tobytes()).hexdigest()[:16]


def page(listed: dict[str, Any]) -> str:
    """The gallery as Markdown."""
    lines = [
        "# Every screen and slip",
        "",
        "Made by `make pictures` from the real firmware on the simulated handheld. Each",
        "picture is named for its messages in `firmware/milepad/words`.",
    ]
    for kind in ("screens", "slips"):
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
        listed = json.loads((folder / LIST).read_text("utf-8"))
    except (OSError, ValueError):
        return ["there is no gallery"]
    found = [] if listed.pop("drawn", "") == drawn() else ["the display's dots are others"]
    wanted = set()
    for kind, entries in listed.items():
        for name, entry in entries.items():
            keys = entry.pop("keys")
            for language, rows in entry.items():
                wanted.add(folder / kind / language / f"{name}.png")
                if not fits(keys, _messages(kind, language, rows)):
                    found.append(f"{kind}/{language}/{name}: its words are others now")
    there = set(folder.glob("s*/*/*.png"))
    found += [f"{path.relative_to(folder)}: is missing" for path in sorted(wanted - there)]
    found += [f"{path.relative_to(folder)}: is no more" for path in sorted(there - wanted)]
    return found
