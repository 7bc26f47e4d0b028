"""A TLS server that does what a script says and keeps every application byte it gets."""

from __future__ import annotations

import contextlib
import datetime
import socket
import ssl
import struct
import threading
from collections.abc import Callable

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from host_tests.kit.until import LONG_S

END_OF_HEAD = b"\r\n\r\n"


class Exchange:
    """One accepted connection: `index` counts them, `stream` speaks TLS once shaken."""

    def __init__(self, index: int, sock: socket.socket, context: ssl.SSLContext) -> None:
        self.index = index
        self.sock = sock
        self.stream: ssl.SSLSocket | None = None
        self._context = context
        self.requests: list[bytes] = []

    def shake_hands(self, lingers: bool = False) -> None:
        """Raises OSError where it fails; if it `lingers`, only when the client has gone."""
        self.stream = self._context.wrap_socket(
            self.sock, server_side=True, do_handshake_on_connect=False
        )
        try:
            self.stream.do_handshake()
        except ssl.SSLError:
            while lingers and socket.socket.recv(self.stream, 4096):
                pass
            raise

    def request(self) -> bytes:
        """The next whole request; b"" when the client has closed."""
        assert self.stream
        raw = b""
        while END_OF_HEAD not in raw or len(raw) < _length(raw):
            piece = self.stream.recv(4096)
            if not piece:
                break
            raw += piece
        if raw:
            self.requests.append(raw)
        return raw

    def reply(self, raw: bytes) -> None:
        assert self.stream
        self.stream.sendall(raw)

    def reset(self) -> None:
        """Ends without a word: RST instead of a TLS or TCP goodbye."""
        sock = self.stream or self.sock
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()

    def goodbye(self) -> None:
        """TLS's own goodbye, which waits for no answer; the connection ends with the script."""
        assert self.stream
        self.stream.settimeout(0)
        with contextlib.suppress(ssl.SSLWantReadError):
            self.stream.unwrap()

    def cut(self) -> None:
        """Ends the TCP connection without TLS's own goodbye."""
        (self.stream or self.sock).close()


def _length(raw: bytes) -> int:
    head, _, _ = raw.partition(END_OF_HEAD)
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return len(head) + len(END_OF_HEAD) + int(line.split(b":")[1])
    return 0


class TlsServer:
    """Plays `script(exchange)` for each connection, in threads, until it is closed."""

    def __init__(
        self, context: ssl.SSLContext, script: Callable[[Exchange], object]
    ) -> None:
        self._context = context
        self._script = script
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.exchanges: list[Exchange] = []
        self.over = threading.Event()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.settimeout(LONG_S)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            exchange = Exchange(len(self.exchanges), sock, self._context)
            self.exchanges.append(exchange)
            thread = threading.Thread(target=self._play, args=[exchange], daemon=True)
            self._threads.append(thread)
            thread.start()

    def _play(self, exchange: Exchange) -> None:
        try:
            self._script(exchange)
        except OSError:
            pass
        finally:
            (exchange.stream or exchange.sock).close()

    @property
    def requests(self) -> list[bytes]:
        """Every request that arrived, in order."""
        return [raw for exchange in self.exchanges for raw in exchange.requests]

    def close(self) -> None:
        if self.over.is_set():
            return
        self.over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(LONG_S)


def der(authority: trustme.CA) -> bytes:
    return ssl.PEM_cert_to_DER_cert(authority.cert_pem.bytes().decode())


def server_context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def self_signed() -> trustme.LeafCert:
    """A certificate for localhost that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    return trustme.LeafCert(
        private, certificate.public_bytes(serialization.Encoding.PEM), []
    )
