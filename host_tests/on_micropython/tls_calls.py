"""The client and the session over real TLS; the same calls on both Pythons."""

import asyncio
import socket

from milepad.base.compat import IS_MICROPYTHON, sleep_ms
from milepad.base.errors import Cancelled, MilepadError
from milepad.base.request import Request
from milepad.link.client import Client
from milepad.link.session import Session
from milepad.link.transport import Connection

REDEEM_PATH = "/checkout/amcash/redeem"
BODY = b'{"traceId":"999999999999"}'
PATIENT_MS = 60000  # longer than a busy machine takes for what comes in the end
KEY = "123e4567-e89b-42d3-a456-426655440000"


async def open_socket(_host, port):
    """A connected, non-blocking socket to this machine, whatever the host's name."""
    if IS_MICROPYTHON:
        stream, _ = await asyncio.open_connection("127.0.0.1", port)
        stream.s.setsockopt(6, 1, 1)  # TCP_NODELAY, as the firmware's
        return stream.s
    sock = socket.socket()
    sock.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", port))
    except (OSError, asyncio.CancelledError):
        sock.close()
        raise
    return sock


def is_micropython() -> bool:
    """Which of the two Pythons this is."""
    return IS_MICROPYTHON


def has_tls_1_3() -> bool:
    """Whether this Python's TLS library was built with it."""
    if not IS_MICROPYTHON:
        return True
    import tls

    ciphers = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT).get_ciphers()
    return any(name.startswith("TLS1-3-") for name in ciphers)


async def short_sleep(delay_ms):
    """A gateway's second passes in a twentieth: that it is waited for is tested elsewhere."""
    await sleep_ms(delay_ms // 20)


class Token:
    """A token that is always there."""

    async def bearer(self):
        return "Bearer t"

    def drop(self):
        pass


def _client(ca_der, options):
    connection = Connection(open_socket, ca_der, options.get("connect_ms", PATIENT_MS))
    return Client(connection, options.get("reply_ms", PATIENT_MS), PATIENT_MS), connection


def _session(client, port):
    return Session(client, Token(), "https://localhost:%d" % port, sleep=short_sleep)


def posted(port: int, ca_der: bytes, posts: int, options: dict) -> dict:
    """POSTs so many times to (host, port). Options: host, connect_ms, reply_ms, pause_ms."""
    client, connection = _client(ca_der, options)
    answers = []

    async def play():
        for _ in range(posts):
            try:
                url = (options.get("host", "localhost"), port, "/p")
                reply = await client.post(url, [("Authorization", "Bearer t")], BODY)
                answers.append((reply.status, bytes(reply.body)))
            except MilepadError as fault:
                answers.append((type(fault).__name__, connection.sent))
            await sleep_ms(options.get("pause_ms", 0))
        client.close()
        await sleep_ms(0)

    asyncio.run(play())
    return {"answers": answers, "opened": connection.opened}


class FadingSight:
    """A display that dies when the way is half open; then it stays dark."""

    def __init__(self):
        self._is_dark = False

    async def is_legible(self):
        return self.look()

    def look(self):
        return not self._is_dark

    async def open_socket(self, host, port):
        """The handshake is still to come."""
        sock = await open_socket(host, port)
        self._is_dark = True
        return sock


def called_in_the_dark(port: int, ca_der: bytes) -> str:
    """What a redeem call comes to whose display dies while it connects."""
    sight = FadingSight()
    client = Client(
        Connection(sight.open_socket, ca_der, PATIENT_MS), PATIENT_MS, PATIENT_MS
    )

    async def play():
        session = _session(client, port)
        session.sight = sight
        try:
            outcome = await session.call(
                Request("redeem", REDEEM_PATH, "999999999999", BODY, KEY)
            )
            return outcome.outcome
        except Cancelled:
            return "cancelled"
        finally:
            client.close()
            await sleep_ms(0)

    return asyncio.run(play())


async def _wait_for(port):
    """Until somebody at that port of this machine takes a connection and ends it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await reader.read(1)
    writer.close()
    await writer.wait_closed()


def called(port: int, ca_der: bytes, calls: int, options: dict) -> list:
    """(outcome, code, copies) of so many redeem calls of one session. Option: `wait_port`, which
    is waited for before each call but the first."""
    client, _ = _client(ca_der, options)
    outcomes = []

    async def play():
        session = _session(client, port)
        for number in range(calls):
            if number and "wait_port" in options:
                await _wait_for(options["wait_port"])
            outcome = await session.call(
                Request("redeem", REDEEM_PATH, "999999999999", BODY, KEY)
            )
            outcomes.append((outcome.outcome, outcome.code, outcome.copies))
        client.close()
        await sleep_ms(0)

    asyncio.run(play())
    return outcomes


def reason(port: int, ca_der: bytes, options: dict) -> tuple:
    """(outcome, cause, reason for the log) of a redeem call."""
    client, _ = _client(ca_der, options)

    async def play():
        session = _session(client, port)
        outcome = await session.call(
            Request("redeem", REDEEM_PATH, "999999999999", BODY, KEY)
        )
        client.close()
        await sleep_ms(0)
        return outcome.outcome, outcome.cause, outcome.reason

    return asyncio.run(play())


def called_without_link(port: int, ca_der: bytes) -> tuple:
    """(outcome, copies, cause) of a call that finds the link gone, and set-ups so far."""
    link = [True]

    async def opened(host, to_port):
        if not link[0]:
            raise OSError(113)
        return await open_socket(host, to_port)

    connection = Connection(opened, ca_der, PATIENT_MS, lambda: link[0])

    async def play():
        client = Client(connection, PATIENT_MS, PATIENT_MS)
        session = _session(client, port)
        await session.call(Request("redeem", REDEEM_PATH, "999999999999", BODY, KEY))
        link[0] = False
        outcome = await session.call(
            Request("redeem", REDEEM_PATH, "999999999998", BODY, KEY)
        )
        return outcome.outcome, outcome.copies, outcome.cause

    return asyncio.run(play()), connection.opened


def cancelled(port: int, ca_der: bytes) -> tuple:
    """Cancels a call while the handshake hangs: (CANCEL was allowed, it was cancelled)."""
    client, _ = _client(ca_der, {})

    async def play():
        session = _session(client, port)
        request = Request("redeem", REDEEM_PATH, "999999999999", BODY, KEY)
        task = asyncio.create_task(session.call(request))
        await sleep_ms(60)
        allowed = session.may_cancel
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            return allowed, True
        return allowed, False

    return asyncio.run(play())
