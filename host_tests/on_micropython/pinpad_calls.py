"""A till's messages with plain arguments, so that both Pythons can be asked."""

from milepad.base.errors import MessageError
from milepad.pinpad import conditions, exact_json, frames, kept, messages, protection


def plain(value):
    """What was read, with each number as ("number", its text)."""
    if isinstance(value, exact_json.Number):
        return ("number", value.text)
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value


def parsed(raw: bytes):
    return plain(exact_json.parse(raw))


def again(raw: bytes) -> bytes:
    """What was read, written."""
    return exact_json.dump(exact_json.parse(raw))


def written(value, cents=()) -> bytes:
    """A value as JSON; `cents` are the names of members that are amounts."""
    if isinstance(value, dict):
        value = {
            name: exact_json.Cents(each) if name in cents else each
            for name, each in value.items()
        }
    return exact_json.dump(value)


def request(raw: bytes) -> tuple:
    """(header, fault, members of the body) of a message."""
    found = messages.read(exact_json.parse(raw))
    return found.header, found.fault, plain(found.body.members)


def amount(raw: bytes, name: str):
    return messages.Node(exact_json.parse(raw)).cents(name)


def answered(condition: str, notes: dict, members: dict) -> dict:
    return messages.Answer(condition, notes, members).body()


def condition(outcome: str, code: str, cause: str) -> str:
    return conditions.of_call(outcome, code, cause)


def framed(pieces: list) -> list:
    """The messages in pieces of a stream, and "refused" where it ends so."""
    stream, found = frames.Frames(), []
    try:
        for piece in pieces:
            found += [bytes(each) for each in stream.feed(piece)]
    except MessageError:
        found.append("refused")
    return found


def opened(key: bytes, named: tuple, raws: list) -> list:
    """The plain text of each message under one key, or why it is refused."""
    guard, found = protection.Protection(key, *named), []
    for raw in raws:
        try:
            found.append(guard.open(messages.Node(exact_json.parse(raw))))
        except MessageError as fault:
            found.append(str(fault))
    return found


def sealed(key: bytes, named: tuple, text: bytes) -> bytes:
    guard = protection.Protection(key, *named)
    return exact_json.dump(guard.seal({"SaleID": "T"}, text))


_FIELDS = (
    "number", "kind", "till_prints", "checksum", "unix_s", "after", "sale_id", "service_id",
    "is_done", "condition", "outcome", "sequence", "cents", "miles", "code", "note",
)  # fmt: skip


def record_bytes(values: dict) -> tuple:
    """(intent's frame, result's frame) of a record with these values."""
    record = kept.Record()
    for name, value in values.items():
        setattr(record, name, value)
    return kept.intent_bytes(record), kept.result_bytes(record)


def record_of(raw: bytes):
    """What a record's bytes say; None where they are none."""
    record = kept.read(raw)
    return record and {name: getattr(record, name) for name in _FIELDS}
