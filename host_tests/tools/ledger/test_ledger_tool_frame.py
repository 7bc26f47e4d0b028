"""Lines of a reconciliation file follow the layout's table to the character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.ledger import frame
from tools.ledger.layout import DETAIL, HEADERS, TRAILERS, Field, Record

GOLDEN = "D%%R%%20261121%%120001%%000100000001%%20000000001%%%%190%%SPON000101"
VALUES = ("R", "20261121", "120001", "000100000001", "20000000001", "", "190", "SPON000101")


def test_a_detail_is_written_without_padding() -> None:
    assert frame.encode(DETAIL, *VALUES) == GOLDEN


def test_a_detail_is_read() -> None:
    assert frame.decode(DETAIL, GOLDEN) == VALUES


def test_published_widths_are_in_the_table() -> None:
    widths = {field.name: (field.kind, field.width) for field in DETAIL.fields}
    assert widths["miles"] == ("numeric", 4)
    assert widths["terminal_id"] == ("alphanumeric", 16)
    assert (len(HEADERS), len(TRAILERS)) == (2, 2)


def test_every_field_says_where_it_is_from() -> None:
    fields = [f for record in (*HEADERS, DETAIL, *TRAILERS) for f in record.fields]
    assert all(f.reason.startswith(("OURS", "published")) for f in fields)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("%%190%%", "%%10000%%", "miles has 5 characters; expected at most 4"),
        ("%%190%%", "%%%%", "miles is too short; expected a value"),
        ("%%190%%", "%%-95%%", "miles: expected digits"),
        ("%%190%%", "%% 190%%", "miles: expected digits"),
        ("SPON000101", "SPON0001010000000", "terminal id has 17 characters"),
        ("SPON000101", "SPON-0101", "terminal id: expected letters or digits"),
        ("20261121", "20261131", "date: expected a date, YYYYMMDD"),
        ("20261121", "20270229", "date: expected a date, YYYYMMDD"),
        ("20261121", "2026112", "date is too short; expected 8 characters"),
        ("120001", "240000", "time: expected a time, HHMMSS"),
        ("%%%%190", "%%190", "8 fields in a D record; expected 9"),
        ("%%SPON", "%%%SPON", "terminal id: expected letters or digits"),
        ("D%%", "X%%", "expected a D record"),
    ],
)
def test_what_breaks_the_table_is_named(old: str, new: str, problem: str) -> None:
    with pytest.raises(ValueError, match=f"^{problem}"):
        frame.decode(DETAIL, GOLDEN.replace(old, new))


@pytest.mark.parametrize("offset", ["-2400", "0500", "+0560", "-050"])
def test_an_offset_is_checked(offset: str) -> None:
    header = f"H1%%SPON%%20261121%%000000%%{offset}%%20261122%%000000%%-0500"
    with pytest.raises(ValueError, match="from offset"):
        frame.decode(HEADERS[0], header)


@pytest.mark.parametrize("value", ["12345", "", "9٣", "1\n", "1%%2"])
def test_nothing_is_written_that_does_not_fit(value: str) -> None:
    with pytest.raises(ValueError, match="miles"):
        frame.encode(DETAIL, *VALUES[:6], value, VALUES[7])


def values_of(field: Field) -> st.SearchStrategy[str]:
    if field.kind == "date":
        return st.dates().filter(lambda d: 1970 <= d.year <= 2105).map("{:%Y%m%d}".format)
    if field.kind == "time":
        return st.times().map("{:%H%M%S}".format)
    if field.kind == "offset":
        return st.sampled_from(["-0500", "-0400", "+0000", "+1400", "-0230"])
    letters = "" if field.kind == "numeric" else "abcxyzABCXYZ"
    return st.text("0123456789" + letters, min_size=field.least, max_size=field.width)


@given(st.data(), st.sampled_from((*HEADERS, DETAIL, *TRAILERS)))
def test_what_is_written_is_read_back(data: st.DataObject, record: Record) -> None:
    values = tuple(data.draw(values_of(field)) for field in record.fields[1:])
    assert frame.decode(record, frame.encode(record, *values)) == values


@given(st.text())
def test_any_text_is_values_or_a_named_problem(text: str) -> None:
    try:
        values = frame.decode(DETAIL, text)
    except ValueError as fault:
        assert str(fault)
    else:
        assert frame.encode(DETAIL, *values) == text
