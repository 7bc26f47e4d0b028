"""The supervisor's PIN: counted before it is checked, with waits that grow and are shown."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from host_tests.kit.media import FakeFiles
from host_tests.kit.profile import PIN, SUPERVISOR
from host_tests.kit.shop import Shop
from host_tests.kit.stores import SmallLittlefsStore, ring_store
from host_tests.kit.virtual_time import story
from milepad.base import pin
from milepad.workflows import supervisor

WRONG = "31415"


class Counter(Shop):
    """A shop with a PIN and a flash that has room for its tries."""

    def __init__(self, **changes: Any) -> None:
        super().__init__(profile={"supervisor": SUPERVISOR}, **changes)
        self.files = FakeFiles()
        self.store = SmallLittlefsStore(self.files)
        self.store.warning = ""
        self.boot()

    def ask(self) -> asyncio.Task:
        self._task = asyncio.create_task(supervisor.ask(self.device))
        return self._task

    async def tries(self, *keyed: str) -> None:
        for each in keyed:
            await self.sees(self.terminal.text("pin_is") % "")
            await self.press(each, "ENTER")

    async def fail(self, times: int) -> None:
        self.ledger.keep_pin_tries(times)


@story
async def test_a_shop_without_a_pin_asks_nobody():
    shop = Shop()
    assert await supervisor.ask(shop.device) is True
    assert "SUPERVISOR" not in shop.screens


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
@story
async def test_the_right_pin_opens_and_no_screen_shows_it(language):
    shop = Counter(language=language)
    asked = shop.ask()
    await shop.tries(PIN)
    assert await asked is True
    assert shop.ledger.pin_tries() == 0
    assert PIN not in shop.screens and "*****" in shop.screens
    assert shop.log == []


@story
async def test_a_wrong_pin_is_said_and_asked_again():
    shop = Counter()
    asked = shop.ask()
    await shop.tries(WRONG)
    await shop.sees("SUPERVISOR", "WRONG PIN")
    assert shop.ledger.pin_tries() == 1
    await shop.tries(PIN)
    assert await asked is True
    assert shop.ledger.pin_tries() == 0


@story
async def test_digits_may_be_erased_and_nothing_else_counts_as_a_try():
    shop = Counter()
    asked = shop.ask()
    await shop.sees("SUPERVISOR")
    await shop.press("ENTER", "UP", ".", "9", "CLEAR", "ENTER")
    await shop.swipe()
    assert shop.ledger.pin_tries() == 0
    await shop.press(PIN + "99999", "CLEAR", PIN, "ENTER")
    assert await asked is True


@pytest.mark.parametrize("digits", ["1234", "12345678"])
@story
async def test_a_pin_has_up_to_eight_digits_and_a_ninth_is_not_taken(digits):
    shop = Counter()
    shop.profile["supervisor"]["pin"] = pin.kept(digits, bytes(16), 3)
    asked = shop.ask()
    await shop.sees("SUPERVISOR")
    await shop.press("12345678", "9", "00")
    assert shop.screen[1] == "PIN " + "*" * 8
    await shop.press("CLEAR", digits, "ENTER")
    assert await asked is True


@pytest.mark.parametrize("key", ["CANCEL", None])
@story
async def test_it_can_be_left_and_a_forgotten_device_leaves_it(key):
    shop = Counter()
    shop.ask()
    await shop.sees("SUPERVISOR")
    if key:
        await shop.press(key)
    assert await shop.ended() == "Cancelled"
    assert shop.ledger.pin_tries() == 0


@pytest.mark.parametrize(
    ("wrong", "wait_s"),
    [(0, 0), (2, 0), (3, 10), (4, 30), (5, 60), (6, 120), (7, 300), (8, 600), (255, 600)],
)
@story
async def test_after_three_wrong_ones_the_next_has_to_wait_and_the_screen_says_how_long(
    wrong, wait_s
):
    shop = Counter()
    shop.ledger.keep_pin_tries(wrong)
    begun_s = asyncio.get_running_loop().time()
    asked = shop.ask()
    if wait_s:
        minutes, seconds = divmod(wait_s, 60)
        await shop.sees(f"WRONG PINS: {wrong}", f"NEXT TRY IN {minutes}:{seconds:02}")
    await shop.sees("PIN ", "ENTER=OK", within_s=700)
    assert abs(asyncio.get_running_loop().time() - begun_s - wait_s) < 1
    await shop.press(PIN, "ENTER")
    assert await asked is True


@story
async def test_a_wait_can_be_left_and_no_key_shortens_it():
    shop = Counter()
    shop.ledger.keep_pin_tries(3)
    shop.ask()
    await shop.sees("NEXT TRY IN 0:10")
    await shop.press("ENTER", PIN, "ENTER", "CANCEL")
    assert await shop.ended() == "Cancelled"
    assert shop.ledger.pin_tries() == 3


@story
async def test_what_is_keyed_while_it_waits_is_no_pin():
    shop = Counter()
    shop.ledger.keep_pin_tries(3)
    asked = shop.ask()
    await shop.sees("NEXT TRY IN 0:01")
    await shop.press(PIN, "ENTER")
    await shop.tries(PIN)
    assert await asked is True


@story
async def test_a_cut_while_it_waits_starts_the_wait_again():
    shop = Counter()
    shop.ledger.keep_pin_tries(4)
    shop.ask()
    await shop.sees("NEXT TRY IN 0:05")
    shop.cut()
    shop.ask()
    await shop.sees("NEXT TRY IN 0:30")


@pytest.mark.parametrize("keyed", [WRONG, PIN])
@story
async def test_a_cut_at_any_write_makes_no_try_free(keyed, monkeypatch):
    """Whatever had been checked when power went is on flash as a try, or was right."""
    checks: list[str] = []
    stretch = pin.stretch

    def noted(digest: bytes, salt: bytes, digits: str, rounds: int) -> bytes:
        if not digest:
            checks.append(digits)
        return stretch(digest, salt, digits, rounds)

    monkeypatch.setattr(pin, "stretch", noted)
    cuts = 0
    for left in range(40):
        shop = Counter()
        checks.clear()
        shop.files.power.left = left
        shop.ask()
        await shop.tries(keyed)
        try:
            await shop.sees("STORAGE" if shop.files.power.gone else "WRONG PIN", within_s=2)
        except AssertionError:
            assert keyed == PIN
        was_cut = shop.files.power.gone
        cuts += was_cut
        shop.files.power.restore()
        shop.store = SmallLittlefsStore(shop.files)
        shop.cut()
        tries = shop.ledger.pin_tries()
        assert tries == (
            1 if was_cut and checks else 0 if not checks or keyed == PIN else 1
        )
        if not was_cut:
            break
    assert cuts >= 2 and not was_cut


@story
async def test_where_tries_cannot_be_counted_there_is_no_try():
    shop = Counter()
    shop.store.warning = "failed"
    assert await supervisor.ask(shop.device) is False
    assert "SUPERVISOR" not in shop.screens

    shop = Counter()
    shop.store = ring_store(24)  # without the room that a FAT disk has
    shop.store.warning = ""
    shop.boot()
    asked = shop.ask()
    await shop.tries(PIN)
    assert await asked is False


@story
async def test_a_pin_that_is_no_hash_opens_nothing():
    shop = Counter()
    shop.profile["supervisor"]["pin"] = PIN
    shop.ask()
    await shop.tries(PIN)
    await shop.sees("WRONG PIN")
