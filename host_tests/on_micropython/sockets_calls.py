"""The link's sockets under a real client, over real TCP and TLS; the names are a script's."""

import asyncio
import socket

from milepad.base.compat import sleep_ms
from milepad.base.errors import LinkError
from milepad.link.client import Client
from milepad.link.names import Names
from milepad.link.sockets import Sockets
from milepad.link.transport import Connection

PATIENT_MS = 60000  # longer than a busy machine takes for what comes in the end


class Link:
    """Stands for the Wi-Fi: it is up, and counts."""

    failures = 0
    links = 1

    def __init__(self, up=True):
        self.up = up

    def is_up(self):
        return self.up

    def name_server(self):
        return ""


class ScriptedSockets(Sockets):
    """The n-th look-up gives the n-th list of ports of this machine, the last one for ever."""

    def __init__(self, link, look_ups):
        super().__init__(link, socket)
        self._look_ups = look_ups
        self.asked = 0

    async def _look_up(self, host, port):
        self.asked += 1
        return self._look_ups[min(self.asked, len(self._look_ups)) - 1]

    async def _connect(self, address, port):
        return await super()._connect("127.0.0.1", address)


class OptionsSeen:
    """The module `socket`, which writes down the options that a socket of it was given."""

    def __init__(self):
        self.options = []

    def __getattr__(self, name):
        return getattr(socket, name)

    def socket(self, *args):
        return _SocketSeen(socket.socket(*args), self.options)


class _SocketSeen:
    """A real socket with real options, whose connection is refused."""

    family = 0

    def __init__(self, sock, options):
        self._sock = sock
        self._options = options

    def setblocking(self, is_blocking):
        self._sock.setblocking(is_blocking)

    def setsockopt(self, level, option, value):
        self._sock.setsockopt(level, option, value)
        self._options.append([level, option, value])

    def connect(self, address):
        raise OSError(111)

    def fileno(self):
        return self._sock.fileno()

    def gettimeout(self):
        return 0

    def close(self):
        self._sock.close()


def options_of_a_socket() -> list:
    """What a socket was told before it connects: (level, option, value) each."""
    net = OptionsSeen()
    sockets = Sockets(Link(), net)

    async def opened():
        try:  # noqa: SIM105  (MicroPython has no contextlib)
            await sockets._connect("127.0.0.1", 443)
        except OSError:
            pass

    asyncio.run(opened())
    return net.options


def posted(look_ups: list, ca_der: bytes, posts: int, options: dict) -> dict:
    """POSTs so many times. Options: connect_ms and reply_ms of the first `hurried` POSTs (1), the
    others have as long as they take; cancel_ms (each POST after that)."""
    link = Link()
    sockets = ScriptedSockets(link, look_ups)
    connection = Connection(sockets.open, ca_der, PATIENT_MS, link.is_up, sockets)
    client = Client(connection, PATIENT_MS, PATIENT_MS)
    answers, failures = [], []

    async def post():
        try:
            reply = await client.post(("localhost", 443, "/p"), [], b"{}")
            answers.append(reply.status)
        except LinkError as fault:
            answers.append(type(fault).__name__)

    async def play():
        for number in range(posts):
            is_hurried = number < options.get("hurried", 1)
            connection._connect_ms = (
                is_hurried and options.get("connect_ms")
            ) or PATIENT_MS
            client._reply_ms = (is_hurried and options.get("reply_ms")) or PATIENT_MS
            task = asyncio.create_task(post())
            if "cancel_ms" in options:
                await sleep_ms(options["cancel_ms"])
                task.cancel()
            try:
                await task
            except asyncio.CancelledError:
                answers.append("cancelled")
            failures.append(link.failures)
        client.close()
        await sleep_ms(0)

    asyncio.run(play())
    return {"answers": answers, "asked": sockets.asked, "failures": failures}


class Flood:
    """A module `socket` whose name server sends so much junk before it answers."""

    SOCK_DGRAM = 2

    def __init__(self, junk):
        self.junk = junk
        self._asked = b""

    def getaddrinfo(self, host, port, *_):
        return [(2, 2, 17, "", (host, port))]

    def socket(self, *_):
        return self

    def setblocking(self, on):
        pass

    def connect(self, address):
        pass

    def send(self, question):
        self._asked = self._asked or question

    def recv(self, count):
        self.junk -= 1
        if self.junk >= 0:
            return b"\xff" * 40
        head = b"\x81\x80\0\1\0\1\0\0\0\0" + self._asked[12:]
        return self._asked[:2] + head + b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\7"

    def close(self):
        pass


def flooded(junk: int) -> tuple:
    """(the addresses, how often another task ran) with so much junk before the answer."""
    turns = [0]

    async def turn():
        while True:
            turns[0] += 1
            await sleep_ms(0)

    async def play():
        other = asyncio.create_task(turn())
        names = Names(Flood(junk), lambda: "192.0.2.1")
        found = await names.addresses("api.example.com", 443)
        other.cancel()
        await asyncio.gather(other, return_exceptions=True)
        return found

    return asyncio.run(play()), turns[0]


async def within(turns: int, work, tell_port: int):
    """What `work` comes to (the text of its error, or "too late") while another task has so many
    turns, of 10 ms or more. After 20 of them that port of this machine is told, if it is one.
    """
    task = asyncio.create_task(work)
    for turn in range(turns):
        if turn == 20 and tell_port:
            _tell(tell_port)
        if task.done():
            break
        await sleep_ms(10)
    if not task.done():
        task.cancel()
    try:
        return await task
    except asyncio.CancelledError:
        return "too late"
    except (OSError, ValueError) as fault:
        return str(fault)


def _tell(port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.sendto(b"others run", socket.getaddrinfo("127.0.0.1", port)[0][-1])
    sock.close()


def looked_up(host: str, server_port: int, turns: int, tell_port: int) -> object:
    """What a name server on this machine says of a host, see `within`."""
    names = Names(socket, lambda: "127.0.0.1", server_port)
    return asyncio.run(within(turns, names.addresses(host, 443), tell_port))
