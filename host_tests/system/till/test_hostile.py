"""What no till sends: the pad refuses it, says nothing, counts it, and serves on."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable

import pytest

from host_tests.system.handheld.hands import logged, until
from host_tests.system.till.conftest import GetPad
from host_tests.system.till.pads import LONG_S, NOW, Desk, Pad
from tools.emulator.testing import RunningEmulator
from tools.till import messages
from tools.till.links import LinkError, TcpLink, framed
from tools.till.money import dumps, loads
from tools.till.protection import protect
from tools.till.register import NoAnswerError

LOGIN = messages.login(NOW, "12", "en", False)


@pytest.fixture
def pad(get_pad: GetPad, platform: RunningEmulator) -> Pad:
    return get_pad("tcp")


def sealed(pad: Pad, change: Callable[[dict], None] = lambda _: None) -> bytes:
    """A login, protected; `change` is made to what travels."""
    header = messages.header(LOGIN, "TILL-1", "001", "7001")
    text = dumps(
        {"SaleToPOIRequest": {"MessageHeader": header, "LoginRequest": LOGIN.body}}
    )
    assert pad.shared_key
    message = protect(header, text, pad.shared_key)
    change(message)
    return dumps({"SaleToPOIRequest": message}).encode()


def answers(pad: Pad, *raws: bytes) -> list[str]:
    """What comes back to each: the names within the message."""
    link = TcpLink("127.0.0.1", pad.port)
    found = []
    try:
        for raw in raws:
            link.send(raw)
            answer = link.receive(LONG_S)
            document = loads(answer.decode()) if answer else {}
            inner = document.get("SaleToPOIResponse", document.get("SaleToPOIRequest", {}))
            found.append(",".join(sorted(inner)))
    finally:
        link.close()
    return found


SERVED = "MessageHeader,NexoBlob,SecurityTrailer"
REJECT = "EventNotification,MessageHeader"


def renamed(message: dict) -> None:
    message["MessageHeader"] = dict(message["MessageHeader"], SaleID="TILL-2")


def altered(message: dict) -> None:
    blob = message["NexoBlob"]
    message["NexoBlob"] = blob[:40] + ("A" if blob[40] != "A" else "B") + blob[41:]


def other_nonce(message: dict) -> None:
    trailer = message["SecurityTrailer"]
    message["SecurityTrailer"] = dict(trailer, Nonce="AAAAAAAAAAAAAAAAAAAAAA==")


def other_key(message: dict) -> None:
    trailer = message["SecurityTrailer"]
    message["SecurityTrailer"] = dict(trailer, KeyIdentifier="another")


@pytest.mark.parametrize("change", [renamed, altered, other_nonce, other_key])
def test_what_was_changed_on_its_way_is_refused(
    pad: Pad, change: Callable[[dict], None]
) -> None:
    assert answers(pad, sealed(pad, change)) == [REJECT]


def test_what_came_before_is_refused(pad: Pad) -> None:
    raw = sealed(pad)
    first, second = answers(pad, raw, raw)
    assert first in (SERVED, REJECT)  # a login may bring its event first
    assert second in (SERVED, REJECT)
    assert answers(pad, raw) == [REJECT]


def test_refusals_are_counted_and_logged_without_content(pad: Pad, desk: Desk) -> None:
    before = int(desk.till(pad).ask(messages.diagnosis()).notes["refused"])
    answers(pad, sealed(pad, altered), b'{"secret": "84095202006"}')
    after = int(desk.till(pad).ask(messages.diagnosis()).notes["refused"])
    assert after == before + 2
    until(lambda: any(line.startswith("till: refused") for line in logged(pad)))
    assert not [line for line in logged(pad) if "84095202006" in line or "secret" in line]


@pytest.mark.parametrize(
    "raw",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x00\x00\x00\x00",
        b"\xff\xff\xff\xff",
        b"\x16\x03\x01\x02\x00",
        framed(b"no JSON"),
        framed(b"[]"),
        framed(b'{"SaleToPOIRequest": 7}'),
        framed(b"[" * 4000),
        framed(b'{"SaleToPOIRequest": {"NexoBlob": {}, "SecurityTrailer": []}}'),
        (9000).to_bytes(4, "big") + b"x" * 9000,
    ],
)
def test_after_any_bytes_the_pad_serves_on(pad: Pad, desk: Desk, raw: bytes) -> None:
    with (
        socket.create_connection(("127.0.0.1", pad.port), timeout=LONG_S) as sock,
        contextlib.suppress(OSError),  # the pad may have hung up by then
    ):
        sock.sendall(raw)
        sock.shutdown(socket.SHUT_WR)
        while sock.recv(1000):
            pass
    assert desk.till(pad).ask(LOGIN).is_success


def is_served(pad: Pad, desk: Desk) -> bool:
    """Whether a till is, which at a full door is closed as it comes."""
    with contextlib.suppress(NoAnswerError, LinkError):
        return desk.till(pad).ask(LOGIN).is_success
    return False


def test_a_crowd_of_silent_connections_is_kept_at_the_door(pad: Pad, desk: Desk) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(12):
            sock = socket.create_connection(("127.0.0.1", pad.port), timeout=LONG_S)
            stack.enter_context(sock)
    while not is_served(pad, desk):  # it takes a moment to notice that they have gone
        pass
    assert not [event for event in pad.events if "stopped by itself" in str(event)]
