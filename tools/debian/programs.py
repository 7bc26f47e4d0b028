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

# What nginx and haproxy link with, as their loader lists it; what their packages depend on
# beyond that starts and stops them as services.
_SERVERS = (
    "nginx",
    "haproxy",
    "libc6",
    "libcrypt1",
    "libgcc-s1",
    "libjemalloc2",
    "liblua5.4-0",
    "libopentracing-c-wrapper0t64",
    "libopentracing1",
    "libpcre2-8-0",
    "libssl3t64",
    "libstdc++6",
    "libzstd1",
    "zlib1g",
)

PROGRAMS = {
    "micropython": Program("trixie", ("trixie", "stable"), _MICROPYTHON),
    "micropython-newest": Program("forky", ("forky", "testing"), _MICROPYTHON),
    "servers": Program("trixie", ("trixie", "stable"), _SERVERS, ("amd64", "arm64")),
}
