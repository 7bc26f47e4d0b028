"""Drives npm's @adyen/api-library, as a till's program would."""

from __future__ import annotations

import contextlib
import itertools
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from host_tests.kit import node
from tools import npm

_SCRIPT = Path(__file__).with_suffix(".mjs")
Reply = dict[str, Any]


class FieldClient:
    """The library in a process; every request is asked beside those under way."""

    def __init__(self, process: subprocess.Popen[bytes], sale_id: str) -> None:
        self._process = process
        self.sale_id = sale_id
        self._numbers = itertools.count(1)
        self._asked: dict[int, Future[Reply]] = {}
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def ask(self, category: str, body: dict[str, Any]) -> Future[Reply]:
        """Asks; what comes is SaleToPOIResponse as the library's classes read it."""
        at = next(self._numbers)
        header = {
            "ProtocolVersion": "3.0",
            "MessageClass": "Service",
            "MessageCategory": category,
            "MessageType": "Request",
            "ServiceID": str(at),
            "SaleID": self.sale_id,
            "POIID": "001",
        }
        inner = {"MessageHeader": header, f"{category}Request": body}
        answer = self._asked[at] = Future()
        line = json.dumps({"at": at, "request": {"SaleToPOIRequest": inner}})
        assert self._process.stdin
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()
        return answer

    def told(self, category: str, body: dict[str, Any], wait_s: float = 90) -> Reply:
        """Asks and waits; the body of the response."""
        reply = self.ask(category, body).result(wait_s)
        found: Reply = reply[f"{category}Response"]
        return found

    @property
    def last_id(self) -> str:
        """The ServiceID of the last request."""
        return str(max(self._asked))

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(60)
        self._reader.join(60)
        assert self._process.stdout
        self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            told = json.loads(line)
            if "fault" in told:
                self._asked[told["at"]].set_exception(ConnectionError(told["fault"]))
            else:
                self._asked[told["at"]].set_result(
                    told["reply"].get("SaleToPOIResponse", {})
                )


@contextlib.contextmanager
def field_client(
    host: str, ca: Path, passphrase: str, key_identifier: str, sale_id: str
) -> Iterator[FieldClient]:
    """The library's encrypted client; without a passphrase its unencrypted one."""
    modules = npm.TILL_CLIENT.modules()
    if modules is None or shutil.which("node") is None:
        pytest.skip(f"{npm.TILL_CLIENT.name} could not be had: `make setup` says why")
    order: dict[str, Any] = {"modules": str(modules), "host": host, "ca": str(ca)}
    if passphrase:
        order["key"] = {
            "Passphrase": passphrase,
            "KeyIdentifier": key_identifier,
            "KeyVersion": 1,
            "AdyenCryptoVersion": 1,
        }
    process, _ = node.started(_SCRIPT, order)
    client = FieldClient(process, sale_id)
    try:
        yield client
    finally:
        client.close()
