"""Names code that nothing uses, as vulture sees it: `python -m tools.dead_code`, in `make lint`.

What only a test uses is dead in firmware and boards; a tool may serve the tests alone.
Imports are ruff's to judge, which reads the types in quotes as well.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable

from vulture import Vulture

from tools import program, shell
from tools.folders import ROOT

_DEVICE = ("firmware", "boards")
_CONFIDENCE = 60  # of 100: unused functions and attributes are never more certain


def _settings() -> dict[str, list[str]]:
    """Names and decorators that pyproject.toml excuses, each with its reason there."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    excused: dict[str, list[str]] = project["tool"]["milepad"]["dead_code"]
    return excused


def _unused(finder: Vulture, reported: tuple[str, ...]) -> Iterable[str]:
    """What nothing uses of all that was read so far, in the `reported` folders."""
    for item in finder.get_unused_code(min_confidence=_CONFIDENCE):
        path = item.filename.relative_to(ROOT)
        if item.typ != "import" and path.parts[0] in reported:
            yield f"{path}:{item.first_lineno}: unused {item.typ} '{item.name}'"


def unused() -> list[str]:
    """A line for each thing that nothing uses."""
    settings = _settings()
    finder = Vulture(
        ignore_names=settings["names"], ignore_decorators=settings["decorators"]
    )

    def read(*folders: str) -> None:
        finder.scavenge([str(ROOT / folder) for folder in folders], settings["files"])

    read(*_DEVICE, "tools")
    found = [*_unused(finder, _DEVICE)]
    read("host_tests")
    return [*found, *_unused(finder, ("tools",))]


def _print() -> int:
    found = unused()
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


def main(words: list[str] | None = None) -> int:
    """Prints what nothing uses; 1 if there is any, 2 after bad use."""
    return shell.run("tools.dead_code", _print, words, about=__doc__)


if __name__ == "__main__":
    sys.exit(program.run("tools.dead_code", main))
