"""The bearer token: fetched when needed, kept until shortly before it expires.

OAuth 2.0 client credentials (RFC 6749, section 4.4), form-encoded. The platform's library
asks for "client_id/client_secret"; audience and scope are settings because none is
published. Neither token nor secret is ever part of an error's text.
"""

from milepad import USER_AGENT
from milepad.amcash.replies import json_object
from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import (
    LinkError,
    LoginError,
    NotSentError,
    ReplyError,
    TokenError,
)
from milepad.base.url import split_url

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from milepad.link.protocols import HttpClient, HttpReply, SavedToken

_REFUSED = (400, 401, 403)  # RFC 6749, section 5.2; any other status is a network's trouble
_MAX_TOKEN_CHARS = 3800
_MAX_LIFETIME_S = 100000000
_UNRESERVED = b"-._~"  # beside letters and digits: RFC 3986, section 2.3


class TokenKeeper:
    """Gives a token that is good for the next call.

    `platform` is the profile's section; `store` keeps a token over a restart; `now` returns
    seconds since 1970.
    """

    def __init__(
        self,
        client: "HttpClient",
        platform: "dict[str, Any]",
        store: "SavedToken",
        now: "Callable[[], int]",
    ):
        self._client = client
        self._platform = platform
        self._url = split_url(platform["token_url"])
        self._store = store
        self._now = now
        self._bearer = ""  # the header's value whole: a token is long, one copy is enough
        self._expires_s = 0

    async def bearer(self) -> str:
        """An Authorization header's value, with the kept token or a new one.

        Raises TokenError when none can be had, NotSentError when the network is to blame.
        """
        if not self._bearer:
            self._keep(*(self._store.load(self._now()) or ("", 0)))
        if not self._bearer or (
            self._now() >= self._expires_s - self._platform["token_margin_s"]
        ):
            await self._fetch()
        return self._bearer

    def drop(self) -> None:
        """Drops the token, on the flash too: the platform has refused it."""
        self._bearer = ""
        self._store.drop()

    def _keep(self, token: str, expires_s: int) -> None:
        self._expires_s = expires_s
        self._bearer = token and "Bearer " + token

    async def _fetch(self) -> None:
        reply = await self._post(token_request(self._platform))
        if reply.status != 200:
            refused = LoginError if reply.status in _REFUSED else TokenError
            raise refused("token refused (HTTP %d)" % reply.status)
        token, lifetime_s = parse_token(reply.body)
        self._keep(token, self._now() + lifetime_s)
        self._store.save(token, self._expires_s)

    async def _post(self, body: bytes) -> "HttpReply":
        """One try, and one more when there was no answer. A token request moves no miles."""
        try:
            reply = await self._post_once(body)
            if reply.status < 500:
                return reply
        except LinkError:
            pass
        try:
            return await self._post_once(body)
        except NotSentError:
            raise
        except LinkError:
            raise TokenError("the token request got no answer")

    async def _post_once(self, body: bytes) -> "HttpReply":
        headers = [
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("User-Agent", USER_AGENT),
        ]
        return await self._client.post(self._url, headers, body)


def token_request(platform: "dict[str, Any]") -> bytes:
    """The body of a request for a token, from the profile's section."""
    names = ("client_id", "client_secret", "audience", "scope")
    pairs = [("grant_type", "client_credentials")]
    return form_encode(pairs + [(name, platform[name]) for name in names])


def form_encode(pairs: "list[tuple[str, str]]") -> bytes:
    """application/x-www-form-urlencoded; pairs whose value is empty are left out."""
    return "&".join([name + "=" + _quote(value) for name, value in pairs if value]).encode()


def _quote(text: str) -> str:
    quoted = bytearray()
    for b in text.encode():
        if 48 <= b <= 57 or 65 <= b <= 90 or 97 <= b <= 122 or b in _UNRESERVED:
            quoted.append(b)
        else:
            quoted.extend(("%%%02X" % b).encode())
    return quoted.decode()


def parse_token(body: bytes | bytearray) -> tuple[str, int]:
    """(token, seconds it lives) of a token reply. Raises TokenError for anything else.

    The seconds are 0 where the reply does not say: such a token is good for one call.
    """
    try:
        members = json_object(body)
    except ReplyError:
        raise TokenError("the token reply is no object")
    token = members.get("access_token")
    if not isinstance(token, str) or not _is_token(token):
        raise TokenError("the token reply holds no token")
    lifetime_s = members.get("expires_in")
    if not isinstance(lifetime_s, int) or not 0 < lifetime_s < _MAX_LIFETIME_S:
        lifetime_s = 0
    return token, lifetime_s


def _is_token(text: str) -> bool:
    """Whether it may stand in a header: printable ASCII without blanks, not too long."""
    try:
        raw = text.encode()
    except UnicodeError:  # CPython, for half of a pair of \\u escapes
        return False
    return 0 < len(text) <= _MAX_TOKEN_CHARS and all(33 <= b <= 126 for b in raw)
