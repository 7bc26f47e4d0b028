"""The emulated platform as the page sees it: what changed there, and orders for it."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from typing import Any

import httpx

from tools.emulator.faults import FAULTS, FaultOp
from tools.emulator.testing import RunningEmulator
from tools.handheld.events import Outgoing
from tools.handheld.page import arrivals
from tools.handheld.page.fault_texts import FRENCH, NEEDS
from tools.handheld.page.refusals import Refused
from tools.handheld.page.state import LIMITS

_WAIT_S = 20.0
_TOGETHER_S = 0.02  # an arrival and its reply are often one change
_AGAIN_S = 1.0  # after the platform did not answer
_LISTS = ("ledger", "issuances")
_WHOLE = ("faults", "connections", "clock", "collectors")


def orders() -> dict[str, Any]:
    """What can be ordered, in both languages."""
    faults = [
        {
            "fault": name,
            "text": {"en": text, "fr": FRENCH.get(name, text)},
            "needs": NEEDS.get(name),
        }
        for name, text in FAULTS.items()
    ]
    return {"ops": list(FaultOp.__args__), "faults": faults}  # type: ignore[attr-defined]


class Platform:
    """Watches one emulator; `tell` gets a message with what changed."""

    def __init__(self, emulator: RunningEmulator, tell: Callable[[Outgoing], None]) -> None:
        self._tell = tell
        self._url = emulator.url
        context = ssl.create_default_context(cafile=emulator.ca)
        self._client = httpx.AsyncClient(
            base_url=f"{emulator.url}/_emulator",
            verify=context,
            trust_env=False,
            timeout=_WAIT_S * 2,
        )
        self._known: dict[str, Any] = {}
        self._rows: dict[int, dict[str, Any]] = {}
        self._watcher: asyncio.Task[None] | None = None

    def lists(self) -> dict[str, list[dict[str, Any]]]:
        """The platform's ledger and issuances, as they were told last."""
        return {name: self._known[name] for name in _LISTS if name in self._known}

    async def start(self) -> None:
        """Tells everything once, and from then on what changes."""
        magic = (await self._client.get("/magic")).json()
        amounts = [*magic["amounts"], *map(_by_status, magic.get("statuses", ()))]
        fixed = {"url": self._url, "orders": orders(), "magic": amounts, "requests": []}
        self._tell({"platform": fixed})
        number = await self._latest(-1, 0)
        await self._look()
        self._watcher = asyncio.create_task(self._watch(number))

    async def close(self) -> None:
        """Watches no more."""
        if self._watcher is not None:
            self._watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watcher
        await self._client.aclose()

    async def order(self, method: str, what: str, document: object = None) -> None:
        """An order to the control paths; Refused with what is wrong with it."""
        try:
            reply = await self._client.request(method, f"/{what}", json=document)
        except httpx.HTTPError as fault:
            raise Refused("platform_silent", str(fault)) from None
        except ValueError as fault:  # NaN, or half a letter: no JSON
            raise Refused("not_taken", str(fault)) from None
        if reply.status_code != httpx.codes.OK:
            detail = str(reply.json().get("error", reply.status_code))
            raise Refused("not_taken", detail)

    async def _latest(self, after: int, wait_s: float) -> int:
        asked = {"after": after, "wait_s": wait_s}
        reply = await self._client.get("/changes", params=asked)
        return int(reply.json()["number"])

    async def _watch(self, number: int) -> None:
        while True:
            try:
                latest = await self._latest(number, _WAIT_S)
                if latest != number:
                    await asyncio.sleep(_TOGETHER_S)
                    number = await self._latest(-1, 0)
                    await self._look()
            except (httpx.HTTPError, ValueError, KeyError):  # it is going, or gone
                await asyncio.sleep(_AGAIN_S)

    async def _look(self) -> None:
        """Fetches all that may have changed, and tells what has."""
        news = {name: await self._get(name) for name in (*_LISTS, *_WHOLE)}
        news["totals"] = await self._get("counts")
        changed = {key: each for key, each in news.items() if self._known.get(key) != each}
        self._known |= news
        requests = self._new_rows(arrivals.rows(await self._get("requests") or ()))
        if requests:
            changed["requests"] = requests
        if changed.keys() - {"clock"}:
            self._tell({"platform": changed})

    async def _get(self, what: str) -> Any:
        reply = await self._client.get(f"/{what}", params={"last": LIMITS.get(what, 0)})
        return reply.raise_for_status().json()

    def _new_rows(self, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        kept = {row["number"]: row for row in found}
        news = [row for number, row in kept.items() if self._rows.get(number) != row]
        self._rows = kept
        return news


def _by_status(row: dict[str, Any]) -> dict[str, Any]:
    """A magic amount of earning, which asks for an HTTP status."""
    return {**row, "code": str(row["status"]), "message": "", "message_fr": ""}
