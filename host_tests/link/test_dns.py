"""DNS to the byte, and look-ups at a real name server that let the other tasks run."""

from __future__ import annotations

import ipaddress
import socket
import struct
import threading
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.others import MANY_TURNS, OthersRun
from host_tests.kit.peer import Peer, agree
from host_tests.on_micropython import dns_calls, sockets_calls

CALLS = "host_tests.on_micropython.dns_calls"
A, AAAA, ALIAS = 1, 28, 5
HOST = "api.example.com"
# RFC 1035, section 4.1: the head of one question that asks to recurse, then the name.
QUESTION = bytes.fromhex("1234 0100 0001 0000 0000 0000") + b"\3api\7example\3com\0\0\1\0\1"


def record(kind: int, value: bytes, name: bytes = b"\xc0\x0c") -> bytes:
    return name + struct.pack(">HHIH", kind, 1, 60, len(value)) + value


def answer(question: bytes, *records: bytes, flags: int = 0x8180) -> bytes:
    head = struct.pack(">HHHHH", flags, 1, len(records), 0, 0)
    return question[:2] + head + question[12:] + b"".join(records)


def packed(address: str) -> bytes:
    return ipaddress.ip_address(address).packed


def test_a_question_to_the_byte(micropython: Peer) -> None:
    for host in (HOST, HOST + "."):
        assert agree(micropython, CALLS, "question", 0x1234, host, A) == QUESTION


@pytest.mark.parametrize(
    "host", ["", ".", "a..b", "a" * 64, ".".join(["a" * 60] * 5), "é" * 40]
)
def test_what_can_be_no_name_is_not_asked_for(micropython: Peer, host: str) -> None:
    with pytest.raises(ValueError, match="name"):
        agree(micropython, CALLS, "question", 1, host, A)


def test_reads_the_addresses_behind_an_alias(micropython: Peer) -> None:
    alias = record(ALIAS, b"\3cdn\7example\3net\0")
    raw = answer(
        QUESTION,
        alias,
        record(A, packed("192.0.2.7"), b"\3cdn\7example\3net\0"),
        record(A, packed("198.51.100.255")),
    )
    found = agree(micropython, CALLS, "addresses", raw, QUESTION)
    assert found == ["192.0.2.7", "198.51.100.255"]


@given(st.lists(st.ip_addresses(v=6), max_size=4))
def test_reads_ipv6_addresses(
    micropython: Peer, addresses: list[ipaddress.IPv6Address]
) -> None:
    question = dns_calls.question(7, HOST, AAAA)
    raw = answer(question, *[record(AAAA, each.packed) for each in addresses])
    found = agree(micropython, CALLS, "addresses", raw, question)
    assert isinstance(found, list)
    assert [ipaddress.ip_address(each) for each in found] == addresses


def test_a_name_that_does_not_exist_has_no_addresses(micropython: Peer) -> None:
    raw = answer(QUESTION, flags=0x8183)
    assert agree(micropython, CALLS, "addresses", raw, QUESTION) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        QUESTION,  # an echo is no answer
        b"\0\0" + answer(QUESTION)[2:],
        answer(QUESTION[:-3] + b"\x1c\0\1"),
        answer(dns_calls.question(0x1234, "other.example.com", A)),
        answer(QUESTION, flags=0x8182),  # the server failed
        answer(QUESTION, flags=0x8185),  # it refused
        answer(QUESTION, record(A, packed("192.0.2.7")))[:-5][:-6],
    ],
    ids=["nothing", "echo", "id", "kind", "name", "failed", "refused", "cut"],
)
def test_what_is_no_answer_to_the_question_is_ignored(
    micropython: Peer, raw: bytes
) -> None:
    assert agree(micropython, CALLS, "addresses", raw, QUESTION) is None


@given(st.binary(max_size=80), st.integers(0, 3))
def test_any_bytes_are_an_answer_or_ignored(
    micropython: Peer, raw: bytes, count: int
) -> None:
    head = QUESTION[:2] + struct.pack(">HHHHH", 0x8180, 1, count, 0, 0) + QUESTION[12:]
    for each in (raw, head + raw):
        found = agree(micropython, CALLS, "addresses", each, QUESTION)
        assert found is None or isinstance(found, list)


# --- look-ups ---


class NameServer:
    """Answers on UDP, once the `others` run, but for the first `lost` questions of each kind."""

    def __init__(
        self, zone: dict[int, list[str]], others: OthersRun | None, lost: int
    ) -> None:
        self._zone, self._others, self._lost = zone, others, lost
        self.asked: list[int] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.1)
        self.port: int = self._socket.getsockname()[1]
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                question, client = self._socket.recvfrom(512)
            except TimeoutError:
                continue
            kind = question[-3]
            self.asked.append(kind)
            if self.asked.count(kind) > self._lost:
                if self._others is not None:
                    self._others.wait()
                    self._others = None
                records = [record(kind, packed(each)) for each in self._zone.get(kind, [])]
                self._socket.sendto(answer(question, *records), client)

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        self._socket.close()


@pytest.fixture
def name_server() -> Iterator[Callable[..., NameServer]]:
    servers = []

    def start(
        zone: dict[int, list[str]], others: OthersRun | None = None, lost: int = 0
    ) -> NameServer:
        servers.append(NameServer(zone, others, lost))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


LookUp = Callable[..., object]


@pytest.fixture(params=["cpython", "micropython"])
def look_up(request: pytest.FixtureRequest, micropython: Peer) -> LookUp:
    """Looks a host up on one of the two Pythons."""

    def asked(
        server: NameServer, host: str = HOST, turns: int = MANY_TURNS, tell_port: int = 0
    ) -> object:
        args = (host, server.port, turns, tell_port)
        if request.param == "cpython":
            return sockets_calls.looked_up(*args)
        return micropython.call(sockets_calls.__name__, "looked_up", *args)

    return asked


def test_a_host_has_the_addresses_that_the_name_server_knows(
    look_up: LookUp, name_server: Callable[..., NameServer]
) -> None:
    server = name_server({A: ["192.0.2.7", "192.0.2.8"]})
    assert look_up(server) == ["192.0.2.7", "192.0.2.8"]


def test_a_host_with_ipv6_alone_is_found(
    look_up: LookUp, name_server: Callable[..., NameServer]
) -> None:
    assert look_up(name_server({AAAA: ["2001:db8::7"]})) == ["2001:db8:0:0:0:0:0:7"]


def test_a_host_that_nobody_knows_is_an_error(
    look_up: LookUp, name_server: Callable[..., NameServer]
) -> None:
    assert look_up(name_server({})) == "no such host"


@pytest.mark.parametrize("host", ["192.0.2.9", "2001:db8::9"])
def test_an_address_is_not_looked_up(
    look_up: LookUp, name_server: Callable[..., NameServer], host: str
) -> None:
    server = name_server({})
    assert look_up(server, host) == [host]
    assert server.asked == []


def test_the_other_tasks_run_while_a_slow_name_server_thinks(
    look_up: LookUp, name_server: Callable[..., NameServer]
) -> None:
    others = OthersRun()
    server = name_server({A: ["192.0.2.7"]}, others)
    assert look_up(server, tell_port=others.port) == ["192.0.2.7"]
    others.close()


def test_a_question_that_was_lost_is_asked_again(
    look_up: LookUp, name_server: Callable[..., NameServer]
) -> None:
    server = name_server({A: ["192.0.2.7"]}, lost=1)
    assert look_up(server) == ["192.0.2.7"]
    assert server.asked.count(A) >= 2


def test_who_waits_sets_the_limit(
    look_up: LookUp, name_server: Callable[..., NameServer]
) -> None:
    assert look_up(name_server({}, lost=99), turns=40) == "too late"


def test_the_other_tasks_run_under_a_flood_of_what_is_no_answer(micropython: Peer) -> None:
    for found, turns in (
        sockets_calls.flooded(300),
        micropython.call(sockets_calls.__name__, "flooded", 300),
    ):
        assert found == ["192.0.2.7"]
        assert turns >= 300


@pytest.mark.parametrize(
    ("records", "count"),
    [
        (b"", 65535),  # none of the many that it promises
        (b"\xc0\x0c" * 200, 1),  # a name that points to itself
        (b"\x3f" + b"a" * 20, 1),  # a name that ends beyond the end
        (b"\xc0\x0c\0\1\0\1\0\0\0\x3c\xff\xff\xc0\0", 1),  # a value beyond it
    ],
)
def test_an_answer_that_runs_beyond_its_end_is_ignored_or_has_no_address(
    micropython: Peer, records: bytes, count: int
) -> None:
    head = struct.pack(">HHHHH", 0x8180, 1, count, 0, 0)
    raw = QUESTION[:2] + head + QUESTION[12:] + records
    assert not agree(micropython, CALLS, "addresses", raw, QUESTION)
