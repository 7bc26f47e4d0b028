"""A cash register that drives a PIN pad: `python -m tools.till --tcp 127.0.0.1:40123`.

Commands come from the keyboard, from `--script FILE`, or from a pipe, one a line; `help` lists
them. A script ends with the first command whose request the pad did not do: exit 1; `expect
CONDITION command ...` wants that ErrorCondition instead. Bad input is one line, exit 2.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import shlex
import sqlite3
import ssl
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from tools import program, regular_file, shell
from tools.till.commands import DONE, NOT_DONE, Commands
from tools.till.journal import Journal, JournalError
from tools.till.links import HTTPS_PORT, HttpsLink, Link, LinkError, SerialLink, TcpLink
from tools.till.money import AmountError
from tools.till.protection import Key, ProtectionError
from tools.till.register import Identity, Till, Times

_NAME = "tools.till"
_PROMPT = "till> "
_LEAVING = ("quit", "exit")
PASSPHRASE = "MILEPAD_TILL_PASSPHRASE"  # noqa: S105 - a variable's name


_LONGEST_S = 3600
_MOST_SCRIPT_BYTES = 64 * 1024
_MOST_NAME_CHARS = 24  # that a pad takes


class UsageError(Exception):
    """What was asked cannot be done; one line says why."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """How the till reaches its pad, and as whom."""

    tcp: Annotated[str, Parameter(help="the pad's HOST:PORT")] = ""
    serial: Annotated[str, Parameter(help="the serial line's path")] = ""
    https: Annotated[
        str,
        Parameter(help=f"the pad's HOST, or HOST:PORT ({HTTPS_PORT})"),
    ] = ""
    ca: Annotated[Path | None, Parameter(help="PEM; verifies the pad (--https)")] = None
    name: Annotated[
        str,
        Parameter(help="whom the pad's certificate is for, unless the host"),
    ] = ""
    sale_id: Annotated[str, Parameter(help="who this till is")] = "TILL-1"
    poi_id: Annotated[str, Parameter(help="which pad it asks: its device_id")] = "001"
    key: Annotated[
        str,
        Parameter(
            help="the key's identifier: messages are protected; the passphrase is asked for, "
            f"or in {PASSPHRASE}",
        ),
    ] = ""
    key_version: Annotated[int, Parameter(help="and which version of it")] = 1
    journal: Annotated[
        Path | None, Parameter(help="SQLite; unless given, till-SALE_ID.sqlite here")
    ] = None
    script: Annotated[str, Parameter(help="commands, one a line")] = ""
    reply_s: Annotated[float, Parameter(help="seconds that card and customer may take")] = (
        Times.reply
    )


_AS_USUAL = Options()


def main(words: list[str] | None = None) -> int:
    """Runs the till; 0, 1 when the pad did not do what a script asks, 2 after bad input."""
    return shell.run(_NAME, _run, words, about=__doc__)


def _run(options: Annotated[Options, Parameter(name="*")] = _AS_USUAL) -> int:
    try:
        with _till(options) as till:
            return _obeyed(Commands(till, program.say), options.script)
    except (UsageError, AmountError, ProtectionError, JournalError) as fault:
        program.complain(_NAME, fault)
        return 2
    except (LinkError, sqlite3.Error) as fault:  # the journal's disk may be full
        program.complain(_NAME, fault)
        return NOT_DONE


@contextlib.contextmanager
def _till(options: Options) -> Iterator[Till]:
    key = _key(options)
    path = options.journal or _usual_journal(options.sale_id)
    identity = Identity(*map(_named, (options.sale_id, options.poi_id)))
    if not 0 < options.reply_s <= _LONGEST_S:  # not a number is none of these, too
        raise UsageError(f"--reply-s: expected seconds, at most {_LONGEST_S}")
    times = Times(reply=options.reply_s)
    with contextlib.closing(
        Till(_link(options), Journal(path), identity, key, program.say, times)
    ) as till:
        yield till


def _named(value: str) -> str:
    """A name that a pad takes."""
    if not (value.isascii() and value.isprintable() and 0 < len(value) <= _MOST_NAME_CHARS):
        raise UsageError(
            f"--sale-id, --poi-id: expected 1 to {_MOST_NAME_CHARS} printable ASCII characters"
        )
    return value


def _usual_journal(sale_id: str) -> Path:
    path = Path(f"till-{sale_id}.sqlite")
    if path.name != str(path) or not sale_id.isprintable():
        raise UsageError("this --sale-id makes no file's name: --journal is missing")
    return path


def _link(options: Options) -> Link:
    if [options.tcp, options.serial, options.https].count("") != 2:
        raise UsageError("expected one of --tcp, --serial and --https")
    if options.serial:
        return SerialLink(options.serial)
    if options.tcp:
        return TcpLink(*_address(options.tcp, 0))
    if options.ca is None or not options.ca.is_file():
        raise UsageError("--https wants --ca: a PEM file that the pad is verified with")
    host, port = _address(options.https, HTTPS_PORT)
    try:
        return HttpsLink(host, port, options.ca, options.name)
    except (ssl.SSLError, OSError):
        raise UsageError(f"{options.ca}: holds no certificates in PEM") from None


def _address(text: str, usual: int) -> tuple[str, int]:
    host, _, port = text.rpartition(":") if ":" in text else (text, "", str(usual))
    if not host or not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
        raise UsageError("expected HOST:PORT such as 127.0.0.1:40123")
    return host, int(port)


def _key(options: Options) -> Key | None:
    if not options.key:
        return None
    passphrase = os.environ.get(PASSPHRASE, "")
    if not passphrase and not sys.stdin.isatty():
        raise UsageError(f"put the passphrase into {PASSPHRASE}, or run this in a terminal")
    passphrase = passphrase or getpass.getpass("the pad's passphrase: ")
    return Key.from_passphrase(passphrase, options.key, options.key_version)


def _obeyed(commands: Commands, script: str) -> int:
    """Obeys a script, or a person until the input ends."""
    if not script and sys.stdin.isatty():
        return _talk(commands)
    for number, line in enumerate(_lines(script), 1):
        where = f"line {number} of the script: "
        try:
            words = _words(line)
            if not words:
                continue
            program.say(f"> {line.strip()}")
            if words[0] in _LEAVING:
                break
            code = _did(commands, words, where)
        except SystemExit:  # one line has said why
            return 2
        except (UsageError, AmountError) as fault:
            raise UsageError(where + str(fault)) from None
        if code != DONE:
            return code
    return DONE


def _lines(script: str) -> list[str]:
    """Of a script, or of what is piped in."""
    if not script:
        return sys.stdin.read().splitlines()
    try:
        return regular_file.read(Path(script), _MOST_SCRIPT_BYTES).decode().splitlines()
    except OSError as fault:
        raise UsageError(f"{script}: {fault.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{script}: expected UTF-8") from None


def _did(commands: Commands, words: list[str], where: str) -> int:
    """The command's exit status. SystemExit(2), after one line, when it is none."""
    if words[0] != "expect" or len(words) < 3:
        return shell.call(commands.line, words, where)
    shell.call(commands.line, words[2:], where)
    found = commands.last.error_condition if commands.last else ""
    if found == words[1]:
        return DONE
    program.say(f"expected {words[1]}")
    return NOT_DONE


def _talk(commands: Commands) -> int:
    """A person at the keyboard; Ctrl-C while the pad works asks it to stop."""
    while True:
        try:
            line = input(_PROMPT)
        except EOFError:
            return DONE
        try:
            words = _words(line)
            if words and words[0] in _LEAVING:
                return DONE
            if words:
                shell.call(commands.line, words)
        except SystemExit:
            pass  # one line has said what is wrong
        except (UsageError, AmountError, LinkError) as fault:
            program.complain(_NAME, fault)


def _words(line: str) -> list[str]:
    try:
        words = shlex.split(line, comments=True)
    except ValueError:
        raise UsageError("a quotation does not end") from None
    return ["--help"] if words == ["help"] else words


if __name__ == "__main__":
    sys.exit(program.run(_NAME, main))
