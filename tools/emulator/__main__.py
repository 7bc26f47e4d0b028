"""`python -m tools.emulator --port P --state DIR [--clock ISO8601] [settings]`.

Prints one line of JSON (url, ca, client_id, client_secret) once it accepts connections.
What is wrong with an option or the state folder is said in one line, with exit status 2.
The options are checked before the libraries are loaded, so that a mistake is told at once.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import sys
from pathlib import Path
from typing import NoReturn

from tools import program
from tools.emulator.clock import PlatformClock, parse_moment
from tools.emulator.settings import Settings, SetupError, add_options, from_options

_NAME = "emulator"
_REFUSED = 2


def main() -> int:
    """Runs the emulator until a signal; returns the exit status."""
    try:
        options = _options()
        _run(options, _clock(options.clock), from_options(options))
    except SetupError as error:
        program.complain(_NAME, error)
        return _REFUSED
    return 0


def _run(options: argparse.Namespace, clock: PlatformClock, settings: Settings) -> None:
    from tools.emulator import authority, server
    from tools.emulator.cash.platform import Platform
    from tools.emulator.store import Store
    from tools.emulator.tokens import TokenOffice

    os.umask(0o077)
    folder: Path = options.state.absolute()
    authority.open_state(folder)
    credentials = authority.credentials(folder)
    context = authority.server_context(folder, settings.host_name)
    try:
        listener = server.listen(options.port)
    except OSError as error:
        raise SetupError(f"--port {options.port}: {error.strerror}") from error
    try:
        store = Store(folder / "emulator.db")
    except sqlite3.Error as error:
        raise SetupError(f"{folder / 'emulator.db'}: {error}") from error
    hello = {
        "url": f"https://{settings.host_name}:{listener.getsockname()[1]}",
        "ca": str(folder / "ca.pem"),
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
    }
    try:
        server.serve(
            Platform(settings, clock, store),
            TokenOffice(credentials, clock, settings),
            context,
            listener,
            lambda: program.say(json.dumps(hello)),
        )
    finally:
        store.close()


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise SetupError(message)


def _options() -> argparse.Namespace:
    parser = _Parser(prog="python -m tools.emulator", description=__doc__)
    parser.add_argument("--port", type=_port, required=True, help="0: any free one")
    parser.add_argument(
        "--state", type=Path, required=True, help="folder kept between runs"
    )
    parser.add_argument("--clock", help="start of the platform's clock (default: now)")
    add_options(parser)
    return parser.parse_args()


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise ValueError(text)
    return port


_port.__name__ = "port number"


def _clock(text: str | None) -> PlatformClock:
    try:
        return PlatformClock(None if text is None else parse_moment(text))
    except ValueError as error:
        raise SetupError(f"--clock {text!r}: expected ISO 8601 ({error})") from error


if __name__ == "__main__":
    sys.exit(program.run(_NAME, main))
