"""The ways from a till to a pad: frames over TCP or a serial line, and HTTPS.

A frame is four bytes of length, high byte first, and a message in JSON. Each link sends a
message, from any thread, and gives what has come in, in one thread. It knows nothing of what
a message says.
"""

from __future__ import annotations

import contextlib
import http.client
import queue
import select
import socket
import ssl
import threading
import time
from abc import ABC, abstractmethod
from pathlib import Path

import serial

LONGEST = 65536  # bytes of a message; a pad's are of some hundreds
HTTPS_PORT = 8443
HTTPS_PATH = "/nexo"
_CONNECT_S = 5.0
_HEAD_BYTES = 4
_PIECE_BYTES = 4096


class LinkError(Exception):
    """The pad cannot be reached, or the connection broke; one line says why."""


class Link(ABC):
    """One way to one pad. It connects when something is sent, and again after a LinkError."""

    @abstractmethod
    def send(self, raw: bytes) -> None:
        """Sends a message. Raises LinkError."""

    @abstractmethod
    def receive(self, wait_s: float) -> bytes | None:
        """The next message that came in, or None when none came in that time.

        Raises LinkError when the connection is gone.
        """

    @abstractmethod
    def close(self) -> None:
        """Ends the connection; what was sent may still be answered, but nobody hears it."""


class Frames:
    """Cuts a stream of bytes into messages."""

    def __init__(self) -> None:
        self._raw = b""

    def feed(self, raw: bytes) -> None:
        """Takes bytes as they come."""
        self._raw += raw

    def next(self) -> bytes | None:
        """The next whole message; None when there is none yet. LinkError for no frame."""
        if len(self._raw) < _HEAD_BYTES:
            return None
        length = int.from_bytes(self._raw[:_HEAD_BYTES], "big")
        if length > LONGEST:
            raise LinkError("what came in is no frame")
        end = _HEAD_BYTES + length
        if len(self._raw) < end:
            return None
        message, self._raw = self._raw[_HEAD_BYTES:end], self._raw[end:]
        return message


def framed(raw: bytes) -> bytes:
    """A message as it goes over TCP or a serial line."""
    return len(raw).to_bytes(_HEAD_BYTES, "big") + raw


class StreamLink(Link):
    """What TCP and a serial line have in common: one stream of frames each way."""

    def __init__(self) -> None:
        self._frames = Frames()
        self._sending = threading.Lock()
        self._is_open = False

    def send(self, raw: bytes) -> None:
        """See Link."""
        with self._sending:
            try:
                if self._is_open and not self._is_alive():
                    self.close()
                if not self._is_open:
                    self._frames = Frames()
                    self._open()
                    self._is_open = True
                self._write(framed(raw))
            except (OSError, serial.SerialException) as fault:
                self.close()
                raise LinkError(_reason(fault)) from fault

    def receive(self, wait_s: float) -> bytes | None:
        """See Link."""
        deadline_s = time.monotonic() + wait_s
        try:
            while (message := self._frames.next()) is None:
                left_s = deadline_s - time.monotonic()
                if left_s <= 0:
                    return None
                if not self._is_open:
                    raise LinkError("the connection is closed")
                self._frames.feed(self._read(left_s))
        except (OSError, serial.SerialException, LinkError) as fault:
            self.close()
            raise LinkError(_reason(fault)) from fault
        return message

    def close(self) -> None:
        """See Link."""
        self._is_open = False
        with contextlib.suppress(OSError, serial.SerialException):
            self._close()

    def _is_alive(self) -> bool:
        """Whether the other end has not hung up meanwhile, as far as can be seen."""
        return True

    @abstractmethod
    def _open(self) -> None: ...

    @abstractmethod
    def _write(self, raw: bytes) -> None: ...

    @abstractmethod
    def _read(self, wait_s: float) -> bytes:
        """What has come within that time; b"" when nothing has."""

    @abstractmethod
    def _close(self) -> None: ...


class TcpLink(StreamLink):
    """Frames over one TCP connection."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__()
        self._address = (host, port)
        self._sock: socket.socket | None = None

    def _open(self) -> None:
        self._sock = socket.create_connection(self._address, timeout=_CONNECT_S)

    def _is_alive(self) -> bool:
        sock = self._sock
        if sock is None or not select.select([sock], [], [], 0)[0]:
            return sock is not None
        try:
            return bool(sock.recv(1, socket.MSG_PEEK))
        except OSError:
            return False

    def _write(self, raw: bytes) -> None:
        if self._sock is not None:
            self._sock.sendall(raw)

    def _read(self, wait_s: float) -> bytes:
        sock = self._sock
        if sock is None or not select.select([sock], [], [], wait_s)[0]:
            return b""
        raw = sock.recv(_PIECE_BYTES)
        if not raw:
            raise LinkError("the pad has closed the connection")
        return raw

    def _close(self) -> None:
        if self._sock is not None:
            self._sock.close()


class SerialLink(StreamLink):
    """Frames over a serial line: a cable, USB, or a pseudo-terminal."""

    def __init__(self, path: str, baud: int = 115200) -> None:
        super().__init__()
        self._path, self._baud = path, baud
        self._line: serial.Serial | None = None

    def _open(self) -> None:
        self._line = serial.Serial(self._path, self._baud, write_timeout=_CONNECT_S)
        self._line.reset_input_buffer()  # what came while nobody listened is nobody's

    def _write(self, raw: bytes) -> None:
        if self._line is not None:
            self._line.write(raw)

    def _read(self, wait_s: float) -> bytes:
        line = self._line
        if line is None:
            return b""
        line.timeout = wait_s
        raw: bytes = line.read(1)
        return raw + line.read(line.in_waiting) if raw else b""

    def _close(self) -> None:
        if self._line is not None:
            self._line.close()


class HttpsLink(Link):
    """A POST for each message, on a connection of its own; an answer may be empty.

    `ca`: the certificate that the pad's is verified with. `name`: whom the pad's is for.
    """

    def __init__(self, host: str, port: int, ca: Path, name: str = "") -> None:
        self._host, self._port, self._name = host, port, name or host
        self._context = ssl.create_default_context(cafile=str(ca))
        self._answers: queue.SimpleQueue[bytes | LinkError] = queue.SimpleQueue()
        self._open: list[socket.socket] = []

    def send(self, raw: bytes) -> None:
        """See Link. When it returns the whole request has left; another thread waits."""
        connection = http.client.HTTPSConnection(self._host, self._port)
        try:
            plain = socket.create_connection((self._host, self._port), timeout=_CONNECT_S)
            sock = self._context.wrap_socket(plain, server_hostname=self._name)
            connection.sock = sock
            headers = {"Content-Type": "application/json", "Connection": "close"}
            connection.request("POST", HTTPS_PATH, raw, headers)
            sock.settimeout(None)
        except OSError as fault:
            connection.close()
            raise LinkError(_reason(fault)) from fault
        self._open.append(sock)
        threading.Thread(target=self._hear, args=(connection, sock), daemon=True).start()

    def _hear(self, connection: http.client.HTTPSConnection, sock: ssl.SSLSocket) -> None:
        try:
            response = connection.getresponse()
            body = response.read(LONGEST)
            if response.status != 200:
                raise LinkError(f"HTTP {response.status}")
            if body:
                self._answers.put(body)
        except (OSError, http.client.HTTPException, LinkError) as fault:
            if sock in self._open:  # else it was closed here
                self._answers.put(LinkError(_reason(fault)))
        finally:
            sock.close()
            if sock in self._open:
                self._open.remove(sock)

    def receive(self, wait_s: float) -> bytes | None:
        """See Link."""
        try:
            answer = self._answers.get(timeout=max(0.0, wait_s))
        except queue.Empty:
            return None
        if isinstance(answer, LinkError):
            raise answer
        return answer

    def close(self) -> None:
        """See Link."""
        while self._open:
            sock = self._open.pop()
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


def _reason(fault: Exception) -> str:
    if isinstance(fault, OSError) and fault.strerror:
        return f"the pad cannot be reached: {fault.strerror}"
    return str(fault) or type(fault).__name__
