"""HTTP/1.1 without I/O: a request becomes bytes, bytes become a reply (RFC 9112).

It knows Content-Length and chunked bodies and those that end with the connection, skips
interim replies and long headers that nobody needs, bounds everything that it keeps and refuses
whatever it cannot frame. It follows no redirects, and knows no socket.
"""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.errors import HttpError

if TYPE_CHECKING:
    from milepad.link.protocols import Headers

_MAX_LINE_BYTES = const(1024)  # of what is read; the rest of a longer header is skipped
_MAX_HEAD_BYTES = const(16384)  # all lines of a reply, read or skipped
MAX_BODY_BYTES = 6144  # a reply with a token of 4 KiB is the longest
_BUFFER_BYTES = const(1024)

_DATE_BYTES = const(40)  # it has 29; dates are parsed only where somebody asks

_STATUS = const(0)
_HEADERS = const(1)
_BODY = const(2)
_CHUNK_SIZE = const(3)
_CHUNK = const(4)
_CHUNK_END = const(5)
_TRAILERS = const(6)
_BODY_TO_END = const(7)
_DONE = const(8)

_FRAMING = (b"content-length", b"transfer-encoding", b"connection")


def encode_request(
    path: str, host: str, headers: "Headers", body: bytes
) -> tuple[bytearray, int]:
    """A POST as (buffer, count): the first `count` bytes of the buffer go out.

    `headers` are (name, value) beside the usual ones. The buffer has at least 1 KiB, because
    the reply's body may be put there afterwards: request and reply share one contiguous piece
    of heap. Raises HttpError when a text would break the framing of the head.
    """
    parts = [b"POST ", _printable(path), b" HTTP/1.1\r\nHost: ", _printable(host)]
    for name, value in headers:
        parts.extend([b"\r\n", _printable(name), b": ", _printable(value)])
    parts.append(("\r\nContent-Length: %d\r\n\r\n" % len(body)).encode())
    parts.append(body)
    count = sum([len(part) for part in parts])
    buffer = bytearray(max(count, _BUFFER_BYTES))
    count = 0
    for part in parts:
        buffer[count : count + len(part)] = part
        count += len(part)
    return buffer, count


def _printable(text: str) -> bytes:
    raw = text.encode()
    if not all(32 <= b <= 126 for b in raw):
        raise HttpError("a header may hold printable ASCII only")
    return raw


def _number(raw: bytes, base: int) -> int:
    """A non-negative number of at most 8 digits; int() alone takes signs and blanks too."""
    allowed = b"0123456789abcdefABCDEF"[: 10 if base == 10 else 22]
    if not 0 < len(raw) <= 8 or any(c not in allowed for c in raw):
        raise HttpError("a length is no number")
    return int(raw, base)


class ReplyParser:
    """Takes a reply's bytes as they come; `done` tells when it is whole.

    Then `status`, `body` (a bytearray), `keep_alive`, `date` and `retry_after` (their texts,
    see `reply_date`) hold what arrived. The body lies in `buffer` if that is large enough.
    """

    max_body_bytes = MAX_BODY_BYTES

    def __init__(self, buffer: bytearray):
        self.done = False
        self.status = 0
        self.keep_alive = True
        self.date = b""
        self.retry_after = b""
        self._state = _STATUS
        self._line = bytearray()
        self._is_cut = False  # whether the line's rest is skipped
        self._head_bytes = 0
        self._length = -1
        self._chunked = False
        self._remaining = 0
        self._buffer = buffer
        self._filled = 0  # bytes of the body, so far
        self.body = bytearray()

    def feed(self, raw: bytes) -> None:
        """Takes the next bytes. Raises HttpError when they cannot be a reply.

        Bytes after the end of the reply are an error too: nobody asked for them.
        """
        at = 0
        while at < len(raw):
            if self._state == _DONE:
                raise HttpError("bytes after its end")
            if self._state in (_BODY, _CHUNK):
                at += self._take_body(raw, at)
            elif self._state == _BODY_TO_END:
                at += self._take_rest(raw, at)
            else:
                at = self._take_line(raw, at)

    def end(self) -> None:
        """The connection has ended. Raises HttpError unless the reply is whole.

        Of a body without a length the reader has to see by itself whether it is whole.
        """
        if self._state == _BODY_TO_END and self._filled:
            self._finish()
        if not self.done:
            raise HttpError("it ended early")

    def _take_line(self, raw: bytes, at: int) -> int:
        newline = raw.find(b"\n", at)
        end = newline + 1 if newline >= 0 else len(raw)
        self._head_bytes += end - at
        if self._head_bytes > _MAX_HEAD_BYTES:
            raise HttpError("its head is too long")
        self._line.extend(raw[at:end])
        if len(self._line) > _MAX_LINE_BYTES:
            self._cut_line()
        if newline >= 0:
            line = bytes(self._line)  # never text: a head may hold any byte beyond ASCII
            if line[-2:] != b"\r\n":  # a bare one would let a chunk's size be off by one
                raise HttpError("a line ends wrong")
            is_cut, self._is_cut = self._is_cut, False
            self._line = bytearray()
            if not is_cut:
                self._on_line(line[:-2])
        return end

    def _cut_line(self) -> None:
        """Drops what is too long, but for the end; an error where it may be needed."""
        name, colon, _ = self._line.partition(b":")
        needed = not self._is_cut and (
            not colon or name != name.strip() or name.lower() in _FRAMING
        )
        if needed or self._state not in (_HEADERS, _TRAILERS):
            raise HttpError("its head is too long")
        self._is_cut = True
        self._line = self._line[-2:]

    def _on_line(self, line: bytes) -> None:
        if self._state == _STATUS:
            self._on_status(line)
        elif self._state == _HEADERS:
            if line:
                self._on_header(line)
            else:
                self._on_head_end()
        elif self._state == _CHUNK_SIZE:
            self._on_chunk_size(line)
        elif self._state == _CHUNK_END:
            if line:
                raise HttpError("a chunk ends wrong")
            self._state = _CHUNK_SIZE
        elif not line:  # the end of the trailers
            self._finish()

    def _on_status(self, line: bytes) -> None:
        self.keep_alive = self._on_first_line(line) == b"HTTP/1.1"
        self.date = self.retry_after = b""  # an interim reply's is not the reply's
        self._length = -1
        self._chunked = False
        self._state = _HEADERS

    def _on_first_line(self, line: bytes) -> bytes:
        """Takes what stands in the first line; the version there."""
        version, _, rest = line.partition(b" ")
        if version not in (b"HTTP/1.1", b"HTTP/1.0") or rest[3:4] not in (b"", b" "):
            raise HttpError("not HTTP/1.1")
        self.status = _number(rest[:3], 10)
        if not 100 <= self.status <= 599:
            raise HttpError("status out of range")
        return version

    def _on_header(self, line: bytes) -> None:
        name, colon, value = line.partition(b":")
        if not colon or not name or name != name.strip():
            raise HttpError("malformed header")
        name = name.lower()
        value = value.strip()
        if name == b"content-length":
            length = _number(value, 10)
            if self._length not in (-1, length):
                raise HttpError("two lengths")
            self._length = length
        elif name == b"transfer-encoding":
            if value.lower() != b"chunked" or self._chunked:
                raise HttpError("unknown encoding")
            self._chunked = True
        elif name == b"connection" and b"close" in value.lower():
            self.keep_alive = False
        elif name == b"date" and len(value) <= _DATE_BYTES:
            self.date = value
        elif name == b"retry-after" and len(value) <= _DATE_BYTES:
            self.retry_after = value

    def _on_head_end(self) -> None:
        if self.status < 200:  # an interim reply; the real one follows
            if self.status == 101:
                raise HttpError("it switches protocols")
            self._state = _STATUS
        elif self.status in (204, 304):
            self._finish()
        elif self._chunked:
            if self._length >= 0:
                raise HttpError("two framings")
            self._state = _CHUNK_SIZE
        elif self._length < 0:
            self._on_no_length()
        else:
            self._expect(self._length, _BODY)

    def _on_no_length(self) -> None:
        self.keep_alive = False
        self._state = _BODY_TO_END

    def _on_chunk_size(self, line: bytes) -> None:
        size = _number(line.partition(b";")[0].strip(), 16)
        if size:
            self._expect(size, _CHUNK)
        else:
            self._state = _TRAILERS

    def _make_space(self, count: int) -> None:
        end = self._filled + count
        if end > self.max_body_bytes:
            raise HttpError("over %d bytes" % self.max_body_bytes)
        if end > len(self._buffer):
            larger = bytearray(end)
            larger[: self._filled] = self._buffer[: self._filled]
            self._buffer = larger

    def _expect(self, count: int, state: int) -> None:
        self._make_space(count)
        self._remaining = count
        self._state = state
        if not count:
            self._finish()

    def _take_rest(self, raw: bytes, at: int) -> int:
        count = len(raw) - at
        self._make_space(count)
        self._put(raw[at:])
        return count

    def _put(self, raw: bytes) -> None:
        self._buffer[self._filled : self._filled + len(raw)] = raw
        self._filled += len(raw)

    def _take_body(self, raw: bytes, at: int) -> int:
        count = min(self._remaining, len(raw) - at)
        self._put(raw[at : at + count])
        self._remaining -= count
        if not self._remaining:
            if self._state == _BODY:
                self._finish()
            else:
                self._state = _CHUNK_END
        return count

    def _finish(self) -> None:
        self._state = _DONE
        self.done = True
        self.body = self._buffer[: self._filled]
        self._buffer = bytearray()
