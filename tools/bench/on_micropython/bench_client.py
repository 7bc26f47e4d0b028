"""In the bench's ROM image: the client alone. Token, then the calls of an order, and no more.

The first argument is a file: {"platform": profile's section, "ca": DER file, "reply_ms": n,
"calls": [[op, fields of a sale], ...]}. Prints one line for each call.
"""

import asyncio
import json
import sys

from milepad.amcash import requests
from milepad.base.compat import collect_early, random_bytes, unix_time
from milepad.base.request import Identity, uuid4
from milepad.base.transaction import Transaction
from milepad.link.client import Client
from milepad.link.session import Session
from milepad.link.token import TokenKeeper
from milepad.link.transport import Connection

_DATE_TIME = "1972-07-16T13:32:00+0400"


class _NoStore:
    """Keeps no token."""

    def load(self, now_s):
        return None

    def save(self, token, expires_s):
        return False

    def drop(self):
        pass


async def _open_socket(host, port):
    stream, _ = await asyncio.open_connection(host, port)
    return stream.s


def _request(identity, op, fields, at):
    transaction = Transaction(
        op=op,
        trace_id=f"0000{at:08d}",
        idempotency_key=uuid4(random_bytes(16)),
        collector_number=fields["collector"],
        basket_cents=4335,
        redeem_cents=4000,
    )
    return requests.build(identity, transaction, _DATE_TIME)


async def _call(session, request):
    outcome = await session.call(request)
    print(request.op, outcome.outcome, outcome.code, outcome.reason)


async def _run(order):
    with open(order["ca"], "rb") as file:
        connection = Connection(_open_socket, file.read(), 10000)
    client = Client(connection, order["reply_ms"], 55000)
    platform = order["platform"]
    token = TokenKeeper(client, platform, _NoStore(), unix_time)
    session = Session(client, token, platform["base_url"])
    identity = Identity(order)
    calls = order.pop("calls")
    order = None  # what the client does not need is the caller's
    for at, (op, fields) in enumerate(calls):
        await _call(session, _request(identity, op, fields, at))


def main():
    """Makes the calls."""
    collect_early()  # as the app does
    with open(sys.argv[1]) as file:
        calls = _run(json.load(file))
    asyncio.run(calls)
