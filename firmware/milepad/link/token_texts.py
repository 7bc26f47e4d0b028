"""The bytes of a token request, and what its reply holds. Pure; `token` sends and keeps."""

from milepad.amcash.replies import json_object
from milepad.base.errors import ReplyError, TokenError

_UNRESERVED = b"-._~"
_MAX_TOKEN_CHARS = 3800


def form(platform: dict) -> bytes:
    """The body of a request for a token, from the profile's section."""
    names = ("client_id", "client_secret", "audience", "scope")
    pairs = [("grant_type", "client_credentials")]
    return form_encode(pairs + [(name, platform[name]) for name in names])


def form_encode(pairs: list) -> bytes:
    """application/x-www-form-urlencoded; pairs whose value is empty are left out."""
    return "&".join([name + "=" + _quote(value) for name, value in pairs if value]).encode()


def _quote(text: str) -> str:
    quoted = bytearray()  # no letters one by one: each would stay in the heap as a name
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
    lifetime_s = members.get("expires_in")
    if not isinstance(token, str) or not 0 < len(token) <= _MAX_TOKEN_CHARS:
        raise TokenError("the token reply holds no token")
    try:
        printable = not [b for b in token.encode() if not 33 <= b <= 126]
    except UnicodeError:  # CPython, for half of a pair of \\u escapes
        printable = False
    if not printable:
        raise TokenError("the token reply holds no token")
    if not isinstance(lifetime_s, int) or not 0 < lifetime_s < 100000000:
        lifetime_s = 0  # not said: good for this call, asked for again at the next
    return token, lifetime_s
