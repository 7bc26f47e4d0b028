"""Where tills reach the simulated board: a TCP port of the desktop's, or a pseudo-terminal.

Both stay where they are from one power-up to the next; whoever listens is told at each. The
TCP port is a relay through the air: with the Wi-Fi away it hangs, with the power cut its
connections are reset. Bytes on the serial line that nobody takes are lost, as on a cable.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
import tty
from collections.abc import Callable

from tools.handheld import frames
from tools.handheld.access_point import AccessPoint
from tools.handheld.events import Outgoing

UART = 3  # the board's, towards a till
_PIECE = 1024
_WAIT_S = 60.0  # how long the board may take from saying that it listens to listening
_TRY_S = 0.02


class _Inwards(AccessPoint):
    """Relays what connects to it to the board's own port."""

    def __init__(self) -> None:
        super().__init__()
        self.board_port = 0

    async def _asked_for(self, near: asyncio.StreamReader) -> tuple[str, int]:
        return "127.0.0.1", self.board_port

    async def _connect(
        self, host: str, _port: int
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        deadline_s = asyncio.get_running_loop().time() + _WAIT_S
        while True:
            try:
                # As it is now: the board may have had a power cut since it was asked for.
                return await asyncio.open_connection(host, self.board_port)
            except ConnectionRefusedError:
                if asyncio.get_running_loop().time() > deadline_s:
                    raise
            await asyncio.sleep(_TRY_S)


class TillPort:
    """The board's ways to a till. `send` takes frames to the board, `tell` events."""

    def __init__(
        self,
        send: Callable[[bytes], None],
        tell: Callable[[Outgoing], None],
        port: int = 0,
    ):
        self._send = send
        self._tell = tell
        self._wanted = port
        self._kept: socket.socket | None = None
        self._air = _Inwards()
        self._is_listening = False
        self._line: tuple[int, int] | None = None  # the pseudo-terminal's two ends
        self._opening: asyncio.Task[None] | None = None

    def for_power_up(self) -> int:
        """The port that the board shall listen on from now on, on the loopback interface.

        Another one each time: the last one's may still be in use for a moment. It is kept
        for the board until then, where the system lets the board listen on it all the same:
        another program's port would be taken for the board's.
        """
        last, self._kept = self._kept, socket.socket()
        self._kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._kept.bind(("127.0.0.1", 0))
        self._air.board_port = self._kept.getsockname()[1]
        if last is not None:
            last.close()
        if sys.platform != "linux":
            self._kept.close()
        return self._air.board_port

    def opened(self, mode: str) -> None:
        """The board listens in that mode: "tcp", "https" or "serial"."""
        if mode == "serial":
            self._tell({"till": {"mode": mode, "path": self._open_line()}})
        else:
            self._opening = asyncio.ensure_future(self._open_port(mode))

    def take(self, raw: bytes) -> None:
        """Bytes that the board transmitted to the till."""
        if self._line is not None:
            with contextlib.suppress(BlockingIOError):  # nobody has read for 4 KiB
                os.write(self._line[0], raw)

    def set_wifi(self, up: bool) -> None:
        """The access point goes away or comes back."""
        (self._air.up if up else self._air.down)()

    def cut(self) -> None:
        """The board has lost its power."""
        self._air.drop_connections()

    async def close(self) -> None:
        """Frees ports and pseudo-terminal."""
        if self._opening is not None:
            self._opening.cancel()
        if self._kept is not None:
            self._kept.close()
        if self._is_listening:
            await self._air.close()
        if self._line is not None:
            asyncio.get_running_loop().remove_reader(self._line[0])
            for end in self._line:
                os.close(end)
            self._line = None

    async def _open_port(self, mode: str) -> None:
        if not self._is_listening:
            await self._air.start(self._wanted)
            self._is_listening = True
        self._tell({"till": {"mode": mode, "port": self._air.port}})

    def _open_line(self) -> str:
        """The path of the end that a till opens."""
        if self._line is None:
            master, slave = os.openpty()
            tty.setraw(slave)
            os.set_blocking(master, False)
            # The till's end is kept open here too: else the line would end with its till.
            self._line = master, slave
            asyncio.get_running_loop().add_reader(master, self._read_line)
        return os.ttyname(self._line[1])

    def _read_line(self) -> None:
        if self._line is None:
            return
        with contextlib.suppress(BlockingIOError):
            raw = os.read(self._line[0], _PIECE)
            self._send(frames.pack(frames.UART, bytes((UART,)) + raw))
