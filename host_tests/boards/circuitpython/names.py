"""Which modules and names CircuitPython has on the Feather, from circuitpython-stubs.

What the stubs leave to CPython's types is in `boards/circuitpython_types`, which the type
checker reads too: one list for both guards.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tools.folders import ROOT, TOOLS

STUBS = TOOLS / "stubs-circuitpython"
OURS = ROOT / "boards" / "circuitpython_types"
LIBRARIES = TOOLS / "circuitpython"
FIRMWARE = "adafruit_feather_esp32s3_4mbflash_2mbpsram"
# Part of every build, so no board's list of included modules names them.
CORE = frozenset({"builtins", "gc", "micropython", "sys", "__main__"})
# Compiled in on every build that has `sys`; there are no stubs of it.
SYS = (
    "byteorder", "exit", "implementation", "maxsize", "modules", "path", "platform",
    "stderr", "stdin", "stdout", "version", "version_info",
)  # fmt: skip
# What CircuitPython has fewer names in, or other ones, than MicroPython.
RESTRICTED = (
    "aesio", "binascii", "gc", "hashlib", "json", "micropython", "os", "random", "struct",
    "sys", "time", "traceback",
)  # fmt: skip


def pins_of(firmware: str) -> Path:
    """The file with the types of the module `board` in that firmware."""
    return STUBS / "board_definitions" / firmware / "__init__.pyi"


def included(firmware: str = FIRMWARE) -> frozenset[str]:
    """The modules that are compiled into a board's firmware."""
    text = pins_of(firmware).read_text("utf-8")
    found = re.search(r"Included modules: (.*)", text)
    if found is None:
        raise ValueError("the board's stub lists no modules")
    return CORE | {name.split(".")[0] for name in found[1].split(", ")}


def importable() -> list[str]:
    """Those for a stand-in on MicroPython, but for what is another thing there.

    MicroPython's `_asyncio` has a clock of its own, not `supervisor`'s; Adafruit's library does
    without it.
    """
    return sorted(included() - {"_asyncio"})


def types_of(module: str) -> Path:
    """The file with a module's types; LookupError when there is none."""
    if module == "board":
        return pins_of(FIRMWARE)
    for path in (OURS / f"{module}.pyi", STUBS / module / "__init__.pyi"):
        if path.is_file():
            return path
    raise LookupError(module)


def public(body: list[ast.stmt]) -> set[str]:
    """The names that a module or a class of a stub defines."""
    found: set[str] = set()
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
    return {name for name in found if not name.startswith("_")}


def names(module: str) -> set[str]:
    """What `module` offers on CircuitPython."""
    if module == "sys":
        return set(SYS)
    return public(ast.parse(types_of(module).read_text("utf-8")).body)


def members(module: str, name: str) -> set[str]:
    """What a class of `module` offers."""
    for node in ast.parse(types_of(module).read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            return public(node.body)
    raise LookupError(f"{module}.{name}")
