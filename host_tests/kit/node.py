"""A script of Node.js that says in its first line that it is there."""

from __future__ import annotations

import json
import select
import shutil
import subprocess
from pathlib import Path
from typing import Any

_START_S = 30
_STARTS = 3


def started(script: Path, order: dict[str, Any]) -> tuple[subprocess.Popen[bytes], Any]:
    """The process of a script that is given `order`, and its first line. On a busy machine
    Node.js may hang before it: then another one is started.
    """
    node = shutil.which("node")
    assert node is not None
    for _ in range(_STARTS):
        process = subprocess.Popen(
            [node, str(script), json.dumps(order)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # oidc-provider warns that it keeps tokens in memory
        )
        assert process.stdout
        if select.select([process.stdout], [], [], _START_S)[0]:
            return process, json.loads(process.stdout.readline())
        stop(process)
    raise RuntimeError(f"{script.name} does not start")


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ends one that keeps nothing."""
    process.kill()
    process.communicate()
