"""Gives private names and parameters short ones, in the compiled firmware only.

MicroPython keeps every name as text in the heap, once, with seven bytes of bookkeeping, and
in each `.mpy` that uses it: names were a fifth of the heap. What nobody outside a file can
see is therefore renamed before it is compiled. Public names stay, so an exception, a log
line or a prompt on the device reads as the sources do.

Renamed are names that begin with one underscore and are defined in the file (or in files
joined by inheritance), and parameters that nobody passes by keyword. A private name that
another file uses, or that stands in a text, stays as it is.
"""

from __future__ import annotations

import ast
import keyword
from collections import Counter
from collections.abc import Iterator, Mapping
from string import ascii_lowercase

_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def shorten(trees: Mapping[str, ast.Module]) -> None:
    """Shortens the names in the trees of files that run together, in place."""
    house = _House(trees)
    for name, tree in trees.items():
        _Renamer(house, name).visit(tree)


def _is_private(name: str) -> bool:
    return name[:1] == "_" and name[:2] != "__" and len(name) > 2


def _is_const(node: ast.AST) -> bool:
    """Whether a statement is `_X = const(...)`: the compiler leaves no such name over."""
    value = getattr(node, "value", None)
    return isinstance(value, ast.Call) and getattr(value.func, "id", "") == "const"


def _used(tree: ast.AST) -> Iterator[str]:
    """Every identifier in a tree, as often as it stands there."""
    for node in ast.walk(tree):
        for field in ("id", "attr", "arg", "name", "asname"):
            name = getattr(node, field, None)
            if isinstance(name, str):
                yield name


def _defined(tree: ast.AST) -> set[str]:
    """Private names that a file gives to its own functions, classes and attributes."""
    found = set()
    consts = {id(node.targets[0]) for node in ast.walk(tree)
              if isinstance(node, ast.Assign) and _is_const(node)}  # fmt: skip
    for node in ast.walk(tree):
        if id(node) in consts:
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.attr)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return {name for name in found if _is_private(name)}


def _fixed(tree: ast.AST) -> set[str]:
    """What a file refers to in a way that no renaming follows."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Global | ast.Nonlocal):
            found |= set(node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return found | _keywords(tree)


def _keywords(tree: ast.AST) -> set[str]:
    """Names by which a file passes arguments."""
    return {
        node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg
    }


def _bases(tree: ast.AST) -> Iterator[str]:
    """The modules from which a file's classes inherit."""
    homes = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            homes.update({alias.asname or alias.name: node.module for alias in node.names})
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from (homes[b.id] for b in node.bases
                        if isinstance(b, ast.Name) and b.id in homes)  # fmt: skip


class _House:
    """What is private to which files, and what must not be touched."""

    def __init__(self, trees: Mapping[str, ast.Module]):
        self._unit = {name: name for name in trees}
        for name, tree in trees.items():
            for base in _bases(tree):
                if base in trees:
                    self._join(name, base)
        self.keywords = set().union(*[_keywords(tree) for tree in trees.values()])
        self.private = self._maps(trees)

    def _join(self, one: str, other: str) -> None:
        old, new = self._unit[one], self._unit[other]
        self._unit = {n: new if unit == old else unit for n, unit in self._unit.items()}

    def _maps(self, trees: Mapping[str, ast.Module]) -> dict[str, dict[str, str]]:
        """{module: {private name: short one}}, the same within a unit."""
        units = set(self._unit.values())
        defined: dict[str, set[str]] = {unit: set() for unit in units}
        used: dict[str, Counter[str]] = {unit: Counter() for unit in units}
        for name, tree in trees.items():
            defined[self._unit[name]] |= _defined(tree)
            used[self._unit[name]] += Counter(_used(tree))
        shared = {n for unit in units for n in used[unit] if n not in defined[unit]}
        kept = shared.union(*[_fixed(tree) for tree in trees.values()])
        maps = {unit: _numbered(defined[unit] - kept, used[unit]) for unit in units}
        return {name: maps[self._unit[name]] for name in trees}


def _numbered(names: set[str], used: Counter[str]) -> dict[str, str]:
    """Short names for `names`, the shortest for the most used."""
    free = (short for short in _short_names() if short not in used)
    by_use = sorted(names, key=lambda name: (-used[name], name))
    return {name: next(free) for name in by_use}


def _short_names() -> Iterator[str]:
    """`a` to `z`, then `aa` and so on: parameters and attributes share them in the heap."""
    yield from ascii_lowercase
    pairs = (first + second for first in ascii_lowercase for second in ascii_lowercase)
    yield from (pair for pair in pairs if not keyword.iskeyword(pair))


class _Renamer(ast.NodeTransformer):
    """Renames in one file; parameters by the function they belong to."""

    def __init__(self, house: _House, module: str):
        self._keywords = house.keywords
        self._private = house.private[module]
        self._scopes: list[dict[str, str]] = []

    def _short(self, name: str) -> str:
        for scope in reversed(self._scopes):
            if name in scope:
                return scope[name]
        return self._private.get(name, name)

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self._short(node.id)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.Attribute:
        self.generic_visit(node)
        node.attr = self._private.get(node.attr, node.attr)
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.ExceptHandler:
        self.generic_visit(node)
        node.name = node.name and self._short(node.name)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        node.name = self._short(node.name)
        self.generic_visit(node)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.name = self._short(node.name)
        self._function(node)
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AsyncFunctionDef:
        node.name = self._short(node.name)
        self._function(node)
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        self._function(node)
        return node

    def _function(self, node: _Function) -> None:
        every = node.args
        every.defaults = [self.visit(default) for default in every.defaults]
        every.kw_defaults = [
            default and self.visit(default) for default in every.kw_defaults
        ]
        self._scopes.append(self._parameters(node))
        for arg in _arguments(node):
            arg.arg = self._short(arg.arg)
        body = node.body if isinstance(node.body, list) else [node.body]
        visited = [self.visit(part) for part in body]
        if isinstance(node, ast.Lambda):
            node.body = visited[0]
        else:
            node.body = visited
        self._scopes.pop()

    def _parameters(self, node: _Function) -> dict[str, str]:
        """Short names for a function's parameters; none that is used within it."""
        names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        names |= {a.arg for a in ast.walk(node) if isinstance(a, ast.arg)}
        within = names | _bound_otherwise(node) | {self._short(name) for name in names}
        within |= {self._short(name) for name in _bound_otherwise(node)}
        free = (short for short in _short_names() if short not in within)
        own = [arg.arg for arg in _arguments(node)]
        kept = self._keywords | _bound_otherwise(node) | {"self"}
        return {n: next(free) if n not in kept and len(n) > 1 else n for n in own}


def _arguments(node: _Function) -> list[ast.arg]:
    every = node.args
    found = [*every.posonlyargs, *every.args, every.vararg, *every.kwonlyargs, every.kwarg]
    return [arg for arg in found if arg is not None]


def _bound_otherwise(node: _Function) -> set[str]:
    """What an import or an inner definition names within a function."""
    found = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.alias | ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(getattr(inner, "asname", None) or inner.name)
    return found
