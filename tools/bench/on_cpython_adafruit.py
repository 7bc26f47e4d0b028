"""The same calls in a bare script on adafruit_requests, as its documentation says.

Runs on CPython, with a file as for bench_client; `ca` is a PEM file here.
"""

import json
import ssl
import sys
from pathlib import Path
from typing import Any

import adafruit_requests  # type: ignore[import-not-found,unused-ignore]


class _Pool:
    """What a radio's SocketPool has of Python's `socket`."""

    import socket as _python

    AF_INET = _python.AF_INET
    SOCK_STREAM = _python.SOCK_STREAM
    socket = staticmethod(_python.socket)

    def getaddrinfo(
        self, host: str, port: int, family: int = 0, kind: int = 0
    ) -> list[Any]:
        return self._python.getaddrinfo(host, port, self.AF_INET, kind)


def _run(order: dict[str, Any]) -> None:
    platform, wait_s = order["platform"], order["reply_ms"] / 1000
    context = ssl.create_default_context(cafile=order["ca"])
    session = adafruit_requests.Session(_Pool(), context)
    form = "grant_type=client_credentials&client_id=%s&client_secret=%s"
    reply = session.post(
        platform["token_url"],
        data=form % (platform["client_id"], platform["client_secret"]),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    bearer = "Bearer " + reply.json()["access_token"]
    reply.close()
    for op, fields in order["calls"]:
        headers = {"Authorization": bearer}
        if op != "inquire":
            headers["Idempotency-Key"] = fields["key"]
        url = platform["base_url"] + "/checkout/amcash/" + op
        reply = session.post(url, json=fields["members"], headers=headers, timeout=wait_s)
        print(op, reply.status_code)
        reply.close()


_run(json.loads(Path(sys.argv[1]).read_text("utf-8")))
