"""The drawn slip has the printer's dots: the barcode's bars are where the standard has them."""

from tools.handheld import paper
from tools.handheld.chips import code128
from tools.handheld.chips.slip import Slip
from tools.handheld.chips.thermal_printer import ThermalPrinter


def printed(raw: bytes) -> Slip:
    printer = ThermalPrinter()
    printer.receive(b"\x1b@\x1c.\x1bt\x13" + raw + b"\x1dV\x00", 0)
    (slip,) = printer.take_slips(0)
    assert printer.complaints.all == []
    return slip


def test_a_barcode_is_drawn_bar_for_bar_with_its_quiet_zone():
    picture = paper.draw(printed(b"\x1dw\x02\x1dh\x40\x1dkI\x0d{B12345678901"))
    row = [picture.getpixel((left, 40)) for left in range(picture.width)]
    words, _ = code128.parse(b"{B12345678901")
    modules = code128.modules(words)
    first = row.index(0)
    assert first >= code128.QUIET_MODULES * 2
    dots = "".join(
        "1" if dot == 0 else "0" for dot in row[first : first + 2 * len(modules)]
    )
    assert dots == "".join(module * 2 for module in modules)
    assert set(row[first + 2 * len(modules) :]) == {255}


def test_every_accented_letter_leaves_more_ink_than_its_base():
    def ink(letter: str) -> int:
        picture = paper.draw(printed(letter.encode("cp858") + b"\n"))
        return sum(255 - dot for dot in picture.tobytes())

    for letter, base in zip("àâçéèêëîïôùûüÉÀÇ€", "aaceeeeiiouuuEACC", strict=True):
        assert ink(letter) > ink(base)


def test_large_letters_are_larger_and_the_paper_is_as_long_as_its_lines():
    small, large = (paper.draw(printed(raw)) for raw in (b"A\n", b"\x1d!\x11A\n"))
    assert large.height - small.height == 2 * 24 - 30
    assert small.width == large.width


def test_a_slip_is_saved_as_a_picture(tmp_path):
    paper.save(printed(b"A\n\x1bd\x02B\n"), tmp_path / "slip.png")
    assert (tmp_path / "slip.png").read_bytes().startswith(b"\x89PNG")
