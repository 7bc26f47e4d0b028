"""TLS for CPython, where the firmware is tested fast: the same interface over asyncio streams."""

import asyncio
import socket
import ssl
import tempfile
from binascii import b2a_base64

from milepad.base.compat import TYPE_CHECKING, split_der
from milepad.base.errors import TlsError
from milepad.link.refusals import refusal

if TYPE_CHECKING:
    from milepad.link.protocols import Progress


def client_context(ca_der: bytes) -> ssl.SSLContext:
    """What verifies peers against these roots (see `split_der`), for any number of connections.

    Raises TlsError when one is no root certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        for root in split_der(ca_der):  # OpenSSL skips what follows the last
            context.load_verify_locations(cadata=root)
    except (ssl.SSLError, ValueError):  # ValueError: there is nothing in it
        raise TlsError("the root certificate cannot be used")
    return context


def server_context(certificate: bytes, key: bytes) -> ssl.SSLContext:
    """What a listening port shows its clients: one certificate, and its key (PKCS #8), DER.

    Raises TlsError when they are none, or do not belong together.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    body = b"\n".join(
        b2a_base64(key[at : at + 48]).strip() for at in range(0, len(key), 48)
    )
    text = ssl.DER_cert_to_PEM_cert(certificate).encode()
    with tempfile.NamedTemporaryFile() as file:  # OpenSSL reads them from a file alone
        file.write(
            b"%s-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n" % (text, body)
        )
        file.flush()
        try:
            context.load_cert_chain(file.name)
        except OSError:
            raise TlsError("the certificate cannot be used")
    return context


class TlsStream:
    """The client's end of one TLS connection over a connected, non-blocking socket."""

    def __init__(self, sock: socket.socket, host: str, context: ssl.SSLContext):
        self._sock = sock
        self._host = host
        self._reader = None
        self._writer = None
        self._context = context

    async def handshake(self) -> None:
        """Verifies the peer; raises TlsError when it is not who it should be."""
        try:
            self._reader, self._writer = await asyncio.open_connection(
                sock=self._sock, ssl=self._context, server_hostname=self._host
            )
        except ssl.SSLError as fault:
            raise refusal(fault)

    async def write(self, raw: bytes | memoryview, progress: "Progress") -> None:
        """Sends all of `raw`; `progress.sent` is set before the first byte can leave."""
        progress.check()
        progress.sent = True
        self._writer.write(bytes(raw))
        await self._writer.drain()

    async def read(self, count: int) -> bytes:
        """At most `count` bytes; b"" at the end of the connection."""
        return await self._reader.read(count)

    def is_idle(self) -> bool:
        """Whether nothing has arrived that nobody asked for, a close included."""
        reader = self._reader
        try:
            self._sock.recv(1, socket.MSG_PEEK)  # what the loop has not read yet
        except BlockingIOError:
            return not (reader.at_eof() or reader._buffer or reader.exception())
        except OSError:
            pass
        return False

    def close(self) -> None:
        """Frees the socket."""
        if self._writer is not None:
            self._writer.transport.abort()
        else:
            self._sock.close()
