"""Leaves out branches that are for another Python than the board's."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

PYTHONS = ("micropython", "circuitpython")


def settle(tree: ast.Module, python: str) -> ast.Module:
    """Drops the branches that are not for `python`, in place, and what follows a return."""
    known = {f"IS_{name.upper()}": name == python for name in PYTHONS}
    _Settler(known).visit(tree)
    return tree


class _Settler(ast.NodeTransformer):
    """Decides what is known about the Python that runs a module."""

    def __init__(self, known: Mapping[str, bool]):
        self._known = known

    def holds(self, test: ast.expr) -> bool | None:
        """What a condition comes to; None if it asks about anything else."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            inner = self.holds(test.operand)
            return None if inner is None else not inner
        if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
            return True if any(self.holds(part) for part in test.values) else None
        return self._known.get(getattr(test, "id", ""))

    def visit_Assign(self, node: ast.Assign) -> ast.Assign:
        value = self._known.get(getattr(node.targets[0], "id", ""))
        if value is not None:
            node.value = ast.Constant(value)
        return node

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        wanted = self.holds(node.test)
        if wanted is None:
            return self.generic_visit(node)
        kept: list[ast.stmt] = []
        for part in node.body if wanted else node.orelse:
            done = self.visit(part)
            kept += done if isinstance(done, list) else [done]
        return kept or ast.Pass()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.body = list(_until_the_end(node.body))
        return node

    visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]


def _until_the_end(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements up to the first after which nothing is reached."""
    for part in body:
        yield part
        if isinstance(part, ast.Return | ast.Raise):
            return
