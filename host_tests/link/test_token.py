"""The bearer token: fetched when needed, kept, dropped when refused, never shown."""

import base64
import json
from urllib.parse import parse_qsl, unquote_plus, urlencode

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
        ("Accept-Encoding", "identity"),
        ("User-Agent", f"Milepad/{VERSION}"),
    ]
    assert parse_qsl(body.decode("ascii"), strict_parsing=True) == [
        ("grant_type", "client_credentials"),
        ("client_id", "the id"),
        ("client_secret", SECRET),
        ("audience", "aud/1"),
    ]


def test_basic_authentication_puts_id_and_secret_into_a_header(micropython: Peer) -> None:
    ((_, headers, body),) = keep(micropython, [reply()], [0], token_auth="basic")["posts"]
    kind, value = dict(headers)["Authorization"].split(" ")
    who, secret = base64.b64decode(value, validate=True).decode("ascii").split(":")
    assert (kind, unquote_plus(who), unquote_plus(secret)) == ("Basic", "the id", SECRET)
    assert parse_qsl(body.decode()) == [("grant_type", "client_credentials")]


def test_a_long_secret_stays_one_header_line(micropython: Peer) -> None:
    secret = "é" * 256
    options = {"token_auth": "basic", "client_secret": secret}
    ((_, headers, _),) = keep(micropython, [reply()], [0], **options)["posts"]
    raw = base64.b64decode(dict(headers)["Authorization"][6:], validate=True)
    assert unquote_plus(raw.decode()) == "the id:" + secret


def test_asks_for_a_resource_beside_the_audience(micropython: Peer) -> None:
    options = {"audience": "aud", "resource": "https://api.example/cash"}
    ((_, _, body),) = keep(micropython, [reply()], [0], **options)["posts"]
    assert parse_qsl(body.decode())[3:] == [*options.items()]


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


LIVES = [
    *[(meant, 3600) for meant in (3600, "3600", 3600.0, "3600.0", 3600.9, " 3600 ")],
    *[(unsaid, 3600) for unsaid in (None, 0, -1, "", "0", "soon", [], {}, [3600], -3.5)],
    *[(short, 30) for short in (1, 29, 30, "30", 0.5)],
    (31, 31),
    ("86400", 86400),
    *[(endless, 2592000) for endless in (2592001, 9999999999, "9999999999", 10**30, 1e30)],
]


@pytest.mark.parametrize(("expires_in", "life_s"), LIVES)
def test_a_life_is_taken_as_it_is_meant_within_bounds(
    micropython: Peer, expires_in: object, life_s: int
) -> None:
    assert agree(micropython, CALLS, "parsed", reply("t", expires_in)[1]) == ("t", life_s)


@pytest.mark.parametrize(
    ("text", "life_s"),
    [
        (b'"nan"', 3600),
        (b'"-inf"', 3600),
        (b'"inf"', 2592000),
        (b'"1e999"', 2592000),
        (b"1e999", 2592000),
    ],
)
def test_a_life_that_is_no_number_is_no_error(
    micropython: Peer, text: bytes, life_s: int
) -> None:
    body = b'{"access_token":"t","expires_in":' + text + b"}"
    assert agree(micropython, CALLS, "parsed", body) == ("t", life_s)


def test_a_life_that_is_left_out_is_an_hour(micropython: Peer) -> None:
    assert agree(micropython, CALLS, "parsed", b'{"access_token":"t"}') == ("t", 3600)


@pytest.mark.parametrize("expires_in", [each for each, _ in LIVES])
def test_no_life_makes_each_call_ask_for_a_token(
    micropython: Peer, expires_in: object
) -> None:
    result = keep(micropython, [reply("t1", expires_in)], [0, 1, 2, 8, 14])
    assert result["fetched"] == 1


@pytest.mark.parametrize(
    ("life_s", "renewed_s"), [(30, 15), (100, 50), (121, 61), (200, 140)]
)
def test_the_margin_is_at_most_half_of_the_life(
    micropython: Peer, life_s: int, renewed_s: int
) -> None:
    steps = [reply("t1", life_s), reply("t2", life_s)]
    result = keep(micropython, steps, [0, renewed_s - 1, renewed_s])
    assert result["answers"] == ["Bearer t1", "Bearer t1", "Bearer t2"]


def test_keeps_the_token_over_a_restart(micropython: Peer) -> None:
    saved = keep(micropython, [reply("t1")], [500])["store"]
    assert saved == [("load", 500), ("save", "t1", 86840)]  # until it is to be renewed
    result = keep(micropython, [], [600], store=("t1", 86840))
    assert (result["answers"], result["fetched"]) == (["Bearer t1"], 0)


@pytest.mark.parametrize("expires_s", [0, 599, 600])
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


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_after_a_servers_error_the_second_try_waits_a_second(
    micropython: Peer, status: int
) -> None:
    result = keep(micropython, [(status, b""), reply("t1")], [0])
    assert (result["answers"], result["paused_ms"]) == (["Bearer t1"], [1000])


# --- a server that has had too much ---

NOW_S = 1780000000  # 2026-05-28T20:26:40Z
DATE = b"Thu, 28 May 2026 20:26:40 GMT"
BUSY = [
    ((429, b""), 30),
    ((429, b"<html>slow down</html>", b"1"), 1),
    ((429, b"", b"120"), 120),
    ((429, b"", b"7200"), 7200),
    ((429, b"", b"Thu, 28 May 2026 20:28:40 GMT", DATE), 120),
    ((429, b"", b"Thu, 28 May 2026 20:28:40 GMT", b""), 120),  # by the device's own clock
    ((429, b"", b"Thu, 28 May 2026 20:20:40 GMT", DATE), 30),
    ((429, b"", b"0"), 30),
    ((429, b"", b"later"), 30),
    ((429, b"", b"99999999"), 86400),
    ((503, b"", b"60"), 60),
]


@pytest.mark.parametrize(("step", "wait_s"), BUSY)
def test_a_busy_server_is_left_alone_for_as_long_as_it_asks(
    micropython: Peer, step: tuple, wait_s: int
) -> None:
    moments = [NOW_S, NOW_S, NOW_S + wait_s // 2, NOW_S + wait_s - 1, NOW_S + wait_s]
    result = keep(micropython, [step, reply("t1")], moments)
    assert [answer[0] for answer in result["answers"][:4]] == ["BusyError"] * 4
    assert (result["answers"][4], result["fetched"]) == ("Bearer t1", 2)


def test_a_server_that_grows_busy_at_the_second_try_is_left_alone(
    micropython: Peer,
) -> None:
    result = keep(micropython, ["silent", (429, b"", b"60")], [NOW_S, NOW_S + 59])
    assert [answer[0] for answer in result["answers"]] == ["BusyError"] * 2


def test_a_token_that_is_still_good_is_used_while_the_server_is_busy(
    micropython: Peer,
) -> None:
    steps = [reply("t1"), (429, b"", b"60"), reply("t2")]
    result = keep(micropython, steps, [0, "drop", 1, 61, 62])
    assert result["answers"][2:] == ["Bearer t2"] * 2


def test_a_clock_that_is_set_back_does_not_make_the_wait_longer(micropython: Peer) -> None:
    steps = [(429, b"", b"60"), reply("t1")]
    result = keep(micropython, steps, [NOW_S, NOW_S - 100 * 86400])
    assert result["answers"][1] == "Bearer t1"


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
        for token in (None, 1, True, [], {}, "", "a b", "a\r\nX: y", "a\0", "é", "a" * 4097)
    ],
]


@pytest.mark.parametrize("body", LIES, ids=lambda body: repr(body[:40]))
def test_a_reply_that_holds_no_token_is_refused(micropython: Peer, body: bytes) -> None:
    with pytest.raises(TokenError):
        agree(micropython, CALLS, "parsed", body)
    ((name, _),) = keep(micropython, [(200, body)], [0])["answers"]
    assert name == "TokenError"


def test_takes_a_token_of_four_kilobytes(micropython: Peer) -> None:
    token = "a" * 4096
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
    lives=st.lists(st.integers(1, 300), min_size=12, max_size=12),
    steps=st.lists(st.integers(0, 200) | st.just("drop"), max_size=12),
)
def test_never_gives_a_token_that_expires_within_its_margin(
    micropython: Peer, lives: list[int], steps: list
) -> None:
    now, moments = 0, []
    for step in steps:
        now += 0 if step == "drop" else step
        moments.append("drop" if step == "drop" else now)
    replies = [reply(f"t{i}", life) for i, life in enumerate(lives)]
    result = keep(micropython, replies, moments)
    saved = [call for call in result["store"] if call[0] == "save"]
    renewed_s = {token: until_s for _, token, until_s in saved}
    asked = [moment for moment in moments if moment != "drop"]
    for moment, bearer in zip(asked, result["answers"], strict=True):
        token = bearer.removeprefix("Bearer ")
        life_s = max(30, lives[int(token[1:])])
        assert moment < renewed_s[token] <= moment + life_s - min(60, life_s // 2)
    assert result["fetched"] <= len(asked)
