"""The simulated board's ways to a till: where they are, and what power and Wi-Fi do to them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from host_tests.kit.until import LONG_S
from tools.handheld import frames
from tools.handheld.till_port import UART, TillPort


class Board:
    """What the firmware would be: its port answers with what it heard."""

    def __init__(self) -> None:
        self.events: list[Any] = []
        self.frames: list[bytes] = []
        self.till = TillPort(self.frames.append, self.events.append)
        self._server: asyncio.Server | None = None

    async def power(self) -> None:
        port = self.till.for_power_up()
        self._server = await asyncio.start_server(self._echo, "127.0.0.1", port)

    async def cut(self) -> None:
        assert self._server
        self._server.close()
        self.till.cut()
        await asyncio.sleep(0)

    async def close(self) -> None:
        await self.till.close()
        if self._server:
            self._server.close()
            await self._server.wait_closed()
        await asyncio.sleep(0.05)  # what was reset is noticed

    async def told(self, count: int = 1) -> Any:
        while len(self.events) < count:
            await asyncio.sleep(0.001)
        return self.events[count - 1]["till"]

    async def _echo(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            while raw := await reader.read(100):
                writer.write(raw.upper())
        except ConnectionResetError:
            pass
        finally:
            writer.close()


def play(scene: Callable[[Board], Awaitable[None]]) -> None:
    async def whole() -> None:
        board = Board()
        try:
            await asyncio.wait_for(scene(board), LONG_S)
        finally:
            await board.close()

    asyncio.run(whole())


async def exchange(port: int, raw: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(raw)
        return await reader.read(100)
    finally:
        writer.close()


def test_a_till_reaches_the_board_at_the_port_that_is_told() -> None:
    async def scene(board: Board) -> None:
        await board.power()
        board.till.opened("tcp")
        told = await board.told()
        assert told["mode"] == "tcp"
        assert await exchange(told["port"], b"hello") == b"HELLO"

    play(scene)


def test_the_port_is_the_same_after_a_power_cut() -> None:
    async def scene(board: Board) -> None:
        await board.power()
        board.till.opened("https")
        first = await board.told()
        await board.cut()
        await board.power()
        board.till.opened("https")
        assert await board.told(2) == first
        assert await exchange(first["port"], b"again") == b"AGAIN"

    play(scene)


def test_a_power_cut_resets_what_is_open() -> None:
    async def scene(board: Board) -> None:
        await board.power()
        board.till.opened("tcp")
        port = (await board.told())["port"]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"hello")
        assert await reader.read(100) == b"HELLO"
        await board.cut()
        with pytest.raises(ConnectionResetError):
            await reader.read(100)
        writer.close()

    play(scene)


def test_without_wifi_nothing_comes_through_and_later_it_does() -> None:
    async def scene(board: Board) -> None:
        await board.power()
        board.till.opened("tcp")
        port = (await board.told())["port"]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"a")
        assert await reader.read(100) == b"A"
        board.till.set_wifi(False)
        writer.write(b"b")
        answer = asyncio.ensure_future(reader.read(100))
        with pytest.raises((ConnectionResetError, TimeoutError)):
            await exchange(port, b"new")
        assert not answer.done()
        board.till.set_wifi(True)
        assert await answer == b"B"
        writer.close()

    play(scene)


def test_the_serial_line_carries_bytes_both_ways() -> None:
    async def scene(board: Board) -> None:
        board.till.opened("serial")
        told = await board.told()
        assert told["mode"] == "serial"
        end = os.open(told["path"], os.O_RDWR | os.O_NOCTTY)
        try:
            os.write(end, b"\x00\x01\r\n\xff")
            while not board.frames:
                await asyncio.sleep(0.001)
            assert board.frames == [
                frames.pack(frames.UART, bytes((UART,)) + b"\x00\x01\r\n\xff")
            ]
            board.till.take(b"\x7f\n\x03")
            assert os.read(end, 100) == b"\x7f\n\x03"
        finally:
            os.close(end)

    play(scene)


def test_bytes_that_nobody_reads_are_lost() -> None:
    async def scene(board: Board) -> None:
        board.till.take(b"nobody has opened it")
        board.till.opened("serial")
        for _ in range(100):
            board.till.take(b"x" * 1000)
        assert (await board.told())["path"].startswith("/dev/")

    play(scene)
