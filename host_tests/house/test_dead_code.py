"""Nothing stands in firmware, boards and tools that nothing uses.

`make test` looks at the whole source in its `make lint`, so here `make prove` alone does.
"""

from pathlib import Path

import pytest

from tools import dead_code


@pytest.mark.prove
def test_nothing_is_unused() -> None:
    assert dead_code.unused() == []


@pytest.mark.parametrize(
    ("folder", "text", "found"),
    [
        ("firmware", "def spare():\n    return 1\n", ["unused function 'spare'"]),
        (
            "boards",
            "class Part:\n    def spare(self):\n        pass\n",
            ["unused class 'Part'"],
        ),
        ("tools", "def helper():\n    return 1\n", []),
        ("firmware", "def helper():\n    return 1\n", ["unused function 'helper'"]),
    ],
)
def test_what_only_a_test_uses_is_dead_on_a_device(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    folder: str,
    text: str,
    found: list[str],
) -> None:
    for name in ("firmware", "boards", "tools", "host_tests"):
        (tmp_path / name).mkdir()
    (tmp_path / "pyproject.toml").write_text(
        (dead_code.ROOT / "pyproject.toml").read_text()
    )
    (tmp_path / folder / "module.py").write_text(text)
    (tmp_path / "host_tests" / "test_it.py").write_text(
        "from module import helper\nhelper()\n"
    )
    monkeypatch.setattr(dead_code, "ROOT", tmp_path)
    told = [line.split(": ", 1)[1] for line in dead_code.unused()]
    assert [line for line in told if line in found] == found
    assert bool(told) == bool(found)
