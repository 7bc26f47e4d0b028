"""Puts the values of constants where their names are used; takes annotations out."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping

from tools.compact.imports import imported

_MAX_TEXT = 10  # the compiler keeps texts up to this length among the names
_MAX_INT = 1 << 30

Constant = int | str
Trees = Mapping[str, ast.Module]


def put_in_place(trees: Trees) -> None:
    """Changes the trees; the keys are the names of the modules."""
    constants = {name: _constants(tree) for name, tree in trees.items()}
    for name, tree in trees.items():
        _Placer(name, constants).visit(tree)


def _constants(tree: ast.Module) -> dict[str, Constant]:
    """A module's own constants: `NAME = const(1)`, or a number or a short text."""
    names = [n for n in ast.walk(tree) if isinstance(n, ast.Name)]
    stored = Counter(n.id for n in names if isinstance(n.ctx, ast.Store))
    found: dict[str, Constant] = {}
    for node in tree.body:
        if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)):
            continue
        name, value = node.targets[0].id, node.value
        if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "const":
            value = value.args[0]
        is_one = name.isupper() and stored[name] == 1 and isinstance(value, ast.Constant)
        if is_one and _is_small(value.value):  # type: ignore[attr-defined]
            found[name] = value.value  # type: ignore[attr-defined]
    return found


def _is_small(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= _MAX_TEXT
    return isinstance(value, int) and value < _MAX_INT


class _Placer(ast.NodeTransformer):
    """Puts constants into one module, and takes its annotations out."""

    def __init__(self, module: str, constants: Mapping[str, Mapping[str, Constant]]):
        self._own = dict(constants[module])
        self._all = constants
        self._modules: dict[str, str] = {}  # what has two meanings in a file is left alone

    def visit_Module(self, node: ast.Module) -> ast.AST:
        every = imported(node)
        self._modules = {name: next(iter(s)) for name, s in every.items() if len(s) == 1}
        for name, source in self._modules.items():
            module, _, own = source.rpartition(".")
            if own in self._all.get(module, {}):
                self._own[name] = self._all[module][own]
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if isinstance(node.ctx, ast.Load) and node.id in self._own:
            return ast.Constant(self._own[node.id])
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and isinstance(node.ctx, ast.Load):
            theirs = self._all.get(self._modules.get(node.value.id, ""), {})
            if node.attr in theirs:
                return ast.Constant(theirs[node.attr])
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        self.generic_visit(node)
        return ast.copy_location(ast.Assign([node.target], node.value), node)
