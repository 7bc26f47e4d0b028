"""TLS for MicroPython: a non-blocking socket under the `tls` module, awaited through asyncio.

The handshake runs inside the first write, so that no task ever waits for it with the others
standing still. A write that returned a count has handed a whole record to the network.
"""

from asyncio import core

# mypy: disable-error-code="attr-defined"
import tls

from milepad.base.compat import TYPE_CHECKING, const, split_der
from milepad.base.errors import TlsError
from milepad.link.refusals import HUNG_UP, refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from milepad.link.protocols import Progress, Socket

_CONN_EOF = const(-0x7280)  # MBEDTLS_ERR_SSL_CONN_EOF


class Context:
    """A TLS context that tells whether the peer has shown a certificate.

    `check(der, depth)`: a check of each certificate beside the library's own; 0 or an error.
    """

    def __init__(self, context: tls.SSLContext):
        self.tls = context
        self.has_certificate = False
        self.check: "Callable[[memoryview, int], int] | None" = None
        context.verify_callback = self._verify

    def _verify(self, der: memoryview, depth: int) -> int:
        self.has_certificate = True
        return self.check(der, depth) if self.check else 0


def client_context(ca_der: bytes) -> Context:
    """What verifies peers against these roots (see `split_der`), for any number of connections.

    Raises TlsError when one is no root certificate.
    """
    context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
    context.verify_mode = tls.CERT_REQUIRED
    try:
        for root in split_der(ca_der):  # mbedTLS reads one at a time, and keeps all
            context.load_verify_locations(root)
    except (OSError, ValueError):
        raise TlsError("the root certificate cannot be used")
    return Context(context)


def server_context(certificate: bytes, key: bytes) -> tls.SSLContext:
    """What a listening port shows its clients: one certificate, and its key (PKCS #8), DER.

    Raises TlsError when they are none, or do not belong together.
    """
    context = tls.SSLContext(tls.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ValueError):
        raise TlsError("the certificate cannot be used")
    return context


class TlsStream:
    """The client's end of one TLS connection over a connected, non-blocking socket."""

    def __init__(self, sock: "Socket", host: str, context: Context):
        self._sock = sock
        self._ready = False
        self._context = context
        context.has_certificate = False
        try:
            self._tls = context.tls.wrap_socket(
                sock, server_hostname=host, do_handshake_on_connect=False
            )
        except (OSError, ValueError):
            sock.close()
            raise TlsError("TLS cannot be set up")

    async def handshake(self) -> None:
        """Nothing to wait for: the first write shakes hands."""

    # A generator, as `read` is: MicroPython's asyncio awaits it like any coroutine.
    def write(self, raw: bytes | memoryview, progress: "Progress") -> "Any":
        """Sends all of `raw`; `progress.sent` is set with the first whole record.

        Any of the tries may be the one that ends the handshake and sends it.
        """
        view = memoryview(raw)
        while len(view) > 0:
            progress.check()
            count = self._write_some(view)
            if count:
                progress.sent = self._ready = True
                view = view[count:]
            else:
                # The queue learns from the TLS layer which way it waits; while shaking
                # hands that is mostly for the peer.
                yield core._io_queue.queue_write(self._tls)

    def _write_some(self, view: memoryview) -> int | None:
        try:
            return self._tls.write(view)
        except (ValueError, OSError) as fault:
            has_certificate = self._context.has_certificate
            if not self._ready and _is_refusal(fault, has_certificate):
                raise refusal(fault, not has_certificate)
            raise

    def read(self, count: int) -> "Any":
        """At most `count` bytes; b"" at the end of the connection."""
        while True:
            raw = self._read_some(count)
            if raw is not None:
                return raw
            yield core._io_queue.queue_read(self._tls)

    def _read_some(self, count: int) -> bytes | None:
        """`read` reads on after the last bytes, and hides TLS's own goodbye there: what is
        told then is the end of the TCP connection. Whether all has come, the reader knows."""
        try:
            return self._tls.read(count)
        except OSError as fault:
            if fault.errno == _CONN_EOF:
                return b""
            raise

    def is_idle(self) -> bool:
        """Whether nothing has arrived that nobody asked for, a close included."""
        try:
            return self._tls.read(1) is None
        except (OSError, ValueError):
            return False

    def close(self) -> None:
        """Frees the socket."""
        core._io_queue.remove(self._tls)
        self._tls.close()
        self._sock.close()


def _is_refusal(fault: Exception, has_certificate: bool) -> bool:
    """mbedTLS reports a refused name or chain as ValueError, its own faults below -0x1000.

    One of those says only that the peer has closed. A peer that hangs up when we answer its
    certificate refuses us too: its alert was lost in the reset.
    """
    if isinstance(fault, ValueError):
        return True
    number = fault.errno or 0
    if has_certificate and number in HUNG_UP:
        return True
    return number < -0x1000 and number != _CONN_EOF
