"""The wire rules on CircuitPython: session and token over the shim, against the emulator."""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
import ssl
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from host_tests.kit.ports import own_port
from host_tests.link.circuitpython.radio import Link
from milepad import USER_AGENT
from milepad.base.request import Request
from milepad.link.circuitpython.client import Client
from milepad.link.circuitpython.urequests import Requests
from milepad.link.retry import CallResult
from milepad.link.session import Session
from milepad.link.token import TokenKeeper
from tools.emulator.samples import SAMPLES
from tools.emulator.testing import RunningEmulator, running_emulator

TRACE_IDS = itertools.count(1)
PATIENT_MS = 60000  # longer than a busy machine takes for what comes in the end


@pytest.fixture(scope="module")
def running() -> Iterator[RunningEmulator]:
    with running_emulator(daily_cap_dollars=750) as emulator:
        yield emulator


@pytest.fixture
def emulator(running: RunningEmulator) -> RunningEmulator:
    running.reset()
    return running


class NoStore:
    """A token is fetched anew after every start."""

    def load(self, _now_s: int) -> None:
        return None

    def save(self, token: str, expires_s: int) -> None:
        pass

    def drop(self) -> None:
        pass


class Device:
    """A session as the composition root makes it, over the shim."""

    def __init__(self, emulator: RunningEmulator) -> None:
        with open(emulator.ca) as file:
            root = ssl.PEM_cert_to_DER_cert(file.read())
        self.requests = Requests(socket, ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), root)
        self.client = Client(self.requests, Link(), PATIENT_MS, PATIENT_MS)
        platform = {
            "token_url": emulator.url + "/oauth/token",
            "client_id": emulator.client_id,
            "client_secret": emulator.client_secret,
            "audience": "",
            "scope": "",
            "token_margin_s": 60,
            "token_auth": "post",
            "resource": "",
        }
        self.token = TokenKeeper(self.client, platform, NoStore(), lambda: int(time.time()))
        self.session = Session(self.client, self.token, emulator.url)

    def waits_in_vain(self) -> None:
        """The next reply is waited for too shortly, those after it as long as they take."""
        receive = self.client._receive

        async def hurried() -> None:
            self.client._receive = receive  # type: ignore[method-assign]
            self.client._reply_ms = PATIENT_MS
            await receive()

        asyncio.run(self.call("echo"))  # the token is there, and the connection
        self.client._reply_ms = 500
        self.client._receive = hurried  # type: ignore[method-assign]

    async def call(self, op: str, **fields: str) -> CallResult:
        trace_id = f"{next(TRACE_IDS):012d}"
        members = SAMPLES[op] | {"traceId": trace_id} | fields
        key = str(uuid4()) if op in ("redeem", "reverse") else ""
        body = json.dumps(members).encode()
        return await self.session.call(
            Request(op, "/checkout/amcash/" + op, trace_id, body, key)
        )


@pytest.fixture
def device(emulator: RunningEmulator) -> Iterator[Device]:
    device = Device(emulator)
    yield device
    device.client.close()


def copies(emulator: RunningEmulator, op: str = "redeem") -> list[Any]:
    """What arrived at the platform: body and idempotency key, and each was the same."""
    arrived = emulator.requests(op)
    assert len({each["raw"] for each in arrived}) <= 1
    assert len({each["headers"].get("idempotency-key") for each in arrived}) <= 1
    assert {each["headers"]["user-agent"] for each in arrived} <= {USER_AGENT}
    return arrived


# fault on the first copy -> (outcome, copies that left, awards on the platform's ledger)
FAULTS: list[tuple[dict[str, Any], tuple[str, int, int]]] = [
    ({"fault": "drop_before_commit"}, ("approved", 2, 1)),
    ({"fault": "drop_after_commit"}, ("approved", 2, 1)),
    ({"fault": "reset"}, ("approved", 2, 1)),
    ({"fault": "reset", "after_commit": True}, ("approved", 2, 1)),
    ({"fault": "hang_up"}, ("approved", 1, 1)),
    ({"fault": "truncate", "bytes": 30}, ("approved", 2, 1)),
    ({"fault": "truncate", "bytes": 200}, ("approved", 2, 1)),
    ({"fault": "delay", "seconds": 30.0}, ("approved", 2, 1)),
    ({"fault": "garbage"}, ("approved", 2, 1)),
    ({"fault": "html_502"}, ("approved", 2, 1)),
    ({"fault": "expire_token"}, ("approved", 2, 1)),
    ({"fault": "oversized"}, ("approved", 2, 1)),
    ({"fault": "code", "code": "0008"}, ("approved", 2, 1)),
    ({"fault": "code", "code": "0051"}, ("declined", 1, 0)),
    ({"fault": "drop_before_commit", "count": 2}, ("unknown", 2, 0)),
    ({"fault": "drop_after_commit", "count": 2}, ("unknown", 2, 1)),
    ({"fault": "reset", "count": 2}, ("unknown", 2, 0)),
    ({"fault": "truncate", "bytes": 200, "count": 2}, ("unknown", 2, 1)),
    ({"fault": "garbage", "count": 2}, ("unknown", 2, 0)),
]


@pytest.mark.parametrize(
    ("fault", "expected"), FAULTS, ids=["-".join(map(str, f.values())) for f, _ in FAULTS]
)
def test_at_most_two_identical_copies_and_the_right_outcome(
    emulator: RunningEmulator,
    device: Device,
    fault: dict[str, Any],
    expected: tuple[str, int, int],
) -> None:
    emulator.faults("redeem", **fault)
    if fault["fault"] == "delay":
        device.waits_in_vain()
    outcome = asyncio.run(device.call("redeem"))
    assert (outcome.outcome, outcome.copies, len(emulator.ledger())) == expected
    assert len(copies(emulator)) == outcome.copies


def test_a_whole_checkout_takes_one_connection(
    emulator: RunningEmulator, device: Device
) -> None:
    before = emulator.connections()["handshakes"]

    async def play() -> list[CallResult]:
        inquired = await device.call("inquire")
        redeemed = await device.call("redeem")
        number = redeemed.reply.confirmation_number()
        reversed_ = await device.call("reverse", redemptionConfirmationNum=number)
        return [inquired, redeemed, reversed_]

    outcomes = asyncio.run(play())
    assert [(each.outcome, each.code, each.copies) for each in outcomes] == [
        ("approved", "0000", 1)
    ] * 3
    assert len(emulator.requests("token")) == 1
    assert emulator.connections()["handshakes"] - before == 1


def test_nothing_leaves_when_the_platform_is_gone(
    emulator: RunningEmulator, device: Device
) -> None:
    asyncio.run(device.call("echo"))
    with own_port() as port:
        device.session = Session(device.client, device.token, f"https://127.0.0.1:{port}")
        outcome = asyncio.run(device.call("redeem"))
    assert (outcome.outcome, outcome.copies) == ("not_sent", 0)
    assert not emulator.ledger()
