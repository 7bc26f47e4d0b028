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
        await asyncio.sleep(3 * outbox.QUIET_S)
        return shown.told

    assert virtually(play()) == [{"screen": ["hello"]}]


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
        shown.draw("hello")
        shown.box.add({"sound": "ok"})
        await asyncio.sleep(3 * outbox.QUIET_S)
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
            await asyncio.sleep(3 * outbox.QUIET_S)
        return shown.told

    assert virtually(play()) == [{"screen": ["same"]}]


def test_a_display_that_is_never_quiet_is_told_all_the_same():
    async def play() -> list[object]:
        shown = Shown()
        loop = asyncio.get_running_loop()
        end_s = loop.time() + 2 * outbox.LONGEST_S
        while loop.time() < end_s and not shown.told:
            shown.draw(str(loop.time()))
            await asyncio.sleep(outbox.QUIET_S / 5)
        return shown.told

    assert len(virtually(play())) == 1


def test_a_power_cut_drops_the_half_drawn_screen_and_nothing_else():
    async def play() -> list[object]:
        shown = Shown()
        shown.write("half")
        shown.box.add({"sound": "ok"})
        shown.box.interrupt()
        await asyncio.sleep(3 * outbox.QUIET_S)
        return shown.told

    assert virtually(play()) == [{"sound": "ok"}]
