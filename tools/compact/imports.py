"""What a file imports under which name."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Set


def imported(tree: ast.Module) -> Mapping[str, Set[str]]:
    """{name in this file: the modules, or names in them, that are imported under it}."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                name = alias.asname or alias.name
                found.setdefault(name, set()).add(f"{node.module}.{alias.name}")
    return found
