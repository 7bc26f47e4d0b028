"""The bare call in a script on `requests`, as its documentation says: how long each takes.

The first argument is a file: {"url", "bearer", "ca": PEM file, "keep": whether a Session keeps
the connection, "calls": [{"path", "members", "key"}, ...]}. Prints a list of milliseconds.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import requests


def _took_ms(post: Any, order: dict[str, Any], call: dict[str, Any]) -> float:
    headers = {"Authorization": order["bearer"], "Idempotency-Key": call["key"]}
    since = time.perf_counter()
    reply = post(
        order["url"] + call["path"],
        json=call["members"],
        headers=headers,
        verify=order["ca"],
        timeout=15,
    )
    reply.json()
    took_ms = (time.perf_counter() - since) * 1000
    reply.raise_for_status()
    return took_ms


def _run(order: dict[str, Any]) -> None:
    post = requests.Session().post if order["keep"] else requests.post
    took = [_took_ms(post, order, call) for call in order["calls"]]
    print(json.dumps(took))


_run(json.loads(Path(sys.argv[1]).read_text("utf-8")))
