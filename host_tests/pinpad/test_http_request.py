"""A till's POST: however it is cut and framed the message is the same; all else is refused."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.peer import Peer, agree
from milepad.pinpad.frames import MAX_BYTES

CALLS = "host_tests.on_micropython.till_transports"
BODY = b'{"SaleToPOIRequest":{}}'
# As @adyen/api-library sends it, but for its own headers.
CHUNKED = (
    b"POST /nexo/ HTTP/1.1\r\nX-API-Key: k\r\nTransfer-Encoding: chunked\r\n"
    b"Connection: close\r\n\r\n17\r\n" + BODY + b"\r\n0\r\n\r\n"
)


def post(body: bytes, path: bytes = b"/nexo", more: bytes = b"") -> bytes:
    head = b"POST " + path + b" HTTP/1.1\r\nHost: pad\r\n" + more
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


@pytest.mark.parametrize("raw", [post(BODY), post(BODY, b"/nexo/"), CHUNKED])
@given(cuts=st.lists(st.integers(0, 200), max_size=6))
def test_pieces_of_any_size_give_the_same_message(
    micropython: Peer, raw: bytes, cuts: list[int]
) -> None:
    ends = sorted({min(cut, len(raw)) for cut in cuts} | {0, len(raw)})
    pieces = [raw[a:b] for a, b in itertools.pairwise(ends)]
    assert agree(micropython, CALLS, "received", pieces) == ("body", BODY)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"GET /nexo HTTP/1.1\r\n\r\n", "405 Method Not Allowed"),
        (b"POST / HTTP/1.1\r\n\r\n", "404 Not Found"),
        (b"POST /nexo?x HTTP/1.1\r\n\r\n", "404 Not Found"),
        (b"POST /nexo\r\n\r\n", "400 Bad Request"),
        (b"POST  /nexo HTTP/1.1\r\n\r\n", "400 Bad Request"),
        (b"POST /nexo HTTP/2\r\n\r\n", "400 Bad Request"),
        (b"\x16\x03\x01\x00\r\n", "400 Bad Request"),
        (b"POST /nexo HTTP/1.1\r\n\r\n", "400 Bad Request"),  # no length
        (b"POST /nexo HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "400 Bad Request"),
        (
            b"POST /nexo HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "400 Bad Request",
        ),
        (post(b"x")[:-1] + b"xy", "400 Bad Request"),  # more than was announced
        (b"POST /nexo HTTP/1.1\nContent-Length: 0\n\n", "400 Bad Request"),
        (post(b"", more=b"Content-Length: %d\r\n" % (MAX_BYTES + 1)), "400 Bad Request"),
        (b"POST /nexo HTTP/1.1\r\nContent-Length: 8193\r\n\r\n", "413 Content Too Large"),
        (
            b"POST /nexo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2001\r\n",
            "413 Content Too Large",
        ),
        (b"POST /nexo HTTP/1.1\r\n" + b"a: b\r\n" * 4000, "400 Bad Request"),
    ],
)
def test_anything_else_is_refused(micropython: Peer, raw: bytes, status: str) -> None:
    assert agree(micropython, CALLS, "received", [raw]) == ("refused", status)


def test_the_largest_message_is_taken(micropython: Peer) -> None:
    body = b"x" * MAX_BYTES
    assert agree(micropython, CALLS, "received", [post(body)]) == ("body", body)


def test_a_client_that_waits_for_a_word_is_seen(micropython: Peer) -> None:
    head = post(BODY, more=b"Expect: 100-Continue\r\n")[: -len(BODY)]
    assert agree(micropython, CALLS, "received", [head[:30]]) == ("waits", False)
    assert agree(micropython, CALLS, "received", [head]) == ("waits", True)


@given(st.lists(st.binary(max_size=60), max_size=8))
def test_only_our_own_refusal_comes_of_any_bytes(
    micropython: Peer, pieces: list[bytes]
) -> None:
    kind, _ = agree(micropython, CALLS, "received", [b"POST /nexo HTTP/1.1\r\n", *pieces])
    assert kind in ("refused", "waits", "body")
