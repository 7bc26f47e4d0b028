"""The bearer token: fetched when needed, kept until shortly before it expires.

OAuth 2.0 client credentials (RFC 6749, section 4.4), form-encoded. The platform's library
asks for "client_id/client_secret"; audience and scope are settings because none is
published. Neither token nor secret is ever part of an error's text.
"""

from milepad.base.compat import forget
from milepad.base.errors import LinkError, LoginError, NotSentError, TokenError
from milepad.base.url import split_url

_REFUSED = (400, 401, 403)  # RFC 6749, section 5.2; any other status is a network's trouble


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
        self._bearer = ""  # the header's value whole: a token is long, one copy is enough
        self._expires_s = 0
        self.fetched = 0  # how many token requests were made

    async def bearer(self) -> str:
        """An Authorization header's value, with the kept token or a new one.

        Raises TokenError when none can be had.
        """
        if not self._bearer:
            self._keep(self._store.load(self._now()) or ("", 0))
        if not self._bearer or (
            self._now() >= self._expires_s - self._platform["token_margin_s"]
        ):
            await self._fetch()
        return self._bearer

    def drop(self) -> None:
        """Forgets the token: the platform has refused it."""
        self._bearer = ""
        self._store.drop()

    def _keep(self, kept: tuple) -> None:
        token, self._expires_s = kept
        self._bearer = token and "Bearer " + token

    async def _fetch(self) -> None:
        reply = await self._post(_form(self._platform))
        if reply.status != 200:
            refused = LoginError if reply.status in _REFUSED else TokenError
            raise refused("token refused (HTTP %d)" % reply.status)
        token, lifetime_s = _parsed(reply.body)
        self._keep((token, self._now() + lifetime_s))
        self._store.save(token, self._expires_s)

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
                    raise TokenError("the token request got no answer")
        return None


# The texts of a token request are made and read once a day: they take heap only then.


def _form(platform: dict) -> bytes:
    from milepad.link import token_texts

    forget(token_texts)
    return token_texts.form(platform)


def _parsed(body: bytes | bytearray) -> tuple[str, int]:
    from milepad.link import token_texts

    forget(token_texts)
    return token_texts.parse_token(body)
