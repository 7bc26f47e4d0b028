"""HTTP/1.1 without I/O: what goes out to the byte, and whatever may come back."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.peer import Peer, agree
from host_tests.on_micropython.http_calls import read
from milepad.base.errors import HttpError
from milepad.link.http import MAX_BODY_BYTES, ReplyParser

CALLS = "host_tests.on_micropython.http_calls"
OK = b"HTTP/1.1 200 OK\r\n"
# As the specification's samples come: chunked, with a charset.
CHUNKED = (
    OK
    + b"Content-Type: application/json;charset=UTF-8\r\nTransfer-Encoding: chunked\r\n"
    + b"Date: Mon, 29 Oct 2018 15:27:34 GMT\r\n\r\n"
    + b'7\r\n{"respo\r\n11;name="a;b"\r\nnseCode":"0000"}\n\r\n0\r\nX-Trailer: 1\r\n\r\n'
)
CHUNKED_BODY = b'{"responseCode":"0000"}\n'
MEASURED = OK + b"Content-Length: 5\r\n\r\nhello"
AFTER_INTERIM = b"HTTP/1.1 100 Continue\r\nConnection: close\r\n\r\n" + MEASURED


def reply(peer: Peer, raw: bytes) -> tuple:
    """(status, body, keep_alive) on both Pythons, whole and byte by byte."""
    whole = agree(peer, CALLS, "read", [raw])
    assert isinstance(whole, tuple)
    assert read([raw[i : i + 1] for i in range(len(raw))]) == whole
    return whole


def refused(peer: Peer, raw: bytes) -> str:
    """The text of the error that both Pythons raise, whole and byte by byte."""
    with pytest.raises(HttpError):
        read([raw[i : i + 1] for i in range(len(raw))])
    with pytest.raises(HttpError) as caught:
        agree(peer, CALLS, "read", [raw])
    return str(caught.value)


# --- what goes out ---


def test_a_request_to_the_byte(micropython: Peer) -> None:
    headers = [("Authorization", "Bearer abc"), ("Content-Type", "application/json")]
    raw = agree(
        micropython, CALLS, "request", "/checkout/amcash/echo", "h:8443", headers, b"{}"
    )
    assert raw == (
        b"POST /checkout/amcash/echo HTTP/1.1\r\nHost: h:8443\r\n"
        b"Authorization: Bearer abc\r\nContent-Type: application/json\r\n"
        b"Content-Length: 2\r\n\r\n{}"
    )


@pytest.mark.parametrize("bad", ["\r", "\n", "\r\nX-Injected: 1", "\0", "\t", "\x7f", "é"])
@pytest.mark.parametrize("place", ["path", "host", "name", "value"])
def test_no_text_can_break_the_head(micropython: Peer, place: str, bad: str) -> None:
    texts = {"path": "/a", "host": "h", "name": "X", "value": "v"}
    texts[place] += bad
    headers = [(texts["name"], texts["value"])]
    with pytest.raises(HttpError, match="printable ASCII only") as caught:
        agree(micropython, CALLS, "request", texts["path"], texts["host"], headers, b"")
    assert bad not in str(caught.value)


@given(value=st.text(max_size=30), body=st.binary(max_size=30))
def test_a_head_has_as_many_lines_as_headers_and_the_body_follows(
    micropython: Peer, value: str, body: bytes
) -> None:
    try:
        raw = agree(micropython, CALLS, "request", "/", "h", [("X", value)], body)
    except HttpError:
        return
    assert isinstance(raw, bytes)
    head, _, rest = raw.partition(b"\r\n\r\n")
    assert rest == body
    assert head.count(b"\n") == head.count(b"\r") == 3


# --- what comes back ---


def test_reads_a_reply_with_a_length(micropython: Peer) -> None:
    assert reply(micropython, MEASURED) == (200, b"hello", True)


def test_reads_a_chunked_reply_with_extensions_and_trailers(micropython: Peer) -> None:
    assert reply(micropython, CHUNKED) == (200, CHUNKED_BODY, True)


@pytest.mark.parametrize("value", [b"Chunked", b"CHUNKED", b" chunked \t"])
@pytest.mark.parametrize(
    "name", [b"Transfer-Encoding", b"transfer-encoding", b"TRANSFER-ENCODING"]
)
def test_chunked_is_known_in_any_case(micropython: Peer, name: bytes, value: bytes) -> None:
    raw = OK + name + b":" + value + b"\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    assert reply(micropython, raw) == (200, b"hello", True)


@pytest.mark.parametrize("size", [b"5", b"05", b"00000005", b"5 ", b"5;x", b"5 ; x=y"])
def test_reads_every_form_of_a_chunks_size(micropython: Peer, size: bytes) -> None:
    raw = OK + b"Transfer-Encoding: chunked\r\n\r\n" + size + b"\r\nhello\r\n0\r\n\r\n"
    assert reply(micropython, raw)[1] == b"hello"


def test_a_chunks_size_is_hexadecimal_in_either_case(micropython: Peer) -> None:
    head = OK + b"Transfer-Encoding: chunked\r\n\r\n"
    for size in (b"1a", b"1A"):
        raw = head + size + b"\r\n" + b"x" * 26 + b"\r\n0\r\n\r\n"
        assert reply(micropython, raw)[1] == b"x" * 26


def test_skips_interim_replies(micropython: Peer) -> None:
    assert reply(micropython, AFTER_INTERIM) == (200, b"hello", True)
    early = b"HTTP/1.1 103 Early Hints\r\nContent-Length: 9\r\n\r\n" * 3
    assert reply(micropython, early + CHUNKED) == (200, CHUNKED_BODY, True)


@pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified"])
def test_a_reply_that_has_no_body_is_whole_with_its_head(
    micropython: Peer, status: bytes
) -> None:
    raw = b"HTTP/1.1 " + status + b"\r\n\r\n"
    assert reply(micropython, raw) == (int(status[:3]), b"", True)


@pytest.mark.parametrize(
    "head", [b"Content-Length: 0\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"]
)
def test_reads_an_empty_body(micropython: Peer, head: bytes) -> None:
    assert reply(micropython, OK + head) == (200, b"", True)


@pytest.mark.parametrize(
    ("version", "header", "kept"),
    [
        (b"1.1", b"", True),
        (b"1.1", b"Connection: keep-alive\r\n", True),
        (b"1.1", b"Connection: close\r\n", False),
        (b"1.1", b"CONNECTION:Close\r\n", False),
        (b"1.1", b"Connection: foo, close\r\n", False),
        (b"1.0", b"", False),
    ],
)
def test_tells_whether_the_connection_stays(
    micropython: Peer, version: bytes, header: bytes, kept: bool
) -> None:
    raw = b"HTTP/" + version + b" 200 OK\r\n" + header + b"Content-Length: 0\r\n\r\n"
    assert reply(micropython, raw)[2] is kept


@pytest.mark.parametrize(
    "status", [200, 202, 301, 302, 307, 308, 400, 401, 403, 408, 409, 500, 503, 599]
)
def test_gives_back_any_final_status_a_redirect_too(micropython: Peer, status: int) -> None:
    raw = b"HTTP/1.1 %d\r\nLocation: https://evil.example/\r\n" % status
    assert reply(micropython, raw + b"Content-Length: 2\r\n\r\n{}") == (status, b"{}", True)


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 408 D\xe9lai d\xe9pass\xe9\r\n",  # a reason in Latin-1
        b"HTTP/1.1 408 D\xc3\xa9lai\r\nServer: \xff\xfe\r\n",
        b"HTTP/1.1 408 \r\nX-Blank:\r\n",
        b"HTTP/1.1 408 \r\nX-Colons: a:b:c\r\n",
    ],
)
def test_bytes_of_the_head_that_do_not_matter_may_be_anything(
    micropython: Peer, head: bytes
) -> None:
    assert reply(micropython, head + b"Content-Length: 2\r\n\r\n{}")[:2] == (408, b"{}")


def test_equal_lengths_may_be_repeated(micropython: Peer) -> None:
    raw = OK + b"Content-Length: 2\r\ncontent-length: 2\r\n\r\n{}"
    assert reply(micropython, raw)[1] == b"{}"


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 20\r\n",
        b"HTTP/1.1 2000 OK\r\n",
        b"HTTP/1.1 099 OK\r\n",
        b"HTTP/1.1 600 OK\r\n",
        b"HTTP/1.1 +20 OK\r\n",
        b"HTTP/1.1 2 0 OK\r\n",
        b"HTTP/1.1  200 OK\r\n",
        b"HTTP/1.1\t200 OK\r\n",
        b"HTTP/2 200 OK\r\n",
        b"HTTP/1.2 200 OK\r\n",
        b"http/1.1 200 OK\r\n",
        b"ICY 200 OK\r\n",
        b"200 OK\r\n",
        b"\r\n",
        b" HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\n",
    ],
)
def test_refuses_any_other_status_line(micropython: Peer, head: bytes) -> None:
    refused(micropython, head + b"Content-Length: 2\r\n\r\n{}")


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Length: -2",
        b"Content-Length: +2",
        b"Content-Length: 2 2",
        b"Content-Length: 2, 2",
        b"Content-Length: 0x2",
        b"Content-Length: 2.0",
        b"Content-Length: \xb2",
        b"Content-Length: \xa02",
        b"Content-Length: \xc2\xb2",
        b"Content-Length:",
        b"Content-Length: 000000002",
        b"Content-Length: 99999999999999999999",
        b"Content-Length: 4097",
        b"Content-Length: 2\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\r\nContent-Length: 2",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: gzip",
        b"Transfer-Encoding: gzip, chunked",
        b"Transfer-Encoding: chun\xe2\x84\xaaed",  # the Kelvin sign is no k
        b"Transfer-Encoding: identity\r\nContent-Length: 2",
        b"Transfer-Encoding:",
    ],
)
def test_refuses_a_head_that_frames_no_body(micropython: Peer, header: bytes) -> None:
    refused(micropython, OK + header + b"\r\n\r\n2\r\n{}\r\n0\r\n\r\n")


@pytest.mark.parametrize(
    "header",
    [
        b"no colon",
        b": no name",
        b" X: 1",
        b"X : 1",
        b"X\t: 1",
        b"X: folded\r\n onto: a second line",
        b"X: bare line feed\nY: 1",
    ],
)
def test_refuses_a_malformed_header_in_a_reply_that_is_good_otherwise(
    micropython: Peer, header: bytes
) -> None:
    refused(micropython, OK + header + b"\r\nContent-Length: 2\r\n\r\n{}")


@pytest.mark.parametrize(("first", "second"), [(2, 3), (3, 2)])
def test_refuses_two_lengths_whichever_fits_the_body(
    micropython: Peer, first: int, second: int
) -> None:
    head = OK + b"Content-Length: %d\r\nContent-Length: %d\r\n\r\n" % (first, second)
    for body in (b"{}", b"{} "):
        assert refused(micropython, head + body) == "two lengths"


def test_refuses_to_switch_protocols(micropython: Peer) -> None:
    switch = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"
    assert refused(micropython, switch + MEASURED) == "it switches protocols"


def test_a_body_without_a_length_ends_with_the_connection(micropython: Peer) -> None:
    raw = OK + b'Content-Type: text/html\r\n\r\n{"a":1}'
    assert reply(micropython, raw) == (200, b'{"a":1}', False)


def test_no_body_without_a_length_is_an_early_end(micropython: Peer) -> None:
    assert refused(micropython, OK + b"\r\n") == "it ended early"


def test_a_body_without_a_length_is_not_kept_beyond_the_largest(micropython: Peer) -> None:
    raw = OK + b"\r\n" + b"x" * MAX_BODY_BYTES
    assert len(reply(micropython, raw)[1]) == MAX_BODY_BYTES
    assert refused(micropython, raw + b"x") == f"over {MAX_BODY_BYTES} bytes"


@pytest.mark.parametrize(
    "chunks",
    [
        b"\r\nhello",
        b"-5\r\nhello\r\n0\r\n\r\n",
        b"+5\r\nhello\r\n0\r\n\r\n",
        b"0x5\r\nhello\r\n0\r\n\r\n",
        b"5g\r\nhello\r\n0\r\n\r\n",
        b"5_\r\nhello\r\n0\r\n\r\n",
        b";x\r\nhello\r\n0\r\n\r\n",
        b"FFFFFFFF\r\nhello",
        b"100000005\r\nhello",
        b"1801\r\n",
        b"4\r\nhello\r\n0\r\n\r\n",
        b"6\r\nhello\r\n0\r\n\r\n",
        b"5\r\nhello0\r\n\r\n",
        b"\xb5\r\nhello",
    ],
)
def test_refuses_bad_chunks(micropython: Peer, chunks: bytes) -> None:
    refused(micropython, OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)


@pytest.mark.parametrize(
    "raw", [MEASURED, CHUNKED, AFTER_INTERIM], ids=["length", "chunked", "1xx"]
)
def test_refuses_bytes_after_the_end(micropython: Peer, raw: bytes) -> None:
    assert refused(micropython, raw + b"H") == "bytes after its end"


@pytest.mark.parametrize(
    "raw", [MEASURED, CHUNKED, AFTER_INTERIM], ids=["length", "chunked", "1xx"]
)
def test_an_early_end_at_every_byte_is_an_error(micropython: Peer, raw: bytes) -> None:
    for cut in range(len(raw)):
        with pytest.raises(HttpError, match="ended early"):
            agree(micropython, CALLS, "read", [raw[:cut]])


@pytest.mark.parametrize(
    "raw", [MEASURED, CHUNKED, AFTER_INTERIM], ids=["length", "chunked", "1xx"]
)
def test_is_whole_with_its_last_byte_and_not_before(micropython: Peer, raw: bytes) -> None:
    pieces = [raw[i : i + 1] for i in range(len(raw))]
    done = agree(micropython, CALLS, "done_after", pieces)
    assert done == [False] * (len(raw) - 1) + [True]


def test_takes_the_largest_body_and_not_one_byte_more(micropython: Peer) -> None:
    body = b"x" * MAX_BODY_BYTES
    head = OK + b"Content-Length: %d\r\n\r\n"
    assert agree(micropython, CALLS, "read", [head % len(body) + body])[1] == body
    chunk = b"%x\r\n" % (len(body) // 2) + body[: len(body) // 2] + b"\r\n"
    chunked = OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 2
    assert agree(micropython, CALLS, "read", [chunked + b"0\r\n\r\n"])[1] == body
    for raw in (head % (len(body) + 1), chunked + b"1\r\n"):
        with pytest.raises(HttpError, match=f"over {MAX_BODY_BYTES} bytes"):
            agree(micropython, CALLS, "read", [raw])


@pytest.mark.parametrize(
    "endless",
    [
        b"HTTP/1.1 200 " + b"x" * 2000,
        OK + b"X: " + b"x" * 20000,
        OK + b"X: 1\r\n" * 3000,
        b"HTTP/1.1 100 Continue\r\n\r\n" * 1000,
        OK + b"Transfer-Encoding: chunked\r\n\r\n5;" + b"x" * 2000,
        OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: 1\r\n" * 3000,
        OK
        + b"Transfer-Encoding: chunked\r\n\r\n"
        + (b"1;" + b"x" * 1000 + b"\r\nx\r\n") * 17,
        b"\0" * 2000,
    ],
    ids=[
        "status",
        "header",
        "headers",
        "interim",
        "extension",
        "trailers",
        "chunks",
        "nul",
    ],
)
def test_a_head_without_an_end_is_not_kept(micropython: Peer, endless: bytes) -> None:
    assert refused(micropython, endless) == "its head is too long"


LONG = b"Content-Security-Policy: " + b"default-src 'self'; " * 200 + b"\r\n"


@pytest.mark.parametrize("place", ["first", "last", "both", "interim", "trailer"])
def test_a_long_header_that_nobody_needs_costs_nothing(
    micropython: Peer, place: str
) -> None:
    first = LONG if place in ("first", "both") else b""
    last = LONG if place in ("last", "both") else b""
    interim = b"HTTP/1.1 103 Early Hints\r\n" + LONG + b"\r\n"
    raw = OK + first + b"Connection: close\r\nTransfer-Encoding: chunked\r\n" + last
    raw += b"\r\n5\r\nhello\r\n0\r\n" + (LONG if place == "trailer" else b"") + b"\r\n"
    raw = (interim if place == "interim" else b"") + raw
    assert reply(micropython, raw) == (200, b"hello", False)


@pytest.mark.parametrize("length", [1000, 1022, 1023, 1024, 1025, 1026, 4096, 15000])
def test_a_header_of_any_length_is_skipped_to_its_end(
    micropython: Peer, length: int
) -> None:
    header = b"X-Ray: " + b"x" * (length - 9) + b"\r\n"
    assert len(header) == length
    raw = OK + header + b"Content-Length: 2\r\n\r\n{}"
    assert reply(micropython, raw) == (200, b"{}", True)


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Length: " + b" " * 1024 + b"2",
        b"Transfer-Encoding: " + b"x" * 1024,
        b"connection: " + b"x," * 1024 + b"close",
        b"x" * 2000,
        b"Content-Length : " + b"x" * 2000,
        b"X: " + b"x" * 2000 + b"\nX: 1",
    ],
)
def test_a_long_line_that_may_be_needed_is_refused(
    micropython: Peer, header: bytes
) -> None:
    refused(micropython, OK + header + b"\r\nContent-Length: 2\r\n\r\n{}")


@pytest.mark.parametrize("heads", [[8000, 8000], [4000] * 4, [15900]])
def test_sixteen_kib_of_head_are_read_and_not_more(
    micropython: Peer, heads: list[int]
) -> None:
    head = b"".join(b"X: " + b"x" * (size - 5) + b"\r\n" for size in heads)
    end = b"Content-Length: 2\r\n\r\n"
    assert len(OK + head + end) <= 16384
    assert reply(micropython, OK + head + end + b"{}")[1] == b"{}"
    more = b"Y: " + b"y" * (16384 - len(OK + head + end)) + b"\r\n"
    assert refused(micropython, OK + head + more + end + b"{}") == "its head is too long"


@given(
    raw=st.sampled_from([MEASURED, CHUNKED, AFTER_INTERIM, OK + LONG + MEASURED[17:]]),
    cuts=st.lists(st.integers(0, 5000), max_size=12),
)
def test_any_split_of_the_bytes_gives_the_same_reply(
    micropython: Peer, raw: bytes, cuts: list[int]
) -> None:
    places = sorted({0, len(raw), *[cut % len(raw) for cut in cuts]})
    pieces = [raw[a:b] for a, b in itertools.pairwise(places)]
    assert agree(micropython, CALLS, "read", pieces) == read([raw])


WORDS = [
    b"HTTP/1.1 200 OK", b"HTTP/1.0 100 x", b"\r\n", b"\n", b"\r", b"\r\n\r\n", b":", b" ",
    b"Content-Length", b"Transfer-Encoding", b"Connection", b"chunked", b"close", b"5",
    b"0", b"-1", b"FFFFFFFF", b";", b"hello", b"\xff", b"\0", b"\xc2\xb2", MEASURED, CHUNKED,
]  # fmt: skip
HOSTILE = st.lists(st.sampled_from(WORDS) | st.binary(max_size=8), max_size=20) | st.tuples(
    st.just(OK), st.binary(max_size=60)
).map(list)


@given(pieces=HOSTILE)
def test_any_bytes_are_a_reply_or_an_http_error(
    micropython: Peer, pieces: list[bytes]
) -> None:
    try:
        found = agree(micropython, CALLS, "read", pieces)
    except HttpError as fault:
        with pytest.raises(HttpError):
            read([b"".join(pieces)])
        assert len(str(fault)) < 60  # the text never carries what came
        return
    assert read([b"".join(pieces)]) == found


def test_the_replys_own_date_counts_not_an_interim_replys() -> None:
    parser = ReplyParser(bytearray())
    parser.feed(b"HTTP/1.1 103 Early\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n")
    parser.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    assert parser.done and parser.date == b""


def test_a_date_in_a_trailer_is_none() -> None:
    parser = ReplyParser(bytearray())
    parser.feed(b"HTTP/1.1 200 OK\r\ndAtE: Sun, 06 Nov 1994 08:49:37 GMT\r\n")
    parser.feed(b"Transfer-Encoding: chunked\r\n\r\n0\r\n")
    parser.feed(b"Date: Mon, 07 Nov 1994 08:49:37 GMT\r\n\r\n")
    assert parser.done and parser.date == b"Sun, 06 Nov 1994 08:49:37 GMT"


def test_a_date_that_is_none_is_not_kept() -> None:
    parser = ReplyParser(bytearray())
    parser.feed(
        b"HTTP/1.1 200 OK\r\nDate: " + b"x" * 500 + b"\r\nContent-Length: 0\r\n\r\n"
    )
    assert parser.done and parser.date == b""
