"""The command lines of the tools: what is asked for is called, what is wrong is one line."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import pytest
from cyclopts import Parameter

from tools import shell

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = (
    "tools.bench",
    "tools.bench.ledger",
    "tools.board_types",
    "tools.build",
    "tools.dead_code",
    "tools.deploy",
    "tools.deploy.flash_all",
    "tools.deploy.package",
    "tools.deploy.provision",
    "tools.emulator",
    "tools.handheld",
    "tools.handheld.demo",
    "tools.ledger",
    "tools.ledger bill",
    "tools.ledger earnings",
    "tools.ledger match",
    "tools.ledger pull",
    "tools.ledger reconcile",
    "tools.ledger show",
    "tools.mutants",
    "tools.new_board",
    "tools.pictures",
    "tools.profile",
    "tools.rom",
    "tools.till",
    "tools.till.demo",
    "tools.virtual_board",
)


def command(
    path: list[Path],
    /,
    *,
    size: int,
    side: Literal["ours", "theirs"] = "ours",
    loud: Annotated[bool, Parameter(help="say more")] = False,
) -> int:
    """Does something."""
    print(path, size, side, loud)
    return 7


def other() -> int:
    """Does something else."""
    return 3


def refused(call: Callable[[], int], capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that a wrong call is answered with."""
    with pytest.raises(SystemExit) as end:
        call()
    said = capsys.readouterr()
    assert (end.value.code, said.out, said.err.count("\n")) == (2, "", 1)
    return said.err


def test_the_options_reach_the_function_and_its_status_comes_back(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["a", "b", "--size", "-3", "--side=theirs", "--loud"]
    assert shell.run("tool", command, words) == 7
    assert capsys.readouterr().out == f"{[Path('a'), Path('b')]} -3 theirs True\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "PATH is missing"),
        (["a"], "--size is missing"),
        (["a", "--size", "x"], "--size"),
        (["a", "--size", "x\ny"], "--size"),
        (["a", "--size"], "--size"),
        (["a", "--size", "1", "--side", "mine"], "--side"),
        (["a", "--size", "1", "--quiet"], "--quiet"),
        (["a", "--size", "1", "--no-loud"], "--no-loud"),
        (["a", "--size", "1", "--version"], "--version"),
    ],
)
def test_wrong_words_are_one_line_and_exit_2(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = refused(lambda: shell.run("tool", command, words), capsys)
    assert re.fullmatch(rf"tool: .*{said}.*; see --help\n", line)


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ([], "tool: expected a command: one, two;"),
        (["three"], "tool: "),
        (["one"], "tool one: "),
    ],
)
def test_a_program_of_commands_names_the_one_at_fault(
    words: list[str], start: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = shell.app("tool", "Two of them.")
    line.command(command, name="one")
    line.command(other, name="two")
    assert refused(lambda: shell.call(line, words), capsys).startswith(start)
    assert shell.call(line, ["two"]) == 3


def test_examples_in_the_help_are_not_broken(capsys: pytest.CaptureFixture[str]) -> None:
    example = "  tool one " + "--option value " * 20
    line = shell.app("tool", "One of them.")
    line.command(command, name="one", help_epilogue=f"examples:\n{example}\n")
    assert shell.call(line, ["one", "--help"]) == 0
    assert example.rstrip() in capsys.readouterr().out


def ended(module: str, words: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    """The exit status of a program's `main` with these words on its command line."""
    is_package = (ROOT / module.replace(".", "/")).is_dir()
    program = importlib.import_module(f"{module}.__main__" if is_package else module)
    monkeypatch.setattr(sys, "argv", [module, *words])
    try:
        return int(program.main())
    except SystemExit as end:
        return int(end.code or 0)


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_program_says_what_each_of_its_options_is_and_refuses_what_it_does_not_know(
    program: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module, *words = program.split()
    assert ended(module, [*words, "--help"], monkeypatch) == 0
    said = capsys.readouterr()
    assert "Usage: " in said.out and not said.err
    assert not re.findall(
        r"^│ [* ]*(--\S+)(?: --\S+)?(?: [A-Z]+)? +(?:\[|│)", said.out, re.M
    )
    assert ended(module, [*words, "--no-such-option"], monkeypatch) == 2
    said = capsys.readouterr()
    assert not said.out and said.err.count("\n") == 1


def test_the_help_says_how_the_program_is_started() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.new_board", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.startswith("Usage: python -m tools.new_board [OPTIONS]\n")


def test_no_program_has_a_command_line_of_another_kind() -> None:
    """But for the set-up, which runs before anything is installed."""
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tools").rglob("*.py")
        if "argparse" in path.read_text("utf-8")
    }
    assert found == {"tools/program.py"}
