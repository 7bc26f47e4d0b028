"""Tokens: what is granted, what is refused, and what comes back as a good bearer."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.emulator.authority import Credentials
from tools.emulator.settings import Settings
from tools.emulator.tokens import OAuthError, TokenOffice

CREDENTIALS = Credentials("client", "secret", "a signing key")
REQUEST = {
    "grant_type": "client_credentials",
    "client_id": "client",
    "client_secret": "secret",
}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def office(clock: Any) -> TokenOffice:
    return TokenOffice(CREDENTIALS, clock, Settings())


def bearer(office: TokenOffice) -> str:
    reply = office.grant("application/json", json.dumps(REQUEST).encode())
    return f"Bearer {reply['access_token']}"


@pytest.mark.parametrize(
    ("content_type", "raw"),
    [
        (FORM, urlencode(REQUEST).encode()),
        ("application/json", json.dumps(REQUEST).encode()),
        ("Application/JSON; charset=utf-8", json.dumps(REQUEST).encode()),
    ],
)
def test_form_and_json_are_granted_a_token(
    office: TokenOffice, content_type: str, raw: bytes
) -> None:
    reply = office.grant(content_type, raw)
    assert (reply["token_type"], reply["expires_in"]) == ("Bearer", 86400)
    assert office.bearer_is_good(f"Bearer {reply['access_token']}")


def test_a_token_is_a_jwt_that_says_when_it_ends(office: TokenOffice, clock: Any) -> None:
    head, claims, _ = bearer(office).partition(" ")[2].split(".")
    assert json.loads(base64.urlsafe_b64decode(head + "==")) == {
        "typ": "JWT",
        "alg": "HS256",
    }
    assert (
        json.loads(base64.urlsafe_b64decode(claims + "=="))["exp"] == clock.unix() + 86400
    )


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"client_secret": "wrong"}, "access_denied"),
        ({"client_id": "nobody"}, "access_denied"),
        ({"client_secret": ""}, "access_denied"),
        ({"client_secret": 17}, "access_denied"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": None}, "unsupported_grant_type"),
    ],
)
def test_a_wrong_request_is_refused(
    office: TokenOffice, change: dict[str, object], name: str
) -> None:
    with pytest.raises(OAuthError) as refused:
        office.grant("application/json", json.dumps(REQUEST | change).encode())
    assert refused.value.name == name


@pytest.mark.parametrize("raw", [b"{", b"[]", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_object_is_refused(office: TokenOffice, raw: bytes) -> None:
    with pytest.raises(OAuthError) as refused:
        office.grant("application/json", raw)
    assert refused.value.name == "invalid_request"


def test_an_audience_can_be_demanded(clock: Any) -> None:
    office = TokenOffice(CREDENTIALS, clock, Settings(audience="amcash-api"))
    with pytest.raises(OAuthError):
        office.grant(FORM, urlencode(REQUEST).encode())
    asked = urlencode(REQUEST | {"audience": "amcash-api"}).encode()
    assert office.grant(FORM, asked)["access_token"]


def test_a_token_ends_with_its_lifetime(clock: Any) -> None:
    office = TokenOffice(CREDENTIALS, clock, Settings(token_lifetime=60))
    token = bearer(office)
    clock.unix_s += 59
    assert office.bearer_is_good(token)
    clock.unix_s += 1
    assert not office.bearer_is_good(token)


def test_a_revoked_token_is_good_no_more_and_the_next_is(office: TokenOffice) -> None:
    first, second = bearer(office), bearer(office)
    office.revoke(first)
    assert (office.bearer_is_good(first), office.bearer_is_good(second)) == (False, True)


def test_a_token_of_another_platform_is_no_good(office: TokenOffice, clock: Any) -> None:
    stranger = TokenOffice(Credentials("client", "secret", "another"), clock, Settings())
    assert not office.bearer_is_good(bearer(stranger))


@given(st.text(max_size=80))
def test_no_header_whatever_is_taken_for_a_token(text: str) -> None:
    office = TokenOffice(CREDENTIALS, None, Settings())  # type: ignore[arg-type]
    assert not office.bearer_is_good(text)
    assert not office.bearer_is_good(f"Bearer {text}")
