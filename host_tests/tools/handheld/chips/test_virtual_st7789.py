"""The virtual TFT obeys the ST7789's datasheet and says what the chip would not forgive."""

from __future__ import annotations

import pytest

from tools.handheld.chips.st7789 import HEIGHT, WIDTH, St7789

WHITE, BLACK = (248, 252, 248), (0, 0, 0)
Step = tuple[int, bytes]
START: list[Step] = [
    (0, b"\x11"), (0, b"\x3a"), (1, b"\x55"), (0, b"\x36"), (1, b"\x60"), (0, b"\x21"),
]  # fmt: skip


def chip(steps: list[Step] = START) -> St7789:
    tft = St7789()
    send(tft, [*steps, (0, b"\x29")])
    return tft


def send(tft: St7789, steps: list[Step]) -> None:
    for dc, raw in steps:
        tft.write(dc, raw)


def window(left: int, right: int, top: int, bottom: int) -> list[Step]:
    x = left.to_bytes(2, "big") + right.to_bytes(2, "big")
    y = top.to_bytes(2, "big") + bottom.to_bytes(2, "big")
    return [(0, b"\x2a"), (1, x), (0, b"\x2b"), (1, y), (0, b"\x2c")]


def test_pixels_fill_their_window_line_by_line() -> None:
    tft = chip()
    send(
        tft,
        [*window(318, 319, 238, 239), (1, b"\xf8\x00\x07\xe0"), (1, b"\x00\x1f\x00\x00")],
    )
    assert tft.colour(318, 238) == (248, 0, 0)
    assert tft.colour(319, 238) == (0, 252, 0)
    assert tft.colour(318, 239) == (0, 0, 248)
    assert tft.colour(319, 239) == BLACK
    assert tft.complaints.all == []


def test_memory_holds_noise_after_power_up() -> None:
    assert chip().colour(0, 0) not in (WHITE, BLACK)


def test_a_picture_that_is_off_or_asleep_is_black() -> None:
    tft = chip()
    for code in (b"\x28", b"\x10"):
        tft.write(0, code)
        assert tft.colour(0, 0) == BLACK
        assert tft.lines() == [" " * 20] * 4


def test_an_ips_panel_without_invon_shows_the_negative() -> None:
    tft = chip([step for step in START if step[1] != b"\x21"])
    send(tft, [*window(0, 0, 0, 0), (1, b"\x00\x00")])
    assert tft.colour(0, 0) == WHITE


def test_the_other_landscape_is_upside_down() -> None:
    tft = chip([*START[:4], (1, b"\xa0"), START[5]])
    send(tft, [*window(0, 0, 0, 0), (1, b"\xff\xff")])
    assert tft.colour(WIDTH - 1, HEIGHT - 1) == WHITE


@pytest.mark.parametrize(
    ("steps", "complaint"),
    [
        (window(5, 4, 0, 0), "0x2A: no window from 5 to 4"),
        (window(0, 0, 0, 240), "0x2B: no window from 0 to 240"),
        ([*window(0, 0, 0, 0), (1, b"\0" * 4)], "more pixels than the window has"),
        ([*window(0, 0, 0, 0), (1, b"\0"), (0, b"\x00")], "half a pixel"),
        ([(0, b"\x2a"), (1, b"\0"), (0, b"\x00")], "0x2A: takes 4 parameters"),
        ([(0, b"\x13"), (1, b"\0")], "0x13: takes 0 parameters"),
        ([(0, b"\xff")], "0xFF is no command of this driver's"),
        ([(0, b"\x36"), (1, b"\x00")], "MADCTL 0x00: not upright in landscape"),
        ([(0, b"\x10"), *window(0, 0, 0, 0)], "pixels while it sleeps"),
        ([(0, b"\x3a"), (1, b"\x66"), *window(0, 0, 0, 0)],
         "pixels before 16 bits a pixel are set"),
    ],
)  # fmt: skip
def test_what_the_chip_would_not_forgive(steps: list[Step], complaint: str) -> None:
    tft = chip()
    send(tft, steps)
    assert tft.complaints.all[:1] == [complaint]


@pytest.mark.parametrize(
    ("wait_ms", "then", "complaint"),
    [
        (119, b"\x11", ["0x11: less than 120 ms after a reset"]),
        (120, b"\x11", []),
        (4, b"\x13", ["0x13: less than 5 ms after a reset"]),
        (5, b"\x13", []),
    ],
)
def test_a_reset_wants_time(wait_ms: int, then: bytes, complaint: list[str]) -> None:
    tft = St7789()
    tft.write(0, b"\x01", 0)
    tft.write(0, then, wait_ms * 1000)
    assert tft.complaints.all == complaint


def test_the_picture_is_what_a_person_sees() -> None:
    tft = chip()
    send(tft, [*window(1, 1, 0, 0), (1, b"\xff\xff")])
    picture = tft.picture()
    assert picture.size == (320, 240)
    assert picture.getpixel((1, 0)) == WHITE


@pytest.mark.parametrize("madctl", [0x60, 0x68])
@pytest.mark.parametrize("inversion", [b"\x20", b"\x21"])
def test_the_picture_has_each_places_own_colour(madctl: int, inversion: bytes) -> None:
    tft = chip([*START[:4], (1, bytes((madctl,))), (0, inversion)])
    values = range(0, 0x10000, 0xCD)  # every bit of every colour both ways
    raw = b"".join(value.to_bytes(2, "big") for value in values)[: 2 * WIDTH]
    send(tft, [*window(0, WIDTH - 1, 0, 0), (1, raw)])
    picture = tft.picture()
    assert all(picture.getpixel((x, 0)) == tft.colour(x, 0) for x in range(WIDTH))
    assert picture.getpixel((0, 1)) == tft.colour(0, 1)
