"""What an HTTP status means for an earning (FACTS 6.2), and when what may be tried again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.peer import Peer, agree

ATTEMPTS = "milepad.issuance.attempts"
CALLS = "host_tests.on_micropython.attempt_calls"


def played(peer: Peer, *steps: Any, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = agree(peer, CALLS, "played", list(steps), *more.values())
    return found


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(200, "approved"), (202, "approved"), (400, "declined")],
)
def test_these_are_the_last_word(micropython: Peer, status: int, outcome: str) -> None:
    found = played(micropython, (status, b"{}"))
    assert (found["outcome"], found["code"]) == (outcome, str(status))
    assert found["copies"] == 1 and not found["again"]


@pytest.mark.parametrize("status", [500, 502, 503, 404, 409, 301, 429])
def test_after_anything_else_it_has_to_be_sent_again(
    micropython: Peer, status: int
) -> None:
    found = played(micropython, (status, b"<html>"))
    assert found["outcome"] == "open" and found["left"] and not found["again"]


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_token_is_renewed_once(micropython: Peer, status: int) -> None:
    found = played(micropython, (status, b""))
    assert found["token"] and found["again"]
    found = played(micropython, (status, b""), (200, b"{}"))
    assert (found["outcome"], found["copies"], found["token"]) == ("approved", 2, False)
    found = played(micropython, (status, b""), (status, b""))
    assert found["outcome"] == "open" and not found["again"]


def test_a_reply_about_another_transaction_is_no_answer(micropython: Peer) -> None:
    other = b'{"checkoutTransactionId": "999999999999"}'
    found = played(micropython, (200, other))
    assert (found["outcome"], found["code"], found["copies"]) == ("open", "", 1)
    found = agree(micropython, CALLS, "played", [(200, other)], 0, False)
    assert found["outcome"] == "approved"


@pytest.mark.parametrize("step", ["not sent", "no token"])
def test_what_did_not_leave_is_no_copy(micropython: Peer, step: str) -> None:
    found = played(micropython, step)
    assert (found["copies"], found["left"], found["again"]) == (0, False, False)


def test_a_retry_after_is_obeyed_within_a_day(micropython: Peer) -> None:
    assert played(micropython, (429, b"", 120))["wait_s"] == 120
    assert played(micropython, (429, b"", 0))["wait_s"] == 60
    assert played(micropython, (503, b"", 10**8))["wait_s"] == 86400
    assert played(micropython, (500, b"", 120))["wait_s"] == 0


def test_two_more_copies_leave_at_once_then_one_a_minute_and_slower(
    micropython: Peer,
) -> None:
    rests = [agree(micropython, ATTEMPTS, "rest_s", copies, 0, 0) for copies in range(12)]
    assert rests == [0, 0, 0, 60, 120, 240, 480, 960, 1800, 1800, 1800, 1800]


@given(
    copies=st.integers(0, 10**6),
    asked_s=st.integers(0, 86400),
    chance=st.integers(0, 255),
)
def test_a_rest_is_what_was_asked_for_or_at_most_a_quarter_over_half_an_hour(
    micropython: Peer, copies: int, asked_s: int, chance: int
) -> None:
    rest_s = agree(micropython, ATTEMPTS, "rest_s", copies, asked_s, chance)
    assert rest_s == asked_s if asked_s else 0 <= rest_s < 1800 * 1.25


def test_two_may_fail_for_reasons_of_their_own_then_all_rest(micropython: Peer) -> None:
    answered, silent = "answered", "silent"
    assert agree(micropython, CALLS, "paces", [answered] * 4) == [0, 0, 60, 120]
    assert agree(micropython, CALLS, "paces", [silent] * 3) == [60, 120, 240]
    assert agree(micropython, CALLS, "paces", [silent, "", silent]) == [60, 60]


@given(
    waiting=st.lists(st.integers(1, 4), max_size=8),
    resting=st.sets(st.integers(1, 8)),
)
def test_the_next_is_the_oldest_that_neither_rests_nor_follows_one_of_its_collector(
    micropython: Peer, waiting: list[int], resting: set[int]
) -> None:
    numbered = list(enumerate(waiting, 1))
    found = agree(micropython, CALLS, "due", numbered, sorted(resting))
    may_go = [
        number
        for number, card in numbered
        if number not in resting
        and all(other != card for earlier, other in numbered if earlier < number)
    ]
    assert found == (may_go[0] if may_go else 0)
