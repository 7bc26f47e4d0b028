"""Modules exist for meaning: imports stand at the top, files and functions stay small."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES_OF_A_FILE = 300
MOST_LINES_OF_A_FUNCTION = 40
# Functions that import late, each with its reason in a comment above the import.
LATE = {
    ("firmware/milepad/app.py", "_attach_till"),
    ("firmware/milepad/pinpad/link.py", "_transport"),
    ("firmware/milepad/pinpad/service.py", "_work"),
    ("firmware/milepad/pinpad/dispatch.py", "_begun"),
    ("firmware/milepad/pinpad/refunds.py", "work"),
    ("firmware/milepad/app.py", "make_device"),
    ("firmware/milepad/app.py", "_load_profile"),
    ("firmware/milepad/app.py", "make_earnings"),
    ("boards/machine_board.py", "queue_store"),
    ("boards/*/board.py", "queue_store"),  # a new board is made of one of them
    ("firmware/milepad/workflows/menu.py", "_serve"),
    ("firmware/milepad/workflows/menu.py", "_serve_earning"),
    ("firmware/milepad/workflows/menu.py", "_serve_past"),
    ("firmware/milepad/workflows/menu.py", "_at_checkout"),
    ("firmware/milepad/workflows/more.py", "_serve_earning"),
    ("firmware/milepad/workflows/issuing.py", "award"),
    ("firmware/milepad/workflows/issuing.py", "take_back"),
    ("firmware/milepad/workflows/issuing.py", "ask_chosen"),
    ("firmware/milepad/words/__init__.py", "_file"),
    ("firmware/milepad/words/__init__.py", "_seldom_file"),
    ("firmware/milepad/words/__init__.py", "_slips_file"),
}


def files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def place(path: Path) -> str:
    """As it stands in `LATE`: a board's own module by what it is, not whose."""
    return "boards/*/board.py" if path.match("boards/*/board.py") else name(path)


ON_A_DEVICE = files("firmware", "boards")
EVERYWHERE = files("firmware", "boards", "tools")


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def late_imports(path: Path) -> dict[str, list[ast.stmt]]:
    """{function: the imports inside it}, of the innermost function."""
    found: dict[str, list[ast.stmt]] = {}

    def visit(node: ast.AST, function: str) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            function = node.name
        if isinstance(node, ast.Import | ast.ImportFrom) and function:
            found.setdefault(function, []).append(node)
        for child in ast.iter_child_nodes(node):
            visit(child, function)

    visit(ast.parse(path.read_text("utf-8")), "")
    return found


@pytest.mark.parametrize("path", ON_A_DEVICE, ids=name)
def test_imports_stand_at_the_top_of_a_file_or_have_a_reason(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    late = late_imports(path)
    for function in functions(path):
        if function.name in late:
            assert (place(path), function.name) in LATE, f"{function.name} imports late"
            first = min(node.lineno for node in late[function.name])
            before = [line.strip() for line in lines[function.lineno : first]]
            reasons = [line for line in before if line.startswith("# ")]
            assert reasons and "heap" not in " ".join(reasons), f"{function.name}: why?"


def test_every_late_import_in_the_list_is_there() -> None:
    found = {(place(path), each) for path in ON_A_DEVICE for each in late_imports(path)}
    assert found == LATE


@pytest.mark.parametrize("path", ON_A_DEVICE, ids=name)
def test_nothing_is_imported_by_a_string_or_unloaded_by_hand(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not names & {"__import__", "import_module", "forget"}


@pytest.mark.parametrize("path", EVERYWHERE, ids=name)
def test_a_file_is_no_longer_than_a_reader_holds(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES_OF_A_FILE


@pytest.mark.parametrize("path", EVERYWHERE, ids=name)
def test_a_function_is_no_longer_than_a_screen(path: Path) -> None:
    for node in functions(path):
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        assert lines <= MOST_LINES_OF_A_FUNCTION, node.name
