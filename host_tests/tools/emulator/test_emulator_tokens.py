"""Tokens: what is granted, what is refused, and what comes back as a good bearer."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.emulator.authority import Credentials
from tools.emulator.settings import Settings
from tools.emulator.tokens import OAuthError, TokenService

CREDENTIALS = Credentials("client", "secret", "a signing key")
REQUEST = {
    "grant_type": "client_credentials",
    "client_id": "client",
    "client_secret": "secret",
}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def service(clock: Any) -> TokenService:
    return TokenService(CREDENTIALS, clock, Settings())


def bearer(service: TokenService) -> str:
    reply = service.grant("application/json", json.dumps(REQUEST).encode())
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
    service: TokenService, content_type: str, raw: bytes
) -> None:
    reply = service.grant(content_type, raw)
    assert (reply["token_type"], reply["expires_in"]) == ("Bearer", 86400)
    assert service.bearer_is_good(f"Bearer {reply['access_token']}")


def basic(client_id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


def test_id_and_secret_may_stand_in_a_basic_header(clock: Any) -> None:
    credentials = Credentials("client", "se:cr+t é", "a signing key")
    service = TokenService(credentials, clock, Settings())
    header = basic("client", quote_plus("se:cr+t é"))
    reply = service.grant(FORM, b"grant_type=client_credentials", header)
    assert service.bearer_is_good(f"Bearer {reply['access_token']}")


@pytest.mark.parametrize(
    "header", [basic("client", "wrong"), basic("", ""), "Basic !", "Basic", "Bearer x"]
)
def test_another_header_is_refused(service: TokenService, header: str) -> None:
    with pytest.raises(OAuthError):
        service.grant(FORM, b"grant_type=client_credentials", header)


def test_a_token_is_a_jwt_that_says_when_it_ends(service: TokenService, clock: Any) -> None:
    head, claims, _ = bearer(service).partition(" ")[2].split(".")
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
    service: TokenService, change: dict[str, object], name: str
) -> None:
    with pytest.raises(OAuthError) as refused:
        service.grant("application/json", json.dumps(REQUEST | change).encode())
    assert refused.value.name == name


@pytest.mark.parametrize("raw", [b"{", b"[]", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_object_is_refused(service: TokenService, raw: bytes) -> None:
    with pytest.raises(OAuthError) as refused:
        service.grant("application/json", raw)
    assert refused.value.name == "invalid_request"


def test_an_audience_can_be_demanded(clock: Any) -> None:
    service = TokenService(CREDENTIALS, clock, Settings(audience="amcash-api"))
    with pytest.raises(OAuthError):
        service.grant(FORM, urlencode(REQUEST).encode())
    asked = urlencode(REQUEST | {"audience": "amcash-api"}).encode()
    assert service.grant(FORM, asked)["access_token"]


def test_a_token_ends_with_its_lifetime(clock: Any) -> None:
    service = TokenService(CREDENTIALS, clock, Settings(token_lifetime=60))
    token = bearer(service)
    clock.unix_s += 59
    assert service.bearer_is_good(token)
    clock.unix_s += 1
    assert not service.bearer_is_good(token)


def test_a_revoked_token_is_good_no_more_and_the_next_is(
    service: TokenService,
) -> None:
    first, second = bearer(service), bearer(service)
    service.revoke(first)
    assert (service.bearer_is_good(first), service.bearer_is_good(second)) == (
        False,
        True,
    )


def test_a_token_of_another_platform_is_no_good(service: TokenService, clock: Any) -> None:
    stranger = TokenService(Credentials("client", "secret", "another"), clock, Settings())
    assert not service.bearer_is_good(bearer(stranger))


@given(st.text(max_size=80))
def test_no_header_whatever_is_taken_for_a_token(text: str) -> None:
    service = TokenService(CREDENTIALS, None, Settings())  # type: ignore[arg-type]
    assert not service.bearer_is_good(text)
    assert not service.bearer_is_good(f"Bearer {text}")
