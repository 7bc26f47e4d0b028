"""What a hand does reaches the board's pins one after the other, in order."""

import asyncio

from host_tests.kit.virtual_time import virtually
from tools.handheld import inputs
from tools.handheld.inputs import KEYS, Inputs


def played(script) -> list[bytes]:
    """The frames that `script(inputs)` sends, as soon as none has come for a while."""
    sent: list[bytes] = []

    async def play() -> None:
        hand = Inputs(sent.append)
        hand.start()
        await script(hand)
        count = -1
        while count != len(sent):
            count = len(sent)
            await asyncio.sleep(0.08)
        hand.stop()

    virtually(play())
    return sent


def test_the_keypad_is_wired_as_agreed():
    assert KEYS["1"] == (0, 0)
    assert KEYS["UP"] == (0, 3)
    assert KEYS["00"] == (3, 1)
    assert KEYS["CANCEL"] == (3, 3)
    assert KEYS["ENTER"] == (4, 0)
    assert len(KEYS) == 17


def test_quick_keys_are_pressed_and_released_in_order():
    async def script(hand: Inputs) -> None:
        hand.board_ready()
        hand.key("4")
        hand.key("ENTER")

    assert played(script) == [
        b"K\x00\x03\x01\x00\x01" + b"K\x00\x03\x01\x00\x00",
        b"K\x00\x03\x04\x00\x01" + b"K\x00\x03\x04\x00\x00",
    ]


def test_how_long_a_key_is_held_is_the_boards_to_measure():
    async def script(hand: Inputs) -> None:
        hand.board_ready()
        hand.hold("DOWN")

    assert played(script) == [b"K\x00\x03\x01\x03\xff" + b"K\x00\x03\x01\x03\x00"]


def test_nothing_is_pressed_before_the_board_is_ready():
    async def script(hand: Inputs) -> None:
        hand.key("4")

    assert played(script) == []


def test_a_scanned_line_comes_at_once_and_keeps_its_place_among_the_keys():
    async def script(hand: Inputs) -> None:
        hand.board_ready()
        hand.line(inputs.SCANNER, inputs.scanned("84095202006 and more"))
        hand.key("1")

    assert played(script)[:2] == [
        b"U\x00\x11\x0184095202006 and U\x00\x06\x01more\r",
        b"K\x00\x03\x00\x00\x01" + b"K\x00\x03\x00\x00\x00",
    ]


def test_a_swiped_card_is_one_line_of_both_tracks():
    assert inputs.swiped("%B1^A^2?", ";1=2?") == b"%B1^A^2?;1=2?\r\n"


def test_a_power_cut_forgets_the_keys_and_keeps_what_happens_around():
    happened: list[str] = []

    async def script(hand: Inputs) -> None:
        hand.key("4")
        hand.around(lambda: happened.append("wifi"))
        hand.stop()

    assert played(script) == []
    assert happened == ["wifi"]
