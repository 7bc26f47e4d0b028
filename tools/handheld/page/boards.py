"""The boards that the page can draw: which display and which keys each of them has."""

from __future__ import annotations

from typing import Literal, NamedTuple

from tools.handheld.wiring import DisplayName

BoardName = Literal[
    "simulator",
    "pico2w_pinpad",
    "esp32s3_handheld",
    "feather_circuitpython",
    "m5stack_oled",
]
_FIVE_ROWS = ("1 2 3 UP", "4 5 6 DOWN", "7 8 9 CLEAR", "0 00 . CANCEL", "ENTER")
_FOUR_ROWS = ("1 2 3 UP", "4 5 6 DOWN", "7 8 9 CLEAR", "00 0 ENTER CANCEL")


class Faceplate(NamedTuple):
    """What a person sees of a board."""

    title: str
    display: DisplayName
    rows: tuple[str, ...]  # the keys of a row, from the left
    keys: Literal["matrix", "three_buttons"] = "matrix"


BOARDS: dict[BoardName, Faceplate] = {
    "simulator": Faceplate("Milepad", "lcd20x4", _FIVE_ROWS),
    "pico2w_pinpad": Faceplate("Milepad PIN pad (Pico 2 W)", "lcd20x4", _FOUR_ROWS),
    "esp32s3_handheld": Faceplate("Milepad handheld (ESP32-S3)", "st7789", _FOUR_ROWS),
    "feather_circuitpython": Faceplate("Milepad handheld (Feather)", "ssd1306", _FOUR_ROWS),
    "m5stack_oled": Faceplate(
        "Milepad handheld (M5Stack)", "ssd1306", ("UP DOWN ENTER",), "three_buttons"
    ),
}


def described(name: BoardName) -> dict[str, object]:
    """A board as `ready` has it."""
    board = BOARDS[name]
    keys = [row.split() for row in board.rows]
    return {
        "name": name,
        "title": board.title,
        "display": board.display,
        "keys": keys,
        "buttons": board.keys == "three_buttons",
    }
