"""SNTP without I/O: a question becomes bytes, a reply becomes a time (RFC 4330, RFC 5905)."""

from milepad.base.compat import const

REPLY_BYTES = const(48)

_CLIENT_V4 = const(0x23)
_SERVER = const(4)
_NOT_SYNCHRONISED = const(3)
_MAX_STRATUM = const(15)
_TO_1970_S = 2208988800
_ERA_S = 1 << 32  # the seconds begin again at 0 on 2036-02-07


def encode_question(cookie: bytes) -> bytes:
    """A client's question; the server sends its 8 bytes `cookie` back."""
    return bytes((_CLIENT_V4,)) + bytes(REPLY_BYTES - 9) + cookie


def parse_reply(raw: bytes, cookie: bytes) -> int | None:
    """Seconds since 1970; None when it is no reply to the question with that cookie.

    Raises ValueError when the server wants to be left alone (a kiss of death), or says that
    it does not know the time itself.
    """
    if len(raw) < REPLY_BYTES or raw[0] & 7 != _SERVER or raw[24:32] != cookie:
        return None
    seconds = int.from_bytes(raw[40:44], "big")
    if not 0 < raw[1] <= _MAX_STRATUM or raw[0] >> 6 == _NOT_SYNCHRONISED or not seconds:
        raise ValueError("the time server has no time")
    if seconds < _ERA_S // 2:
        seconds += _ERA_S
    return seconds - _TO_1970_S
