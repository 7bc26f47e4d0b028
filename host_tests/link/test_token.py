"""The bearer token: fetched when needed, kept, dropped when refused, never shown."""

import json
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.peer import Peer, agree
from host_tests.on_micropython.token_calls import PLATFORM
from milepad import VERSION
from milepad.base.errors import TokenError

CALLS = "host_tests.on_micropython.token_calls"
SECRET = "s&cr=t+%é"


def reply(text: object = "abc", expires_in: object = 86400) -> tuple[int, bytes]:
    members = {"access_token": text, "expires_in": expires_in, "token_type": "Bearer"}
    return 200, json.dumps(members).encode()


def keep(peer: Peer, steps: list, moments: list, **options: object) -> dict:
    result = agree(peer, CALLS, "kept", steps, moments, options)
    assert isinstance(result, dict)
    return result


def test_asks_with_client_credentials_as_a_form(micropython: Peer) -> None:
    result = keep(micropython, [reply()], [0], audience="aud/1", scope="")
    ((url, headers, body),) = result["posts"]
    assert url == ("oauth.example", 443, "/oauth/token")
    assert headers == [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("User-Agent", f"Milepad/{VERSION}"),
    ]
    assert parse_qsl(body.decode("ascii"), strict_parsing=True) == [
        ("grant_type", "client_credentials"),
        ("client_id", "the id"),
        ("client_secret", SECRET),
        ("audience", "aud/1"),
    ]


@given(
    pairs=st.lists(
        st.tuples(st.sampled_from(["a", "scope"]), st.text(min_size=1, max_size=9))
    )
)
def test_a_form_reads_back_as_it_was(
    micropython: Peer, pairs: list[tuple[str, str]]
) -> None:
    raw = agree(micropython, CALLS, "form", pairs)
    assert isinstance(raw, bytes)
    assert parse_qsl(raw.decode("ascii")) == pairs
    assert raw.replace(b"%20", b"+").count(b"&") == urlencode(pairs).count("&")


@pytest.mark.parametrize(
    ("second", "fetched"),
    [(1000, 1), (1000 + 86400 - 61, 1), (1000 + 86400 - 60, 2), (10**6, 2)],
)
def test_keeps_a_token_until_the_margin_before_it_expires(
    micropython: Peer, second: int, fetched: int
) -> None:
    result = keep(micropython, [reply("t1"), reply("t2")], [1000, second])
    assert result["fetched"] == fetched
    assert result["answers"] == ["Bearer t1", f"Bearer t{fetched}"]


@pytest.mark.parametrize("expires_in", [1, 60, 0, -1, None, "86400", 1.5, 10**30, []])
def test_a_token_whose_life_is_short_or_unknown_serves_one_call(
    micropython: Peer, expires_in: object
) -> None:
    steps = [reply("t1", expires_in), reply("t2", expires_in)]
    result = keep(micropython, steps, [0, 0])
    assert result["answers"] == ["Bearer t1", "Bearer t2"]


def test_keeps_the_token_over_a_restart(micropython: Peer) -> None:
    saved = keep(micropython, [reply("t1")], [500])["store"]
    assert saved == [("load", 500), ("save", "t1", 86900)]
    result = keep(micropython, [], [600], store=("t1", 86900))
    assert (result["answers"], result["fetched"]) == (["Bearer t1"], 0)


@pytest.mark.parametrize("expires_s", [0, 599, 660])
def test_a_stored_token_that_is_over_is_not_used(micropython: Peer, expires_s: int) -> None:
    result = keep(micropython, [reply("new")], [600], store=("old", expires_s))
    assert result["answers"] == ["Bearer new"]


def test_a_refused_token_is_forgotten_on_the_flash_too(micropython: Peer) -> None:
    result = keep(micropython, [reply("t1"), reply("t2")], [0, "drop", 0])
    assert result["answers"] == ["Bearer t1", "Bearer t2"]
    assert ("drop",) in result["store"]


@pytest.mark.parametrize("first", ["silent", "not_sent", (500, b""), (503, b"<html>")])
def test_asks_a_second_time_when_there_was_no_answer(
    micropython: Peer, first: object
) -> None:
    result = keep(micropython, [first, reply("t1")], [0])
    assert (result["answers"], result["fetched"]) == (["Bearer t1"], 2)


@pytest.mark.parametrize(
    ("steps", "name"),
    [
        (["silent", "silent"], "TokenError"),
        (["not_sent", "not_sent"], "NotSentError"),
        ([(500, b""), (500, b"")], "TokenError"),
        ([(400, b'{"error":"invalid_client"}')], "LoginError"),
        ([(401, b"")], "LoginError"),
        ([(403, b"")], "LoginError"),
        ([(302, b"")], "TokenError"),
        ([(201, reply()[1])], "TokenError"),
    ],
)
def test_gives_up_by_name_when_none_can_be_had(
    micropython: Peer, steps: list, name: str
) -> None:
    result = keep(micropython, steps, [0])
    ((raised, _),) = result["answers"]
    assert (raised, result["fetched"]) == (name, len(steps))
    assert [call for call in result["store"] if call[0] == "save"] == []


LIES = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b'"abc"',
    b"<html>captive portal</html>",
    b"[" * 4000,
    b'{"a":' * 800,
    b"\xff",
    b'{"access_token":"abc","expires_in":86400',
    *[
        reply(token)[1]
        for token in (None, 1, True, [], {}, "", "a b", "a\r\nX: y", "a\0", "é", "a" * 3801)
    ],
]


@pytest.mark.parametrize("body", LIES, ids=lambda body: repr(body[:40]))
def test_a_reply_that_holds_no_token_is_refused(micropython: Peer, body: bytes) -> None:
    with pytest.raises(TokenError):
        agree(micropython, CALLS, "parsed", body)
    ((name, _),) = keep(micropython, [(200, body)], [0])["answers"]
    assert name == "TokenError"


def test_takes_a_token_of_the_size_that_still_fits_the_head(micropython: Peer) -> None:
    token = "a" * 3800
    body = b'{"access_token":"%s","expires_in":86400}' % token.encode()
    assert agree(micropython, CALLS, "parsed", body) == (token, 86400)


@pytest.mark.parametrize(
    "steps",
    [
        [(200, b'{"access_token":"tok en-of-the-shop"}')],
        [(200, b'{"access_token":["token-of-the-shop"]}')],
        [(400, b'{"error":"bad secret s&cr=t+%\xc3\xa9"}')],
        [(500, b"token-of-the-shop")] * 2,
        ["silent"] * 2,
        ["not_sent"] * 2,
    ],
)
def test_no_errors_text_holds_a_secret_or_a_token(micropython: Peer, steps: list) -> None:
    ((_, text),) = keep(micropython, steps, [0])["answers"]
    for hidden in (SECRET, PLATFORM["client_id"], "of-the-shop", "s%26cr"):
        assert hidden not in text


@given(body=st.binary(max_size=80) | st.sampled_from(LIES))
def test_any_reply_is_a_token_or_a_token_error(body: bytes) -> None:
    from host_tests.on_micropython.token_calls import parsed

    with pytest.raises(TokenError):
        parsed(body)


@given(
    lives=st.lists(st.integers(61, 300), min_size=12, max_size=12),
    steps=st.lists(st.integers(0, 200) | st.just("drop"), max_size=12),
)
def test_never_gives_a_token_that_expires_within_the_margin(
    micropython: Peer, lives: list[int], steps: list
) -> None:
    now, moments = 0, []
    for step in steps:
        now += 0 if step == "drop" else step
        moments.append("drop" if step == "drop" else now)
    replies = [reply(f"t{i}", life) for i, life in enumerate(lives)]
    result = keep(micropython, replies, moments)
    expires = {call[1]: call[2] for call in result["store"] if call[0] == "save"}
    asked = [moment for moment in moments if moment != "drop"]
    for moment, token in zip(asked, result["answers"], strict=True):
        assert moment < expires[token.removeprefix("Bearer ")] - 60
    assert result["fetched"] <= len(asked)
