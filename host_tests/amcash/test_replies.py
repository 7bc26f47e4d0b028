"""Replies from outside: the specification's samples, and everything that is none."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.amcash import samples
from host_tests.kit.peer import Peer, agree
from host_tests.on_micropython.amcash_calls import AMOUNTS, NUMBERS, TEXTS, members
from milepad.amcash.replies import parse
from milepad.base.errors import ReplyError

CALLS = "host_tests.on_micropython.amcash_calls"


def read(peer: Peer, body: bytes) -> dict:
    found = agree(peer, CALLS, "members", body)
    assert isinstance(found, dict)
    return found


def reply(**wire: object) -> bytes:
    return json.dumps({"responseCode": "0000", **wire}).encode()


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        (samples.ECHO_REPLY, {"message": "Approved"}),
        (
            samples.INQUIRE_REPLY,
            {
                "availableCashBalance": 95,
                "availableDollarAmount": 1000,
                "availableOfferUnits": 1,
                "cashBalance": 120,
                "dailyOfferLimit": 10,
                "dreamBalance": 545,
                "offerDescFr": "Exemple de description de l'offre en français.",
                "offerType": "RGL",
                "unitValueAMCash": 95,
                "unitValueDollars": 1000,
                "confirmation": "",
            },
        ),
        (
            samples.REDEEM_REPLY,
            {
                "availableDollarAmount": 1000,
                "dreamBalance": 550,
                "milesRedeemed": 95,
                "unitsRedeemed": 1,
                "confirmation": "0000",
                "unitValueDollars": 1000,
            },
        ),
        (
            samples.REVERSE_REPLY,
            {
                "milesReversed": 95,
                "unitsReversed": 1,
                "confirmation": "0000",
                "unitValueDollars": 1000,
                "unitsRedeemed": None,
            },
        ),
    ],
    ids=["echo", "inquire", "redeem", "reverse"],
)
def test_reads_the_sample_response(
    micropython: Peer, sample: str, expected: dict[str, object]
) -> None:
    found = read(micropython, sample.encode())
    assert found["code"] == "0000"
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"null",
        b"true",
        b"0000",
        b'"0000"',
        b"[]",
        b'[{"responseCode":"0000"}]',
        b"{",
        b'{"responseCode":"0000"',
        b'{"responseCode":"0000"}}',
        b'{"responseCode":"0000"} {}',
        b"{'responseCode':'0000'}",
        b'\xef\xbb\xbf\xef\xbb\xbf{"responseCode":"0000"}',
        b'{\xef\xbb\xbf"responseCode":"0000"}',
        b',{"responseCode":"0000"}',
        b':\n{"responseCode":"0000"}',
        b'{"responseCode":"0000"}\x0c',
        b'{"message":"\xe9}',
        b'{"responseCode":"0000"\xa0}',
        b"\xff\xfe{\x00}\x00",
        b"<html><body>502 Bad Gateway</body></html>",
        b"\x00",
        b"1" * 4096,
        b"[" * 1000 + b"]" * 1000,
        b"[" * 4096,
        b'{"a":' * 800,
    ],
    ids=lambda body: repr(body[:24]),
)
def test_what_is_no_json_object_is_a_reply_error(micropython: Peer, body: bytes) -> None:
    with pytest.raises(ReplyError, match="no JSON object"):
        read(micropython, body)


def test_an_object_nested_a_thousand_deep_is_refused_or_harmless(
    micropython: Peer,
) -> None:
    body = b'{"responseCode":"0000","a":' + b"[" * 1000 + b"]" * 1000 + b"}"
    with pytest.raises(ReplyError):
        parse(body)
    assert micropython.call(CALLS, "lengths", body) == [0] * len(TEXTS)


def test_a_reply_that_the_heap_cannot_hold_is_a_reply_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def exhausted(text: str) -> None:
        raise MemoryError

    monkeypatch.setattr("json.loads", exhausted)
    with pytest.raises(ReplyError):
        parse(b"{}")


@pytest.mark.parametrize(
    "value",
    [0, 0.0, None, True, [], {}, "", "0", "000", "00000", "000O", " 0000", "²²²²", "null"],
)
def test_only_four_digits_are_a_response_code(micropython: Peer, value: object) -> None:
    assert read(micropython, reply(responseCode=value))["code"] == ""


def test_no_response_code_is_the_empty_code(micropython: Peer) -> None:
    assert read(micropython, b"{}")["code"] == ""


@pytest.mark.parametrize(
    "value",
    [
        -95,
        9.5,
        95.0,
        10**9,
        None,
        True,
        [],
        {},
        "",
        "-1",
        "+1",
        "9.5",
        "1e3",
        " 1",
        "1" * 10,
        "²",
        "٣",
        "0x1",
    ],
)
def test_a_count_is_digits_or_missing(micropython: Peer, value: object) -> None:
    found = read(micropython, reply(**dict.fromkeys(NUMBERS, value)))
    assert {found[name] for name in NUMBERS} == {None}


@pytest.mark.parametrize("value", [0, 4, 95, 999999999])
def test_a_count_may_be_a_whole_json_number(micropython: Peer, value: int) -> None:
    found = read(micropython, reply(**dict.fromkeys(NUMBERS, value)))
    assert {found[name] for name in NUMBERS} == {value}


@pytest.mark.parametrize("name", AMOUNTS)
def test_an_amount_may_be_a_whole_json_number(micropython: Peer, name: str) -> None:
    assert read(micropython, reply(**{name: 10}))[name] == 1000


@pytest.mark.parametrize("name", AMOUNTS)
@pytest.mark.parametrize(
    "value",
    [
        -10,
        10.5,
        10**6,
        None,
        True,
        [],
        "",
        "-10",
        "10.000",
        "1e3",
        "10,00",
        "1" * 7,
        "$10",
        "²",
        "NaN",
    ],
)
def test_an_amount_is_a_decimal_or_missing(
    micropython: Peer, name: str, value: object
) -> None:
    assert read(micropython, reply(**{name: value}))[name] is None


def test_huge_numbers_count_as_missing(micropython: Peer) -> None:
    body = b'{"cashBalance":%s,"unitValueDollars":1e999,"responseCode":%s}' % (
        b"9" * 3000,
        b"-" + b"9" * 300,
    )
    found = read(micropython, body)
    assert (found["cashBalance"], found["unitValueDollars"], found["code"]) == (
        None,
        None,
        "",
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0000", "0000"),
        ("10000000000", "10000000000"),
        ("aZ9" * 8, "aZ9" * 8),
        ("1" * 25, ""),
        ("10-0", ""),
        ("1 0", ""),
        ("10\n", ""),
        ("\x1b@", ""),
        ("ß", ""),
        ("ı", ""),
        ("²", ""),
        (10000000000, "10000000000"),
        (90071992547409930001, "90071992547409930001"),  # beyond what a float can hold
        (10**24, ""),
        (-1, ""),
        (1e10, ""),
        (True, ""),
    ],
)
def test_a_confirmation_number_is_letters_and_digits(
    micropython: Peer, text: object, number: str
) -> None:
    found = read(micropython, reply(txnConfirmationNumber=text))
    assert found["confirmation"] == number


def test_a_long_text_is_cut(micropython: Peer) -> None:
    found = read(micropython, reply(offerDescEn="é" * 600))
    assert found["offerDescEn"] == "é" * 160


@pytest.mark.parametrize("gap", [b"", b" ", b"\r\n"])
def test_a_byte_order_mark_costs_nothing(micropython: Peer, gap: bytes) -> None:
    body = b"\xef\xbb\xbf" + gap + b'{"responseCode":"0000","message":"\xc3\xa9"}\n'
    found = read(micropython, body)
    assert (found["code"], found["message"]) == ("0000", "é")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"r\xe9ussi", "réussi"),
        (b"r\xc3\xa9ussi \xe9", "réussi é"),
        (b"\xe9", "é"),
        (b"10 \x80", "10 \x80"),
        (b"\xc3", "Ã"),
        (b"\xf0\x9f\x98", "ð\x9f\x98"),
        (b"\xe2\x82\xac \xff", "€ ÿ"),
    ],
)
def test_bytes_that_are_no_utf_8_cost_nothing_and_read_as_latin_1(
    micropython: Peer, raw: bytes, text: str
) -> None:
    body = b'{"message":"' + raw + b'","responseCode":"0000","offerDescEn":"\xc2\xb2"}'
    found = read(micropython, body)
    assert (found["code"], found["message"], found["offerDescEn"]) == ("0000", text, "²")


@pytest.mark.parametrize("code", [b"000\xb2", b"0\xe9000", b"\xff0000"])
def test_a_response_code_with_a_wrong_byte_is_none(micropython: Peer, code: bytes) -> None:
    assert read(micropython, b'{"responseCode":"' + code + b'"}')["code"] == ""


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (rb"\ud83d", "?"),
        (rb"\ude00!", "?!"),
        (rb"a\ud83db", "a?b"),
        (rb"\ude00\ud83d", "??"),
    ],
)
def test_half_a_surrogate_pair_reads_as_a_question_mark(
    micropython: Peer, raw: bytes, text: str
) -> None:
    body = b'{"responseCode":"0000","message":"' + raw + b'"}'
    found = read(micropython, body)
    assert (found["code"], found["message"]) == ("0000", text)
    assert found["message"].encode()


def test_lone_surrogates_and_nul_stay_inside_a_text(micropython: Peer) -> None:
    body = rb'{"message":"\ud800","offerDescEn":"a\u0000b","offerDescFr":"\udfff\ud800"}'
    assert agree(micropython, CALLS, "lengths", body) == [1, 3, 2, 0]


def test_the_last_of_two_equal_members_counts_on_both_pythons(micropython: Peer) -> None:
    body = b'{"responseCode":"0000","responseCode":"0051"}'
    assert read(micropython, body)["code"] == "0051"


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(max_codepoint=0xFFF, exclude_categories=["Cs"]), max_size=20)
    | st.from_regex(r"[0-9]{1,11}(\.[0-9]{0,3})?", fullmatch=True)
)
DOCUMENTS = st.dictionaries(
    st.sampled_from((*TEXTS, *NUMBERS, *AMOUNTS, "responseCode", "txnConfirmationNumber")),
    SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.text(max_size=2), SCALARS),
)


@given(document=DOCUMENTS)
def test_both_pythons_read_the_same_from_any_object(
    micropython: Peer, document: dict[str, object]
) -> None:
    found = read(micropython, json.dumps(document).encode())
    assert all(isinstance(found[name], str) for name in TEXTS)
    for name in (*NUMBERS, *AMOUNTS):
        assert found[name] is None or 0 <= found[name] <= 999999999


@given(body=st.binary(max_size=200))
def test_any_bytes_are_read_or_are_a_reply_error(body: bytes) -> None:
    try:
        found = members(body)
    except ReplyError as fault:
        assert str(fault) == "the reply is no JSON object"
    else:
        assert len(found["code"]) in (0, 4)


def test_a_reply_that_is_cut_anywhere_is_a_reply_error(micropython: Peer) -> None:
    body = samples.REDEEM_REPLY.encode()
    for cut in range(len(body)):
        with pytest.raises(ReplyError):
            read(micropython, body[:cut])
