"""The programme's words in a message: AIR MILES by itself, another one by its profile."""

from __future__ import annotations

from typing import Any

import pytest

from host_tests.kit.peer import Peer, agree
from host_tests.kit.profile import BLUE_REWARDS
from milepad.base.programme import AIR_MILES
from milepad.profile import schema

CALLS = "host_tests.on_micropython.programme_calls"
TEXTS = {
    "all": "{NAME} {name} {MILES} {Miles} {miles} %d",
    "plain": "CARD",
    "brand": "{name} Cash",
    "brand_one": "{name}",
    "site": "AIRMILES.CA",
    "site_other": "{NAME}",
    "code_other": "UNKNOWN",
}


def message(peer: Peer, key: str, language: str = "en-CA", **changes: Any) -> object:
    return agree(peer, CALLS, "message", {**AIR_MILES, **changes}, TEXTS, key, language)


@pytest.mark.parametrize(
    ("language", "filled"),
    [
        ("en-CA", "AIR MILES AIR MILES MILES Miles miles %d"),
        ("fr-CA", "AIR MILES AIR MILES MILLES Milles milles %d"),
    ],
)
def test_the_default_is_air_miles(micropython: Peer, language: str, filled: str) -> None:
    assert message(micropython, "all", language) == filled
    assert message(micropython, "site", language) == "AIRMILES.CA"
    assert message(micropython, "brand", language) == "AIR MILES Cash"


def test_another_programme_has_its_own_words_and_forms(micropython: Peer) -> None:
    found = message(micropython, "all", "fr-CA", **BLUE_REWARDS)
    assert found == "BLUE REWARDS Blue Rewards POINTS Points points %d"
    assert message(micropython, "site", **BLUE_REWARDS) == "BLUE REWARDS"
    assert message(micropython, "brand", **BLUE_REWARDS) == "Blue Rewards"
    assert message(micropython, "plain", **BLUE_REWARDS) == "CARD"
    assert message(micropython, "code_other", **BLUE_REWARDS) == "UNKNOWN"


def test_one_balance_alone_has_the_form_for_one(micropython: Peer) -> None:
    assert message(micropython, "brand", balances=1) == "AIR MILES"
    assert message(micropython, "site", balances=1) == "AIRMILES.CA"


def test_a_key_that_is_not_there_is_a_mistake_of_ours(micropython: Peer) -> None:
    with pytest.raises(KeyError):
        message(micropython, "nothing")


def test_the_profiles_defaults_are_air_miles() -> None:
    rows = {row[1]: row[3] for row in schema.SETTINGS if row[0] == "programme"}
    assert rows == AIR_MILES
