"""Addresses of the platform: https only, a name, a port, a path."""

from milepad.base.errors import ProfileError
from milepad.base.text import digits_only


def split_url(url: str) -> tuple[str, int, str]:
    """(host, port, path) of an https address; ProfileError for anything else."""
    host, slash, path = url[8:].partition("/")
    name, colon, port = host.partition(":")
    good = url[:8] == "https://" and name and all("!" <= c <= "~" for c in url)
    good = good and not any(c in "@[]?#\\" for c in url)
    if colon:
        good = good and len(port) <= 5 and digits_only(port) and 0 < int(port) < 65536
    if not good:
        raise ProfileError("expected an https address")
    return name, int(port) if colon else 443, slash + path
