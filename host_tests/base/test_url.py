"""Addresses of the platform: https and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.peer import Peer, agree
from milepad.base.errors import ProfileError


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://cert.airmilesapis.ca", ("cert.airmilesapis.ca", 443, "")),
        ("https://cert.airmilesapis.ca/", ("cert.airmilesapis.ca", 443, "/")),
        ("https://localhost:8443/oauth/token", ("localhost", 8443, "/oauth/token")),
        ("https://h:65535", ("h", 65535, "")),
        ("https://h:1/a:b", ("h", 1, "/a:b")),
    ],
)
def test_splits_an_address(micropython: Peer, url: str, parts: tuple) -> None:
    assert agree(micropython, "milepad.base.url", "split_url", url) == parts


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://",
        "https:///path",
        "http://cert.airmilesapis.ca",
        "HTTPS://cert.airmilesapis.ca",
        "ftp://cert.airmilesapis.ca",
        "cert.airmilesapis.ca",
        "https://user@host",
        "https://user:pw@host/",
        "https://[::1]/",
        "https://host/?q=1",
        "https://host/#x",
        "https://host\\evil",
        "https://host:",
        "https://host:0",
        "https://host:65536",
        "https://host:123456",
        "https://host:-1",
        "https://host:4 4",
        "https://host:44:3",
        "https://host:²",
        "https://ho st/",
        "https://host/a b",
        "https://host/\r\nX: y",
        "https://hôte/",
        "https://host\0/",
    ],
)
def test_refuses_any_other_address(micropython: Peer, url: str) -> None:
    with pytest.raises(ProfileError, match="expected an https address"):
        agree(micropython, "milepad.base.url", "split_url", url)


@given(rest=st.text(max_size=40))
def test_no_part_can_break_the_head_of_a_request(micropython: Peer, rest: str) -> None:
    try:
        parts = agree(micropython, "milepad.base.url", "split_url", "https://" + rest)
    except ProfileError:
        return
    assert isinstance(parts, tuple)
    host, port, path = parts
    assert host and 0 < port < 65536 and (not path or path[0] == "/")
    assert all("!" <= c <= "~" for c in host + path)
