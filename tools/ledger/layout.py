"""THE LAYOUT OF THE RECONCILIATION FILE. Ours, until AIR MILES publishes theirs.

Published (FACTS 5.1): ASCII text, records end in a newline, fields are separated by `%%`,
two header records, any number of details, two trailer records, no padding, the amount is
Numeric(4) in miles, the Card Terminal ID is Alphanumeric(16), a day runs from midnight EST.
Not published (FACTS 5.2): every other field, the order, the record markers. Those are marked
OURS below; to exchange them, change this table: the reader and the writer only follow it, and
what they need to know of a field they find by its name.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

SEPARATOR = "%%"
NEWLINE = "\n"

Kind = Literal["marker", "numeric", "alphanumeric", "date", "time", "offset"]


class Field(NamedTuple):
    """One field: at most `width` characters, at least `least` (0: may be empty)."""

    name: str
    kind: Kind
    width: int
    least: int
    reason: str
    compared: bool = False  # in a match: must be the same on both sides


class Record(NamedTuple):
    """One kind of line. Its first field is the marker that tells it from the others."""

    marker: str
    fields: tuple[Field, ...]

    def names(self) -> tuple[str, ...]:
        """The fields' names after the marker."""
        return tuple(field.name for field in self.fields[1:])


def _marker(text: str) -> Field:
    return Field("record", "marker", len(text), len(text), "OURS: no markers are published")


HEADERS = (
    Record(
        "H1",
        (
            _marker("H1"),
            Field(
                "sponsor_code", "alphanumeric", 16, 1, "OURS: whose file; as on the wire"
            ),
            Field("from_date", "date", 8, 8, "OURS: a resubmission may cover another span"),
            Field("from_time", "time", 6, 6, "OURS: 000000 for a standard day"),
            Field(
                "from_offset", "offset", 5, 5, 'OURS: what "EST" was then, such as -0500'
            ),
            Field("to_date", "date", 8, 8, "OURS: the first moment that is not covered"),
            Field("to_time", "time", 6, 6, "OURS"),
            Field("to_offset", "offset", 5, 5, "OURS: differs over a change of the clocks"),
        ),
    ),
    Record(
        "H2",
        (
            _marker("H2"),
            Field("layout", "alphanumeric", 16, 1, "OURS: which table wrote the file"),
            Field("made_date", "date", 8, 8, "OURS: tells a resubmission from the first"),
            Field("made_time", "time", 6, 6, "OURS"),
        ),
    ),
)

DETAIL = Record(
    "D",
    (
        _marker("D"),
        Field("kind", "alphanumeric", 1, 1, "OURS: R redeemed, V reversed; unsigned", True),
        Field(
            "date", "date", 8, 8, "published: a value to agree on; its form is OURS", True
        ),
        Field("time", "time", 6, 6, "OURS: of the request's dateTime; for a person"),
        Field("trace_id", "numeric", 12, 0, "OURS: the key; 12 digits in every sample"),
        Field("confirmation", "alphanumeric", 24, 0, "OURS: the other key", True),
        Field("reverses", "alphanumeric", 24, 0, "OURS: a reversal's redemption"),
        Field("miles", "numeric", 4, 1, "published: amount, Numeric(4), in miles", True),
        Field(
            "terminal_id",
            "alphanumeric",
            16,
            1,
            "published: Card Terminal ID, e.g. SPON000101",
        ),
    ),
)

TRAILERS = (
    Record(
        "T1",
        (
            _marker("T1"),
            Field(
                "redeemed_count", "numeric", 8, 1, "published goal: count and values agree"
            ),
            Field("redeemed_miles", "numeric", 12, 1, "OURS"),
        ),
    ),
    Record(
        "T2",
        (
            _marker("T2"),
            Field(
                "reversed_count", "numeric", 8, 1, "published goal: count and values agree"
            ),
            Field("reversed_miles", "numeric", 12, 1, "OURS"),
        ),
    ),
)

NAME = "MILEPAD1"  # goes into `layout`, so that an exchanged table is told from this one
REDEEMED, REVERSED = "R", "V"
ISSUED, WITHDRAWN = "I", "W"  # kinds of earnings, which have no place in this file

# What miles of a file are in dollars: published (FACTS 1), of the programme as it stands.
UNIT_MILES, UNIT_CENTS = 95, 1000

# How a Card Terminal ID is made of a profile. The only published example, SPON000101, reads
# like sponsor, store, device (FACTS 5.2, unproven); so that is the default.
TERMINAL_ID = "{sponsor_code}{store_id}{device_id}"
