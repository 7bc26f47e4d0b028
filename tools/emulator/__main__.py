"""`python -m tools.emulator --port P --state DIR [--clock ISO8601] [settings]`.

Prints one line of JSON (url, ca, client_id, client_secret) once it accepts connections.
What is wrong with an option or the state folder is said in one line, with exit status 2.
The options are checked before the libraries are loaded, so that a mistake is told at once.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from tools import program, shell
from tools.emulator.clock import PlatformClock, parse_moment
from tools.emulator.settings import Settings, SetupError

_NAME = "emulator"
_REFUSED = 2
_DEFAULTS = Settings()


def main(words: Sequence[str] | None = None) -> int:
    """Runs the emulator until a signal; returns the exit status."""
    try:
        return shell.run(_NAME, _emulate, words, about=__doc__)
    except SetupError as error:
        program.complain(_NAME, error)
        return _REFUSED


def _emulate(
    *,
    port: Annotated[
        int, Parameter(help="0: any free one", validator=Number(gte=0, lte=65535))
    ],
    state: Annotated[Path, Parameter(help="folder kept between runs")],
    clock: Annotated[
        str | None, Parameter(help="start of the platform's clock (default: now)")
    ] = None,
    settings: Annotated[Settings, Parameter(name="*")] = _DEFAULTS,
) -> int:
    _run(port, state.absolute(), _clock(clock), settings)
    return 0


def _run(port: int, folder: Path, clock: PlatformClock, settings: Settings) -> None:
    from tools.emulator import authority, server
    from tools.emulator.cash.platform import Platform
    from tools.emulator.store import Store
    from tools.emulator.tokens import TokenService

    os.umask(0o077)
    authority.open_state(folder)
    credentials = authority.credentials(folder)
    context = authority.server_context(
        folder, settings.host_name, settings.certificate_from, settings.certificate_until
    )
    try:
        listener = server.listen(port)
    except OSError as error:
        raise SetupError(f"--port {port}: {error.strerror}") from error
    try:
        store = Store(folder / "emulator.db")
    except sqlite3.Error as error:
        listener.close()
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
            TokenService(credentials, clock, settings),
            context,
            listener,
            lambda: program.say(json.dumps(hello)),
        )
    finally:
        store.close()


def _clock(text: str | None) -> PlatformClock:
    try:
        return PlatformClock(None if text is None else parse_moment(text))
    except ValueError as error:
        raise SetupError(f"--clock {text!r}: expected ISO 8601 ({error})") from error


if __name__ == "__main__":
    sys.exit(program.run(_NAME, main))
