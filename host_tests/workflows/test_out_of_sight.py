"""A display that dies while a redemption is on its way out, in the whole app."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from host_tests.kit.cashier import CARD, FINISH
from host_tests.kit.powered import Device
from host_tests.kit.virtual_time import story
from milepad.base import compat


async def redeemed_in_the_dark(device: Device, dark_after_ms: int) -> str:
    """The outcome of a redemption whose display dies so long after ENTER."""
    board = device.lives[-1]
    await board.press("1")
    await board.sees("TOTAL")
    await board.press("4335", "ENTER")
    await board.sees("CARD")
    board.scanner.emit("scan", CARD)
    await board.sees("REDEEM", "ENTER")
    board.keypad.emit("key", "ENTER")
    await asyncio.sleep(dark_after_ms / 1000)
    board.display.is_there = False
    await asyncio.sleep(3)
    board.display.is_there = True
    await board.sees("1 CHECKOUT", within_s=300)
    return device.ledger().entry(device.ledger().last).outcome


@story
async def test_a_redemption_leaves_before_its_display_dies_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    device = Device(is_ring=False)
    monkeypatch.setattr(compat, "time", device.clock())
    await device.power_on()
    await device.work("", FINISH)
    exchange = device.platform._exchange

    async def in_sight(url: tuple, headers: dict[str, str], raw: bytes) -> Any:
        assert device.lives[-1].display.is_there or not url[2].endswith("/redeem")
        return await exchange(url, headers, raw)

    monkeypatch.setattr(device.platform, "_exchange", in_sight)
    outcomes = [
        await redeemed_in_the_dark(device, after_ms) for after_ms in range(5, 400, 45)
    ]
    assert outcomes == sorted(outcomes, reverse=True)  # not_sent, then approved
    assert set(outcomes) == {"approved", "not_sent"}
    assert len(device.platform.commits) == outcomes.count("approved")
    await device.power_off()
