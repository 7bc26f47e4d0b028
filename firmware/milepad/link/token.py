"""The bearer token: fetched when needed, kept until shortly before it expires.

OAuth 2.0 client credentials (RFC 6749, section 4.4), form-encoded. The platform's library
asks for "client_id/client_secret"; audience, resource and scope are settings because none is
published. Neither token nor secret is ever part of an error's text.
"""

from binascii import b2a_base64

from milepad import USER_AGENT
from milepad.base.compat import TYPE_CHECKING, const, sleep_ms
from milepad.base.errors import (
    BusyError,
    LinkError,
    LoginError,
    NoAnswerError,
    ReplyError,
    TokenError,
)
from milepad.base.json_body import json_object
from milepad.base.url import split_url
from milepad.link.reply_date import parse_retry_after

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from milepad.base.protocols import Sleep
    from milepad.link.protocols import Headers, HttpClient, HttpReply, SavedToken

_REFUSED = (
    400,
    401,
    403,
)  # RFC 6749, section 5.2; any other status is the server's trouble
_MAX_TOKEN_CHARS = const(4096)
# A life is taken as it is meant, but never so short that each call asks for a token, nor so
# long that a wrong one stays for years. RFC 6749 lets the server leave it out.
_MIN_LIFE_S = const(30)
_DEFAULT_LIFE_S = const(3600)
_MAX_LIFE_S = const(2592000)  # 30 days
_PAUSE_S = const(1)  # before the second try after a server's error
_BUSY_S = const(30)  # where a server that has had too much names no time
_MAX_BUSY_S = const(86400)
_UNRESERVED = b"-._~"  # beside letters and digits: RFC 3986, section 2.3


class TokenKeeper:
    """Gives a token that is good for the next call.

    `platform` is the profile's section; `store` keeps a token over a restart, until it has to
    be renewed; `now` returns seconds since 1970.
    """

    def __init__(
        self,
        client: "HttpClient",
        platform: "dict[str, Any]",
        store: "SavedToken",
        now: "Callable[[], int]",
        sleep: "Sleep" = sleep_ms,
    ):
        self._client = client
        self._platform = platform
        self._url = split_url(platform["token_url"])
        self._store = store
        self._now = now
        self._sleep = sleep
        self._bearer = ""  # the header's value whole: a token is long, one copy is enough
        self._renew_s = 0
        self._busy_until_s = 0  # the server has asked to be left alone

    async def bearer(self) -> str:
        """An Authorization header's value, with the kept token or a new one.

        Raises TokenError when none can be had (BusyError while the server asks to be left
        alone, LoginError when it refuses this device), NotSentError when the network is to
        blame.
        """
        if not self._bearer:
            self._keep(*(self._store.load(self._now()) or ("", 0)))
        if not self._bearer or self._now() >= self._renew_s:
            await self._fetch()
        return self._bearer

    def drop(self) -> None:
        """Drops the token, on the flash too: the platform has refused it."""
        self._bearer = ""
        self._store.drop()

    def _keep(self, token: str, renew_s: int) -> None:
        self._renew_s = renew_s
        self._bearer = token and "Bearer " + token

    async def _fetch(self) -> None:
        # A clock that is set back must not make the wait longer than any that was asked for.
        if 0 < self._busy_until_s - self._now() <= _MAX_BUSY_S:
            raise BusyError("the token server asked to wait")
        token, life_s = await self._granted()
        margin_s = min(self._platform["token_margin_s"], life_s // 2)
        renew_s = self._now() + life_s - margin_s
        self._store.save(token, renew_s)
        self._keep(token, renew_s)  # last: until here one copy of a long text was enough

    async def _granted(self) -> tuple[str, int]:
        """(token, seconds it lives) of a new one, without the reply that it came in."""
        reply = await self._post()
        if reply.status != 200:
            refused = LoginError if reply.status in _REFUSED else TokenError
            raise refused("token refused (HTTP %d)" % reply.status)
        return parse_token(reply.body)

    async def _post(self) -> "HttpReply":
        """One try, and one more when there was no answer. A token request moves no miles."""
        try:
            reply = await self._post_once()
            if reply.status < 500:
                return reply
            await self._sleep(_PAUSE_S * 1000)  # at once it would meet the same fault
        except BusyError:
            raise
        except LinkError:
            pass
        try:
            return await self._post_once()
        except NoAnswerError:
            raise TokenError("the token request got no answer")

    async def _post_once(self) -> "HttpReply":
        headers, body = token_request(self._platform)
        reply = await self._client.post(self._url, headers, body)
        now_s = self._now()
        wait_s = parse_retry_after(reply.retry_after, reply.date, now_s)
        if reply.status == 429 or (reply.status == 503 and wait_s):
            self._busy_until_s = now_s + min(wait_s or _BUSY_S, _MAX_BUSY_S)
            raise BusyError("the token server is busy (HTTP %d)" % reply.status)
        return reply


def token_request(platform: "dict[str, Any]") -> "tuple[Headers, bytes]":
    """(headers, body) of a request for a token, from the profile's section.

    Who asks stands in the body, or in an Authorization header of kind Basic: RFC 6749,
    section 2.3.1, whose two parts are form-encoded before they are joined.
    """
    headers = [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Accept-Encoding", "identity"),
        ("User-Agent", USER_AGENT),
    ]
    names = ["audience", "resource", "scope"]
    ours = ("client_id", "client_secret")
    if platform["token_auth"] == "basic":  # noqa: S105  (a place, no secret)
        raw = ":".join([_quote(platform[name]) for name in ours]).encode()
        headers.append(("Authorization", "Basic " + b2a_base64(raw).decode().strip()))
    else:
        names[:0] = ours
    pairs = [("grant_type", "client_credentials")]
    return headers, form_encode(pairs + [(name, platform[name]) for name in names])


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
    """(token, seconds it lives) of a token reply. Raises TokenError for anything else."""
    try:
        members = json_object(body)
    except ReplyError:
        raise TokenError("the token reply is no object")
    token = members.get("access_token")
    if not isinstance(token, str) or not _is_token(token):
        raise TokenError("the token reply holds no token")
    return token, _life_s(members.get("expires_in"))


def _life_s(value: "Any") -> int:
    """The seconds that `expires_in` means, as a number or as text, within bounds."""
    try:
        if isinstance(value, str):
            value = float(value)
        if value > 0:  # servers that mean "without end" say 0 or -1
            return int(min(max(value, _MIN_LIFE_S), _MAX_LIFE_S))
    except (TypeError, ValueError):
        pass
    return _DEFAULT_LIFE_S


def _is_token(text: str) -> bool:
    """Whether it may stand in a header: printable ASCII without blanks, not too long."""
    try:
        raw = text.encode()
    except UnicodeError:  # CPython, for half of a pair of \\u escapes
        return False
    return 0 < len(text) <= _MAX_TOKEN_CHARS and all(33 <= b <= 126 for b in raw)
