"""Imports run downward: which room may use which, and what pure rooms may not touch."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FIRMWARE = ROOT / "firmware" / "milepad"

# A room may import from rooms with a lower number, and from itself.
FLOORS = {
    "main": 8,
    "app": 7,
    "starting": 6,
    "boards": 7,
    "pinpad": 6,  # a till asks for what a cashier does
    "workflows": 5,
    "drivers": 5,
    "terminal": 4,
    "transactions": 4,
    "link": 3,
    "ledger": 3,
    "card": 2,
    "amcash": 2,
    "issuance": 2,
    "receipt": 3,  # it masks a number as the card room does
    "words": 1,
    "profile": 1,
    "base": 0,
}
IMPURE = {"machine", "network", "socket", "asyncio", "time", "select", "tls", "ssl"}
PURE = [
    "amcash",
    "card",
    "issuance",
    "receipt",
    "words",
    "profile",
    "ledger/entries.py",
    "ledger/fields.py",
    "link/http.py",
    "pinpad/conditions.py",
    "pinpad/frames.py",
    "pinpad/http_request.py",
    "pinpad/exact_json.py",
    "pinpad/messages.py",
]


def files() -> list[Path]:
    return sorted(FIRMWARE.rglob("*.py")) + sorted((ROOT / "boards").rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Every module that a file names in an import, at its top or inside a function."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(path: Path) -> str:
    if path.is_relative_to(FIRMWARE):
        return path.relative_to(FIRMWARE).parts[0].removesuffix(".py")
    return "boards"


def room_of_module(name: str) -> str | None:
    parts = name.split(".")
    if parts[0] == "boards":
        return "boards"
    if parts[0] == "milepad" and len(parts) > 1:
        return parts[1]
    return None


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_imports_only_from_its_own_room_or_lower_floors(path: Path) -> None:
    own = room(path)
    for module in imported(path):
        other = room_of_module(module)
        if other in FLOORS and other != own:
            assert FLOORS[other] < FLOORS.get(own, 7), f"{own} imports {module}"


def pure_files() -> list[Path]:
    found: list[Path] = []
    for name in PURE:
        path = FIRMWARE / name
        found += [path] if path.is_file() else sorted(path.rglob("*.py"))
    return found


@pytest.mark.parametrize("path", pure_files(), ids=lambda p: str(p.relative_to(FIRMWARE)))
def test_a_pure_file_touches_no_pin_no_socket_and_no_clock(path: Path) -> None:
    assert not IMPURE & {name.split(".")[0] for name in imported(path)}


def test_the_emulated_platform_shares_no_code_with_the_firmware() -> None:
    for path in (ROOT / "tools" / "emulator").rglob("*.py"):
        assert not [name for name in imported(path) if name.split(".")[0] == "milepad"]


ABOVE_DRIVERS = ["../main.py", "app.py", "terminal", "transactions", "workflows"]
PORTS = {"IS_MICROPYTHON", "IS_CIRCUITPYTHON", "implementation", "machine", "network"}


def files_above_drivers() -> list[Path]:
    paths = [FIRMWARE / name for name in ABOVE_DRIVERS]
    return [
        file for path in paths for file in (path.rglob("*.py") if path.is_dir() else [path])
    ]


@pytest.mark.parametrize("path", files_above_drivers(), ids=lambda p: p.name)
def test_nothing_above_the_drivers_asks_which_python_or_board_it_runs_on(
    path: Path,
) -> None:
    tree = ast.parse(path.read_text())
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    modules = set(imported(path))
    assert not PORTS & (names | modules | {name.rpartition(".")[2] for name in modules})
    assert not [name for name in modules if name.startswith("boards")]


def loaded_with(name: str) -> set[str]:
    """The firmware's modules that come with one: what stands at the top of files, and on."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        each = waiting.pop()
        path = FIRMWARE.parent / (each.replace(".", "/") + ".py")
        if each in found or not path.is_file():
            continue
        found.add(each)
        for node in _of_tops(ast.parse(path.read_text()).body):
            if isinstance(node, ast.Import):
                waiting += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                waiting += [f"{node.module}.{alias.name}" for alias in node.names]
                waiting.append(node.module or "")
    return found


def _of_tops(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """What is run when a file is imported, but for what is there for type checkers."""
    for node in body:
        if isinstance(node, ast.If):
            if "TYPE_CHECKING" not in ast.unparse(node.test):
                yield from _of_tops(node.body + node.orelse)
        elif isinstance(node, ast.Try):
            yield from _of_tops(node.body)
        else:
            yield node


# What a shop may run that does not earn, each with all that it imports.
WITHOUT_EARNING = [
    "milepad.app",
    *[
        "milepad.workflows." + name
        for name in ("checkout", "balance", "refund", "more", "recover", "reports", "about")
    ],
]


@pytest.mark.parametrize("name", WITHOUT_EARNING)
def test_a_shop_that_does_not_earn_loads_nothing_of_issuance(name: str) -> None:
    modules = loaded_with(name)
    assert name in modules
    earning = {"earnings", "queue", "sending", "drain"}
    assert not [
        each
        for each in modules
        if each.startswith("milepad.issuance.")
        or (each.startswith("milepad.transactions.") and each.split(".")[-1] in earning)
    ]
