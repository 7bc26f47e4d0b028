"""Who may come in: one test for each thing that a page elsewhere could try."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from tools.handheld.page.gate import Gate, Gatekeeper

PORT = 4711
HERE = "127.0.0.1:4711"


async def _welcome(_scope: Scope, _receive: Receive, send: Send) -> None:
    """The application behind the gate."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"in"})


def ask(
    gate: Gate,
    path: str = "/",
    host: str | None = HERE,
    origin: str | None = None,
    token: str | None = "right",  # noqa: S107
    kind: str = "http",
) -> list[Message]:
    """What the gate's keeper sends to a request with these."""
    named = [(b"host", host), (b"origin", origin)]
    headers = [(name, value.encode()) for name, value in named if value is not None]
    query = "" if token is None else f"token={gate.token if token == 'right' else token}"
    scope: Any = {"type": kind, "path": path, "query_string": query.encode()}
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": f"{kind}.connect"}

    asyncio.run(Gatekeeper(_welcome, gate)(scope | {"headers": headers}, receive, send))
    return sent


def status(sent: list[Message]) -> int:
    return int(sent[0]["status"])


def test_its_own_page_comes_in() -> None:
    gate = Gate(PORT)
    assert status(ask(gate)) == 200
    assert status(ask(gate, origin=f"http://{HERE}")) == 200
    assert status(ask(gate, host="localhost:4711", origin="http://localhost:4711")) == 200


@pytest.mark.parametrize("token", [None, "", "wrong", "right&token=wrong"])
def test_without_the_token_it_is_403(token: str | None) -> None:
    assert status(ask(Gate(PORT), token=token)) == 403


@pytest.mark.parametrize(
    "host", [None, "", "evil.example", "evil.example:4711", "127.0.0.1", "127.0.0.1:4712"]
)
def test_a_foreign_host_is_403_whatever_it_knows(host: str | None) -> None:
    assert status(ask(Gate(PORT), host=host)) == 403
    assert status(ask(Gate(PORT), path="/static/main.js", host=host)) == 403


@pytest.mark.parametrize(
    "origin",
    ["null", "https://127.0.0.1:4711", "http://localhost:4711", "http://evil.example", ""],
)
def test_a_foreign_origin_is_403_whatever_it_knows(origin: str) -> None:
    assert status(ask(Gate(PORT), origin=origin)) == 403


def test_a_socket_that_is_refused_is_closed_before_it_is_accepted() -> None:
    for wrong in ({"origin": "http://evil.example"}, {"token": None}, {"host": "evil"}):
        sent = ask(Gate(PORT), path="/ws", kind="websocket", **wrong)
        assert [each["type"] for each in sent] == ["websocket.close"]


def test_the_parts_of_the_page_need_no_token_for_they_hold_no_secret() -> None:
    assert status(ask(Gate(PORT), path="/static/main.js", token=None)) == 200
    assert status(ask(Gate(PORT), path="/session.jsonl", token=None)) == 403


def test_every_answer_says_what_a_browser_may_do_with_it() -> None:
    gate = Gate(PORT)
    for sent in (ask(gate), ask(gate, token=None)):
        headers = dict(sent[0]["headers"])
        policy = headers[b"content-security-policy"].decode()
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert headers[b"referrer-policy"] == b"no-referrer"
        assert headers[b"x-content-type-options"] == b"nosniff"
        assert headers[b"cache-control"] == b"no-store"


def test_each_run_has_a_token_of_its_own() -> None:
    tokens = {Gate(PORT).token for _ in range(20)}
    assert len(tokens) == 20 and all(len(token) >= 32 for token in tokens)
