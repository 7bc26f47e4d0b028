"""All that a board with CircuitPython loads asks for nothing that CircuitPython has not."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from host_tests.boards.circuitpython import names
from tools import board_types, boards
from tools.build import sources
from tools.folders import ROOT

CONFIG = ROOT / "boards" / "circuitpython.mypy.ini"
BOARDS = [name for name in boards.names() if boards.port(name) == "circuitpython"]
# What circup's libraries bring with them.
BROUGHT = {"adafruit_requests": "adafruit_connection_manager"}
OWN = {"milepad", "boards", "milepad_board"}
# The branch of such a condition that runs on CircuitPython.
TAKEN = {"IS_CIRCUITPYTHON": "body", "IS_MICROPYTHON": "orelse", "TYPE_CHECKING": "orelse"}


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports on CircuitPython, at its top or inside a function."""
    waiting: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and getattr(node.test, "id", "") in TAKEN:
            waiting += getattr(node, TAKEN[node.test.id])
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module).split(".")[0]
        waiting += ast.iter_child_nodes(node)


def libraries_of(board: str) -> set[str]:
    """What `libraries` of its board.toml brings."""
    asked = set(boards.settings(boards.FOLDER / board)["libraries"])
    return asked | {BROUGHT[name] for name in asked & set(BROUGHT)}


@pytest.mark.parametrize("board", BOARDS)
def test_every_module_that_is_imported_is_in_the_boards_firmware_or_a_library_of_it(
    board: str,
) -> None:
    known = (
        names.included(boards.settings(boards.FOLDER / board)["firmware"])
        | libraries_of(board)
        | OWN
    )
    loaded = sources(board).items()
    asked = {(name, module) for name, path in loaded for module in imported(path)}
    assert {(name, module) for name, module in asked if module not in known} == set()


@pytest.mark.parametrize("board", BOARDS)
def test_every_library_that_board_toml_asks_circup_for_is_imported(board: str) -> None:
    asked = {module for path in sources(board).values() for module in imported(path)}
    assert libraries_of(board) - asked == set()


@pytest.mark.parametrize("name", ["cryptolib", "vfs", "socket", "machine", "functools"])
def test_what_only_other_pythons_have_is_in_no_list(name: str) -> None:
    assert name not in names.included().union(*map(libraries_of, BOARDS))


@pytest.mark.parametrize("board", BOARDS)
def test_the_type_checker_sees_every_file_that_the_board_loads(board: str) -> None:
    checked = [ROOT / file for file in board_types.files("circuitpython", board)]
    excluded = re.compile(board_types.settings("circuitpython")["exclude"])
    for path in sources(board).values():
        assert any(path.is_relative_to(folder) for folder in checked), path
        assert not excluded.search(str(path)), path


# A line that starts on MicroPython or CPython, and the name that is missing here.
MISSING = [
    ("import time; time.gmtime(0)", '"gmtime"'),
    ("import time; time.ticks_ms()", '"ticks_ms"'),
    ("import time; time.time_ns()", '"time_ns"'),
    ("from hashlib import sha256", '"sha256"'),
    ("import gc; gc.threshold(1)", '"threshold"'),
    ("import os; os.ilistdir('/')", '"ilistdir"'),
    ("import os; os.replace('a', 'b')", '"replace"'),
    ("import sys; sys.print_exception(ValueError())", '"print_exception"'),
    ("import struct; struct.Struct('B')", '"Struct"'),
    ("import json; json.JSONDecodeError", '"JSONDecodeError"'),
    ("import binascii; binascii.b2a_hex(b'')", '"b2a_hex"'),
    ("import random; random.shuffle([])", '"shuffle"'),
    ("import asyncio; asyncio.Queue()", '"Queue"'),
    ("import cryptolib", '"cryptolib"'),
    ("import vfs", '"vfs"'),
]


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the type checker says of a file in which each of these is a line."""
    file = tmp_path_factory.mktemp("types") / "lines.py"
    file.write_text("".join(line + "\n" for line, _ in MISSING), "utf-8")
    command = [sys.executable, "-m", "mypy", "--config-file", str(CONFIG), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("number", "missing"),
    [(number, missing) for number, (_, missing) in enumerate(MISSING, 1)],
    ids=[line for line, _ in MISSING],
)
def test_the_type_checker_refuses(complaints: list[str], number: int, missing: str) -> None:
    said = [line for line in complaints if f"lines.py:{number}: error:" in line]
    assert any(missing in line for line in said), complaints


def test_the_types_of_asyncio_name_nothing_that_adafruits_library_has_not() -> None:
    library = names.LIBRARIES / "asyncio"
    lazy = ast.parse((library / "__init__.py").read_text("utf-8")).body
    found = {
        str(ast.literal_eval(key))
        for node in lazy
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
        for key in node.value.keys
        if key is not None
    }
    # The exceptions are made inside a `try`, the classes of tasks come from another file.
    for node in ast.walk(ast.parse((library / "core.py").read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.name for alias in node.names}
    assert names.names("asyncio") - found == set()
