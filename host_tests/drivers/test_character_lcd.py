"""The 20x4 display shows what it is told, for as few bytes on the bus as can be."""

import asyncio
import errno

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.drivers.chips import ROW_ADDRESSES, Clock, Lcd, run
from milepad.base.errors import DriverError
from milepad.drivers.character_lcd import CharacterLcd
from milepad.drivers.lcd_glyphs import LETTERS, PATTERNS, PLAIN, rom_code
from milepad.drivers.protocols import Raw
from tools.handheld.chips import hd44780
from tools.handheld.chips.glyphs import recognise

ASCII = "".join(chr(code) for code in range(32, 126) if code != 0x5C)
TEXTS = st.lists(st.text(ASCII + "éèàçÉœ" + LETTERS + "ü°€", max_size=20), max_size=4)


def started() -> tuple[Lcd, CharacterLcd]:
    chip = Lcd()
    display = CharacterLcd(chip, sleep=Clock().sleep)
    run(display.start())
    return chip, display


def glyph(letter: str) -> bytes:
    at = LETTERS.index(letter) * 8
    return PATTERNS[at : at + 8]


def read(chip: Lcd, number: int) -> str:
    """A row as a person reads it: user glyphs by their dots, the ROM by its table."""
    text = ""
    for code in chip.row(number):
        if code < 8:
            text += LETTERS[PATTERNS.index(chip.pattern(code)) // 8]
        else:
            text += chr(code)
    return text


def test_initialises_in_four_bits_by_the_datasheet() -> None:
    chip, _ = started()
    assert chip.instructions == [0x30, 0x30, 0x30, 0x20, 0x28, 0x08, 0x01, 0x06, 0x0C]


def test_waits_as_long_as_the_datasheet_says() -> None:
    chip, clock, times = Lcd(), Clock(), []
    write = chip.writeto

    def timed(address: int, raw: Raw) -> int:
        times.append((clock.now_ms, len(chip.instructions)))
        return write(address, raw)

    chip.writeto = timed  # type: ignore[method-assign]
    run(CharacterLcd(chip, sleep=clock.sleep).start())
    when = [next(ms for ms, done in reversed(times) if done <= n) for n in range(9)]
    assert when[0] >= 40  # after power
    assert when[1] - when[0] >= 5
    assert when[2] - when[1] >= 1
    assert when[7] - when[6] >= 2  # after clear


def test_the_first_bytes_release_e_before_rw() -> None:
    chip, _ = started()
    assert chip.writes[0][:4] == b"\xfb\x08\x3c\x38"


def test_one_letter_is_six_bytes_of_nibbles_and_strobes() -> None:
    chip, display = started()
    chip.writes.clear()
    display.show(["A"])
    # RS rises with E low, then 0x4 and 0x1, each with E high and low.
    assert chip.writes == [b"\x49\x4d\x49\x1d\x19"]


@pytest.mark.parametrize("row", range(4))
def test_each_row_has_its_address(row: int) -> None:
    chip, display = started()
    display.show([""] * row + ["x"])
    addressed = [0x80 | ROW_ADDRESSES[row]] if row else []  # after "clear" row 0 is next
    assert chip.instructions[9:] == [*addressed, 0x100 | ord("x")]
    assert chip.row(row) == b"x" + b" " * 19


def test_the_same_screen_again_costs_the_byte_that_asks_for_the_chip() -> None:
    chip, display = started()
    display.show(["TOTAL", "$43.35"])
    chip.writes.clear()
    assert display.show(["TOTAL", "$43.35"]) is True
    assert chip.writes == [b"\x09"]  # RS and the light as they were
    chip.present = False
    assert display.show(["TOTAL", "$43.35"]) is False


def test_a_changed_digit_costs_one_move_and_one_letter() -> None:
    chip, display = started()
    display.show(["UNITS 3 OF 4"])
    before = chip.byte_count
    display.show(["UNITS 2 OF 4"])
    assert chip.instructions[-2:] == [0x80 | 6, 0x100 | ord("2")]
    assert chip.byte_count - before == 10


def test_one_unchanged_letter_is_cheaper_than_a_move() -> None:
    chip, display = started()
    display.show(["1.1"])
    display.show(["2.2"])
    assert chip.instructions[-4:] == [0x80, 0x132, 0x12E, 0x132]


def test_a_full_redraw_goes_out_in_few_writes() -> None:
    chip, display = started()
    chip.writes.clear()
    display.show(["x" * 20] * 4)
    assert chip.byte_count == 80 * 4 + 1
    assert len(chip.writes) == 3


def test_accents_are_drawn_by_user_glyphs() -> None:
    chip, display = started()
    display.show(["Rçu à Québec"])
    assert read(chip, 0).rstrip() == "Rçu à Québec"
    start = 0x40
    assert chip.instructions[9:18] == [start, *(0x100 | dots for dots in glyph("ç"))]


def test_a_glyph_that_is_loaded_is_not_loaded_again() -> None:
    chip, display = started()
    display.show(["é"])
    display.show(["été"])
    assert chip.instructions.count(0x40) == 1


def test_the_glyph_unused_for_longest_makes_room() -> None:
    chip, display = started()
    display.show(["éèêëàâçù"])
    display.show(["èêëàâçù"])
    loaded = len(chip.instructions)
    display.show(["èêëàâçùÉ"])
    assert read(chip, 0).rstrip() == "èêëàâçùÉ"
    assert chip.instructions[loaded] == 0x40  # the slot that held é
    assert len(chip.instructions) == loaded + 9 + 2


def test_the_ninth_accent_becomes_its_plain_letter() -> None:
    chip, display = started()
    display.show(["éèêëàâçùÉÀé"])
    assert read(chip, 0).rstrip() == "éèêëàâçùEAé"


def test_signs_that_the_rom_draws_otherwise_are_drawn_by_glyphs() -> None:
    chip, display = started()
    display.show(["a\\b~"])
    assert read(chip, 0).rstrip() == "a\\b~"


def test_letters_beyond_the_chip_become_a_question_mark_or_a_stand_in() -> None:
    chip, display = started()
    display.show(["€ 43,35\u00a0$ « ü° »"])
    assert chip.row(0).rstrip() == b'? 43,35 $ " \xf5\xdf "'


def test_too_much_text_is_cut_to_the_glass() -> None:
    chip, display = started()
    display.show(["x" * 30, "", "", "", "fifth"])
    assert chip.row(0) == b"x" * 20
    assert all(chip.row(number) == b" " * 20 for number in (1, 2, 3))


def test_an_absent_display_is_one_clear_error() -> None:
    display = CharacterLcd(Lcd(present=False), sleep=Clock().sleep)
    with pytest.raises(DriverError, match=r"^display: nothing at I2C 0x27$"):
        run(display.start())
    assert display.show(["x"]) is False


def test_a_display_that_comes_back_is_started_again() -> None:
    chip, display = started()
    display.show(["OLD"])
    chip.present = False
    assert display.show(["NEW"]) is False
    chip.present = True
    chip.__init__()  # type: ignore[misc]  # its power went as well
    run(display.start())
    assert display.show(["NEW é"]) is True
    assert read(chip, 0).rstrip() == "NEW é"


def test_the_light_goes_off_and_stays_off_while_showing() -> None:
    chip, display = started()
    assert chip.backlight
    display.backlight(False)
    display.show(["dark"])
    assert not chip.backlight
    assert chip.row(0).rstrip() == b"dark"


@given(screens=st.lists(TEXTS, min_size=1, max_size=6))
def test_after_any_screens_the_glass_shows_the_last(screens: list[list[str]]) -> None:
    chip, display = started()
    for rows in screens:
        assert display.show(rows)
    drawn: list[str] = []
    for letter in "".join(screens[-1]):
        if letter in LETTERS and letter not in drawn and len(drawn) < 8:
            drawn.append(letter)
    for number in range(4):
        text = screens[-1][number] if number < len(screens[-1]) else ""
        expected = "".join(c if c in drawn else chr(rom_code(c)) for c in text)
        assert read(chip, number) == expected.ljust(20)


@given(first=TEXTS, second=TEXTS)
def test_a_change_never_costs_more_than_its_cells_and_moves(
    first: list[str], second: list[str]
) -> None:
    chip, display = started()
    plain = {ord(letter): rom_code(letter) for letter in LETTERS}
    first, second = ([text.translate(plain) for text in rows] for rows in (first, second))
    display.show(first)
    cells = [chip.row(number) for number in range(4)]
    before = chip.byte_count
    display.show(second)
    changed = sum(
        old != new
        for number in range(4)
        for old, new in zip(cells[number], chip.row(number), strict=True)
    )
    assert chip.byte_count - before <= max(1, changed * 10)


class Glass:
    """The handheld's virtual chip, with a driver that has started it."""

    def __init__(self) -> None:
        self.chip, self.clock = hd44780.CharacterLcd(), Clock()
        self.display = CharacterLcd(self, sleep=self.clock.sleep)
        self.cuts_after = -1  # a write is cut to so many bytes, and not acknowledged
        run(self.display.start())

    def writeto(self, address: int, raw: Raw) -> None:
        if self.cuts_after >= 0:
            raw, self.cuts_after = raw[: self.cuts_after], -1
            self.chip.write(bytes(raw), self.clock.now_ms * 1000)
            raise OSError(errno.EIO)
        self.clock.now_ms += 1  # a bus of no duration is still a bus
        self.chip.write(bytes(raw), self.clock.now_ms * 1000)

    def rows(self) -> list[str]:
        return [row.rstrip() for row in self.chip.lines()]


SCREENS = (
    ["CARD", "SWIPE OR SCAN CARD", "OR KEY THE NUMBER", "SLIP: EN  .=FRANÇAIS"],
    ["REDEEM        $40.00", "4x$10: 380 MILES", "", "UP/DOWN ENTER CANCEL"],
    ["ÉCHANGÉ       40,00 $", "À DÉDUIRE", "NO 03007368806", "ENTRÉE=CONTINUER"],
)


@given(
    lost=st.lists(st.integers(0, 200), min_size=1, max_size=3),
    first=st.sampled_from(SCREENS),
    last=st.sampled_from(SCREENS),
)
def test_whatever_half_bytes_were_lost_a_renewed_screen_is_right(
    lost: list[int], first: list[str], last: list[str]
) -> None:
    glass = Glass()
    latch, count = glass.chip._latch, iter(range(10**6))

    def losing(nibble: int, data: bool) -> None:
        if next(count) not in lost:
            latch(nibble, data)

    glass.chip._latch = losing  # type: ignore[method-assign]
    glass.display.show(first)
    glass.chip._latch = latch  # type: ignore[method-assign]
    glass.display.renew(0)
    assert glass.display.show(last)
    shown = [row[:20].rstrip() for row in last]
    if first != last:  # glyphs are loaded anew with the screen that stands
        glass.display.renew(0)
        assert glass.display.show(last)
    assert glass.rows() == shown


@pytest.mark.parametrize("half", [None, *range(16)])
@pytest.mark.parametrize("last", [SCREENS[0], SCREENS[1]])
def test_whatever_half_byte_was_left_over_no_instruction_comes_too_early(
    half: int | None, last: list[str]
) -> None:
    glass = Glass()
    glass.display.show(SCREENS[0])
    glass.chip._high_nibble = half
    glass.display.renew(0)
    assert glass.display.show(last)
    assert glass.rows() == [row.rstrip() for row in last]
    assert not [each for each in glass.chip.complaints.all if "comes" in each]


@pytest.mark.parametrize("rows", SCREENS)
def test_a_look_at_what_stands_costs_one_byte(rows: list[str]) -> None:
    chip, display = started()
    display.show(rows)
    chip.writes.clear()
    assert display.show(list(rows))
    assert chip.byte_count == 1


def test_what_stood_is_drawn_again_after_a_new_start() -> None:
    chip, display = started()
    display.show(SCREENS[1])
    asyncio.run(display.start())
    assert chip.row(0).strip() == b""
    display.show(SCREENS[1])
    assert chip.row(0) == SCREENS[1][0].encode()


def test_one_lost_half_byte_garbles_the_rest_until_the_screen_is_renewed() -> None:
    glass = Glass()
    glass.chip.glitch()
    glass.display.show(SCREENS[0])
    assert glass.rows() != SCREENS[0]
    glass.display.show(SCREENS[1])
    assert glass.rows() != SCREENS[1]
    glass.display.renew(0)
    glass.display.show(SCREENS[1])
    assert glass.rows() == SCREENS[1]


@pytest.mark.parametrize("row", range(1, 4))
def test_the_first_row_stands_for_all_when_a_screen_is_renewed(row: int) -> None:
    chip, display = started()
    display.show(["A"])
    chip.writes.clear()
    display.renew(row)
    display.show(["A"])
    assert chip.byte_count == 1


def test_a_screen_that_stands_is_renewed_without_going_blank() -> None:
    chip, display = started()
    display.show(SCREENS[0])
    count = len(chip.instructions)
    display.renew(0)
    assert display.show(SCREENS[0])
    sent = chip.instructions[count:]
    assert sent[:4] == [0x83, 0x33, 0x20, 0x28]
    assert 0x01 not in sent
    assert sum(code >= 0x100 + 32 for code in sent) >= 79  # every cell but the glyph's


def test_another_screen_is_renewed_for_fewer_bytes_than_its_blanks_cost() -> None:
    def cost(is_renewed: bool) -> int:
        chip, display = started()
        display.show(SCREENS[1])
        before = chip.byte_count
        if is_renewed:
            display.renew(0)
        display.show(["WORKING", "CONNECTING", ".", "CANCEL=STOP"])
        return chip.byte_count - before

    assert cost(is_renewed=True) < cost(is_renewed=False)


def test_renewing_gives_the_chip_the_time_that_it_needs() -> None:
    glass = Glass()
    for rows in (*SCREENS, SCREENS[2]):
        glass.display.renew(0)
        glass.display.show(rows)
    assert glass.chip.complaints.all == []


@given(cut=st.integers(0, 120), rows=st.sampled_from(SCREENS))
def test_after_a_write_that_broke_off_the_chip_is_started_and_right(
    cut: int, rows: list[str]
) -> None:
    glass = Glass()
    glass.cuts_after = cut
    assert glass.display.show(rows) is False
    run(glass.display.start())
    assert glass.display.show(rows)
    assert glass.rows() == [row[:20].rstrip() for row in rows]


@given(screens=st.lists(TEXTS, min_size=1, max_size=4))
def test_the_virtual_display_of_the_handheld_has_no_complaint(
    screens: list[list[str]],
) -> None:
    chip, clock = hd44780.CharacterLcd(), Clock()

    class Bus:
        def writeto(self, address: int, raw: Raw) -> None:
            chip.write(bytes(raw), clock.now_ms * 1000)

    display = CharacterLcd(Bus(), sleep=clock.sleep)
    run(display.start())
    for rows in screens:
        assert display.show(rows)
    assert chip.complaints.take() == []


def test_the_virtual_display_of_the_handheld_reads_the_french_letters() -> None:
    for letter in "éèêëàâçùûôîïÉÈÊËÀÂÇÙÛÔÎÏ":
        assert recognise(glyph(letter)) == letter


def test_every_drawn_letter_has_its_own_shape_and_a_plain_one() -> None:
    assert len(PATTERNS) == len(LETTERS) * 8
    assert len({glyph(letter) for letter in LETTERS}) == len(LETTERS) == len(PLAIN)
    assert max(PATTERNS) < 32
