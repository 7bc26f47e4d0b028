"""The Feather's radio, sockets and TLS, over the host's loopback; TLS is mbedTLS, as there."""

import errno
import select
import socket
from binascii import a2b_base64

import tls

_VERIFY_FAILED = -0x2700  # MBEDTLS_ERR_X509_CERT_VERIFY_FAILED
_NO_SUCH_NAME = -2
_ANSWER_MS = 20000


class gaierror(OSError):
    """Raised by `getaddrinfo`."""


def make(wires, hosts):
    """{module: {name: what it is}}; `hosts` {name: [address, port]} are where names lead."""

    class Access:
        rssi = -61

    class Radio:
        enabled = True
        connected = False

        def connect(self, ssid, password=b"", *, channel=0, bssid=None, timeout=None):
            wires.look()
            self.connected = wires.wifi
            if not self.connected:
                raise OSError("No network with that ssid")

        def stop_station(self):
            self.connected = False

        @property
        def ap_info(self):
            wires.look()
            return Access() if self.connected and wires.wifi else None

        @property
        def ipv4_address(self):
            wires.look()
            self.connected = self.connected and wires.wifi
            return "192.168.4.2" if self.connected else None

    class Socket:
        """A plain socket; the stubs' names, over MicroPython's.

        What a datagram asks is answered at once, though the desktop that answers is busy.
        """

        def __init__(self, family, kind):
            self.type = kind
            self._socket = socket.socket(family, kind)
            self._has_asked = False

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.close()

        def settimeout(self, value):
            self._socket.settimeout(value)

        def connect(self, address):
            self._socket.connect(_sockaddr(address))

        def send(self, raw):
            return self._socket.send(raw)

        def sendto(self, raw, address):
            self._has_asked = True
            return self._socket.sendto(raw, _sockaddr(address))

        def recv_into(self, buffer, bufsize=0):
            if self._has_asked:
                self._has_asked = False
                answers = select.poll()
                answers.register(self._socket, select.POLLIN)
                answers.poll(_ANSWER_MS)
            raw = self._socket.recv(bufsize or len(buffer))
            buffer[: len(raw)] = raw
            return len(raw)

        def close(self):
            self._socket.close()

    class SocketPool:
        AF_INET = socket.AF_INET
        SOCK_STREAM = socket.SOCK_STREAM
        SOCK_DGRAM = socket.SOCK_DGRAM
        EAI_NONAME = _NO_SUCH_NAME

        def __init__(self, radio):
            if not isinstance(radio, Radio):
                raise TypeError("radio must be of type Radio")

        def getaddrinfo(self, host, port, family=0, type=0, proto=0, flags=0):  # noqa: A002
            if not radio.ipv4_address or host not in hosts:
                raise gaierror(_NO_SUCH_NAME, "Name or service not known")
            address, there = hosts[host]
            return [
                (
                    socket.AF_INET,
                    type or socket.SOCK_STREAM,
                    0,
                    "",
                    (address, there or port),
                )
            ]

        def socket(self, family=socket.AF_INET, type=socket.SOCK_STREAM, proto=0):  # noqa: A002
            return Socket(family, type)

    SocketPool.gaierror = gaierror
    radio = Radio()
    return {
        "wifi": {"radio": radio, "Radio": Radio},
        "socketpool": {"SocketPool": SocketPool, "Socket": Socket},
        "ssl": {
            "SSLContext": SSLContext,
            "SSLSocket": SSLSocket,
            "create_default_context": SSLContext,
        },
    }


def _sockaddr(address):
    return socket.getaddrinfo(address[0], address[1])[0][-1]


class SSLContext:
    """CircuitPython's: it verifies always, and takes roots in one text of PEM."""

    check_hostname = True

    def __init__(self):
        self._native = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
        self._native.verify_mode = tls.CERT_REQUIRED

    def load_verify_locations(self, cafile=None, capath=None, cadata=None):
        if cafile is not None or capath is not None:
            raise NotImplementedError("cafile")
        before, *blocks = cadata.split("-----BEGIN CERTIFICATE-----\n")
        if before or not blocks:
            raise ValueError("invalid cert")
        for block in blocks:
            text = block.split("-----")[0].replace("\n", "")
            self._native.load_verify_locations(a2b_base64(text))

    def load_cert_chain(self, certfile, keyfile):
        raise NotImplementedError

    def set_default_verify_paths(self):
        """The firmware's bundle of roots, which is not here."""

    def wrap_socket(self, sock, *, server_side=False, server_hostname=None):
        return SSLSocket(sock, self._native, server_hostname)


class SSLSocket:
    """It shakes hands while it connects; afterwards it may be told not to block."""

    def __init__(self, plain, context, host):
        self._plain = plain
        self._context = context
        self._host = host
        self._native = None

    def settimeout(self, value):
        self._plain.settimeout(value)

    def setblocking(self, flag):
        self.settimeout(None if flag else 0)

    def connect(self, address):
        self._plain.connect(address)
        try:
            self._native = self._context.wrap_socket(
                self._plain._socket, server_hostname=self._host
            )
        except ValueError:  # how MicroPython tells that the chain or the name is refused
            raise OSError(_VERIFY_FAILED, "X509_CERT_VERIFY_FAILED") from None

    def send(self, raw):
        return self._some(self._native.write(raw))

    def recv_into(self, buffer, bufsize=0):
        view = memoryview(buffer)
        return self._some(self._native.readinto(view[:bufsize] if bufsize else view))

    def _some(self, count):
        if count is None:
            raise OSError(errno.EAGAIN)
        return count

    def close(self):
        if self._native is not None:
            self._native.close()
        self._plain.close()
