"""Gets what stands around the product in the tests: `python -m tools.servers`.

nginx and haproxy are what is installed, or else Debian's packages, unpacked into `.tools/`.
The OAuth server is npm's oidc-provider and a till's client npm's @adyen/api-library, where
there are Node.js and npm (tools/npm.py). Nothing but tests needs them: what cannot be had is
told in one line, and left out. Only the standard library is used here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable

from tools import npm, program
from tools.debian import FetchError, loader, native_arch
from tools.debian.packages import machine_source
from tools.debian.programs import PROGRAMS
from tools.folders import TOOLS

FRONTS = ("nginx", "haproxy")
_FROM_NPM = (npm.OAUTH_SERVER, npm.TILL_CLIENT)
_PROGRAM = "servers"
_SYSTEM = "/usr/local/sbin:/usr/sbin:/sbin"  # not on every user's PATH


def _works(command: list[str]) -> bool:
    try:
        done = subprocess.run([*command, "-v"], capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def front(name: str) -> list[str] | None:
    """The command that starts nginx or haproxy; None when it is not here."""
    arch = native_arch()
    home = TOOLS / _PROGRAM / arch
    if arch in loader.LOADERS and (home / ".complete").exists():
        return loader.command(home, arch, f"usr/sbin/{name}")
    path = os.pathsep.join((os.environ.get("PATH", ""), _SYSTEM))
    installed = shutil.which(name, path=path)
    return [installed] if installed and _works([installed]) else None


def _get_fronts() -> None:
    """Raises FetchError; then nothing has changed."""
    arch = native_arch()
    if arch not in PROGRAMS[_PROGRAM].architectures:
        raise FetchError("install both to have them tested")
    home = TOOLS / _PROGRAM / arch
    machine_source().unpack(_PROGRAM, PROGRAMS[_PROGRAM], arch, home)
    if not all(_works(loader.command(home, arch, f"usr/sbin/{name}")) for name in FRONTS):
        shutil.rmtree(home)
        raise FetchError("they were fetched, but this kernel does not run them")


def get() -> bool:
    """Gets what is missing; whether all is here. What is not is told, a line each."""
    all_here = True
    wanted: list[tuple[str, Callable[[], object], Callable[[], None]]] = [
        (" and ".join(FRONTS), lambda: all(front(name) for name in FRONTS), _get_fronts),
        *((each.name, each.modules, each.get) for each in _FROM_NPM),
    ]
    for name, is_here, fetch in wanted:
        if is_here():
            continue
        print(f"fetching {name} for the tests ...", flush=True)
        try:
            fetch()
        except (FetchError, OSError) as fault:
            program.complain("setup", f"left out of the tests: {name} ({fault})")
            all_here = False
    return all_here


def _main() -> int:
    """Gets what is missing of the servers that tests use; 1 when one cannot be had."""
    program.Parser(prog="tools.servers", description=_main.__doc__).parse_args()
    return 0 if get() else 1


if __name__ == "__main__":
    sys.exit(program.run("servers", _main))
