"""A session over a scripted platform: what each attempt comes to is written down before.

The steps are those of `host_tests/kit/client.py`.
Tokens are "t1", "t2" ...; where `tokens` says "fail" none can be had.
"""

import asyncio

from host_tests.kit.client import HttpReply, ScriptedClient
from milepad.base.errors import (
    FAILED,
    Cancelled,
    StorageError,
    TokenError,
)
from milepad.base.request import Request
from milepad.link.session import Session

TRACE_ID = "004200000017"
REDEEM_PATH = "/checkout/amcash/redeem"
BODY = b'{"traceId":"004200000017"}'
KEY = "123e4567-e89b-42d3-a456-426655440000"


class ScriptedSight:
    """Stands for the screen: what each look at the display finds; legible after the last."""

    def __init__(self, looks):
        self._looks = list(looks)

    async def is_legible(self):
        return self.look()

    def look(self):
        return self._looks.pop(0) if self._looks else True


class ScriptedToken:
    """Stands for the token keeper."""

    def __init__(self, script):
        self._script = list(script)
        self._token = ""
        self.fetched = 0
        self.dropped = []
        self.forgets = False  # each token lasts for one copy

    async def bearer(self):
        if self.forgets:
            self._token = ""
        if not self._token:
            if self._script and self._script.pop(0) == "fail":
                raise TokenError("no token")
            self.fetched += 1
            self._token = "t%d" % self.fetched
        return "Bearer " + self._token

    def drop(self):
        self.dropped.append(self._token)
        self._token = ""


def played(steps: list, options: dict) -> dict:
    """Plays one call. Options: op, key, tokens, copies, hook ("ok", "full" or none), match,
    looks (what each look at the display finds).
    """
    client = ScriptedClient(steps)
    token = ScriptedToken(options.get("tokens", []))
    token.forgets = options.get("forgets_token", False)
    base_url = options.get("base_url", "https://h:8443")
    paused_ms = []

    async def sleep(delay_ms):
        paused_ms.append((delay_ms, len(client.copies)))

    match = options.get("match", True)
    session = Session(client, token, base_url, match, 15, sleep)
    session.sight = ScriptedSight(options.get("looks", []))
    op = options.get("op", "redeem")
    request = Request(op, "/checkout/amcash/" + op, TRACE_ID, BODY, options.get("key", KEY))
    hooked = []

    def before_copy(number):
        hooked.append((number, len(client.copies)))
        if options["hook"] == "full":
            raise StorageError(FAILED)

    async def play():
        hook = before_copy if "hook" in options else None
        return await session.call(request, hook, options.get("copies", 0))

    try:
        outcome = asyncio.run(play())
    except Cancelled:
        return {"outcome": "cancelled", "code": "", "copies": 0, "left": client.copies}
    return {
        "outcome": outcome.outcome,
        "code": outcome.code,
        "copies": outcome.copies,
        "reason": outcome.reason,
        "rest_s": outcome.rest_s,
        "trace_id": outcome.trace_id,
        "closed": client.closed,
        "replied": outcome.reply is not None,
        "left": client.copies,
        "attempts": client.attempts,
        "fetched": token.fetched,
        "dropped": token.dropped,
        "hooked": hooked,
        "paused_ms": paused_ms,
    }


class HeldClient(ScriptedClient):
    """Stops before or after the copy leaves, and lets go of nothing."""

    def __init__(self, after):
        super().__init__([])
        self._after = after

    async def post(self, url, headers, body, may_leave=None):
        self.sent = False
        if self._after:
            self.sent = True
            self.copies.append((url, headers, body))
        await asyncio.sleep(60)


def may_cancel(where: str) -> tuple:
    """(whether CANCEL is allowed, copies that left after it) with a call held at `where`."""

    class HeldToken(ScriptedToken):
        async def bearer(self):
            if where == "token":
                await asyncio.sleep(60)
            return "Bearer t"

    async def play():
        client = HeldClient(where == "answer")
        session = Session(client, HeldToken([]), "https://h")
        before = session.may_cancel
        task = asyncio.create_task(
            session.call(Request("redeem", REDEEM_PATH, "1", BODY, KEY))
        )
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        allowed = session.may_cancel
        task.cancel()
        cancelled = False
        try:
            await task
        except asyncio.CancelledError:
            cancelled = True
        return before, allowed, cancelled, len(client.copies)

    return asyncio.run(play())


def may_cancel_a_later_call() -> tuple:
    """(whether CANCEL is allowed while a later call fetches its token, copies that left)."""
    client = ScriptedClient([(200, "0000")])

    class SlowSecondToken(ScriptedToken):
        async def bearer(self):
            if client.copies:
                await asyncio.sleep(60)
            return "Bearer t"

    async def play():
        session = Session(client, SlowSecondToken([]), "https://h")
        request = Request("redeem", REDEEM_PATH, TRACE_ID, BODY, KEY)
        await session.call(request)
        task = asyncio.create_task(session.call(request))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        allowed = session.may_cancel
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            return allowed, len(client.copies)

    return asyncio.run(play())


def two_calls_at_once() -> list:
    """The order in which the attempts of two calls, started together, begin and end."""
    order = []

    class Client(ScriptedClient):
        async def post(self, url, headers, body, may_leave=None):
            order.append("begin")
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            order.append("end")
            return HttpReply(200, b'{"responseCode":"0000"}')

    async def play():
        session = Session(Client([]), ScriptedToken([]), "https://h")
        request = Request("echo", "/checkout/amcash/echo", "1", BODY)
        await asyncio.gather(session.call(request), session.call(request))

    asyncio.run(play())
    return order
