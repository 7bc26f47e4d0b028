"""Leaves out what nothing uses: functions, methods, classes, values, imported names.

Of the names of imported modules it leaves out what they have in common with the importer's.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Set

from tools.compact.imports import imported

# Tools ask for these over a device's prompt; MicroPython itself calls the methods of a
# stream and of a block device.
_USED_FROM_OUTSIDE = {
    "VERSION",
    "ioctl",
    "mark_exported",
    "readblocks",
    "readinto",
    "writeblocks",
}
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

Trees = Mapping[str, ast.Module]


def drop(trees: Trees) -> None:
    """Changes the trees; the keys are the names of the modules."""
    while _drop_definitions(trees):
        pass
    taken = _taken(trees)
    for name, tree in trees.items():
        tree.body = [part for part in tree.body if not _is_unused(name, part, taken)]
    taken = _taken(trees)
    for name, tree in trees.items():
        _drop_imports(name, tree, taken)
        _make_imports_relative(name, tree, trees)


def _is_unused(own: str, part: ast.stmt, taken: Set[tuple[str, str]]) -> bool:
    """Whether a statement only gives a name to a value, and nothing takes it."""
    name = getattr(part.targets[0], "id", "") if isinstance(part, ast.Assign) else ""
    if not name or (own, name) in taken or name in _USED_FROM_OUTSIDE:
        return False
    calls = [n for n in ast.walk(part) if isinstance(n, ast.Call | ast.Attribute)]
    return all(getattr(getattr(n, "func", n), "id", "") == "const" for n in calls)


def _taken(trees: Trees) -> set[tuple[str, str]]:
    """(module, name) of what files use of their own and take from others."""
    found = set()
    for own, tree in trees.items():
        modules = imported(tree)
        for node in ast.walk(tree):
            if getattr(node, "id", "") == "const":
                continue  # the compiler's own: what it says needs no import
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                found.add((own, node.id))
                for source in modules.get(node.id, ()):
                    module, _, name = source.rpartition(".")
                    found.add((module, name))
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                found |= {(module, node.attr) for module in modules.get(node.value.id, ())}
    return found


def _drop_imports(own: str, tree: ast.Module, taken: Set[tuple[str, str]]) -> None:
    """Drops imported names that nothing uses: not this file, nor another one through it."""
    for body in _bodies(tree):
        for node in [part for part in body if isinstance(part, ast.ImportFrom)]:
            node.names = [a for a in node.names if (own, a.asname or a.name) in taken]
            if not node.names:
                body.remove(node)


def _bodies(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(tree):
        if isinstance(getattr(node, "body", None), list):
            yield node.body  # type: ignore[attr-defined]


def _drop_definitions(trees: Trees) -> bool:
    """Drops functions, methods and classes whose name nothing uses; whether there were any."""
    named = _USED_FROM_OUTSIDE.union(*[_named(tree) for tree in trees.values()])
    dropped = False
    for tree in trees.values():
        for body in _bodies(tree):
            for part in _unnamed(body, named):
                body.remove(part)
                dropped = True
            body.extend([] if body else [ast.Pass()])
    return dropped


def _unnamed(body: Iterable[ast.stmt], named: Set[str]) -> list[ast.stmt]:
    definitions = [part for part in body if isinstance(part, _Definition)]
    return [p for p in definitions if p.name not in named and p.name[:2] != "__"]


def _named(tree: ast.AST) -> set[str]:
    """Every name that a file uses in any way, texts that are a name included."""
    found: set[object] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.alias):
            found.add(node.name)
        elif not isinstance(node, _Definition):
            found |= {getattr(node, field, None) for field in ("id", "attr", "arg")}
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return {name for name in found if isinstance(name, str)}


def _make_imports_relative(own: str, tree: ast.Module, trees: Trees) -> None:
    """`from a.b.c import d` within `a.x.y` becomes `from ..b.c import d`."""
    is_package = any(other.startswith(own + ".") for other in trees)
    package = (own if is_package else own.rpartition(".")[0]).split(".")
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not node.module:
            continue
        parts = node.module.split(".")
        same = 0
        while same < min(len(package), len(parts) - 1) and parts[same] == package[same]:
            same += 1
        if same:
            node.level = len(package) - same + 1
            node.module = ".".join(parts[same:])
