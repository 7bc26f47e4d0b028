"""The port that tills connect to: it serves on, whatever a client does, and leaks nothing."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from host_tests.kit.ports import own_port
from host_tests.kit.until import LONG_S, until
from milepad.base.errors import TlsError
from milepad.link import tls_cpython
from tools import micropython

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "host_tests/on_micropython/listening.py"
CAPACITY = 3


class Server(NamedTuple):
    process: subprocess.Popen[str]
    port: int
    context: ssl.SSLContext

    def descriptors(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=LONG_S)

    def shaken(self, context: ssl.SSLContext | None = None) -> ssl.SSLSocket:
        return (context or self.context).wrap_socket(
            self.connect(), server_hostname="localhost"
        )

    def answers(self) -> bool:
        with self.shaken() as stream:
            stream.sendall(b"hello\n")
            return stream.recv(100) == b"heard hello\n"

    def is_free(self) -> bool:
        """Whether it answers: an end is noticed in a moment, until then it may be full."""
        with contextlib.suppress(OSError):
            return self.answers()
        return False


def der_files(folder: Path, authority: trustme.CA) -> list[str]:
    issued = authority.issue_cert("localhost", key_type=trustme.KeyType.ECDSA)
    certificate = x509.load_pem_x509_certificate(issued.cert_chain_pems[0].bytes())
    key = serialization.load_pem_private_key(issued.private_key_pem.bytes(), None)
    (folder / "certificate").write_bytes(
        certificate.public_bytes(serialization.Encoding.DER)
    )
    (folder / "key").write_bytes(
        key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return [str(folder / "certificate"), str(folder / "key")]


@pytest.fixture(params=["micropython", "cpython"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    authority = trustme.CA()
    context = ssl.create_default_context()
    authority.configure_trust(context)
    on_chip = request.param == "micropython"
    command = micropython.command() if on_chip else [sys.executable, "-u"]
    paths = {
        "MICROPYPATH": f"{ROOT / 'firmware'}:.frozen",
        "PYTHONPATH": f"{ROOT / 'firmware'}",
    }
    words = [*command, str(SCRIPT)]
    with own_port() as port:
        words += [str(port), str(CAPACITY), *der_files(tmp_path, authority)]
        with subprocess.Popen(
            words, stdout=subprocess.PIPE, env={**os.environ, **paths}, text=True
        ) as process:
            assert process.stdout
            assert process.stdout.readline() == "listening\n"
            yield Server(process, port, context)
            process.kill()


def not_tls(server: Server) -> None:
    with server.connect() as sock:
        sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
        with contextlib.suppress(ConnectionResetError):
            while sock.recv(100):
                pass


def half_a_record(server: Server) -> None:
    with server.connect() as sock:
        sock.sendall(b"\x16\x03\x01\x02\x00\x01")


def reset(server: Server) -> None:
    with server.connect() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def no_trust(server: Server) -> None:
    with contextlib.suppress(OSError):
        server.shaken(ssl.create_default_context()).close()


def served(server: Server) -> None:
    assert server.answers()


def failing(server: Server) -> None:
    with server.shaken() as stream, contextlib.suppress(OSError):
        stream.sendall(b"fail\n")
        assert stream.recv(100) == b""


@pytest.mark.parametrize(
    "client", [not_tls, half_a_record, reset, no_trust, served, failing]
)
def test_a_client_costs_no_descriptor(server: Server, client) -> None:  # type: ignore[no-untyped-def]
    before = server.descriptors()
    for _ in range(2 * CAPACITY):
        client(server)
        until(lambda: server.descriptors() <= before)  # it may not have come yet, or gone
    until(server.is_free, "it stays full")  # so all who came before have come
    until(lambda: server.descriptors() <= before, "descriptors stay open")


def test_a_silent_client_holds_up_nobody(server: Server) -> None:
    with server.connect():
        assert server.answers()


def test_one_too_many_is_closed_as_it_comes(server: Server) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(CAPACITY):
            stream = stack.enter_context(server.shaken())
            stream.sendall(b"hello\n")
            assert stream.recv(100)
        # CPython shakes hands before anybody is asked.
        with contextlib.suppress(OSError), server.shaken() as late:
            late.sendall(b"hello\n")
            assert late.recv(100) == b""
    until(server.is_free, "it stays full")


def test_no_certificate_is_told(tmp_path: Path) -> None:
    with pytest.raises(TlsError, match="certificate"):
        tls_cpython.server_context(b"no certificate", b"no key")


def test_a_key_of_another_certificate_is_told(tmp_path: Path) -> None:
    authority = trustme.CA()
    first = [Path(name).read_bytes() for name in der_files(tmp_path, authority)]
    second = [Path(name).read_bytes() for name in der_files(tmp_path, authority)]
    with pytest.raises(TlsError, match="certificate"):
        tls_cpython.server_context(first[0], second[1])
