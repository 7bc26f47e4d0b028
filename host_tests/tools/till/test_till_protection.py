"""Protection is the field's: what @adyen/api-library makes, to the byte; nothing else passes."""

from __future__ import annotations

import base64
import copy
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import npm
from tools.till.protection import Key, ProtectionError, is_protected, protect, unprotect

GOLDEN = Path(__file__).parents[2] / "pinpad/golden"
VECTORS = json.loads((GOLDEN / "protection.json").read_text("utf-8"))
KEY = Key.from_passphrase("milepad till 1", "till")
HEADER = {"MessageCategory": "Login", "ServiceID": "1"}


def key_of(vector: dict[str, Any]) -> Key:
    trailer = vector["message"]["SecurityTrailer"]
    return Key.from_passphrase(
        vector["passphrase"], trailer["KeyIdentifier"], trailer["KeyVersion"]
    )


def test_the_vectors_are_made_by_the_fields_library() -> None:
    modules, node = npm.TILL_CLIENT.modules(), shutil.which("node")
    if modules is None or node is None:
        pytest.skip(f"{npm.TILL_CLIENT.name} could not be had: `make setup` says why")
    script = GOLDEN / "make_protection.mjs"
    made = subprocess.run([node, script, modules], capture_output=True, check=True)
    assert made.stdout == (GOLDEN / "protection.json").read_bytes()


@pytest.mark.parametrize("vector", VECTORS["keys"], ids=range(len(VECTORS["keys"])))
def test_keys_are_derived_as_the_library_does_it(vector: dict[str, str]) -> None:
    key = Key.from_passphrase(vector["passphrase"], "k")
    assert [key.hmac.hex(), key.cipher.hex(), key.mask.hex()] == [
        vector[name] for name in ("hmac", "cipher", "iv")
    ]


@pytest.mark.parametrize("vector", VECTORS["messages"], ids=range(len(VECTORS["messages"])))
def test_a_message_is_protected_to_the_byte(vector: dict[str, Any]) -> None:
    message = vector["message"]
    nonce = base64.b64decode(message["SecurityTrailer"]["Nonce"])
    made = protect(
        message["MessageHeader"], vector["text"], key_of(vector), lambda _: nonce
    )
    assert made == message
    assert is_protected(made)
    assert unprotect(message, key_of(vector)) == vector["text"]


@given(text=st.text(max_size=200))
def test_what_was_protected_comes_back(text: str) -> None:
    assert unprotect(protect(HEADER, text, KEY), KEY) == text


@given(
    name=st.sampled_from(["NexoBlob", "Nonce", "Hmac"]),
    at=st.integers(0, 500),
    change=st.integers(1, 255),
)
def test_a_changed_byte_is_noticed(name: str, at: int, change: int) -> None:
    message = protect(HEADER, "x" * 100, KEY)
    holder = message if name == "NexoBlob" else message["SecurityTrailer"]
    raw = bytearray(base64.b64decode(holder[name]))
    raw[at % len(raw)] ^= change
    holder[name] = base64.b64encode(raw).decode()
    with pytest.raises(ProtectionError):
        unprotect(message, KEY)


@given(
    name=st.sampled_from(["NexoBlob", "Nonce", "Hmac", "KeyIdentifier", "KeyVersion"]),
    value=st.one_of(st.none(), st.integers(), st.text(max_size=40), st.lists(st.text())),
)
def test_any_other_message_is_refused(name: str, value: object) -> None:
    message = protect(HEADER, "text", KEY)
    holder = message if name == "NexoBlob" else message["SecurityTrailer"]
    if holder[name] == value:
        return
    holder[name] = value
    with pytest.raises(ProtectionError):
        unprotect(message, KEY)


@pytest.mark.parametrize("name", ["NexoBlob", "SecurityTrailer"])
def test_what_is_not_whole_is_refused(name: str) -> None:
    message = copy.deepcopy(VECTORS["messages"][0]["message"])
    del message[name]
    with pytest.raises(ProtectionError, match="not whole"):
        unprotect(message, KEY)


def test_another_key_is_named() -> None:
    other = Key.from_passphrase("milepad till 2", "till")
    with pytest.raises(ProtectionError, match="does not fit"):
        unprotect(protect(HEADER, "text", other), KEY)
    with pytest.raises(ProtectionError, match="another key"):
        unprotect(protect(HEADER, "text", KEY), KEY._replace(version=2))


def test_a_passphrase_outside_latin_1_is_refused() -> None:
    with pytest.raises(ProtectionError, match="Latin-1"):
        Key.from_passphrase("日本", "till")
