"""A till whose pad is a script, and whose clock runs only while it waits."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tools.till import messages, money
from tools.till.journal import Intent, Journal
from tools.till.links import Link, LinkError
from tools.till.protection import Key
from tools.till.register import Identity, Till, Times

NOW = datetime(2026, 1, 30, 15, 4, 5, tzinfo=UTC)
SALE = messages.Sale("4711", NOW, "1", "en")
BROKEN = "broken"
Answer = dict[str, Any] | str | None
Behaviour = Callable[[dict[str, Any]], list[Answer]]


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now_s

    def pause(self, delay_s: float) -> None:
        self.pauses.append(delay_s)
        self.now_s += delay_s


class ScriptedLink(Link):
    """`pad` gets each request and says what comes back: messages, None (silence), BROKEN."""

    def __init__(self, clock: Clock, pad: Behaviour) -> None:
        self.sent: list[dict[str, Any]] = []
        self.raw: list[bytes] = []
        self.closed = 0
        self._clock = clock
        self._pad = pad
        self._waiting: list[Answer] = []

    def send(self, raw: bytes) -> None:
        document = money.loads(raw.decode())["SaleToPOIRequest"]
        self.raw.append(raw)
        self.sent.append(document)
        answers = self._pad(document)
        if answers == ["refuse"]:
            raise LinkError("refused")
        self._waiting += answers

    def receive(self, wait_s: float) -> bytes | None:
        answer = self._waiting.pop(0) if self._waiting else None
        if answer is None:
            self._clock.now_s += wait_s
            return None
        if answer == BROKEN:
            raise LinkError("the pad has closed the connection")
        if isinstance(answer, str):
            return answer.encode()
        return json.dumps(answer).encode()

    def close(self) -> None:
        self.closed += 1

    def categories(self) -> list[str]:
        return [each["MessageHeader"]["MessageCategory"] for each in self.sent]


def response(
    request: dict[str, Any], condition: str = "", **members: Any
) -> dict[str, Any]:
    head = dict(request["MessageHeader"], MessageType="Response")
    told = (
        {"Result": "Failure", "ErrorCondition": condition}
        if condition
        else {"Result": "Success"}
    )
    body = {f"{head['MessageCategory']}Response": {"Response": told, **members}}
    return {"SaleToPOIResponse": {"MessageHeader": head, **body}}


def again(status: dict[str, Any], first: dict[str, Any], **members: Any) -> dict[str, Any]:
    """A TransactionStatus's answer that repeats the one to `first`."""
    repeated = response(first, **members)["SaleToPOIResponse"]
    head = repeated.pop("MessageHeader")
    return response(
        status,
        RepeatedMessageResponse={
            "MessageHeader": head,
            "RepeatedResponseMessageBody": repeated,
        },
    )


class Shop:
    """A till, its scripted pad, its clock, and what it said."""

    def __init__(
        self,
        folder: Path,
        pad: Behaviour,
        key: Key | None = None,
        times: Times | None = None,
    ) -> None:
        self.clock = Clock()
        self.link = ScriptedLink(self.clock, pad)
        self.said: list[str] = []
        self.path = folder / "till.sqlite"
        self.till = Till(
            self.link,
            Journal(self.path, lambda: 1_770_000_000),
            Identity("TILL-1", "PAD"),
            key,
            self.said.append,
            times,
            self.clock,
            self.clock.pause,
        )

    def open_intents(self) -> list[Intent]:
        """As another program reads them from the disk."""
        with contextlib.closing(Journal(self.path)) as journal:
            return journal.open()
