"""The client for CircuitPython: one exchange is one copy, and the other tasks go on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest
import trustme

from host_tests.kit.ports import own_port
from host_tests.kit.tls_server import Exchange, TlsServer, server_context
from host_tests.link.circuitpython.radio import Link, Radio
from milepad.base.errors import NoAnswerError, NotSentError, TlsError
from milepad.link import client as usual
from milepad.link.circuitpython.client import Client

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
LAST = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
Serve = Callable[..., TlsServer]


def answering(raw: bytes) -> Callable[[Exchange], None]:
    def script(exchange: Exchange) -> None:
        while exchange.request():
            exchange.reply(raw)

    return script


def silent(exchange: Exchange) -> None:
    while exchange.request():
        pass


def client(radio: Radio, reply_ms: int = 60000, link: Link | None = None) -> Client:
    return Client(radio.guarded(), link or Link(), 60000, reply_ms)


def address(server: TlsServer) -> tuple[str, int, str]:
    return "127.0.0.1", server.port, "/p"


def test_a_whole_reply(radio: Radio, serve: Serve) -> None:
    ours, server = client(radio), serve(answering(OK))

    async def play() -> None:
        for _ in range(2):
            reply = await ours.post(address(server), [("X", "1")], b"{}")
            assert (reply.status, reply.body, reply.keep_alive) == (200, b"{}", True)
            assert ours.sent
            assert ours.stage == usual.IDLE

    asyncio.run(play())
    assert len(server.exchanges) == 1
    assert len(server.requests) == 2
    assert b"\r\nX: 1\r\n" in server.requests[0]
    ours.close()
    assert not radio.open_sockets()


def test_closes_when_the_server_says_so(radio: Radio, serve: Serve) -> None:
    ours, server = client(radio), serve(answering(LAST))
    reply = asyncio.run(ours.post(address(server), [], b"{}"))
    assert not reply.keep_alive
    assert not radio.open_sockets()


def test_a_refused_connection_is_not_sent(radio: Radio) -> None:
    ours = client(radio)
    with own_port() as port, pytest.raises(NotSentError):
        asyncio.run(ours.post(("127.0.0.1", port, "/p"), [], b"{}"))
    assert not ours.sent
    assert ours.stage == usual.IDLE


def test_the_other_tasks_go_on_while_the_reply_is_awaited(
    radio: Radio, serve: Serve
) -> None:
    waited = threading.Event()

    def script(exchange: Exchange) -> None:
        exchange.request()
        waited.wait(60)
        exchange.reply(LAST)

    ours, server = client(radio), serve(script)
    seen: list[tuple[str, bool]] = []

    async def watch() -> None:
        while seen.count((usual.WAITING, True)) <= 5:
            seen.append((ours.stage, ours.sent))
            await asyncio.sleep(0.005)
        waited.set()

    async def play() -> None:
        watcher = asyncio.create_task(watch())
        await ours.post(address(server), [], b"{}")
        assert waited.is_set()
        await watcher

    asyncio.run(play())
    assert (usual.CONNECTING, False) in seen
    assert len(server.requests) == 1


def test_a_reply_that_does_not_come_in_time_is_not_waited_for(
    radio: Radio, serve: Serve
) -> None:
    ours, server = client(radio, reply_ms=50), serve(silent)
    with pytest.raises(NoAnswerError, match="no reply within"):
        asyncio.run(ours.post(address(server), [], b"{}"))
    assert not radio.open_sockets()


def test_a_cancelled_call_leaves_no_connection_behind(radio: Radio, serve: Serve) -> None:
    ours, server = client(radio), serve(silent)

    async def play() -> None:
        call = asyncio.create_task(ours.post(address(server), [], b"{}"))
        while ours.stage != usual.WAITING:
            await asyncio.sleep(0)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    asyncio.run(play())
    assert ours.sent
    assert ours.stage == usual.IDLE
    assert not radio.open_sockets()


def test_a_call_that_was_cancelled_before_it_left_is_not_sent(
    radio: Radio, serve: Serve
) -> None:
    ours, server = client(radio), serve(answering(OK))

    async def play() -> None:
        await ours.post(address(server), [], b"{}")
        call = asyncio.create_task(ours.post(address(server), [], b"{}"))
        await asyncio.sleep(0)
        assert ours.stage == usual.CONNECTING
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    asyncio.run(play())
    assert not ours.sent
    ours.close()
    assert len(server.requests) == 1


def test_what_may_not_leave_stays_when_the_way_is_open(radio: Radio, serve: Serve) -> None:
    ours, server = client(radio), serve(answering(OK))
    asked: list[int] = []

    def may_leave() -> bool:
        asked.append(len(server.exchanges))
        return len(asked) > 1

    async def play() -> None:
        with pytest.raises(NotSentError):
            await ours.post(address(server), [], b"{}", may_leave)
        assert not ours.sent
        await ours.post(address(server), [], b"{}", may_leave)
        await ours.post(address(server), [], b"{}")

    asyncio.run(play())
    assert asked == [1, 2]  # each time over a connection that was there
    assert len(server.requests) == 2
    ours.close()


def test_over_a_link_that_is_down_nothing_is_sent_on_a_kept_connection(
    radio: Radio, serve: Serve
) -> None:
    link, server = Link(), serve(answering(OK))
    ours = client(radio, link=link)

    async def play() -> None:
        await ours.post(address(server), [], b"{}")
        link.up = False
        with pytest.raises(NotSentError, match="no Wi-Fi"):
            await ours.post(address(server), [], b"{}")
        assert not ours.sent
        link.up = True
        await ours.post(address(server), [], b"{}")

    asyncio.run(play())
    assert len(server.requests) == 2
    assert len(server.exchanges) == 2  # what was kept over the gap is not used again
    ours.close()


def test_requests_that_cannot_leave_are_counted_until_one_does(
    radio: Radio, serve: Serve
) -> None:
    link, server = Link(), serve(answering(OK))
    ours = client(radio, link=link)

    async def play() -> None:
        for failures in (1, 2):
            with pytest.raises(NotSentError):
                await ours.post(("127.0.0.1", port, "/p"), [], b"{}")
            assert link.failures == failures
        await ours.post(address(server), [], b"{}")

    with own_port() as port:
        asyncio.run(play())
    assert link.failures == 0
    ours.close()


def test_a_refused_certificate_counts_as_a_failure_too(radio: Radio, serve: Serve) -> None:
    link = Link()
    server = serve(answering(OK), server_context(trustme.CA().issue_cert("127.0.0.1")))
    ours = client(radio, link=link)

    async def play() -> None:
        for _ in range(4):
            with pytest.raises(TlsError):
                await ours.post(address(server), [], b"{}")

    asyncio.run(play())
    assert link.failures == 4


def test_a_link_that_falls_just_before_the_request_leaves_is_seen(
    radio: Radio, serve: Serve
) -> None:
    link, server = Link(), serve(answering(OK))
    ours = client(radio, link=link)

    async def fall() -> None:
        link.up = False

    async def play() -> None:
        await ours.post(address(server), [], b"{}")
        falling = asyncio.create_task(fall())
        with pytest.raises(NotSentError, match="no Wi-Fi"):
            await ours.post(address(server), [], b"{}")
        await falling

    asyncio.run(play())
    assert len(server.requests) == 1
