"""A request as bytes, who asks it, and the checks that AM Cash and Issuance share."""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import FieldError
from milepad.base.text import digits_only, letters_or_digits

if TYPE_CHECKING:
    from milepad.base.protocols import Profile


class Identity:
    """Who asks: the fields that are the same in every request of a device."""

    def __init__(self, profile: "Profile"):
        partner = profile["partner"]
        self.acquirer_id = partner["acquirer_id"]
        self.device_id = profile["device"]["device_id"]
        self.sponsor_code = partner["sponsor_code"]
        self.store_id = partner["store_id"]
        self.vendor_id = partner["vendor_id"]


class Request:
    """One request. `idempotency_key` is "" where the platform does not honour one."""

    def __init__(
        self, op: str, path: str, trace_id: str, body: bytes, idempotency_key: str = ""
    ):
        self.op = op
        self.path = path
        self.trace_id = trace_id
        self.body = body
        self.idempotency_key = idempotency_key


def check_alphanumeric(field: str, value: str) -> None:
    """Raises FieldError unless `value` is 1 to 16 letters or digits."""
    if not (letters_or_digits(value) and len(value) <= 16):
        raise FieldError(field, "1 to 16 letters or digits")


def check_digits(field: str, value: str, low: int, high: int) -> None:
    """Raises FieldError unless `value` is `low` to `high` digits."""
    if not (digits_only(value) and low <= len(value) <= high):
        raise FieldError(field, "%d to %d digits" % (low, high))


def check_uuid(value: str) -> None:
    """Raises FieldError unless `value` is a version 4 UUID in lower case."""
    good = len(value) == 36 and value[14] == "4" and value[19] in "89ab"
    for i, c in enumerate(value):
        good = good and (c == "-" if i in (8, 13, 18, 23) else c in "0123456789abcdef")
    if not good:
        raise FieldError("Idempotency-Key", "a version 4 UUID")


def uuid4(entropy: bytes) -> str:
    """16 random bytes as the text of a version 4 UUID (RFC 9562, section 5.4)."""
    raw = bytearray(entropy)
    raw[6] = raw[6] & 0x0F | 0x40
    raw[8] = raw[8] & 0x3F | 0x80
    text = "".join(["%02x" % b for b in raw])
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
