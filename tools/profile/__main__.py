"""Writes what is made from the table of settings: `python -m tools.profile`.

That is `tools/handheld/example.toml` and the list in `tools/profile/README.md`.
`host_tests/tools/profile` fails where they are older than the table.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tools import program, shell
from tools.folders import ROOT
from tools.profile.settings import Setting, all_settings, by_section
from tools.profile.template import toml_value

EXAMPLE = ROOT / "tools" / "handheld" / "example.toml"
README = ROOT / "tools" / "profile" / "README.md"
BEGIN, END = "<!-- settings: made by `make settings` -->\n", "<!-- end of settings -->"
_COMMENT_COLUMN = 30
_HEAD = """\
# The profile of one device. Copy it, fill it in, and check it against a simulated handheld:
#     python -m tools.handheld --profile shop.toml
# Every setting is here, with what may stand in its place. Below a line "may be left out", what
# stands here is also what holds without it. Made by `make settings` from the firmware's table.
"""


def _toml_row(setting: Setting) -> str:
    row = f"{setting.key} = {toml_value(setting.example())}  "
    choice = f" ({setting.expected()})" if setting.is_choice() else ""
    return f"{row.ljust(_COMMENT_COLUMN)}# {setting.meaning}{choice}"


def _toml_section(name: str, settings: list[Setting]) -> str:
    required = [_toml_row(each) for each in settings if each.is_required()]
    optional = [_toml_row(each) for each in settings if not each.is_required()]
    note = ["# may be left out:"] if optional else []
    return "\n".join([f"[{name}]", *required, *note, *optional]) + "\n"


def example() -> str:
    """The example profile: every setting, with its default or what a shop might have there."""
    parts = [_toml_section(name, settings) for name, settings in by_section().items()]
    return "\n".join([_HEAD, *parts])


def _list_row(setting: Setting) -> str:
    default = "required" if setting.is_required() else f"`{toml_value(setting.default)}`"
    return f"| `{setting.key}` | {setting.meaning} | {setting.expected()} | {default} |\n"


def _list_section(name: str, settings: list[Setting]) -> str:
    head = f"| `[{name}]` | meaning | expected | default |\n|---|---|---|---|\n"
    return head + "".join(map(_list_row, settings))


def listed() -> str:
    """The list of settings, a table for each section."""
    parts = [_list_section(name, settings) for name, settings in by_section().items()]
    return BEGIN + "\n" + "\n".join(parts) + "\n" + END


def with_list(readme: str) -> str:
    """The document with its list renewed. Raises ValueError where its place is not marked."""
    before, _, rest = readme.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(f"{README.name}: expected {BEGIN.strip()} and {END}")
    return before + listed() + after


def _write(path: Path, text: str) -> None:
    if path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")
        print(f"renewed {path.relative_to(ROOT)}")


def _renew() -> int:
    lacking = [each for each in all_settings() if each.lacks()]
    for each in lacking:
        program.complain(
            "tools.profile", f"[{each.section}] {each.key}: expected {each.lacks()}"
        )
    if lacking:
        return 1
    _write(EXAMPLE, example())
    _write(README, with_list(README.read_text("utf-8")))
    return 0


def main(words: list[str] | None = None) -> int:
    """Renews the example profile and the list of settings; 1 where a row of the table lacks what
    they say of it, 2 after bad use."""
    return shell.run("tools.profile", _renew, words, about=__doc__)


if __name__ == "__main__":
    sys.exit(program.run("tools.profile", main))
