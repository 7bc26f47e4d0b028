"""A request over HTTP/1.1, parsed as the link parses replies: same framing, same bounds. Pure."""

from milepad.base.errors import HttpError
from milepad.link.http import ReplyParser
from milepad.pinpad.frames import MAX_BYTES

BAD_REQUEST = "400 Bad Request"
NOT_FOUND = "404 Not Found"
NOT_ALLOWED = "405 Method Not Allowed"
TOO_LARGE = "413 Content Too Large"
_PATHS = (b"/nexo", b"/nexo/")  # client libraries of the field ask for the second


class RequestParser(ReplyParser):
    """Takes a request's bytes as they come; when it is `done`, `body` holds the message.

    Nothing is read that is no POST to /nexo: `refusal` is what such a request, or one that
    raised HttpError, is answered with.
    """

    max_body_bytes = MAX_BYTES

    def __init__(self) -> None:
        super().__init__(bytearray())
        self.refusal = BAD_REQUEST
        self.is_awaited = False  # the client waits for a word before it sends the body
        self._expects = False

    def _on_first_line(self, line: bytes) -> bytes:
        parts = line.split(b" ")
        if len(parts) != 3 or parts[2] not in (b"HTTP/1.1", b"HTTP/1.0"):
            raise HttpError("not HTTP/1.1")
        if parts[1] not in _PATHS:
            self.refusal = NOT_FOUND
            raise HttpError("another path")
        if parts[0] != b"POST":
            self.refusal = NOT_ALLOWED
            raise HttpError("another method")
        self.status = 200  # what follows is parsed as a reply's
        return parts[2]

    def _on_header(self, line: bytes) -> None:
        if line[:7].lower() == b"expect:":
            self._expects = line[7:].strip().lower() == b"100-continue"
        super()._on_header(line)

    def _on_head_end(self) -> None:
        self.is_awaited = self._expects
        super()._on_head_end()

    def _on_no_length(self) -> None:
        raise HttpError("a request has a length")

    def _make_space(self, count: int) -> None:
        try:
            super()._make_space(count)
        except HttpError:
            self.refusal = TOO_LARGE
            raise
