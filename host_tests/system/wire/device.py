"""A device that is nothing but the firmware's link: one order in, one outcome out.

CPython makes a `Device`; on MicroPython the peer calls the functions at the end. Everything
below `Device` is the firmware's own.
"""

import asyncio
import binascii
import socket

from host_tests.kit.identity import IDENTITY
from milepad.amcash import requests
from milepad.base.compat import IS_MICROPYTHON, sleep_ms, unix_time
from milepad.base.errors import FAILED, StorageError
from milepad.base.request import Identity, uuid4
from milepad.base.transaction import Transaction
from milepad.link.client import Client
from milepad.link.session import Session
from milepad.link.token import TokenKeeper
from milepad.link.token_store import TokenStore
from milepad.link.transport import Connection

_SHORT_REPLY_MS = 300
_TCP, _NODELAY = 6, 1  # MicroPython's socket has no names for them
TIMESTAMP = "2026-01-30T10:00:00-0500"


class Memory:
    """What a board's flash gives a token store, for as long as the device is on."""

    def __init__(self):
        self._kept = {}

    def put(self, name, raw):
        self._kept[name] = raw

    def get(self, name):
        return self._kept.get(name)


async def short_sleep(delay_ms):
    """A gateway's second passes in a twentieth: that it is waited for is tested elsewhere."""
    await sleep_ms(delay_ms // 20)


class PatientClient(Client):
    """Waits briefly for the replies that a test holds back, and long for all others.

    `late` names those: the numbers of the requests for a token ("token"), and of the copies
    of anything else ("copy").
    """

    def expect(self, late):
        """What is late from now on."""
        self._late, self._posts = late, {}

    async def post(self, url, *more):
        path, patient_ms = url[2], self._reply_ms
        number = self._posts[path] = self._posts.get(path, 0) + 1
        kind = "token" if path.endswith("token") else "copy"
        if number in self._late.get(kind, ()):
            self._reply_ms = _SHORT_REPLY_MS
        try:
            return await super().post(url, *more)
        finally:
            self._reply_ms = patient_ms


class Keeper(TokenKeeper):
    """Counts the requests for a token, also those that get nowhere."""

    fetched = 0

    async def _post_once(self):
        self.fetched += 1
        return await super()._post_once()


async def open_socket(port):
    """A connected, non-blocking socket to a port of this machine, which sends at once as
    the firmware's do: a handshake takes 40 ms less."""
    if IS_MICROPYTHON:
        stream, _ = await asyncio.open_connection("127.0.0.1", port)
        stream.s.setsockopt(_TCP, _NODELAY, 1)
        return stream.s
    connection = socket.socket()
    connection.setblocking(False)
    connection.setsockopt(_TCP, _NODELAY, 1)
    try:
        await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", port))
    except (OSError, asyncio.CancelledError):
        connection.close()
        raise
    return connection


def request_of(order):
    """The request of an order: its `sale` makes trace id and idempotency key unlike others'."""
    identity = Identity(IDENTITY)
    trace_id = f"{order['sale']:012d}"
    if order["op"] == "echo":
        return requests.echo(identity, trace_id)
    transaction = Transaction(
        op=order["op"],
        trace_id=trace_id,
        idempotency_key=uuid4(order["sale"].to_bytes(16, "big")),
        collector_number=order.get("collector", "84095202006"),
        basket_cents=4335,
        redeem_cents=1000,
        redemption_number=order.get("confirmation", ""),
    )
    return requests.build(identity, transaction, TIMESTAMP)


class Device:
    """`settings`: url, token_url, ca (DER in hex), client_id, client_secret, port, and the
    deadlines connect_ms, reply_ms, idle_ms; token_auth, resource and late may be left out.
    `port` is where every connection really leads; 0: where its URL says. An order may have
    its own connect_ms and `late` (see PatientClient), so that only what a test stalls on
    purpose is waited for briefly."""

    def __init__(self, settings):
        self.port = settings["port"]
        self._settings = settings
        self.time_ahead_s = 0
        ca_der = binascii.unhexlify(settings["ca"])
        self.connection = Connection(self._open_socket, ca_der, settings["connect_ms"])
        self.client = PatientClient(
            self.connection, settings["reply_ms"], settings["idle_ms"]
        )
        self.client.expect(settings.get("late", {}))
        platform = {
            "token_url": settings["token_url"],
            "client_id": settings["client_id"],
            "client_secret": settings["client_secret"],
            "audience": "",
            "scope": "",
            "token_margin_s": 60,
            "token_auth": settings.get("token_auth", "post"),
            "resource": settings.get("resource", ""),
        }
        store = TokenStore(Memory(), bytes(32))
        self.keeper = Keeper(self.client, platform, store, self._now, sleep=short_sleep)
        self.session = Session(self.client, self.keeper, settings["url"], sleep=short_sleep)

    def _now(self):
        return unix_time() + self.time_ahead_s

    async def _open_socket(self, host, port):
        return await open_socket(self.port or port)

    async def call(self, order):
        """Carries an order out; what came of it as a dict."""
        self.time_ahead_s = order.get("time_ahead_s", 0)
        self.connection._connect_ms = order.get("connect_ms", self._settings["connect_ms"])
        self.client.expect(order.get("late", self._settings.get("late", {})))
        noted = []

        def before_copy(number):
            noted.append(number)
            if order.get("flash") == "broken":
                raise StorageError(FAILED)

        outcome = await self.session.call(request_of(order), before_copy)
        reply = outcome.reply
        return {
            "outcome": outcome.outcome,
            "code": outcome.code,
            "copies": outcome.copies,
            "reason": outcome.reason,
            "confirmation": reply.confirmation_number() if reply else "",
            "noted": noted,
            "opened": self.connection.opened,
            "fetched": self.keeper.fetched,
        }

    def close(self):
        self.client.close()


_device = None  # the one that this MicroPython is


def switch_on(settings):
    """MicroPython is a new device."""
    global _device  # noqa: PLW0603  (a kept connection outlives a call)
    switch_off()
    _device = Device(settings)


def call(order):
    """Has it carry out an order."""
    return asyncio.run(_device.call(order))


def switch_off():
    """It is none any more."""
    global _device  # noqa: PLW0603
    if _device:
        _device.close()
    _device = None
