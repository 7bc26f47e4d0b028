"""The OAuth server: npm's oidc-provider in a process of its own, behind TLS."""

from __future__ import annotations

import contextlib
import json
import select
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tools import npm

# By how a client says its secret: in the body, or in a header of kind Basic.
CLIENTS = {"post": "milepad-store-0001", "basic": "milepad:store 0002"}
CLIENT_SECRET = "an example's secret, of+42&characters=in/all"
RESOURCE = "https://localhost/checkout"  # what a token must be for; by itself it is not
RIGHTS = 70  # of the client, by name: they make a token of 3 KB
_START_S = 20
_STARTS = 3
_SCRIPT = Path(__file__).with_name("oauth_server.mjs")


@contextlib.contextmanager
def running_oauth(shown: Path) -> Iterator[str]:
    """Its URL, while the block runs."""
    modules, node = npm.OAUTH_SERVER.modules(), shutil.which("node")
    assert modules is not None and node is not None
    order = {
        "modules": str(modules),
        "shown": str(shown),
        "clients": CLIENTS,
        "client_secret": CLIENT_SECRET,
        "resource": RESOURCE,
        "rights": RIGHTS,
    }
    process, url = _started([node, str(_SCRIPT), json.dumps(order)])
    try:
        yield url
    finally:
        _stop(process)


def _started(command: list[str]) -> tuple[subprocess.Popen[bytes], str]:
    """The process and its URL. On a busy machine Node.js may hang before its first line."""
    for _ in range(_STARTS):
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it warns that its tokens are kept in memory alone
        )
        assert process.stdout
        if select.select([process.stdout], [], [], _START_S)[0]:
            return process, json.loads(process.stdout.readline())["url"]
        _stop(process)
    raise RuntimeError(f"{npm.OAUTH_SERVER.name} does not start")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.kill()  # it keeps nothing
    process.communicate()
