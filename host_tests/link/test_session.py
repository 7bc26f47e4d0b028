"""The retry rule: at most two copies, byte for byte alike, and an outcome that is certain."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.peer import Peer, agree
from host_tests.on_micropython.session_calls import BODY, KEY, TRACE_ID
from milepad import VERSION
from milepad.amcash.response_codes import known, lookup

CALLS = "host_tests.on_micropython.session_calls"
HTML = (502, b"<html>bad gateway</html>")
TOKEN_401 = (401, "")


def play(peer: Peer, *steps: object, **options: object) -> dict:
    result = agree(peer, CALLS, "played", list(steps), options)
    assert isinstance(result, dict)
    return result


def status_of(code: str) -> int:
    return lookup(code).http_status


def outcome(result: dict) -> tuple[str, str, int]:
    return result["outcome"], result["code"], result["copies"]


# What the attempts come to -> (outcome, response code, copies that left)
TABLE = [
    # the first answer settles it
    ([(200, "0000")], ("approved", "0000", 1)),
    ([(202, "0001")], ("approved", "0001", 1)),
    ([(401, "0002")], ("declined", "0002", 1)),
    ([(202, "0005")], ("declined", "0005", 1)),
    ([(202, "0006")], ("declined", "0006", 1)),
    ([(403, "0009")], ("declined", "0009", 1)),
    ([(401, "0025")], ("declined", "0025", 1)),
    ([(400, "0035")], ("declined", "0035", 1)),
    ([(202, "0051")], ("declined", "0051", 1)),
    ([(400, "0057")], ("declined", "0057", 1)),
    ([(202, "0065")], ("declined", "0065", 1)),
    ([(202, "0066")], ("declined", "0066", 1)),
    ([(408, "0067")], ("declined", "0067", 1)),
    ([(409, "0080")], ("declined", "0080", 1)),
    ([(503, "0092")], ("declined", "0092", 1)),
    # a code that the specification does not name says nothing about the miles
    ([(200, "9999")], ("unknown", "9999", 1)),
    ([(503, "0003")], ("unknown", "0003", 1)),
    # the HTTP status decides nothing
    ([(500, "0000")], ("approved", "0000", 1)),
    ([(401, "0000")], ("approved", "0000", 1)),
    ([(200, "0051")], ("declined", "0051", 1)),
    ([(500, "0035")], ("declined", "0035", 1)),
    # 0008 and 0096 send the second copy
    ([(408, "0008"), (200, "0000")], ("approved", "0000", 2)),
    ([(500, "0096"), (200, "0000")], ("approved", "0000", 2)),
    ([(408, "0008"), (408, "0008")], ("unknown", "0008", 2)),
    ([(500, "0096"), (408, "0008")], ("unknown", "0008", 2)),
    ([(408, "0008"), (500, "0096")], ("unknown", "0096", 2)),
    ([(500, "0096"), (500, "0096")], ("unknown", "0096", 2)),
    ([(408, "0008"), (200, "9999")], ("unknown", "9999", 2)),
    ([(408, "0008"), (200, "")], ("unknown", "", 2)),
    ([(408, "0008"), "silent"], ("unknown", "", 2)),
    ([(408, "0008"), "not_sent"], ("unknown", "", 1)),
    # no usable answer sends the second copy
    (["silent", (200, "0000")], ("approved", "0000", 2)),
    (["silent", "silent"], ("unknown", "", 2)),
    (["silent", (408, "0008")], ("unknown", "0008", 2)),
    (["silent", (500, "0096")], ("unknown", "0096", 2)),
    (["silent", (200, "9999")], ("unknown", "9999", 2)),
    (["silent", "not_sent"], ("unknown", "", 1)),
    ([HTML, (200, "0000")], ("approved", "0000", 2)),
    ([HTML, HTML], ("unknown", "", 2)),
    ([(200, b"not json"), (200, "0000")], ("approved", "0000", 2)),
    ([(200, b'{"responseCode":"00'), (200, "0000")], ("approved", "0000", 2)),
    ([(200, b"[]"), (200, "0000")], ("approved", "0000", 2)),
    ([(200, b""), (200, "0000")], ("approved", "0000", 2)),
    ([(500, ""), (200, "0000")], ("approved", "0000", 2)),
    ([(503, ""), (503, "")], ("unknown", "", 2)),
    # a JSON object without a code below 500 is no reason for a second copy
    ([(200, "")], ("unknown", "", 1)),
    ([(400, "")], ("unknown", "", 1)),
    # nothing left
    (["not_sent", "not_sent"], ("not_sent", "", 0)),
    (["not_sent", (200, "0000")], ("approved", "0000", 1)),
    (["not_sent", "silent"], ("unknown", "", 1)),
    (["not_sent", (408, "0008")], ("unknown", "0008", 1)),
    (["not_sent", (202, "0051")], ("declined", "0051", 1)),
    # a refused token is replaced once, and is not the retry
    ([TOKEN_401, (200, "0000")], ("approved", "0000", 2)),
    ([(403, ""), (200, "0000")], ("approved", "0000", 2)),
    ([(401, b"Unauthorized"), (200, "0000")], ("approved", "0000", 2)),
    ([TOKEN_401, (202, "0051")], ("declined", "0051", 2)),
    ([TOKEN_401, TOKEN_401], ("declined", "", 2)),
    ([TOKEN_401, "silent"], ("unknown", "", 2)),
    ([TOKEN_401, (408, "0008")], ("unknown", "0008", 2)),
    ([TOKEN_401, (503, "0092")], ("declined", "0092", 2)),
    ([TOKEN_401, (200, "9999")], ("unknown", "9999", 2)),
    ([TOKEN_401, "not_sent", (200, "0000")], ("approved", "0000", 2)),
    ([TOKEN_401, "not_sent", "not_sent"], ("declined", "", 1)),
    (["not_sent", TOKEN_401, (200, "0000")], ("approved", "0000", 2)),
    (["silent", TOKEN_401], ("unknown", "", 2)),
    ([(408, "0008"), TOKEN_401], ("unknown", "0008", 2)),
]

# Codes whose reason held before the first copy too, and codes that may tell of its doing.
EXCLUDING = ["0002", "0005", "0006", "0009", "0025", "0035", "0066"]
TELLING = ["0051", "0057", "0065", "0067", "0080", "0092"]


@pytest.mark.parametrize(("steps", "expected"), TABLE, ids=[str(row[0]) for row in TABLE])
def test_the_retry_rule(
    micropython: Peer, steps: list, expected: tuple[str, str, int]
) -> None:
    result = play(micropython, *steps)
    assert outcome(result) == expected
    assert result["attempts"] == len(steps)
    assert len(result["left"]) == result["copies"]


@pytest.mark.parametrize("op", ["redeem", "reverse"])
@pytest.mark.parametrize(
    "first", ["silent", HTML, (503, ""), (408, "0008"), (500, "0096")], ids=str
)
@pytest.mark.parametrize("code", EXCLUDING + TELLING)
def test_a_refusal_settles_an_earlier_copy_only_where_its_code_excludes_a_commit(
    micropython: Peer, op: str, first: object, code: str
) -> None:
    result = play(micropython, first, (status_of(code), code), op=op)
    expected = "declined" if code in EXCLUDING else "unknown"
    assert outcome(result) == (expected, code, 2)


@pytest.mark.parametrize("op", ["redeem", "reverse"])
@pytest.mark.parametrize("code", EXCLUDING + TELLING)
def test_a_copy_of_an_earlier_life_counts_as_unanswered(
    micropython: Peer, op: str, code: str
) -> None:
    result = play(micropython, (status_of(code), code), op=op, copies=1)
    expected = "declined" if code in EXCLUDING else "unknown"
    assert outcome(result) == (expected, code, 2)


@pytest.mark.parametrize("op", ["redeem", "reverse"])
@pytest.mark.parametrize("code", EXCLUDING + TELLING)
def test_a_refusal_to_the_only_copy_is_that_copys_own_answer(
    micropython: Peer, op: str, code: str
) -> None:
    for before in ([], ["not_sent"], [TOKEN_401], [(403, b"<html>")]):
        result = play(micropython, *before, (status_of(code), code), op=op)
        assert outcome(result)[:2] == ("declined", code), before


@pytest.mark.parametrize("op", ["inquire", "echo"])
@pytest.mark.parametrize("code", [*EXCLUDING, *TELLING, "0008", "0096", "9999"])
def test_of_a_call_that_moves_no_miles_every_code_is_certain(
    micropython: Peer, op: str, code: str
) -> None:
    result = play(micropython, "silent", (status_of(code), code), op=op, key="")
    assert outcome(result) == ("declined", code, 2)


# --- a reply belongs to its request ---


def names(trace_id: object, code: str = "0000") -> tuple[int, bytes]:
    members = {"responseCode": code, "traceId": trace_id}
    return 200, json.dumps(members).encode()


@pytest.mark.parametrize("other", ["004200000018", "4", "999999999999", "x", "1" * 500, 7])
@pytest.mark.parametrize("code", ["0000", "0051", "0035", ""])
def test_a_reply_that_names_another_trace_id_is_no_usable_answer(
    micropython: Peer, other: object, code: str
) -> None:
    result = play(micropython, names(other, code), (200, "0000"))
    assert outcome(result) == ("approved", "0000", 2)
    assert result["left"][0] == result["left"][1]
    assert result["closed"] == 1  # what follows on that connection may be late as well
    result = play(micropython, names(other, code), names(other, code))
    assert outcome(result) == ("unknown", "", 2)
    assert result["closed"] == 2
    assert "trace id" in result["reason"]


@pytest.mark.parametrize("code", ["0000", "0051", "0035"])
def test_a_reply_that_names_ours_keeps_the_connection(micropython: Peer, code: str) -> None:
    assert play(micropython, names(TRACE_ID, code))["closed"] == 0


def test_another_requests_refused_token_is_not_about_ours(micropython: Peer) -> None:
    _, body = names("1", "")
    result = play(micropython, (401, body), (200, "0000"))
    assert (result["dropped"], result["fetched"]) == ([], 1)


@pytest.mark.parametrize("own", [TRACE_ID, 4200000017, "4200000017", None, [], ""])
def test_a_reply_that_names_its_own_trace_id_or_none_is_taken(
    micropython: Peer, own: object
) -> None:
    assert outcome(play(micropython, names(own))) == ("approved", "0000", 1)


def test_a_profile_may_take_replies_that_name_other_trace_ids(micropython: Peer) -> None:
    result = play(micropython, names("000012345678"), match=False)
    assert outcome(result) == ("approved", "0000", 1)


@pytest.mark.parametrize(
    "step", ["not_sent", "silent", (200, "0000"), (202, "0051"), (503, "")], ids=str
)
def test_every_outcome_names_the_trace_id_to_quote(micropython: Peer, step: object) -> None:
    assert play(micropython, step, step)["trace_id"] == TRACE_ID


@pytest.mark.parametrize("code", known())
def test_a_second_copy_leaves_for_two_codes_only(micropython: Peer, code: str) -> None:
    result = play(micropython, (200, code), (202, "0051"))
    assert result["copies"] == (2 if code in ("0008", "0096") else 1)


def test_what_leaves_is_what_the_specification_asks_for(micropython: Peer) -> None:
    (copy,) = play(micropython, (200, "0000"))["left"]
    url, headers, body = copy
    assert url == ("h", 8443, "/checkout/amcash/redeem")
    assert headers == [
        ("Authorization", "Bearer t1"),
        ("Content-Type", "application/json"),
        ("Cache-Control", "no-cache"),
        ("Accept-Encoding", "identity"),
        ("User-Agent", f"Milepad/{VERSION}"),
        ("Idempotency-Key", KEY),
    ]
    assert body == BODY


def test_a_base_path_comes_before_the_operation(micropython: Peer) -> None:
    (copy,) = play(micropython, (200, "0000"), base_url="https://h/sandbox/")["left"]
    assert copy[0] == ("h", 443, "/sandbox/checkout/amcash/redeem")


def test_a_call_without_a_key_sends_no_key_header(micropython: Peer) -> None:
    result = play(micropython, "silent", (200, "0000"), key="")
    for _, headers, _ in result["left"]:
        assert [name for name, _ in headers] == [
            "Authorization", "Content-Type", "Cache-Control", "Accept-Encoding",
            "User-Agent",
        ]  # fmt: skip


@pytest.mark.parametrize("first", ["silent", (408, "0008"), (500, "0096"), HTML, (503, "")])
def test_the_second_copy_is_the_first_one_to_the_byte(
    micropython: Peer, first: object
) -> None:
    left = play(micropython, first, (200, "0000"))["left"]
    assert len(left) == 2 and left[0] == left[1]


def test_after_a_refused_token_only_the_token_differs(micropython: Peer) -> None:
    result = play(micropython, TOKEN_401, (200, "0000"))
    first, second = result["left"]
    assert dict(first[1])["Authorization"] == "Bearer t1"
    assert dict(second[1])["Authorization"] == "Bearer t2"
    assert (first[0], first[1][1:], first[2]) == (second[0], second[1][1:], second[2])
    assert result["dropped"] == ["t1"]


@pytest.mark.parametrize("code", ["0002", "0025", "9999"])
def test_a_401_about_the_collector_never_touches_the_token(
    micropython: Peer, code: str
) -> None:
    result = play(micropython, (401, code))
    assert (result["dropped"], result["fetched"]) == ([], 1)


@pytest.mark.parametrize("code", ["0009", "0057"])
def test_a_403_with_a_code_never_touches_the_token(micropython: Peer, code: str) -> None:
    assert play(micropython, (403, code))["dropped"] == []


@pytest.mark.parametrize("status", [400, 404, 407, 408, 500])
def test_another_status_without_a_code_never_touches_the_token(
    micropython: Peer, status: int
) -> None:
    assert play(micropython, (status, ""), (status, ""))["dropped"] == []


def test_a_token_refused_twice_is_not_asked_for_a_third_time(micropython: Peer) -> None:
    result = play(micropython, TOKEN_401, TOKEN_401)
    assert result["dropped"] == ["t1", "t2"]
    assert result["fetched"] == 2


def test_a_fresh_token_is_kept_when_its_copy_never_left(micropython: Peer) -> None:
    result = play(micropython, TOKEN_401, "not_sent", (200, "0000"))
    assert result["dropped"] == ["t1"]
    assert result["fetched"] == 2


def test_without_a_token_nothing_leaves(micropython: Peer) -> None:
    result = play(micropython, tokens=["fail"])
    assert outcome(result) == ("not_sent", "", 0)
    assert result["attempts"] == 0


def test_a_refused_token_that_cannot_be_replaced_is_a_refusal(micropython: Peer) -> None:
    result = play(micropython, TOKEN_401, tokens=["ok", "fail"])
    assert outcome(result) == ("declined", "", 1)


def test_a_silent_copy_stays_unknown_when_no_token_can_be_had(micropython: Peer) -> None:
    steps = ["silent", TOKEN_401]
    result = play(micropython, *steps, tokens=["ok", "fail"])
    assert outcome(result) == ("unknown", "", 2)


@pytest.mark.parametrize("code", ["0008", "0096"])
def test_a_time_out_stays_unknown_when_no_token_can_be_had_for_its_copy(
    micropython: Peer, code: str
) -> None:
    # The first copy's token expires while the platform times out.
    result = play(micropython, (408, code), tokens=["ok", "fail"], forgets_token=True)
    assert outcome(result) == ("unknown", "", 1)
    assert result["reason"] == "token: no token"
    assert len(result["left"]) == 1


@pytest.mark.parametrize(
    ("steps", "rest_s"),
    [
        ([(429, b"", b"600")] * 2, 600),
        ([(503, b"", b"9999999")] * 2, 86400),
        ([(429, b"", b"600"), (200, "0000")], 0),
        ([(429, b"")] * 2, 0),
        ([(503, "0092", b"600")], 0),  # the platform's own answer, which is taken
        (["silent", "silent"], 0),
    ],
)
def test_how_long_a_gateway_asks_to_be_left_alone_is_told(
    micropython: Peer, steps: list, rest_s: int
) -> None:
    assert play(micropython, *steps, op="echo", key="")["rest_s"] == rest_s


# --- nothing that moves miles leaves unseen ---

SEEN, DARK = True, False


@pytest.mark.parametrize(
    ("looks", "steps", "expected"),
    [
        # before the way is opened: as when CANCEL is pressed
        ([DARK], [], ("cancelled", "", 0)),
        ([SEEN, SEEN], [(200, "0000")], ("approved", "0000", 1)),
        # at the last moment: once is made good, as any try that came to nothing
        ([SEEN, DARK, SEEN, SEEN], [(200, "0000")], ("approved", "0000", 1)),
        ([SEEN, DARK, DARK], [], ("cancelled", "", 0)),
        ([SEEN, DARK, SEEN, DARK], [], ("not_sent", "", 0)),
        # a copy that was refused for its token cannot have counted, the next one would
        ([SEEN, SEEN, SEEN, DARK, DARK, DARK], [TOKEN_401], ("declined", "", 1)),
        ([SEEN, SEEN, DARK, DARK, SEEN, SEEN], [TOKEN_401, (200, "0000")],
         ("approved", "0000", 2)),
        # of a copy that may have counted somebody has to learn what became of it
        ([SEEN, SEEN, DARK, DARK], ["silent", (200, "0000")], ("approved", "0000", 2)),
        ([SEEN, SEEN, DARK, DARK], [(408, "0008"), (200, "0000")],
         ("approved", "0000", 2)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("op", ["redeem", "reverse"])
def test_what_moves_miles_leaves_only_in_sight_unless_it_may_have_counted(
    micropython: Peer, op: str, looks: list, steps: list, expected: tuple
) -> None:
    result = play(micropython, *steps, op=op, looks=looks)
    assert outcome(result) == expected
    assert len(result["left"]) == expected[2]


def test_an_interrupted_call_is_finished_unseen_too(micropython: Peer) -> None:
    result = play(micropython, (200, "0000"), copies=1, looks=[DARK] * 4)
    assert outcome(result) == ("approved", "0000", 2)


@pytest.mark.parametrize("op", ["inquire", "echo"])
def test_what_moves_no_miles_asks_nobody(micropython: Peer, op: str) -> None:
    result = play(micropython, (200, "0000"), op=op, key="", looks=[DARK] * 4)
    assert outcome(result) == ("approved", "0000", 1)


def test_a_declined_call_names_no_earlier_answer(micropython: Peer) -> None:
    assert not play(micropython, (408, "0008"), "silent")["replied"]


# --- the pause after a gateway's error ---

GATEWAY_ERRORS = [429, 502, 503, 504]


@pytest.mark.parametrize("status", [502, 503, 504])
@pytest.mark.parametrize("body", ["", b"<html>bad gateway</html>"])
def test_after_a_gateways_error_the_second_copy_waits_a_second(
    micropython: Peer, status: int, body: object
) -> None:
    result = play(micropython, (status, body), (200, "0000"))
    assert outcome(result) == ("approved", "0000", 2)
    assert result["paused_ms"] == [(1000, 1)]


@pytest.mark.parametrize("status", GATEWAY_ERRORS)
@pytest.mark.parametrize(
    ("retry_after", "pause_ms"),
    [
        (b"3", 3000),
        (b"15", 15000),
        (b"16", 1000),
        (b"0", 1000),
        (b"-3", 1000),
        (b"soon", 1000),
        (b"99999999999", 1000),
        (b"Thu, 28 May 2026 20:26:47 GMT", 7000),
        (b"Thu, 28 May 2026 20:26:30 GMT", 1000),
        (b"Thu, 28 May 2026 21:26:40 GMT", 1000),
    ],
)
def test_it_waits_as_long_as_the_gateway_asks_if_that_fits(
    micropython: Peer, status: int, retry_after: bytes, pause_ms: int
) -> None:
    result = play(micropython, (status, b"<html>", retry_after), (200, "0000"))
    assert outcome(result) == ("approved", "0000", 2)
    assert result["paused_ms"] == [(pause_ms, 1)]


@pytest.mark.parametrize(
    "first",
    [
        "silent", "not_sent", (408, "0008"), (500, "0096"), (503, "0096"), (504, "0008"),
        (500, ""), (500, b"<html>"), (200, b"no json"), TOKEN_401, (401, b"", b"9"),
    ],
    ids=str,
)  # fmt: skip
def test_after_anything_else_the_second_copy_leaves_at_once(
    micropython: Peer, first: object
) -> None:
    result = play(micropython, first, (200, "0000"))
    assert outcome(result)[0] == "approved"
    assert result["paused_ms"] == []


def test_a_pause_is_made_once_and_not_after_the_last_copy(micropython: Peer) -> None:
    result = play(micropython, HTML, HTML)
    assert outcome(result) == ("unknown", "", 2)
    assert result["paused_ms"] == [(1000, 1)]


def test_the_copy_is_noted_after_the_pause(micropython: Peer) -> None:
    result = play(micropython, HTML, (200, "0000"), hook="full")
    assert (result["paused_ms"], result["hooked"]) == ([(1000, 1)], [(2, 1)])


# --- the hook before the second copy ---


def test_the_hook_runs_before_the_second_copy_and_before_it_alone(
    micropython: Peer,
) -> None:
    assert play(micropython, (200, "0000"), hook="ok")["hooked"] == []
    result = play(micropython, "silent", (200, "0000"), hook="ok")
    assert result["hooked"] == [(2, 1)]
    assert play(micropython, TOKEN_401, (200, "0000"), hook="ok")["hooked"] == [(2, 1)]
    assert play(micropython, "not_sent", (200, "0000"), hook="ok")["hooked"] == []


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("silent", ("unknown", "", 1)),
        (HTML, ("unknown", "", 1)),
        ((408, "0008"), ("unknown", "0008", 1)),
        (TOKEN_401, ("declined", "", 1)),
    ],
)
def test_a_hook_that_raises_stops_the_second_copy(
    micropython: Peer, first: object, expected: tuple[str, str, int]
) -> None:
    result = play(micropython, first, (200, "0000"), hook="full")
    assert outcome(result) == expected
    assert len(result["left"]) == 1


# --- finishing an interrupted call ---


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([(200, "0000")], ("approved", "0000", 2)),
        ([(408, "0008")], ("unknown", "0008", 2)),
        ([(200, "9999")], ("unknown", "9999", 2)),
        (["silent"], ("unknown", "", 2)),
        ([TOKEN_401], ("unknown", "", 2)),
        ([(503, "")], ("unknown", "", 2)),
        ([HTML], ("unknown", "", 2)),
        (["not_sent", "not_sent"], ("unknown", "", 1)),
        (["not_sent", (200, "0000")], ("approved", "0000", 2)),
    ],
)
def test_finishing_allows_exactly_one_more_copy(
    micropython: Peer, steps: list, expected: tuple[str, str, int]
) -> None:
    result = play(micropython, *steps, copies=1)
    assert outcome(result) == expected
    assert len(result["left"]) == expected[2] - 1
    assert result["attempts"] == len(steps)


def test_finishing_without_a_token_sends_nothing(micropython: Peer) -> None:
    result = play(micropython, copies=1, tokens=["fail"])
    assert outcome(result) == ("unknown", "", 1)
    assert result["left"] == []


# --- cancelling ---


@pytest.mark.parametrize("where", ["token", "connecting"])
def test_cancel_before_the_first_copy_sends_nothing(micropython: Peer, where: str) -> None:
    assert agree(micropython, CALLS, "may_cancel", where) == (True, True, True, 0)


def test_cancel_is_not_offered_once_a_copy_has_left(micropython: Peer) -> None:
    _, allowed, _, left = micropython.call(CALLS, "may_cancel", "answer")
    assert (allowed, left) == (False, 1)


def test_cancel_is_offered_while_a_later_call_fetches_its_token(micropython: Peer) -> None:
    assert agree(micropython, CALLS, "may_cancel_a_later_call") == (True, 1)


def test_calls_go_one_after_the_other(micropython: Peer) -> None:
    order = agree(micropython, CALLS, "two_calls_at_once")
    assert order == ["begin", "end"] * 2


# --- every script there is ---

OTHERS_REPLY = b'{"responseCode":"0000","traceId":"000000000001"}'
STEPS = st.sampled_from(
    ["not_sent", "silent", HTML, TOKEN_401, (403, ""), (200, ""), (400, ""), (503, ""),
     (401, b"<html>"), (200, b"{"), (200, "0000"), (202, "0001"), (401, "0002"),
     (202, "0051"), (401, "0025"), (408, "0008"), (500, "0096"), (408, "0067"),
     (503, "0092"), (200, "9999"), (202, "0065"), (200, OTHERS_REPLY)]
)  # fmt: skip


def code_of(step: object) -> str:
    return step[1] if isinstance(step, tuple) and isinstance(step[1], str) else ""


def refuses_token(step: object) -> bool:
    return isinstance(step, tuple) and step[0] in (401, 403) and not code_of(step)


def is_usable(step: object) -> bool:
    """Whether it is an answer that tells what became of the call."""
    return bool(code_of(step))


def is_conclusive(step: object) -> bool:
    """Whether the answer tells what became of every copy, an unanswered one too."""
    return code_of(step) in ["0000", "0001", *EXCLUDING]


def answers_itself(step: object) -> bool:
    """Whether the answer tells what became of its own copy."""
    return code_of(step) in known() and code_of(step) not in ("0008", "0096")


def asks_for_another(step: object) -> bool:
    """The reasons that the wire rules name for a second copy, the token's included."""
    code = code_of(step)
    if code:
        return code in ("0008", "0096")
    return not (isinstance(step, tuple) and step[1] == "" and step[0] in (200, 400))


@given(
    steps=st.lists(STEPS, min_size=8, max_size=8),
    copies=st.sampled_from([0, 0, 0, 1]),
    tokens=st.lists(st.sampled_from(["ok", "ok", "fail"]), max_size=3),
    hook=st.sampled_from(["ok", "ok", "full"]),
)
def test_any_script_keeps_the_wire_rules(
    micropython: Peer, steps: list, copies: int, tokens: list[str], hook: str
) -> None:
    result = play(micropython, *steps, copies=copies, tokens=tokens, hook=hook)
    played = steps[: result["attempts"]]
    sent = [step for step in played if step != "not_sent"]
    left = result["left"]

    assert result["copies"] == copies + len(left) <= 2
    assert len(left) == len(sent)
    assert result["attempts"] <= 4 and result["fetched"] <= 3
    assert len({(url, body) for url, _, body in left}) <= 1
    assert len({dict(headers)["Idempotency-Key"] for _, headers, _ in left}) <= 1
    assert all(asks_for_another(step) for step in sent[:-1])
    assert len(result["dropped"]) == len([step for step in sent if refuses_token(step)])

    last = sent[-1] if sent else None
    before = [step for step in sent[:-1] if not refuses_token(step)]
    if result["outcome"] == "approved":
        assert lookup(code_of(last)).approved and played[-1] == last
    elif result["outcome"] == "not_sent":
        assert result["copies"] == 0
    elif result["outcome"] == "declined":
        assert result["copies"] > 0
        assert is_conclusive(last) or not copies + len(before)
        assert answers_itself(last) or refuses_token(last)
    else:
        assert result["outcome"] == "unknown" and result["copies"] > 0
        assert not (played and is_conclusive(played[-1]))
        assert copies or before or not (played and answers_itself(played[-1]))
    if played and is_usable(played[-1]) and not tokens.count("fail"):
        assert result["code"] == code_of(played[-1])
