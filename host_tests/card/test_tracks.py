"""The text of a swipe becomes a card."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.card.plain import swiped
from host_tests.kit.peer import Peer, agree
from milepad.base.errors import CardError, ForeignCardError
from milepad.card.tracks import tracks

NUMBER = "84095202006"
TRACK1 = f"%B{NUMBER}^DOE/JOE^9912?"
TRACK2 = f";{NUMBER}=9912?"
OTHER2 = ";81000000010=9912?"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TRACK1 + TRACK2, (TRACK1[1:-1], TRACK2[1:-1])),
        (TRACK1, (TRACK1[1:-1], None)),
        (TRACK2, (None, TRACK2[1:-1])),
        (TRACK1 + "7\r\n" + TRACK2 + "3\r\n", (TRACK1[1:-1], TRACK2[1:-1])),
        ("%A;B?;1?", ("A;B", "1")),  # track 1 may hold a semicolon
        ("%E?" + TRACK2, (None, TRACK2[1:-1])),
        (TRACK1 + ";E?", (TRACK1[1:-1], None)),
        ("%?" + TRACK2, (None, TRACK2[1:-1])),
        (TRACK1 + ";84095", (TRACK1[1:-1], None)),  # torn in the middle
        (TRACK1 + TRACK2 + "+012345?", (TRACK1[1:-1], TRACK2[1:-1])),
    ],
)
def test_takes_the_tracks_apart(micropython: Peer, text: str, expected: tuple) -> None:
    assert agree(micropython, "milepad.card.tracks", "tracks", text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\r\n",
        "%E?;E?",
        "%E?",
        ";E?",
        ";E?+E?",
        NUMBER,
        "%?;?",
        ";84095202006",
        "84095202006=1?",
    ],
)
def test_refuses_a_swipe_of_which_no_track_was_read(text: str) -> None:
    with pytest.raises(CardError):
        tracks(text)


@pytest.mark.parametrize(
    ("rules", "text"),
    [
        ({}, TRACK1 + TRACK2),
        ({}, TRACK1),
        ({}, TRACK2 + "\r\n"),
        ({}, f";{NUMBER}?"),
        ({}, "%B8409 520 2006^DOE/JOE^?"),
        ({}, f"%{NUMBER}?"),
        ({}, "%E?" + TRACK2),
        ({}, "%B1234^X?" + TRACK2),
        ({}, TRACK1 + ";1234=1?"),
        ({"track": 1}, TRACK1 + OTHER2),
        ({"track": 2}, "%B81000000010^DOE/JOE^?" + TRACK2),
        ({"prefix": "600"}, f";600{NUMBER}=9912?"),
        ({"offset": -1}, f"%B600000{NUMBER}^X^?"),
    ],
)
def test_the_rules_say_which_track_counts(
    micropython: Peer, rules: dict, text: str
) -> None:
    card = agree(micropython, "host_tests.card.plain", "swiped", text, rules)
    assert card == (NUMBER, "SWIPE", None)


@pytest.mark.parametrize(
    ("rules", "text"),
    [
        ({"track": 1}, TRACK2),
        ({"track": 2}, TRACK1),
        ({"track": 1}, "%E?" + TRACK2),
        ({"track": 2}, TRACK1 + ";E?"),
        ({}, TRACK1 + OTHER2),
        ({}, ";4520000000000004=9912?"),
        ({}, f";8409;{NUMBER}=9912?"),  # half a line, then a whole one
        ({}, f";{NUMBER[:5]} {NUMBER[5:]}=1?"),
        ({}, f"%BB{NUMBER}^X?"),
    ],
)
def test_refuses_a_card_without_a_number_on_its_track(rules: dict, text: str) -> None:
    with pytest.raises(CardError):
        swiped(text, rules)


@pytest.mark.parametrize(
    "text",
    [
        ";4520000000000004=9912?",
        "%B4520000000000004^DOE/JOE^9912?;4520000000000004=9912?",
        "%E?;6279=9912?",
        f";{NUMBER}0=9912?",
    ],
)
def test_a_card_that_was_read_and_is_none_of_ours_is_told_from_one_not_read(
    text: str,
) -> None:
    with pytest.raises(ForeignCardError):
        swiped(text, {})


@pytest.mark.parametrize("text", ["%E?;E?", ";84095", TRACK1 + OTHER2, ""])
def test_a_card_that_was_not_read_is_no_other_card(text: str) -> None:
    with pytest.raises(CardError) as fault:
        swiped(text, {})
    assert not isinstance(fault.value, ForeignCardError)


def test_a_refused_check_digit_is_what_is_said() -> None:
    with pytest.raises(CardError, match="check digit"):
        swiped(";81111111111=1?", {"check_digit": "refuse"})


@given(
    text=st.text("%;?=^BE8 0\r", max_size=60) | st.text(max_size=60),
    track=st.integers(0, 2),
)
def test_arbitrary_text_is_a_card_or_a_card_error(
    micropython: Peer, text: str, track: int
) -> None:
    try:
        card = agree(micropython, "host_tests.card.plain", "swiped", text, {"track": track})
    except CardError as fault:
        assert len(str(fault)) <= 20
    else:
        assert card[1] == "SWIPE"  # type: ignore[index]


def test_a_text_beyond_any_card_is_refused() -> None:
    with pytest.raises(CardError):
        tracks(TRACK2 + " " * 320)
