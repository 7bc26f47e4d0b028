"""A slip through the virtual printer: what a person reads and a scanner scans on the paper."""

from __future__ import annotations

import pytest

from host_tests.receipt.samples import BOTH_LANGUAGES, EVERY_KIND, facts
from host_tests.receipt.scanner import scan
from milepad.profile.schema import CODE_PAGES
from milepad.receipt import code_pages, escpos, layout
from tools.handheld import paper
from tools.handheld.chips.slip import Slip
from tools.handheld.chips.thermal_printer import ThermalPrinter


def printed(
    kind: str, language: str, page: str = "CP858", columns: int = 32
) -> tuple[Slip, list]:
    """The paper and the elements that it should show."""
    elements = layout.slip(facts(kind=kind), language, columns, "customer")
    raw = escpos.job(elements, {"columns": columns, "code_page": page})
    printer = ThermalPrinter(columns)
    printer.receive(raw, 0)
    (slip,) = printer.take_slips(1000)
    assert slip.escpos == raw
    assert printer.complaints.all == []
    return slip, elements


@pytest.mark.parametrize("page", CODE_PAGES)
@pytest.mark.parametrize("columns", [32, 48])
@pytest.mark.parametrize("language", BOTH_LANGUAGES)
@pytest.mark.parametrize("kind", EVERY_KIND)
def test_the_paper_shows_the_slip_line_for_line(kind, language, columns, page):
    slip, elements = printed(kind, language, page, columns)
    codec = {"WPC1252": "cp1252"}.get(page, page)
    expected = [
        f"[CODE128 {text}]"
        if style == escpos.BARCODE
        else code_pages.encode(text, page).decode(codec).strip()
        for style, text in elements
    ]
    assert [line.strip() for line in slip.lines] == expected
    assert all(len(line) <= columns for line in slip.lines)


@pytest.mark.parametrize("columns", [32, 48])
@pytest.mark.parametrize("language", BOTH_LANGUAGES)
def test_a_scanner_reads_the_confirmation_number_from_the_paper(language, columns):
    slip, _ = printed("redemption", language, columns=columns)
    picture = paper.draw(slip)
    found = scan(*picture.size, picture.tobytes())
    assert found == [("Code 128", b"10000000000")]
