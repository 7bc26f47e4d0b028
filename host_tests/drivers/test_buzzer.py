"""Three sounds that a cashier can tell apart, and never a queue of them."""

import asyncio

import pytest

from host_tests.drivers.chips import Clock, run
from milepad.drivers.buzzer import Buzzer


@pytest.mark.parametrize(
    ("name", "tones"),
    [
        ("key", [(0, 4000), (10, 0)]),
        ("ok", [(0, 2000), (80, 0)]),
        ("error", [(0, 400), (80, 0), (120, 400), (200, 0), (240, 400), (320, 0)]),
        ("no such sound", []),
    ],
)
def test_each_sound_has_its_tones(name: str, tones: list[tuple[int, int]]) -> None:
    clock, heard = Clock(), []
    buzzer = Buzzer(lambda hertz: heard.append((clock.now_ms, hertz)), clock.sleep)
    run(buzzer.play(name))
    assert heard == tones


def test_a_newer_sound_replaces_the_one_that_plays() -> None:
    heard: list[int] = []
    gates: list[asyncio.Event] = []

    async def sleep(delay_ms: int) -> None:
        gates.append(asyncio.Event())
        await gates[-1].wait()

    async def scene() -> None:
        buzzer = Buzzer(heard.append, sleep)
        error = asyncio.create_task(buzzer.play("error"))
        await asyncio.sleep(0)
        ok = asyncio.create_task(buzzer.play("ok"))
        await asyncio.sleep(0)
        gates[0].set()
        await error
        assert heard == [400, 2000]
        gates[1].set()
        await ok

    run(scene())
    assert heard == [400, 2000, 0]


def test_a_cancelled_sound_does_not_go_on() -> None:
    heard: list[int] = []

    async def scene() -> None:
        task = asyncio.create_task(Buzzer(heard.append, asyncio.sleep).play("ok"))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    run(scene())
    assert heard == [2000, 0]
