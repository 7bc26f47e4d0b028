"""What a test takes from another module of the tests or of the tools is there.

A file that cannot be imported stops a whole run before its first test, and nothing that is quick
would say so before: the type checker does not read the tests.
"""

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_IMPORT = re.compile(
    r"^ *from ((?:host_tests|tools)[\w.]*) import (\([^)]*\)|.+)$", re.MULTILINE
)


@cache
def words(path: Path) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", path.read_text("utf-8")))


def has(module: str, name: str) -> bool:
    """Whether that module may have that name: a part of it, or a word in its text."""
    path = ROOT / module.replace(".", "/")
    if (path / f"{name}.py").exists() or (path / name).is_dir():
        return True
    own = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return own.exists() and name in words(own)


def test_what_a_test_imports_is_there() -> None:
    missing = []
    for path in (ROOT / "host_tests").rglob("*.py"):
        for module, names in _IMPORT.findall(path.read_text("utf-8")):
            for each in re.sub(r"#.*|[()]", "", names).split(","):
                name = each.split(" as ")[0].strip()
                if name and not has(module, name):
                    missing.append(f"{path.relative_to(ROOT)}: {module} has no {name}")
    assert not missing
