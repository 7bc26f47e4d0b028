"""Bearer tokens: client credentials in, a signed JWT out, as Auth0 answers generically.

The library names no token endpoint, audience or lifetime; the reply and the refusals follow
what Auth0 documents for this grant. Tokens are HS256 with the platform's own clock in
`iat` and `exp`, so moving the clock makes them expire.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote_plus

from fastapi import Depends
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer
from pydantic import BaseModel, Field

from tools.emulator.authority import Credentials
from tools.emulator.clock import PlatformClock
from tools.emulator.settings import Settings

# OAuth error names and the status each is sent with, for refusals and for faults.
ERRORS = {
    "access_denied": 401,
    "invalid_client": 401,
    "unauthorized_client": 403,
    "invalid_request": 400,
    "unsupported_grant_type": 400,
    "too_many_requests": 429,
    "server_error": 500,
    "temporarily_unavailable": 503,
}

# For the description only: a bad bearer is refused by whoever serves the path.
BEARER = Depends(HTTPBearer(auto_error=False, description="from /oauth/token"))


class TokenRequest(BaseModel):
    """Client credentials, as a form or as JSON."""

    grant_type: Literal["client_credentials"]
    client_id: str = Field(default="", description="of the client, unless Basic names it")
    client_secret: str = Field(default="", description="of the client, unless Basic has it")
    audience: str = Field(default="", description="what the token is for (--audience)")
    scope: str = Field(default="", description="repeated in the reply")


class TokenReply(BaseModel):
    """A token, for the `Authorization` header of every operation."""

    access_token: str = Field(description="a signed JWT")
    expires_in: int = Field(description="seconds that it lives (--token-lifetime)")
    token_type: Literal["Bearer"]
    scope: str = Field(default="", description="as it was asked for")


class OAuthRefusal(BaseModel):
    """Why there is no token, or why a token is no good. It never has a response code."""

    error: str = Field(description="the name of the error")
    error_description: str = Field(description="the same for people")


_SCHEMA = {"schema": {"$ref": f"#/components/schemas/{TokenRequest.__name__}"}}
_KINDS = ("application/x-www-form-urlencoded", "application/json")
DESCRIBED: dict[str, Any] = {
    "operation_id": "token",
    "summary": "A bearer token for client credentials",
    "description": "One token serves many requests; a client keeps it until it expires.",
    "tags": ["oauth"],
    "response_class": JSONResponse,
    "responses": {200: {"model": TokenReply, "description": "a token"}}
    | {
        status: {
            "model": OAuthRefusal,
            "description": ", ".join(name for name in ERRORS if ERRORS[name] == status),
        }
        for status in sorted({*ERRORS.values()})
    },
    "openapi_extra": {
        "requestBody": {"required": True, "content": dict.fromkeys(_KINDS, _SCHEMA)}
    },
}


class OAuthError(Exception):
    """A token request that is refused; `name` is a key of ERRORS."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.name = name


class TokenService:
    """Gives tokens to the one client, and knows a good one when it comes back."""

    def __init__(
        self, credentials: Credentials, clock: PlatformClock, settings: Settings
    ) -> None:
        self._credentials = credentials
        self._clock = clock
        self._settings = settings
        self._key = credentials.signing_key.encode()
        self._revoked: set[str] = set()

    def grant(
        self, content_type: str, raw: bytes, authorization: str = ""
    ) -> dict[str, Any]:
        """The reply to a token request. Raises OAuthError."""
        request = _parse(content_type, raw) | _basic(authorization)
        if request.get("grant_type") != "client_credentials":
            raise OAuthError("unsupported_grant_type", "Unsupported grant type")
        if not self._is_client(request):
            raise OAuthError("access_denied", "Unauthorized")
        audience = request.get("audience", "")
        if self._settings.audience and audience != self._settings.audience:
            raise OAuthError("access_denied", "Service not enabled within domain")
        reply: dict[str, Any] = {
            "access_token": self._token(audience),
            "expires_in": self._settings.token_lifetime,
            "token_type": "Bearer",
        }
        if request.get("scope"):
            reply["scope"] = request["scope"]
        return reply

    def bearer_is_good(self, authorization: str) -> bool:
        """True for the `Authorization` header of a token that is ours and alive."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or token in self._revoked:
            return False
        head, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._sign(head.encode())):
            return False
        try:
            claims = json.loads(_unpadded(head.partition(".")[2]))
            return bool(self._clock.unix() < claims["exp"])
        except (ValueError, KeyError, TypeError):
            return False

    def revoke(self, token: str) -> None:
        """This token, or `Authorization` header, is good no more."""
        self._revoked.add(token.rpartition(" ")[2])

    def _is_client(self, request: dict[str, str]) -> bool:
        known = self._credentials
        pairs = (("client_id", known.client_id), ("client_secret", known.client_secret))
        return all(
            hmac.compare_digest(request.get(name, "").encode(), value.encode())
            for name, value in pairs
        )

    def _token(self, audience: str) -> str:
        issued = int(self._clock.unix())
        claims = {
            "iss": f"https://{self._settings.host_name}/",
            "sub": f"{self._credentials.client_id}@clients",
            "aud": audience or "amcash",
            "iat": issued,
            "exp": issued + self._settings.token_lifetime,
            "azp": self._credentials.client_id,
            "gty": "client-credentials",
            "jti": secrets.token_urlsafe(12),
        }
        head = _json64({"typ": "JWT", "alg": "HS256"}) + b"." + _json64(claims)
        return (head + b"." + self._sign(head)).decode()

    def _sign(self, head: bytes) -> bytes:
        return _base64(hmac.digest(self._key, head, hashlib.sha256))


def _parse(content_type: str, raw: bytes) -> dict[str, str]:
    """Form or JSON members that are strings."""
    try:
        text = raw.decode("utf-8")
        if content_type.partition(";")[0].strip().lower() == "application/json":
            members = json.loads(text)
        else:
            members = dict(parse_qsl(text, max_num_fields=50))
    except (ValueError, RecursionError):
        raise OAuthError("invalid_request", "The body is neither form nor JSON") from None
    if not isinstance(members, dict):
        raise OAuthError("invalid_request", "The body is no JSON object")
    return {name: value for name, value in members.items() if isinstance(value, str)}


def _basic(authorization: str) -> dict[str, str]:
    """Id and secret of a Basic header (RFC 6749, section 2.3.1); nothing without one."""
    scheme, _, text = authorization.partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        pair = base64.b64decode(text, validate=True).decode("ascii")
    except ValueError:
        raise OAuthError("invalid_client", "The Basic header is none") from None
    client_id, _, secret = pair.partition(":")
    return {"client_id": unquote_plus(client_id), "client_secret": unquote_plus(secret)}


def _json64(value: dict[str, Any]) -> bytes:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _base64(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def _unpadded(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError("no base64") from error
