"""What every copy of a request must share with the first: its bytes, and where they go."""

from binascii import crc32

from milepad.amcash import requests
from milepad.base import clock
from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import FieldError
from milepad.base.url import split_url

if TYPE_CHECKING:
    from milepad.base.protocols import Profile
    from milepad.base.request import Identity, Request
    from milepad.base.transaction import Transaction


def transaction_crc32(base_url: str, client_id: str, request: "Request") -> int:
    """The checksum of all that a copy has to share with the first: where it goes, as whom,
    and what it says. An address that is only written differently is the same one.
    """
    host, port, base_path = split_url(base_url)
    path = base_path.rstrip("/") + request.path
    where = "%s:%d%s\n%s\n" % (host.lower(), port, path, client_id)
    return crc32(request.body, crc32(where.encode()))


class Identical:
    """Builds a transaction's request, the same bytes every time, and knows it again.

    `profile` is checked; `identity` is what every request of the device holds.
    """

    def __init__(self, profile: "Profile", identity: "Identity"):
        self._identity = identity
        self._base_url = profile["platform"]["base_url"]
        self._client_id = profile["platform"]["client_id"]

    def request(self, transaction: "Transaction") -> "Request":
        """The request of a transaction that has its trace id and time. Raises FieldError."""
        date_time = clock.iso8601_at(transaction.unix_s, transaction.offset_min * 60)
        return requests.build(self._identity, transaction, date_time)

    def checksum(self, request: "Request") -> int:
        """What the ledger keeps of a request."""
        return transaction_crc32(self._base_url, self._client_id, request)

    def is_same(self, transaction: "Transaction") -> bool:
        """Whether a copy would be what the first one was, and go where that one went.

        A record of version 1 does not tell where it went: its body decides alone.
        """
        try:
            request = self.request(transaction)
        except FieldError:  # the profile has changed since
            return False
        is_first = transaction.version == 1
        checksum = crc32(request.body) if is_first else self.checksum(request)
        return checksum == transaction.request_crc32
