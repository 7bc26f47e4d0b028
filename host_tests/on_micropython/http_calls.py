"""The reply parser with plain arguments, so that both Pythons can be asked the same."""

from milepad.link.http import ReplyParser, encode_request


def read(pieces: list) -> tuple:
    """(status, body, keep_alive) of a reply that comes in pieces and then ends."""
    parser = ReplyParser(bytearray())
    for raw in pieces:
        parser.feed(raw)
    parser.end()
    return parser.status, bytes(parser.body), parser.keep_alive


def done_after(pieces: list) -> list:
    """Whether the reply is whole after each piece."""
    parser = ReplyParser(bytearray())
    done = []
    for raw in pieces:
        parser.feed(raw)
        done.append(parser.done)
    return done


def request(path: str, host: str, headers: list, body: bytes) -> bytes:
    """A request's bytes."""
    buffer, count = encode_request(path, host, headers, body)
    return bytes(buffer[:count])
