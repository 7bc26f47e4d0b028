"""The character LCD decodes what its datasheet says, and complains about the rest."""

from hypothesis import given
from hypothesis import strategies as st

from host_tests.tools.handheld.handheld_lcd_bytes import WAKE_UP, E, byte, nibble, text
from tools.handheld.chips.hd44780 import CharacterLcd

BLANK = " " * 20


class Bus:
    """An LCD and the board's clock beside it."""

    def __init__(self, wake_up: bool = True) -> None:
        self.lcd = CharacterLcd()
        self.ticks_us = 0xFFFF_F000  # the 32-bit clock is about to wrap
        for raw, wait_us in WAKE_UP if wake_up else ():
            self.send(raw, wait_us)

    def send(self, raw: bytes, wait_us: int = 50) -> None:
        self.lcd.write(raw, self.ticks_us)
        self.ticks_us = (self.ticks_us + wait_us) & 0xFFFFFFFF

    @property
    def complaints(self) -> list[str]:
        return self.lcd.complaints.all


def test_the_wake_up_of_the_datasheet_leaves_a_clear_display_and_no_complaint():
    bus = Bus()
    assert bus.lcd.lines() == [BLANK] * 4
    assert bus.lcd.display_on and bus.lcd.backlight
    assert bus.complaints == []


def test_golden_bytes_of_one_letter():
    bus = Bus()
    bus.send(bytes.fromhex("49 4D 49 19 1D 19"))  # 0x41 with RS, backlight lit
    assert bus.lcd.lines()[0] == "A" + " " * 19
    assert bus.complaints == []


def test_the_four_rows_begin_at_their_addresses():
    bus = Bus()
    for address, letters in ((0x00, "one"), (0x40, "two"), (0x14, "three"), (0x54, "four")):
        bus.send(byte(0x80 | address) + text(letters))
    assert [row.rstrip() for row in bus.lcd.lines()] == ["one", "two", "three", "four"]


def test_a_long_text_runs_from_row_1_to_row_3_then_2_then_4_then_1():
    bus = Bus()
    bus.send(byte(0x80) + text("a" * 20 + "c" * 20 + "b" * 20 + "d" * 20 + "A"))
    assert bus.lcd.lines() == ["A" + "a" * 19, "b" * 20, "c" * 20, "d" * 20]


def test_entry_mode_can_write_from_right_to_left_across_the_line_end():
    bus = Bus()
    bus.send(byte(0x04) + byte(0x80 | 0x41) + text("xyz"))
    assert bus.lcd.lines()[1][:2] == "yx"
    assert bus.lcd.lines()[2][19] == "z"


def test_clear_sets_blanks_and_writing_to_the_right_again():
    bus = Bus()
    bus.send(byte(0x04) + text("x"))
    bus.send(byte(0x01), 1600)
    bus.send(text("ab"))
    assert bus.lcd.lines() == ["ab" + " " * 18, BLANK, BLANK, BLANK]


def test_home_returns_the_cursor_and_the_shifted_display():
    bus = Bus()
    bus.send(text("abc") + byte(0x18))
    assert bus.lcd.lines()[0].startswith("bc")
    bus.send(byte(0x02), 1600)
    bus.send(text("A"))
    assert bus.lcd.lines()[0].startswith("Abc")
    assert bus.complaints == []


def test_a_cursor_move_skips_a_cell():
    bus = Bus()
    bus.send(text("a") + byte(0x14) + text("c") + byte(0x10) + byte(0x10) + text("b"))
    assert bus.lcd.lines()[0].startswith("abc")


def test_display_off_is_dark_and_keeps_its_text():
    bus = Bus()
    bus.send(text("kept") + byte(0x08))
    assert bus.lcd.lines() == [BLANK] * 4
    bus.send(byte(0x0C))
    assert bus.lcd.lines()[0].startswith("kept")


def test_a_user_glyph_is_read_as_the_accented_letter_that_it_shows():
    bus = Bus()
    pixels = (0x02, 0x04, 0x0E, 0x11, 0x1F, 0x10, 0x0E, 0x00)
    bus.send(byte(0x40 | 2 * 8) + b"".join(byte(row, 1) for row in pixels))
    bus.send(byte(0x80) + text("caf") + byte(2, 1))
    assert bus.lcd.lines()[0].startswith("café")
    assert bus.lcd.glyph(2) == bytes(pixels)


def test_an_unknown_glyph_is_a_question_mark():
    bus = Bus()
    bus.send(byte(0x40) + b"".join(byte(row, 1) for row in (31, 0, 31, 0, 31, 0, 31, 0)))
    bus.send(byte(0x80) + byte(0, 1))
    assert bus.lcd.lines()[0][0] == "?"


def test_a_warm_start_finds_the_chip_in_either_half_of_a_byte():
    for lost in (b"", nibble(4)):
        bus = Bus()
        bus.send(lost)
        for raw, wait_us in WAKE_UP:
            bus.send(raw, wait_us)
        bus.send(text("again"))
        assert bus.lcd.lines()[0].startswith("again")
        assert bus.complaints == []


def test_an_instruction_too_soon_after_clear_is_a_complaint():
    bus = Bus()
    bus.send(byte(0x01), 1000)
    bus.send(text("x"))
    assert len(bus.complaints) == 1
    assert "before the previous one is done" in bus.complaints[0]


def test_the_bus_itself_takes_time():
    bus = Bus()
    bus.send(byte(0x01), 1520 - 3 * 90)  # the next nibble's E falls three bytes later
    bus.send(text("x"))
    assert bus.complaints == []


def test_text_before_the_wake_up_is_a_complaint():
    bus = Bus(wake_up=False)
    bus.send(text("x"))
    assert "before the four-bit mode is set" in bus.complaints[0]


def test_a_wake_up_that_is_too_short_is_a_complaint():
    bus = Bus(wake_up=False)
    bus.send(nibble(3), 4100)
    bus.send(nibble(2), 100)
    assert any("1 of 3 wake-up nibbles" in text for text in bus.complaints)


def test_reading_is_a_complaint_because_the_expander_drives_the_lines():
    bus = Bus()
    bus.send(bytes((0x0A, 0x0A | E, 0x0A)))
    assert "RW is set" in bus.complaints[0]


def test_data_that_change_with_the_falling_edge_are_a_complaint():
    bus = Bus()
    bus.send(bytes((0x4D, 0x59)))
    assert "falling edge" in bus.complaints[0]


def test_an_address_between_the_lines_is_a_complaint():
    bus = Bus()
    bus.send(byte(0x80 | 0x30))
    assert bus.complaints == ["there is no DDRAM address 0x30"]


@given(st.lists(st.tuples(st.binary(max_size=200), st.integers(0, 0xFFFFFFFF)), max_size=8))
def test_any_bytes_at_any_time_leave_four_rows_of_twenty(transfers):
    bus = Bus()
    for raw, ticks_us in transfers:
        bus.lcd.write(raw, ticks_us)
    assert [len(row) for row in bus.lcd.lines()] == [20] * 4


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x5B), max_size=20))
def test_any_plain_text_is_shown_as_it_is(letters):
    bus = Bus()
    bus.send(byte(0x80 | 0x40) + text(letters))
    assert bus.lcd.lines()[1] == f"{letters:<20}"
    assert bus.complaints == []
