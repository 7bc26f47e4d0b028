"""The access point relays, goes away, counts, and cuts a connection at an exact byte."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from host_tests.kit.until import LONG_S
from tools.handheld.access_point import AccessPoint

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Air:
    """An access point and a server behind it that keeps what it gets and sends it back."""

    def __init__(self) -> None:
        self.point = AccessPoint()
        self.got = b""
        self.ends: list[str] = []
        self.port = 0
        self.begun = 0
        self._writers: list[asyncio.StreamWriter] = []

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.begun += 1
        try:
            while raw := await reader.read(1000):
                self.got += raw
                writer.write(raw)
                await writer.drain()
            self.ends.append("closed")
        except ConnectionError:
            self.ends.append("reset")
        writer.close()

    async def connect(self, line: bytes | None = None) -> Streams:
        streams = await asyncio.open_connection("127.0.0.1", self.point.port)
        self._writers.append(streams[1])
        streams[1].write(line or b"CONNECT 127.0.0.1 %d\n" % self.port)
        return streams

    async def close(self) -> None:
        await self.point.close()
        for writer in self._writers:
            writer.transport.abort()
        await until(lambda: len(self.ends) == self.begun)


def on_air(script: Callable[[Air], Awaitable[None]]) -> Air:
    async def play() -> Air:
        air = Air()
        server = await asyncio.start_server(air.serve, "127.0.0.1", 0)
        air.port = server.sockets[0].getsockname()[1]
        await air.point.start()
        try:
            await asyncio.wait_for(script(air), LONG_S)
        finally:
            await air.close()
            server.close()
        return air

    return asyncio.run(play())


async def until(happened: Callable[[], bool]) -> None:
    """Waits for what another task does."""
    while not happened():
        await asyncio.sleep(0.001)


def test_bytes_pass_both_ways_and_are_counted():
    async def script(air: Air) -> None:
        reader, writer = await air.connect()
        writer.write(b"hello")
        assert await reader.readexactly(5) == b"hello"
        writer.close()
        await until(lambda: bool(air.ends))

    air = on_air(script)
    assert (air.point.sent, air.point.received, air.point.connections) == (5, 5, 1)
    assert air.ends == ["closed"]


@pytest.mark.parametrize("cut_at", [0, 1, 4, 9, 10])
def test_a_connection_is_reset_after_exactly_so_many_sent_bytes(cut_at):
    async def script(air: Air) -> None:
        air.point.cut_after("sent", cut_at)
        reader, writer = await air.connect()
        writer.write(b"0123456789")
        with pytest.raises(ConnectionError):
            while await reader.read(100):
                pass
        await until(lambda: bool(air.ends))

    air = on_air(script)
    assert air.got == b"0123456789"[:cut_at]
    assert air.ends == ["reset"]


@pytest.mark.parametrize("cut_at", [0, 1, 9])
def test_a_connection_is_reset_after_exactly_so_many_received_bytes(cut_at):
    heard = bytearray()

    async def script(air: Air) -> None:
        air.point.cut_after("received", cut_at)
        reader, writer = await air.connect()
        writer.write(b"0123456789")
        with pytest.raises(ConnectionError):
            while raw := await reader.read(100):
                heard.extend(raw)

    air = on_air(script)
    assert bytes(heard) == b"0123456789"[:cut_at]
    assert air.point.received == cut_at


def test_a_cut_acts_once():
    async def script(air: Air) -> None:
        air.point.cut_after("sent", 0)
        reader, writer = await air.connect()
        writer.write(b"x")
        with pytest.raises(ConnectionError):
            await reader.readexactly(1)
        reader, writer = await air.connect()
        writer.write(b"again")
        assert await reader.readexactly(5) == b"again"

    assert on_air(script).point.connections == 2


def test_while_it_is_down_connections_hang_and_go_on_later():
    async def script(air: Air) -> None:
        reader, writer = await air.connect()
        writer.write(b"a")
        assert await reader.readexactly(1) == b"a"
        air.point.down()
        writer.write(b"b")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.05)
        assert air.got == b"a"
        air.point.up()
        assert await reader.readexactly(1) == b"b"

    on_air(script)


def test_while_it_is_down_new_connections_are_reset():
    async def script(air: Air) -> None:
        air.point.down()
        with pytest.raises(ConnectionError):
            reader, _ = await air.connect()
            await reader.readexactly(1)

    air = on_air(script)
    assert (air.point.connections, air.point.refused) == (0, 1)


@pytest.mark.parametrize(
    "line",
    [
        b"GET / HTTP/1.1\n",
        b"CONNECT x\n",
        b"CONNECT 127.0.0.1 y\n",
        b"\xff\n",
        b"x" * 99999,
    ],
)
def test_what_does_not_begin_with_connect_is_reset(line):
    async def script(air: Air) -> None:
        with pytest.raises(ConnectionError):
            reader, _ = await air.connect(line)
            await reader.readexactly(1)

    assert on_air(script).got == b""


def test_a_host_that_does_not_answer_resets_the_connection():
    async def script(air: Air) -> None:
        with pytest.raises(ConnectionError):
            reader, _ = await air.connect(b"CONNECT 127.0.0.1 1\n")
            await reader.readexactly(1)

    on_air(script)


def test_a_power_cut_resets_what_is_open():
    async def script(air: Air) -> None:
        reader, writer = await air.connect()
        writer.write(b"a")
        await reader.readexactly(1)
        air.point.drop_connections()
        await until(lambda: bool(air.ends))

    assert on_air(script).ends == ["reset"]


@pytest.mark.parametrize("how", ["power", "close"])
def test_a_connection_that_is_dropped_as_it_is_accepted_is_reset(how, monkeypatch):
    accept = AccessPoint._accept

    async def accept_and_drop(point: AccessPoint, *streams: object) -> None:
        await accept(point, *streams)
        if how == "power":
            point.drop_connections()
        else:
            closing.append(asyncio.create_task(point.close()))

    closing: list[asyncio.Task[None]] = []
    monkeypatch.setattr(AccessPoint, "_accept", accept_and_drop)

    async def script(air: Air) -> None:
        reader, _ = await air.connect()
        with pytest.raises(ConnectionError):
            await asyncio.wait_for(reader.read(1), LONG_S)
        await asyncio.gather(*closing)

    assert on_air(script).begun == 0
