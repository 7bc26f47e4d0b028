"""Faults as a client meets them, byte by byte, on its own TLS connection."""

from __future__ import annotations

import json
import os
import socket
import ssl
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tools.emulator.samples import SAMPLES
from tools.emulator.testing import RunningEmulator, running_emulator

_TIMEOUT_S = 60  # only an end


@contextmanager
def connected(emulator: RunningEmulator) -> Iterator[ssl.SSLSocket]:
    """A verified TLS connection."""
    context = ssl.create_default_context(cafile=emulator.ca)
    with (
        socket.create_connection(("127.0.0.1", emulator.port), _TIMEOUT_S) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secure,
    ):
        yield secure


def request(emulator: RunningEmulator, op: str = "redeem", key: str = "key") -> bytes:
    """A whole request as bytes."""
    if not emulator._bearer:
        emulator._bearer = emulator.token()
    body = json.dumps(SAMPLES[op]).encode()
    lines = [
        f"POST /checkout/amcash/{op} HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {emulator._bearer}",
        "Content-Type: application/json",
        f"Idempotency-Key: {key}",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def to_the_end(secure: ssl.SSLSocket) -> bytes:
    """All that comes until the connection ends."""
    received = b""
    while True:
        part = secure.recv(65536)
        if not part:
            return received
        received += part


def one_reply(secure: ssl.SSLSocket) -> bytes:
    """One chunked reply; the connection stays."""
    received = b""
    while not received.endswith(b"\r\n0\r\n\r\n"):
        part = secure.recv(65536)
        assert part, "the reply ended early"
        received += part
    return received


def answer(emulator: RunningEmulator, raw: bytes) -> bytes:
    with connected(emulator) as secure:
        secure.sendall(raw)
        return to_the_end(secure)


@pytest.mark.parametrize(
    ("fault", "committed"), [("drop_before_commit", 0), ("drop_after_commit", 1)]
)
def test_a_dropped_connection_has_no_reply_byte(
    emulator: RunningEmulator, fault: str, committed: int
) -> None:
    emulator.faults("redeem", fault)
    assert answer(emulator, request(emulator)) == b""
    entries = emulator.ledger()
    assert len(entries) == committed
    assert not any(entry["delivered"] for entry in entries)


def test_a_reset_is_a_tcp_reset(emulator: RunningEmulator) -> None:
    emulator.faults("redeem", "reset")
    with connected(emulator) as secure:
        secure.sendall(request(emulator))
        # The ssl module calls a reset an end of file, so the socket below it is asked.
        with socket.socket(fileno=os.dup(secure.fileno())) as below:
            below.settimeout(_TIMEOUT_S)
            with pytest.raises(ConnectionResetError):
                while below.recv(65536):
                    pass
    assert emulator.ledger() == []


@pytest.mark.parametrize("count", [0, 1, 12, 60, 200, 700])
def test_a_truncated_reply_is_the_reply_up_to_that_byte(
    emulator: RunningEmulator, count: int
) -> None:
    with connected(emulator) as secure:
        secure.sendall(request(emulator))
        whole = one_reply(secure)
    emulator.faults("redeem", "truncate", bytes=count)
    cut = answer(emulator, request(emulator))
    assert len(cut) == count
    # The date may have moved on by a second; what precedes it is the same.
    assert cut[:60] == whole[:60][:count]
    assert len(emulator.ledger()) == 1


def test_a_cut_beyond_the_end_leaves_reply_and_connection_whole(
    emulator: RunningEmulator,
) -> None:
    emulator.faults("redeem", "truncate", bytes=3000)
    with connected(emulator) as secure:
        for _ in range(4):
            secure.sendall(request(emulator))
            one_reply(secure)
    assert [entry["delivered"] for entry in emulator.ledger()] == [True]


def test_garbage_is_no_http(emulator: RunningEmulator) -> None:
    emulator.faults("redeem", "garbage")
    received = answer(emulator, request(emulator))
    assert received
    assert not received.startswith(b"HTTP/")


def test_a_gateway_speaks_html(emulator: RunningEmulator) -> None:
    emulator.faults("redeem", "html_502")
    with connected(emulator) as secure:
        secure.sendall(request(emulator))
        received = one_reply(secure)
    assert received.startswith(b"HTTP/1.1 502 Bad Gateway\r\n")
    assert b"text/html" in received


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        (
            "missing_code",
            lambda reply: isinstance(reply, dict) and "responseCode" not in reply,
        ),
        ("wrong_shape", lambda reply: isinstance(reply, list)),
        ("oversized", lambda reply: len(reply["message"]) >= 1_000_000),
    ],
)
def test_a_reply_that_is_json_and_wrong(
    emulator: RunningEmulator, fault: str, check: Callable[[object], bool]
) -> None:
    emulator.faults("inquire", fault)
    reply = emulator.call("inquire")
    assert reply.status_code == 200
    assert check(reply.json())


def test_a_reply_can_be_nested_a_thousand_deep(emulator: RunningEmulator) -> None:
    emulator.faults("inquire", "deep", status=202)
    reply = emulator.call("inquire")
    assert reply.status_code == 202
    assert b"[" * 1000 in reply.content


def test_a_late_reply_is_late(emulator: RunningEmulator) -> None:
    emulator.faults("redeem", "delay", seconds=0.2)
    with connected(emulator) as secure:
        raw = request(emulator)
        begun_s = time.monotonic()
        secure.sendall(raw)
        assert one_reply(secure).startswith(b"HTTP/1.1 200 ")
        assert time.monotonic() - begun_s >= 0.2


def test_a_client_that_gave_up_was_not_delivered_to(emulator: RunningEmulator) -> None:
    delay_s = 0.2
    while not gives_up_within(emulator, delay_s):
        delay_s *= 2  # on a busy machine the reply may have left before the client
    # The platform replies all the same, to nobody.
    while emulator.requests("redeem")[0]["status"] is None:
        time.sleep(0.01)
    assert [entry["delivered"] for entry in emulator.ledger()] == [False]


def gives_up_within(emulator: RunningEmulator, delay_s: float) -> bool:
    """Whether a client was seen to leave after its request and before the delayed reply."""
    emulator.reset()
    emulator.faults("redeem", "delay", seconds=delay_s)
    raw, before = request(emulator), emulator.connections()["open"]
    begun_s = time.monotonic()
    with connected(emulator) as secure:
        secure.sendall(raw)
        while not emulator.ledger():
            time.sleep(0.01)
    while emulator.connections()["open"] > before:
        time.sleep(0.01)
    return time.monotonic() - begun_s < delay_s


def test_a_copy_after_a_lost_reply_is_delivered(emulator: RunningEmulator) -> None:
    emulator.faults("redeem", "drop_after_commit")
    raw = request(emulator)
    assert answer(emulator, raw) == b""
    with connected(emulator) as secure:
        secure.sendall(raw)
        assert b'"0000"' in one_reply(secure)
    assert [entry["delivered"] for entry in emulator.ledger()] == [True]
    assert [each["raw"] for each in emulator.requests("redeem")] == [
        raw.split(b"\r\n\r\n")[1]
    ] * 2


def test_a_lost_reply_is_cancelled_after_a_minute(emulator: RunningEmulator) -> None:
    emulator.faults("redeem", "drop_after_commit")
    answer(emulator, request(emulator))
    emulator.advance_clock(61)
    assert [entry["cancelled"] for entry in emulator.ledger()] == [True]
    assert emulator.collector("84095202006")["cash"] == 5000


def test_a_connection_can_end_right_after_its_reply(emulator: RunningEmulator) -> None:
    emulator.faults("echo", "hang_up")
    received = answer(emulator, request(emulator, "echo"))
    assert received.endswith(b"\r\n0\r\n\r\n")
    assert b"connection: close" not in received.lower()


@pytest.mark.parametrize("count", [0, 3, 40])
def test_a_request_can_be_cut_within_its_head(
    emulator: RunningEmulator, count: int
) -> None:
    raw = request(emulator)
    emulator.clear()
    emulator.faults("redeem", "cut_request", bytes=count)
    assert answer(emulator, raw) == b""
    assert [each["raw"] for each in emulator.requests()] == ([raw[:count]] if count else [])
    assert emulator.ledger() == []


def test_a_request_can_be_cut_within_its_body(emulator: RunningEmulator) -> None:
    raw = request(emulator)
    emulator.clear()
    head, body = raw.split(b"\r\n\r\n")
    emulator.faults("redeem", "cut_request", bytes=len(head) + 4 + 10)
    assert answer(emulator, raw) == b""
    (arrived,) = emulator.requests()
    assert (arrived["op"], arrived["complete"]) == ("redeem", False)
    assert body.startswith(arrived["raw"])
    assert emulator.ledger() == []


def test_a_request_that_its_client_broke_off_is_noted(emulator: RunningEmulator) -> None:
    raw = request(emulator)
    emulator.clear()
    for length in (30, len(raw) - 5):
        with connected(emulator) as secure:
            secure.sendall(raw[:length])
            secure.unwrap()
    emulator.call("echo")
    first, second = emulator.requests()[:2]
    assert (first["raw"], first["complete"]) == (raw[:30], False)
    assert (second["op"], second["complete"]) == ("redeem", False)
    assert emulator.ledger() == []


def test_what_is_no_http_is_refused_and_noted(emulator: RunningEmulator) -> None:
    received = answer(emulator, b"\x00\x01\x02 nonsense\r\n\r\n")
    assert received.startswith(b"HTTP/1.1 400 ")
    assert [each["status"] for each in emulator.requests()] == [400]


def test_a_reply_comes_in_several_chunks(emulator: RunningEmulator) -> None:
    with connected(emulator) as secure:
        secure.sendall(request(emulator, "inquire"))
        received = one_reply(secure)
    assert received.count(b"\r\n80\r\n") > 2


@pytest.mark.parametrize("fault", ["drop_before_commit", "garbage", "reset", "html_502"])
def test_the_token_endpoint_can_fail_likewise(
    emulator: RunningEmulator, fault: str
) -> None:
    emulator.faults("token", fault)
    raw = b"POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
    form = f"grant_type=client_credentials&client_id={emulator.client_id}"
    form += f"&client_secret={emulator.client_secret}"
    raw = raw.replace(b"Content-Length: 0", f"Content-Length: {len(form)}".encode())
    received = b""
    with connected(emulator) as secure:
        secure.sendall(raw + form.encode())
        try:
            received = secure.recv(64)
        except ConnectionResetError:
            assert fault == "reset"
    assert not received.startswith(b"HTTP/1.1 200")


def test_a_client_that_leaves_within_a_long_reply_is_not_told_of() -> None:
    with running_emulator() as emulator:
        emulator.faults("inquire", "oversized", count=3)
        for _ in range(3):
            with connected(emulator) as secure:
                secure.sendall(request(emulator, "inquire"))
                secure.recv(1)
                linger = struct.pack("ii", 1, 0)  # a reset, and at once
                secure.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        emulator.call("echo")
        said = Path(f"/proc/{emulator.process.pid}/fd/2").read_text()
    assert said == ""
