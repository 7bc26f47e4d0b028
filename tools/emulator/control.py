"""`/_emulator/*`: what a test may order and see. No bearer; loopback only."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from tools.emulator.cash import magic
from tools.emulator.cash.platform import Platform
from tools.emulator.clock import PlatformClock, iso, parse_moment
from tools.emulator.faults import Fault, Faults
from tools.emulator.issuance.magic import MagicStatus
from tools.emulator.issuance.magic import table as magic_statuses
from tools.emulator.issuance.numbers import dollars
from tools.emulator.issuance.platform import IssuancePlatform
from tools.emulator.recorder import Arrivals
from tools.emulator.wire import CountingSocket, Tap


def _is_moment(text: str) -> str:
    parse_moment(text)
    return text


Last = Annotated[int, Query(ge=-1, description="the latest so many; -1: all")]


class ClockOrder(BaseModel):
    """Where to move the clock: `set` to a moment or `advance_s` by seconds."""

    model_config = ConfigDict(extra="forbid")

    set: Annotated[str, AfterValidator(_is_moment)] | None = Field(
        default=None, description="ISO 8601; UTC if it has no offset"
    )
    advance_s: float | None = Field(default=None, allow_inf_nan=False)

    @model_validator(mode="after")
    def _one_of_them(self) -> ClockOrder:
        if (self.set is None) == (self.advance_s is None):
            raise ValueError("give either set or advance_s")
        return self


class MagicTable(BaseModel):
    """Magic amounts: `on` tells whether the emulator was started with --magic."""

    on: bool
    amounts: list[magic.MagicAmount]
    statuses: list[MagicStatus]


class Impossible(BaseModel):
    """What is wrong with an order."""

    error: str = Field(description="which member, and why")


class OrderError(ValueError):
    """An order that is well formed and still impossible."""


def router(
    platform: Platform, issuing: IssuancePlatform, tap: Tap, listener: CountingSocket
) -> APIRouter:
    """The control paths over the parts that they show and steer."""
    impossible: dict[int | str, dict[str, Any]] = {
        "4XX": {"model": Impossible, "description": "an impossible order"}
    }
    paths = APIRouter(prefix="/_emulator", tags=["emulator"], responses=impossible)
    _add_faults(paths, tap.faults)
    _add_books(paths, platform)
    _add_issuances(paths, issuing)
    _add_arrivals(paths, tap.arrivals)
    _add_clock(paths, platform.clock)
    _add_magic(paths, platform.settings.magic)

    @paths.post("/reset")
    async def reset() -> dict[str, str]:
        """Back to the beginning: empties ledger, requests and faults; the clock runs on."""
        platform.store.reset()
        issuing.forget_running()
        tap.arrivals.clear()
        tap.faults.clear()
        return {}

    @paths.get("/connections")
    async def connections() -> dict[str, int]:
        """TCP connections accepted; TLS handshakes; those with platform requests."""
        used = len(tap.arrivals.connections_used)
        return {
            "accepted": listener.accepted,
            "handshakes": tap.handshakes,
            "open": tap.open,
            "used": used,
        }

    return paths


def _add_magic(paths: APIRouter, is_on: bool) -> None:
    @paths.get("/magic")
    async def magic_amounts() -> MagicTable:
        """The baskets that ask for a response code, and whether they are listened to."""
        amounts, statuses = magic.table(), magic_statuses()
        return MagicTable(on=is_on, amounts=amounts, statuses=statuses)


def _add_faults(paths: APIRouter, faults: Faults) -> None:
    @paths.get("/faults")
    async def waiting() -> list[Fault]:
        """The faults that have not struck yet."""
        return faults.waiting()

    @paths.post("/faults")
    async def order(fault: Fault) -> list[Fault]:
        """Orders a fault, behind those that wait already."""
        faults.add(fault)
        return faults.waiting()

    @paths.delete("/faults")
    async def clear() -> list[Fault]:
        """Calls all faults off."""
        faults.clear()
        return []


def _add_books(paths: APIRouter, platform: Platform) -> None:
    @paths.get("/ledger")
    async def ledger(last: Last = -1) -> list[dict[str, Any]]:
        """Every redemption and reversal that was committed, oldest first."""
        platform.cancel_due()
        return [_shown(entry) for entry in platform.store.entries(last)]

    @paths.get("/counts")
    async def counts() -> dict[str, int]:
        """How many entries the ledger has, and how many issuances there are."""
        return platform.store.counts()

    @paths.delete("/ledger")
    async def forget() -> list[dict[str, Any]]:
        """Back to the beginning: no entries, no remembered replies, first balances."""
        platform.store.reset()
        return []

    @paths.get("/collectors")
    async def collectors() -> list[dict[str, Any]]:
        """Every account as it stands."""
        platform.cancel_due()
        return platform.store.collectors()


def _add_issuances(paths: APIRouter, issuing: IssuancePlatform) -> None:
    @paths.get("/issuances")
    async def issuances(last: Last = -1) -> list[dict[str, Any]]:
        """All that Issuance committed, oldest first: what moves miles, and each RECORD."""
        return [_issued(entry) for entry in issuing.entries(last)]


def _add_arrivals(paths: APIRouter, arrivals: Arrivals) -> None:
    @paths.get("/requests")
    async def requests(last: Last = -1) -> list[dict[str, Any]]:
        """Every request that arrived at the platform, whole or not, oldest first."""
        return arrivals.list(last)

    @paths.delete("/requests")
    async def clear() -> list[dict[str, Any]]:
        """Forgets the requests."""
        arrivals.clear()
        return []


def _add_clock(paths: APIRouter, clock: PlatformClock) -> None:
    @paths.get("/clock")
    async def now() -> dict[str, Any]:
        """What the platform believes the time is."""
        return {"now": iso(clock.unix()), "unix_s": clock.unix()}

    @paths.post("/clock")
    async def move(order: ClockOrder) -> dict[str, Any]:
        """Moves the clock; it runs on from there."""
        try:
            if order.set is not None:
                clock.set(parse_moment(order.set))
            else:
                clock.advance(order.advance_s or 0.0)
        except ValueError as error:
            raise OrderError(str(error)) from error
        return await now()


def _issued(entry: dict[str, Any]) -> dict[str, Any]:
    """What Issuance committed; miles are positive, `cash` and `dream` signed as they move.

    `posted` tells whether they have moved, `pending` whether the reply was 202.
    """
    names = ("id", "op", "collector", "miles", "cash", "dream", "trace_id", "device_id")
    shown = {name: entry[name] for name in (*names, "idempotency_key")}
    for name in ("pre_tax", "post_tax"):
        cents = entry[f"{name}_cents"]
        shown[name] = None if cents is None else dollars(cents)
    shown |= {name: bool(entry[name]) for name in ("pending", "posted", "delivered")}
    shown["issuances"] = entry["reasons"]
    shown["committed"], shown["posts"] = iso(entry["committed_s"]), iso(entry["posts_s"])
    return shown


def _shown(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry in the words of the project."""
    return {
        "id": entry["id"],
        "kind": entry["kind"],
        "collector": entry["collector"],
        "units": entry["units"],
        "miles": entry["miles"],
        "dollars": f"{entry['cents'] // 100}.{entry['cents'] % 100:02d}",
        "confirmation": entry["confirmation"],
        "redemption": entry["redemption"],
        "trace_id": entry["trace_id"],
        "idempotency_key": entry["idempotency_key"],
        "sponsor_code": entry["sponsor_code"],
        "store_id": entry["store_id"],
        "device_id": entry["device_id"],
        "committed": iso(entry["committed_s"]),
        "reversed": bool(entry["reversed"]),
        "cancelled": bool(entry["cancelled"]),
        "delivered": bool(entry["delivered"]),
    }
