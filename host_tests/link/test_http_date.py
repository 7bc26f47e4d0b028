"""The Date of a reply, as RFC 9110 has it and no other way."""

from __future__ import annotations

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepad.link.http_date import parse_date

LAST_MOMENT_S = 253402300799


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"Sun, 06 Nov 1994 08:49:37 GMT", 784111777),
        (b"sun, 06 nov 1994 08:49:37 gmt", 784111777),
        (b"Sun,  6  Nov 1994  08:49:37 GMT", 784111777),
        (b"Thu, 29 Feb 2024 23:59:60 GMT", 1709251199),
        (b"Fri, 31 Dec 9999 23:59:59 GMT", LAST_MOMENT_S),
        (b"", 0),
        (b"now", 0),
        (b"Sunday, 06-Nov-94 08:49:37 GMT", 0),
        (b"Sun Nov  6 08:49:37 1994", 0),
        (b"Sun, 06 Nov 1994 08:49:37 EST", 0),
        (b"Sun, 06 Nov 1994 08:49:37 +0000", 0),
        (b"Sun, 31 Feb 2026 08:49:37 GMT", 0),
        (b"Sun, 29 Feb 2026 08:49:37 GMT", 0),
        (b"Sun, 00 Nov 1994 08:49:37 GMT", 0),
        (b"Sun, 06 Nov 1994 24:00:00 GMT", 0),
        (b"Sun, 06 Nov 1994 08:60:00 GMT", 0),
        (b"Sun, 06 Nov 1994 08:49:61 GMT", 0),
        (b"Sun, 06 ovd 1994 08:49:37 GMT", 0),
        (b"Sun, 06 Nov -994 08:49:37 GMT", 0),
        (b"Sun, 06 Nov 1969 08:49:37 GMT", 0),
        (b"Sun, 06 Nov 99999 08:49:37 GMT", 0),
        (b"Sun, 06 Nov 1994 +8:49:37 GMT", 0),
        (b"Sun, 06 Nov 1994 08:49 GMT", 0),
        (b"Sun, \xff\xfe Nov 1994 08:49:37 GMT", 0),
    ],
)
def test_a_date_is_read_as_it_has_to_be_sent_and_nothing_else(
    text: bytes, expected: int
) -> None:
    assert parse_date(text) == expected


@given(st.integers(0, LAST_MOMENT_S))
def test_every_date_is_read(unix_s: int) -> None:
    assert parse_date(formatdate(unix_s, usegmt=True).encode()) == unix_s


@given(st.binary(max_size=60))
def test_no_bytes_of_a_date_are_an_error(raw: bytes) -> None:
    assert parse_date(raw) >= 0
