"""The bearer token: fetched when needed, kept until shortly before it expires.

OAuth 2.0 client credentials (RFC 6749, section 4.4), form-encoded. The platform's library
asks for "client_id/client_secret"; audience and scope are settings because none is
published. Neither token nor secret is ever part of an error's text.
"""

from milepad.amcash.replies import json_object
from milepad.base.errors import (
    LinkError,
    LoginError,
    NotSentError,
    ReplyError,
    TokenError,
)
from milepad.base.url import split_url

_UNRESERVED = "-._~"
_MAX_TOKEN_CHARS = 3800
_REFUSED = (400, 401, 403)  # RFC 6749, section 5.2; any other status is a network's trouble


def form_encode(pairs: list) -> bytes:
    """application/x-www-form-urlencoded; pairs whose value is empty are left out."""
    return "&".join([name + "=" + _quote(value) for name, value in pairs if value]).encode()


def _quote(text: str) -> str:
    quoted = []
    for b in text.encode():
        c = chr(b)
        plain = "0" <= c <= "9" or "A" <= c <= "Z" or "a" <= c <= "z" or c in _UNRESERVED
        quoted.append(c if plain else "%%%02X" % b)
    return "".join(quoted)


def parse_token(body: bytes) -> tuple[str, int]:
    """(token, seconds it lives) of a token reply. Raises TokenError for anything else."""
    try:
        members = json_object(body)
    except ReplyError:
        raise TokenError("the token reply is not a JSON object")
    token = members.get("access_token")
    lifetime_s = members.get("expires_in")
    if not isinstance(token, str) or not 0 < len(token) <= _MAX_TOKEN_CHARS:
        raise TokenError("the token reply holds no token")
    if not all("!" <= c <= "~" for c in token):
        raise TokenError("the token reply holds no token")
    if not isinstance(lifetime_s, int) or not 0 < lifetime_s < 100000000:
        lifetime_s = 0  # not said: good for this call, asked for again at the next
    return token, lifetime_s


class TokenKeeper:
    """Gives a token that is good for the next call.

    `platform` is the profile's section; `store` keeps a token over a restart (save, load,
    drop); `now` returns seconds since 1970.
    """

    def __init__(self, client, platform: dict, store, now):
        self._client = client
        self._platform = platform
        self._url = split_url(platform["token_url"])
        self._store = store
        self._now = now
        self._token = ""
        self._expires_s = 0
        self.fetched = 0  # how many token requests were made

    async def get(self) -> str:
        """The kept token, or a new one. Raises TokenError when none can be had."""
        if not self._token:
            self._load()
        if self._token and self._now() < self._expires_s - self._platform["token_margin_s"]:
            return self._token
        return await self._fetch()

    def drop(self) -> None:
        """Forgets the token: the platform has refused it."""
        self._token = ""
        self._store.drop()

    def _load(self) -> None:
        kept = self._store.load(self._now())
        if kept:
            self._token, self._expires_s = kept

    async def _fetch(self) -> str:
        platform = self._platform
        body = form_encode(
            [
                ("grant_type", "client_credentials"),
                ("client_id", platform["client_id"]),
                ("client_secret", platform["client_secret"]),
                ("audience", platform["audience"]),
                ("scope", platform["scope"]),
            ]
        )
        reply = await self._post(body)
        if reply.status != 200:
            refused = LoginError if reply.status in _REFUSED else TokenError
            raise refused("the token request was refused (HTTP %d)" % reply.status)
        token, lifetime_s = parse_token(reply.body)
        self._token = token
        self._expires_s = self._now() + lifetime_s
        self._store.save(token, self._expires_s)
        return token

    async def _post(self, body: bytes):
        """One try, and one more when there was no answer. A token request moves no miles."""
        headers = [("Content-Type", "application/x-www-form-urlencoded")]
        for last_try in (False, True):
            self.fetched += 1
            try:
                reply = await self._client.post(self._url, headers, body)
                if reply.status < 500 or last_try:
                    return reply
            except NotSentError:
                if last_try:
                    raise
            except LinkError:
                if last_try:
                    raise TokenError("the token request was not answered")
        return None
