"""The pages that look: each has an outbox of its own, and none can hold the device up.

An outbox that grows too long, because its page is slow or gone, is emptied; what the page
gets next is the whole state.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable

from tools.handheld.events import Outgoing

MOST_MESSAGES = 512
MOST_CHARACTERS = 1 << 20


def text_of(message: Outgoing) -> str:
    """A message as it goes over the wire."""
    return json.dumps(message, separators=(",", ":"))


class Client:
    """One page's outbox. `ready` makes the whole state, as a message's text."""

    def __init__(self, ready: Callable[[], str]) -> None:
        self._ready = ready
        self._waiting: deque[str] = deque()
        self._characters = 0
        self._is_behind = True  # it knows nothing yet
        self._news = asyncio.Event()
        self._news.set()

    def __len__(self) -> int:
        """How many messages wait."""
        return len(self._waiting)

    def tell(self, text: str) -> None:
        """A message for this page; never waits."""
        if self._is_behind:
            return  # the state that it gets next holds this already
        self._waiting.append(text)
        self._characters += len(text)
        self._news.set()
        if len(self._waiting) > MOST_MESSAGES or self._characters > MOST_CHARACTERS:
            self.refresh()

    def refresh(self) -> None:
        """What waits is out of date: the whole state is sent next."""
        self._drop()
        self._is_behind = True
        self._news.set()

    def _drop(self) -> None:
        self._waiting.clear()
        self._characters = 0

    async def next(self) -> str:
        """What is to be sent next; waits for it."""
        await self._news.wait()
        if self._is_behind:
            self._is_behind = False
            text = self._ready()
        else:
            text = self._waiting.popleft()
            self._characters -= len(text)
        if not self._waiting:
            self._news.clear()
        return text


class Clients:
    """All pages that look now."""

    def __init__(self, ready: Callable[[], Outgoing]) -> None:
        self._ready = ready
        self._all: set[Client] = set()

    def __len__(self) -> int:
        return len(self._all)

    def join(self) -> Client:
        """A page has come."""
        client = Client(lambda: text_of(self._ready()))
        self._all.add(client)
        return client

    def leave(self, client: Client) -> None:
        """It has gone."""
        self._all.discard(client)

    def refresh(self) -> None:
        """All of them get the whole state anew."""
        for client in self._all:
            client.refresh()

    def tell(self, message: Outgoing) -> None:
        """A message for all of them."""
        if self._all:
            text = text_of(message)
            for client in self._all:
                client.tell(text)
