"""The OAuth server: npm's oidc-provider in a process of its own, behind TLS."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from host_tests.kit import node
from tools import npm

# By how a client says its secret: in the body, or in a header of kind Basic.
CLIENTS = {"post": "milepad-store-0001", "basic": "milepad:store 0002"}
CLIENT_SECRET = "an example's secret, of+42&characters=in/all"
RESOURCE = "https://localhost/checkout"  # what a token must be for; by itself it is not
RIGHTS = 70  # of the client, by name: they make a token of 3 KB
_SCRIPT = Path(__file__).with_name("oauth_server.mjs")


@contextlib.contextmanager
def running_oauth(shown: Path) -> Iterator[str]:
    """Its URL, while the block runs."""
    modules = npm.OAUTH_SERVER.modules()
    assert modules is not None
    order = {
        "modules": str(modules),
        "shown": str(shown),
        "clients": CLIENTS,
        "client_secret": CLIENT_SECRET,
        "resource": RESOURCE,
        "rights": RIGHTS,
    }
    process, hello = node.started(_SCRIPT, order)
    try:
        yield hello["url"]
    finally:
        node.stop(process)
