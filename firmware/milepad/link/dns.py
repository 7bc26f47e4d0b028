"""DNS without I/O: a question becomes bytes, an answer becomes addresses (RFC 1035, RFC 3596)."""

from milepad.base.compat import const

A = const(1)  # an IPv4 address
AAAA = const(28)  # an IPv6 address

_HEADER_BYTES = const(12)
_RECURSION_DESIRED = const(0x0100)
_IS_ANSWER = const(0x8000)
_NO_SUCH_NAME = const(3)
_INTERNET = const(1)


def encode_question(identifier: int, host: str, kind: int) -> bytes:
    """One question, A or AAAA. Raises ValueError when `host` can be no host's name."""
    question = bytearray()
    for label in host.rstrip(".").split("."):
        raw = label.encode()
        if not 0 < len(raw) <= 63:
            raise ValueError("not a host's name")
        question.append(len(raw))
        question.extend(raw)
    if len(question) > 254:
        raise ValueError("not a host's name")
    question.extend(bytes((0, 0, kind, 0, _INTERNET)))
    head = bytearray(_HEADER_BYTES)
    head[0:2] = identifier.to_bytes(2, "big")
    head[2:4] = _RECURSION_DESIRED.to_bytes(2, "big")
    head[5] = 1
    return bytes(head + question)


def parse_answer(raw: bytes, question: bytes) -> list[str] | None:
    """The addresses in the answer to `question`; None when it is another's, or no answer.

    An empty list: the name has no such address. A name's aliases are not followed here: a
    server that is asked to recurse sends their addresses too.
    """
    end = len(question)
    try:
        if raw[:2] != question[:2] or raw[_HEADER_BYTES:end] != question[_HEADER_BYTES:]:
            return None
        flags = _number(raw, 2)
        if not flags & _IS_ANSWER or flags & 15 not in (0, _NO_SUCH_NAME):
            return None
        return _addresses(raw, end, _number(raw, 6), question[-3])
    except IndexError:  # it ends early
        return None


def _addresses(raw: bytes, at: int, count: int, kind: int) -> list[str]:
    found = []
    for _ in range(count):
        at = _after_name(raw, at)
        size = _number(raw, at + 8)
        value = raw[at + 10 : at + 10 + size]
        if _number(raw, at) == kind and len(value) == (4 if kind == A else 16):
            found.append(_text(value))
        at += 10 + size
    return found


def _after_name(raw: bytes, at: int) -> int:
    while raw[at]:
        if raw[at] >= 0xC0:  # a pointer ends a name
            return at + 2
        at += 1 + raw[at]
    return at + 1


def _number(raw: bytes, at: int) -> int:
    return raw[at] << 8 | raw[at + 1]


def _text(value: bytes) -> str:
    if len(value) == 4:
        return ".".join([str(b) for b in value])
    return ":".join(["%x" % _number(value, at) for at in range(0, 16, 2)])
