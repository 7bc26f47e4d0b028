"""Which modules of the firmware a board can ever import: the rest does not go onto its flash.

Imports are read from the sources, late ones too. A text such as `"milepad.workflows."`, from
which a module's name is made at run time, stands for every module of that package.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path


def _run(node: ast.AST) -> Iterator[ast.AST]:
    """Every node below, but for what only a type checker reads."""
    if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _run(child)


def _names(tree: ast.Module, modules: Mapping[str, Path]) -> Iterator[str]:
    """Every module that a file may ask for by name."""
    for node in _run(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _package_of(node.value, modules)


def _package_of(text: str, modules: Mapping[str, Path]) -> list[str]:
    """The modules below `a.b.`; none for a text that is not such a beginning."""
    if not text.endswith(".") or "." not in text[:-1]:
        return []
    return [name for name in modules if name.startswith(text)]


def _with_packages(name: str) -> Iterator[str]:
    """`a.b.c` and the packages above it: `a.b`, `a`."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def reachable(modules: Mapping[str, Path], roots: list[str]) -> set[str]:
    """The names out of `modules` that the roots need, directly or not, the roots included.

    Raises SyntaxError, which names the file.
    """
    found: set[str] = set()
    waiting = [root for root in roots if root in modules]
    while waiting:
        for name in _with_packages(waiting.pop()):
            if name in modules and name not in found:
                found.add(name)
                path = modules[name]
                asked = _names(ast.parse(path.read_bytes(), str(path)), modules)
                waiting += [other for other in asked if other not in found]
    return found
