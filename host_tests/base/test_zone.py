"""A zone's text is read in full, or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.peer import Peer, agree
from milepad.base.errors import ProfileError

MODULE = "milepad.base.clock"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("UTC0", (0, 0, None, None)),
        ("<+0545>-5:45", (20700, 20700, None, None)),
        ("LMT5:17:32", (-19052, -19052, None, None)),
        ("EST5EDT,M3.2.0,M11.1.0", (-18000, -14400, (3, 2, 0, 7200), (11, 1, 0, 7200))),
        ("IST-1GMT0,M10.5.0,M3.5.0/1", (3600, 0, (10, 5, 0, 7200), (3, 5, 0, 3600))),
        (
            "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
            (-7200, -3600, (3, 5, 0, -3600), (10, 5, 0, 0)),
        ),
        ("IST-2IDT,M3.4.4/26,M10.5.0", (7200, 10800, (3, 4, 4, 93600), (10, 5, 0, 7200))),
    ],
)
def test_reads_offsets_and_rules(micropython: Peer, text: str, found: tuple) -> None:
    assert agree(micropython, MODULE, "parse_zone", text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "EST",
        "ES5",
        "EST5EDT",
        "EST5EDT,M3.2.0",
        "EST5EDT,M3.2.0,",
        "EST5EDT,M3.2.0,M11.1.0,",
        "EST5EDT,M3.2.0,M11.1.0 ",
        " EST5",
        "EST5EDT,M13.2.0,M11.1.0",
        "EST5EDT,M0.2.0,M11.1.0",
        "EST5EDT,M3.6.0,M11.1.0",
        "EST5EDT,M3.0.0,M11.1.0",
        "EST5EDT,M3.2.7,M11.1.0",
        "EST5EDT,M3.2.0/168,M11.1.0",
        "EST5EDT,M3.2.0/2:60,M11.1.0",
        "EST5EDT,J60,J300",
        "EST5:60",
        "EST5:",
        "EST--5",
        "EST25",
        "EST167",
        "EST0005",
        "EST1e1",
        "EST²",
        "EST٣",
        "<+04-4",
        "<+04>",
        "ßßß5",
        "ÉST5",
        "EST5EDT25,M3.2.0,M11.1.0",
        "America/Toronto",
        "EST5EDT,M3.2.0,M11.1.0\n",
        "EST5\0",
    ],
)
def test_refuses_a_zone_it_cannot_read_in_full(micropython: Peer, text: str) -> None:
    with pytest.raises(ProfileError, match="expected a POSIX zone"):
        agree(micropython, "milepad.base.clock", "parse_zone", text)


@given(text=st.text("ESTDM<>+-0123456789,./:²ß", max_size=24))
def test_any_text_is_read_or_is_a_profile_error(micropython: Peer, text: str) -> None:
    try:
        found = agree(micropython, MODULE, "parse_zone", text)
    except ProfileError:
        return
    assert isinstance(found, tuple)
    assert all(abs(offset_s) < 26 * 3600 for offset_s in found[:2])
