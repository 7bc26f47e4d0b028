"""DNS's bytes with plain arguments, so that both Pythons can be asked the same."""

from milepad.link import dns


def question(identifier: int, host: str, kind: int) -> bytes:
    """A question's bytes."""
    return dns.encode_question(identifier, host, kind)


def addresses(raw: bytes, asked: bytes) -> list | None:
    """The addresses that an answer holds."""
    return dns.parse_answer(raw, asked)
