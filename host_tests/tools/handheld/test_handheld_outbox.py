"""Events keep their order around a display that is drawn in many small writes."""

import asyncio

from host_tests.kit.virtual_time import virtually
from tools.handheld import outbox


class Shown:
    """A display, and what was told of it."""

    def __init__(self) -> None:
        self.lines = ["old"]
        self.told: list[object] = []
        self.box = outbox.Outbox(self.told.append, lambda: list(self.lines))

    def write(self, text: str) -> None:
        self.lines = [text]
        self.box.display_written()

    def draw(self, text: str) -> None:
        self.write(text)
        self.box.display_drawn()


def test_a_half_drawn_screen_is_never_told_however_slowly_it_is_drawn():
    async def play() -> list[object]:
        shown = Shown()
        for text in ("h", "he", "hell"):
            shown.write(text)
            await asyncio.sleep(outbox.UNSAID_S / 4)
        shown.draw("hello")
        return shown.told

    assert virtually(play()) == [{"screen": ["hello"]}]


def test_a_board_that_says_so_may_stand_still_within_a_drawing():
    async def play() -> list[object]:
        shown = Shown()
        shown.draw("first")
        shown.write("sec")
        await asyncio.sleep(outbox.STOPPED_S - 1)
        shown.draw("second")
        return shown.told

    assert virtually(play()) == [{"screen": ["first"]}, {"screen": ["second"]}]


def test_a_board_that_never_says_that_it_has_drawn_is_told_after_a_second():
    async def play() -> list[object]:
        shown = Shown()
        shown.write("hello")
        await asyncio.sleep(outbox.UNSAID_S + 0.001)
        return shown.told

    assert virtually(play()) == [{"screen": ["hello"]}]


def test_what_happens_while_a_screen_is_drawn_comes_after_it():
    async def play() -> list[object]:
        shown = Shown()
        shown.box.add({"sound": "key"})
        shown.write("hel")
        shown.box.add({"sound": "ok"})
        shown.draw("hello")
        shown.box.add({"log": "end"})
        return shown.told

    assert virtually(play()) == [
        {"sound": "key"},
        {"screen": ["hello"]},
        {"sound": "ok"},
        {"log": "end"},
    ]


def test_a_screen_that_is_the_same_again_is_not_told_again():
    async def play() -> list[object]:
        shown = Shown()
        for _ in range(2):
            shown.draw("same")
        return shown.told

    assert virtually(play()) == [{"screen": ["same"]}]


def test_of_screens_that_follow_each_other_at_once_each_is_told():
    async def play() -> list[object]:
        shown = Shown()
        for text in ("notice", "question"):
            shown.draw(text)
        return shown.told

    assert virtually(play()) == [{"screen": ["notice"]}, {"screen": ["question"]}]


def test_the_board_after_a_power_cut_has_said_nothing_yet():
    async def play() -> list[object]:
        shown = Shown()
        shown.draw("first")
        shown.box.interrupt()
        shown.write("hello")
        await asyncio.sleep(outbox.UNSAID_S + 0.001)
        return shown.told

    assert virtually(play()) == [{"screen": ["first"]}, {"screen": ["hello"]}]


def test_a_power_cut_drops_the_half_drawn_screen_and_nothing_else():
    async def play() -> list[object]:
        shown = Shown()
        shown.write("half")
        shown.box.add({"sound": "ok"})
        shown.box.interrupt()
        await asyncio.sleep(2 * outbox.UNSAID_S)
        return shown.told

    assert virtually(play()) == [{"sound": "ok"}]
