"""Three buttons press every key, and the display shows which one they would press."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from host_tests.drivers.chips import Emitted
from milepad.drivers.three_buttons import OverlaidDisplay, ThreeButtons

UP, DOWN, ENTER = range(3)
SCREEN = ["TOTAL", "", "$43.35", "ENTER: OK  CLEAR: 0 "]


class Button:
    def __init__(self) -> None:
        self.pressed = False

    def value(self) -> int:
        return 0 if self.pressed else 1


class Display:
    """A display that keeps what it shows."""

    columns, rows = 20, 4

    def __init__(self) -> None:
        self.shown: Sequence[str] = []

    async def start(self) -> None:
        """Nothing to do."""

    def renew(self, row: int) -> None:
        """Nothing is kept."""

    def backlight(self, on: bool) -> None:
        """There is none."""

    def show(self, rows: Sequence[str]) -> bool:
        self.shown = rows
        return True


class Hand:
    """Presses buttons and lets time pass."""

    def __init__(self) -> None:
        self.display, self.emitted = Display(), Emitted()
        self.screen = OverlaidDisplay(self.display)
        self.screen.show(SCREEN)
        self.pins = [Button(), Button(), Button()]
        self.buttons = ThreeButtons(self.pins, self.screen)
        self.now_ms = 0

    def wait(self, duration_ms: int) -> None:
        for _ in range(0, duration_ms, 10):
            self.now_ms += 10
            self.buttons.poll(self.emitted, self.now_ms)

    def press(self, *buttons: int, hold_ms: int = 50) -> None:
        for button in buttons:
            self.pins[button].pressed = True
            self.wait(hold_ms)
            self.pins[button].pressed = False
            self.wait(50)

    @property
    def note(self) -> str:
        bottom = self.display.shown[3]
        return bottom[bottom.find("[") :] if "[" in bottom else ""

    def taken(self) -> list[str]:
        found, self.emitted[:] = [name for _, name in self.emitted], []
        return found


@pytest.mark.parametrize("button", [UP, DOWN, ENTER])
def test_the_first_press_only_shows_the_choice(button: int) -> None:
    hand = Hand()
    hand.press(button)
    assert hand.taken() == []
    assert hand.display.shown == [*SCREEN[:3], "ENTER: OK  CLEAR:[1]"]


def test_enter_presses_the_chosen_key_again_and_again() -> None:
    hand = Hand()
    hand.press(ENTER, UP, UP, UP, ENTER, ENTER)
    assert hand.taken() == ["4", "4"]
    assert hand.note == "[4]"


def test_down_goes_the_other_way_round_the_list() -> None:
    hand = Hand()
    hand.press(DOWN, DOWN)
    assert hand.note == "[CANCEL]"


def test_every_key_of_a_keypad_can_be_chosen() -> None:
    hand = Hand()
    hand.press(UP)
    for _ in range(16):
        hand.press(ENTER, UP)
    keys = hand.taken()
    assert set(keys) == {*"0123456789", "00", "ENTER", "UP", "DOWN", "CLEAR", "CANCEL"}


@pytest.mark.parametrize(
    ("button", "key"), [(UP, "CLEAR"), (DOWN, "CANCEL"), (ENTER, "ENTER")]
)
def test_a_held_button_is_a_key_of_its_own_once(button: int, key: str) -> None:
    hand = Hand()
    hand.press(button, hold_ms=2000)
    assert hand.taken() == [key]
    assert hand.note == ""


def test_the_choice_goes_away_after_three_seconds() -> None:
    hand = Hand()
    hand.press(UP)
    hand.wait(2800)
    assert hand.note == "[1]"
    hand.wait(300)
    assert hand.display.shown == SCREEN


def test_what_the_screen_says_meanwhile_is_whole_afterwards() -> None:
    hand = Hand()
    hand.press(UP)
    hand.screen.show(["CARD"])
    assert hand.display.shown == ["CARD", "", "", " " * 17 + "[1]"]
    hand.wait(3100)
    assert hand.display.shown == ["CARD", "", "", ""]


def test_two_buttons_at_once_are_none() -> None:
    hand = Hand()
    hand.press(UP)
    hand.pins[DOWN].pressed = True
    hand.wait(30)
    hand.press(ENTER, hold_ms=1000)
    hand.pins[DOWN].pressed = False
    hand.wait(50)
    assert hand.taken() == []


@pytest.mark.parametrize("open_ms", [10, 20, 30])
def test_a_contact_that_opens_while_a_button_is_held_is_one_press(open_ms: int) -> None:
    hand = Hand()
    hand.press(UP)
    hand.pins[ENTER].pressed = True
    hand.wait(40)
    hand.pins[ENTER].pressed = False
    hand.wait(open_ms)
    hand.pins[ENTER].pressed = True
    hand.wait(40)
    hand.pins[ENTER].pressed = False
    hand.wait(60)
    assert hand.taken() == ["1"]


def test_a_contact_that_opens_does_not_make_a_long_press_a_short_one() -> None:
    hand = Hand()
    for pressed, duration_ms in ((True, 400), (False, 20), (True, 400), (False, 60)):
        hand.pins[UP].pressed = pressed
        hand.wait(duration_ms)
    assert hand.taken() == ["CLEAR"]


def test_a_bounce_is_no_press() -> None:
    hand = Hand()
    for _ in range(5):
        hand.pins[ENTER].pressed = not hand.pins[ENTER].pressed
        hand.wait(10)
    hand.pins[ENTER].pressed = False
    hand.wait(50)
    assert hand.note == ""
