"""A client whose replies date the device's clock, over either Python's own client.

Every reply over verified TLS passes here, of the platform and of its token service, and so
does every certificate that is refused; the session and the token know nothing of it.
"""

from milepad.base.errors import TlsError
from milepad.link.http_date import parse_date


class DatedClient:
    """The interface of `link.client.Client`; `time` is the device's Timekeeper."""

    def __init__(self, client, time):
        self._client = client
        self._time = time

    @property
    def stage(self) -> str:
        """What the network is doing: idle, connecting or waiting."""
        return self._client.stage

    @property
    def sent(self) -> bool:
        """Whether the last request may be with the peer."""
        return self._client.sent

    async def post(self, url: tuple, headers: list, body: bytes):
        """As the client's own `post`, with its errors."""
        try:
            reply = await self._client.post(url, headers, body)
        except TlsError:
            self._time.note_refused()
            raise
        self._time.note_platform(parse_date(reply.date))
        return reply

    def close(self) -> None:
        """Drops the kept connection."""
        self._client.close()
