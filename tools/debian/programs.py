"""Which packages a program is made of, and the distribution's suite they come from."""

from __future__ import annotations

from typing import NamedTuple


class Program(NamedTuple):
    """What `renew` locks, and what apt is asked for when the lock has been outlived."""

    codename: str
    # The names under which mirrors publish the suite. One may be inconsistent for days
    # while another, which is renewed less often, is whole.
    suites: tuple[str, ...]
    packages: tuple[str, ...]
    architectures: tuple[str, ...] = ("amd64", "arm64", "i386")


# micropython's Depends; their own are met by libc6.
_MICROPYTHON = (
    "micropython",
    "libc6",
    "libffi8",
    "libmbedtls21",
    "libmbedx509-7",
    "libmbedcrypto16",
)

PROGRAMS = {
    "micropython": Program("trixie", ("trixie", "stable"), _MICROPYTHON),
    "micropython-newest": Program("forky", ("forky", "testing"), _MICROPYTHON),
}
