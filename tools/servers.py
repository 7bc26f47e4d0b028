"""Gets the servers that stand before the platform in the tests: `python -m tools.servers`.

nginx and haproxy are what is installed, or else Debian's packages, unpacked into `.tools/`.
The OAuth server is npm's oidc-provider, where there are Node.js and npm, pinned by its lock
file. Nothing but tests needs them: what cannot be had is told in one line, and left out.
Only the standard library is used here.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import program
from tools.debian import FetchError, loader, native_arch
from tools.debian.packages import machine_source
from tools.debian.programs import PROGRAMS
from tools.folders import REQUIREMENTS, TOOLS

FRONTS = ("nginx", "haproxy")
OAUTH = "oidc-provider"
_PROGRAM = "servers"
_OAUTH_LOCK = REQUIREMENTS / "oauth-server"
_OAUTH_HOME = TOOLS / "oauth-server"
_SYSTEM = "/usr/local/sbin:/usr/sbin:/sbin"  # not on every user's PATH
_NPM_S = 300


def _works(command: list[str]) -> bool:
    try:
        done = subprocess.run([*command, "-v"], capture_output=True, timeout=20)
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


def oauth() -> Path | None:
    """The folder with the OAuth server's modules; None when it is not here."""
    stamp = _OAUTH_HOME / ".ready"
    if not stamp.exists() or stamp.read_text() != _oauth_digest():
        return None
    return _OAUTH_HOME / "node_modules"


def _oauth_digest() -> str:
    return hashlib.sha256((_OAUTH_LOCK / "package-lock.json").read_bytes()).hexdigest()


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


def _get_oauth() -> None:
    """Raises FetchError; then nothing has changed."""
    if not shutil.which("node") or not shutil.which("npm"):
        raise FetchError("there is no Node.js with npm here")
    TOOLS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=TOOLS, prefix=".oauth-") as work:
        made = Path(work) / "made"
        shutil.copytree(_OAUTH_LOCK, made)
        _run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", folder=made)
        # An older Node.js installs it and cannot run it.
        _run("node", "--input-type=module", "-e", f"import '{OAUTH}'", folder=made)
        (made / ".ready").write_text(_oauth_digest())
        shutil.rmtree(_OAUTH_HOME, ignore_errors=True)
        os.replace(made, _OAUTH_HOME)


def _run(*words: str, folder: Path) -> None:
    try:
        done = subprocess.run(
            words, cwd=folder, capture_output=True, text=True, timeout=_NPM_S
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise FetchError(f"{words[0]} did not end") from fault
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["it gives no reason"]
        raise FetchError(f"{words[0]}: {lines[0][:200]}")


def get() -> bool:
    """Gets what is missing; whether all is here. What is not is told, a line each."""
    all_here = True
    wanted = (
        (" and ".join(FRONTS), lambda: all(front(name) for name in FRONTS), _get_fronts),
        (OAUTH, oauth, _get_oauth),
    )
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
