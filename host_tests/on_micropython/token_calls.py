"""A token keeper over a scripted token endpoint and a clock that the script sets."""

import asyncio

from host_tests.kit.client import ScriptedClient
from milepad.base.errors import MilepadError
from milepad.link.token import TokenKeeper, form_encode, parse_token

PLATFORM = {
    "token_url": "https://oauth.example/oauth/token",
    "client_id": "the id",
    "client_secret": "s&cr=t+%é",
    "token_auth": "post",
    "audience": "",
    "resource": "",
    "scope": "",
    "token_margin_s": 60,
}


class Store:
    """Stands for the store on the flash."""

    def __init__(self, kept):
        self.kept = kept
        self.calls = []

    def load(self, now_s):
        self.calls.append(("load", now_s))
        return self.kept

    def save(self, token, expires_s):
        self.calls.append(("save", token, expires_s))

    def drop(self):
        self.calls.append(("drop",))


def kept(steps: list, moments: list, options: dict) -> dict:
    """Asks for a token at each moment; "drop" among them refuses it.

    Options: store (what the flash holds), and any key of the profile's section.
    """
    clock = [0]
    platform = dict(PLATFORM)
    platform.update(options)
    client = ScriptedClient(steps)
    store = Store(options.get("store"))
    paused_ms = []

    async def sleep(delay_ms):
        paused_ms.append(delay_ms)

    keeper = TokenKeeper(client, platform, store, lambda: clock[0], sleep)
    answers = []

    async def ask():
        for moment in moments:
            if moment == "drop":
                keeper.drop()
                continue
            clock[0] = moment
            try:
                answers.append(await keeper.bearer())
            except MilepadError as fault:
                answers.append((type(fault).__name__, str(fault)))

    asyncio.run(ask())
    return {
        "answers": answers,
        "posts": client.copies,
        "store": store.calls,
        "fetched": client.attempts,
        "paused_ms": paused_ms,
    }


def parsed(body: bytes) -> tuple:
    """The token and its life of a reply."""
    return parse_token(body)


def form(pairs: list) -> bytes:
    """A form's bytes."""
    return form_encode(pairs)
