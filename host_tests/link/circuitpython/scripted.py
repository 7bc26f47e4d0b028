"""The shim and the real library over a scripted radio; runs on CPython and on MicroPython.

MicroPython's virtual machine is CircuitPython's; what only type checkers read is left out.
A connection is a list of pieces: bytes that come, None for nothing yet, or an error's number.
"""

import errno
import sys

ROOT = __file__.rsplit("/host_tests/", 1)[0]


class _Anything:
    """Stands for a module of types, of which nothing is used at run time."""

    def __getattr__(self, name):
        return object


if sys.implementation.name == "micropython":
    sys.path.append(ROOT + "/.tools/circuitpython")
    names = ("types", "typing", "circuitpython_typing", "circuitpython_typing.socket")
    for missing in names:
        sys.modules[missing] = _Anything()

from milepad.base.errors import MilepadError  # noqa: E402
from milepad.link.circuitpython.urequests import Requests  # noqa: E402


class Stream:
    """A TLS socket. A read beyond the script is the end of the connection."""

    def __init__(self, pieces, log):
        self._pieces = list(pieces)
        self._log = log
        self._is_open = True

    def settimeout(self, timeout_s):
        self._log.append(("timeout", timeout_s > 0))

    def connect(self, address):
        self._log.append(("connect", address))
        self._fail_if_due()

    def send(self, raw):
        self._fail_if_due()
        self._log.append(("send", bytes(raw)))
        return len(raw)

    def recv_into(self, buffer):
        self._fail_if_due()
        piece = self._pieces.pop(0) if self._pieces else b""
        if piece is None:
            raise OSError(errno.EAGAIN, "again")
        buffer[: len(piece)] = piece
        return len(piece)

    def _fail_if_due(self):
        if self._pieces and isinstance(self._pieces[0], int):
            raise OSError(self._pieces.pop(0), "scripted")

    def close(self):
        if self._is_open:
            self._log.append(("close",))
        self._is_open = False


class RawSocket:
    """What is under the TLS socket."""

    def close(self):
        pass


class Radio:
    """A SocketPool and its TLS context; `connections` are used one after another."""

    SOCK_STREAM = 1

    def __init__(self, connections):
        self._connections = list(connections)
        self.log = []

    def getaddrinfo(self, host, port, family=0, kind=0):
        return [(2, kind, 6, "", (host, port))]

    def socket(self, family, kind):
        return RawSocket()

    def load_verify_locations(self, cadata):
        self.log.append(("root", cadata))

    def wrap_socket(self, raw, server_hostname):
        self.log.append(("wrap", server_hostname))
        return Stream(self._connections.pop(0), self.log)


def played(connections: list, calls: list) -> dict:
    """What each call = (method, url, options) came to, and all that the radio saw."""
    radio = Radio(connections)
    requests = Requests(radio, radio, b"root")
    answers = []
    for method, url, options in calls:
        try:
            reply = requests.request(method, url, **options)
            answers.append((reply.status_code, reply.content, requests.sent))
        except MilepadError as fault:
            answers.append((type(fault).__name__, str(fault), requests.sent))
    return {"answers": answers, "log": radio.log}
