"""The emulator as a test wants it: the real program, started and stopped by `with`.

    with running_emulator(clock="2026-01-30T09:39:59Z", daily_cap_dollars=200) as emulator:
        emulator.faults("redeem", "drop_after_commit")
        ...
        assert len(emulator.ledger()) == 1

Every option of the program is a keyword here, with underscores (`magic=True`). Without
`state` the state folder is a temporary one. The program listens on any free port of
127.0.0.1.
"""

from __future__ import annotations

import base64
import json
import ssl
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import httpx

from tools.emulator.recorder import PATHS
from tools.emulator.samples import SAMPLES
from tools.running import Process, running

_PATHS = {op: path for path, op in PATHS.items()}
_PATIENCE_S = 60  # a busy machine may leave the program without its turn for seconds
_WITHOUT_KEY = ("echo", "inquire", "record")


class RunningEmulator:
    """A running emulator: where it is, who may call it, and what a test may order."""

    def __init__(self, process: Process, hello: dict[str, str]) -> None:
        self.process = process
        self.url = hello["url"]
        self.port = int(self.url.rpartition(":")[2])
        self.token_url = f"{self.url}/oauth/token"
        self.ca = hello["ca"]
        self.client_id = hello["client_id"]
        self.client_secret = hello["client_secret"]
        context = ssl.create_default_context(cafile=self.ca)
        # Two clients, so that what a test orders never shares a connection with its calls.
        # Their connections are counted with the others: none is set up anew after a pause.
        settings: dict[str, Any] = {"base_url": self.url, "verify": context}
        settings |= {"trust_env": False, "timeout": _PATIENCE_S}
        settings["limits"] = httpx.Limits(keepalive_expiry=None)
        self._control = httpx.Client(**settings)
        self.client = httpx.Client(**settings)
        self._bearer = ""

    def faults(self, op: str, fault: str, **more: Any) -> None:
        """Orders a fault: `faults("redeem", "delay", seconds=0.2, count=2)`."""
        self._order("POST", "faults", {"op": op, "fault": fault} | more)

    def clear(self) -> None:
        """Calls all faults off and forgets the requests; the ledger stays."""
        self._order("DELETE", "faults")
        self._order("DELETE", "requests")

    def reset(self) -> None:
        """As `clear`, and the ledger and the balances are as at the beginning."""
        self._order("POST", "reset")

    def ledger(self) -> list[dict[str, Any]]:
        """Every redemption and reversal that was committed, oldest first."""
        entries: list[dict[str, Any]] = self._order("GET", "ledger")
        return entries

    def issuances(self) -> list[dict[str, Any]]:
        """All that Issuance committed, oldest first, each RECORD included."""
        entries: list[dict[str, Any]] = self._order("GET", "issuances")
        return entries

    def requests(self, op: str | None = None) -> list[dict[str, Any]]:
        """Requests that arrived, oldest first; `raw` is the body as bytes."""
        arrived: list[dict[str, Any]] = self._order("GET", "requests")
        for each in arrived:
            each["raw"] = base64.b64decode(each["body"])
        return [each for each in arrived if op in (None, each["op"])]

    def collector(self, number: str) -> dict[str, Any]:
        """A collector's account as it stands: `cash`, `dream`, `state`."""
        for account in self._order("GET", "collectors"):
            if account["number"] == number:
                return dict(account)
        raise LookupError("no such collector")

    def set_clock(self, moment: str) -> None:
        """Moves the platform's clock to a moment in ISO 8601."""
        self._order("POST", "clock", {"set": moment})

    def advance_clock(self, seconds: float) -> None:
        """Moves the platform's clock on."""
        self._order("POST", "clock", {"advance_s": seconds})

    def now(self) -> str:
        """The platform's clock, ISO 8601 in UTC."""
        return str(self._order("GET", "clock")["now"])

    def connections(self) -> dict[str, int]:
        """`accepted`, `handshakes`, `open`, and `used` by requests to the platform."""
        counts: dict[str, int] = self._order("GET", "connections")
        return counts

    def token(self) -> str:
        """A fresh token."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }
        reply = self.client.post("/oauth/token", data=form)
        reply.raise_for_status()
        return str(reply.json()["access_token"])

    def call(
        self, op: str, body: dict[str, Any] | bytes | None = None, key: str | None = ""
    ) -> httpx.Response:
        """One plain call to an operation, by default with the sample's fields.

        `key` is the Idempotency-Key: "" makes one, None sends none.
        """
        if not self._bearer:
            self._bearer = self.token()
        headers = {
            "Authorization": f"Bearer {self._bearer}",
            "Content-Type": "application/json",
            "cache-control": "no-cache",
        }
        if key is not None and op not in _WITHOUT_KEY:
            headers["Idempotency-Key"] = key or str(uuid.uuid4())
        if not isinstance(body, bytes):
            body = json.dumps(SAMPLES[op] | (body or {})).encode()
        return self.client.post(_PATHS[op], content=body, headers=headers)

    def close(self) -> None:
        """Closes the clients; the program is stopped by whoever started it."""
        self._control.close()
        self.client.close()

    def _order(self, method: str, what: str, order: dict[str, Any] | None = None) -> Any:
        path = f"/_emulator/{what}"
        try:
            reply = self._control.request(method, path, json=order)
        except (httpx.RemoteProtocolError, httpx.NetworkError):
            # The kept connection was closed at that moment: a goodbye, or a reset.
            reply = self._control.request(method, path, json=order)
        if reply.status_code != httpx.codes.OK:
            raise ValueError(reply.text)
        return reply.json()


@contextmanager
def running_emulator(**options: Any) -> Iterator[RunningEmulator]:
    """Starts the program, yields it once it accepts connections, and stops it.

    Raises RuntimeError with what the program said when it does not start.
    """
    with tempfile.TemporaryDirectory(prefix="emulator-") as folder:
        settings = {"port": 0, "state": f"{folder}/state"} | options
        with (
            running("tools.emulator", **settings) as (process, hello),
            closing(RunningEmulator(process, hello)) as emulator,
        ):
            yield emulator
