"""The command lines of the tools: the options are a function's annotated parameters.

What is wrong with the words is one line on standard error and exit status 2. What sets the
project up runs before anything is installed; it has `program.Parser` instead.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from cyclopts import App, CycloptsError, MissingArgumentError, Parameter

from tools import program

_BAD_USE = 2


def app(name: str, about: str | None, **more: Any) -> App:
    """A command line that is called `name`; functions or further apps are added to it."""
    return App(
        name=name,
        help=re.sub(
            r"(?<!\n)\n(?![\n ])", " ", about or ""
        ),  # the terminal breaks the lines
        help_format="plaintext",
        version_flags=(),
        default_parameter=Parameter(negative=(), show_default=_shown),
        **more,
    )


def _shown(value: object) -> str | None:
    """A default as the help has it: nothing of what is off, or not given."""
    return None if value is None or value is False or value == "" else str(value)


def call(line: App, words: Sequence[str] | None = None, where: str = "") -> int:
    """Calls the function that the words ask for; its exit status.

    Raises SystemExit(2), after one line, when the words are wrong; `where` tells in it where
    they stand.
    """
    given = sys.argv[1:] if words is None else list(words)
    called = _called(line.name[0]) if words is None else line.name[0]
    if not given and line.default_command is None:
        commands = [name for name in line if not name.startswith("-")]
        _complain(line, f"{where}expected a command: {', '.join(commands)}")
    try:
        function, bound, _ = line.parse_args(given, exit_on_error=False, print_error=False)
    except CycloptsError as fault:
        _complain(line, where + _said(fault), fault.command_chain or ())
    if function.__name__ == "help_print":
        _help(line, [word for word in given if word not in line.help_flags], called)
        return 0
    return int(function(*bound.args, **bound.kwargs))


def run(
    name: str,
    function: Callable[..., int],
    words: Sequence[str] | None = None,
    about: str | None = None,
) -> int:
    """As `call`, for a program with one function."""
    line = app(name, about or function.__doc__)
    line.default(function)
    return call(line, words)


def _said(fault: CycloptsError) -> str:
    """The library's words, without its frame, as one line."""
    if isinstance(fault, MissingArgumentError) and fault.argument is not None:
        return f"{fault.argument.name} is missing"
    return " ".join(str(fault).split())


def _complain(line: App, text: str, commands: Sequence[str] = ()) -> NoReturn:
    said = text if text.endswith("...") else text.rstrip(".")
    program.complain(" ".join([line.name[0], *commands]), f"{said}; see --help")
    raise SystemExit(_BAD_USE)


def _called(name: str) -> str:
    """How a person starts the program that runs; its name where it is no module of ours."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    module = spec.name.removesuffix(".__main__") if spec else ""
    return f"python -m {module}" if module.startswith("tools.") else name


def _help(line: App, words: Sequence[str], called: str) -> None:
    """Help goes out as all output does, so that what cannot be written is told.

    `called`: how the program is started. Examples are to be copied, so they are not broken to
    the terminal's width as text is.
    """
    _, chain, _ = line.parse_commands(words)
    examples = chain[-1].help_epilogue or ""
    for each in chain:
        each.help_epilogue = ""
    with contextlib.redirect_stdout(io.StringIO()) as text:
        line.help_print(words)
    said = text.getvalue().replace(f"Usage: {line.name[0]}", f"Usage: {called}", 1)
    program.say(f"{said.rstrip()}\n{examples}".rstrip())
