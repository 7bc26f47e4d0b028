"""Message protection, held to what the field's own client library made."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.peer import Peer, agree
from host_tests.on_micropython import pinpad_calls
from milepad.base.till_key import key_bytes
from tools.profile.till import derived

CALLS = "host_tests.on_micropython.pinpad_calls"
GOLDEN = json.loads((Path(__file__).parent / "golden/protection.json").read_text("utf-8"))
KEYS = {
    each["passphrase"]: bytes.fromhex(each["hmac"] + each["cipher"] + each["iv"])
    for each in GOLDEN["keys"]
}
ASCII = [passphrase for passphrase in KEYS if passphrase.isascii()]


@pytest.mark.parametrize("passphrase", ASCII)
def test_provisioning_derives_the_library_s_keys(passphrase: str) -> None:
    assert key_bytes(derived(passphrase)) == KEYS[passphrase]


@pytest.mark.parametrize("vector", GOLDEN["messages"])
def test_what_the_library_has_protected_is_read(micropython: Peer, vector: dict) -> None:
    trailer = vector["message"]["SecurityTrailer"]
    named = (trailer["KeyIdentifier"], trailer["KeyVersion"])
    raw = json.dumps(vector["message"]).encode()
    key = KEYS[vector["passphrase"]]
    found = agree(micropython, CALLS, "opened", key, named, [raw])
    assert found == [vector["text"].encode()]


KEY, NAMED = KEYS[ASCII[0]], ("till", 1)
TEXT = b'{"SaleToPOIRequest":{}}'
SEALED = pinpad_calls.sealed(KEY, NAMED, TEXT)


@given(st.binary(max_size=80))
def test_what_the_device_protects_it_reads_on_both_pythons(
    micropython: Peer, text: bytes
) -> None:
    raw = micropython.call(CALLS, "sealed", KEY, NAMED, text)
    assert pinpad_calls.opened(KEY, NAMED, [raw]) == [text]
    here = pinpad_calls.sealed(KEY, NAMED, text)
    assert micropython.call(CALLS, "opened", KEY, NAMED, [here]) == [text]


def test_no_two_messages_are_protected_alike() -> None:
    assert pinpad_calls.sealed(KEY, NAMED, TEXT) != pinpad_calls.sealed(KEY, NAMED, TEXT)


def test_a_message_is_taken_once(micropython: Peer) -> None:
    found = agree(micropython, CALLS, "opened", KEY, NAMED, [SEALED, SEALED])
    assert found == [TEXT, "it came before"]


def test_one_of_the_last_256_is_known_again(micropython: Peer) -> None:
    others = [pinpad_calls.sealed(KEY, NAMED, b"{}") for _ in range(255)]
    found = agree(micropython, CALLS, "opened", KEY, NAMED, [SEALED, *others, SEALED])
    assert found == [TEXT, *[b"{}"] * 255, "it came before"]


@pytest.mark.parametrize("named", [("other", 1), ("till", 2)])
def test_another_key_is_refused_by_name(named: tuple[str, int]) -> None:
    assert pinpad_calls.opened(KEY, named, [SEALED]) == ["it is protected with another key"]


def test_another_key_under_the_same_name_is_refused(micropython: Peer) -> None:
    found = agree(micropython, CALLS, "opened", KEYS[ASCII[1]], NAMED, [SEALED])
    assert found == ["its protection does not fit"]


def test_a_message_in_clear_is_refused(micropython: Peer) -> None:
    found = agree(micropython, CALLS, "opened", KEY, NAMED, [TEXT])
    assert found == ["it is not protected"]


def altered(member: str, at: int) -> bytes:
    message = json.loads(SEALED)
    holder = message if member == "NexoBlob" else message["SecurityTrailer"]
    raw = bytearray(base64.b64decode(holder[member]))
    raw[at % len(raw)] ^= 1
    holder[member] = base64.b64encode(raw).decode()
    return json.dumps(message).encode()


@pytest.mark.parametrize("member", ["NexoBlob", "Nonce", "Hmac"])
@pytest.mark.parametrize("at", range(0, 48, 5))
def test_one_bit_that_was_altered_is_refused(
    micropython: Peer, member: str, at: int
) -> None:
    found = agree(micropython, CALLS, "opened", KEY, NAMED, [altered(member, at)])
    assert found == ["its protection does not fit"]


@given(
    st.fixed_dictionaries(
        {"NexoBlob": st.text(max_size=40)},
        optional={
            "SecurityTrailer": st.none()
            | st.dictionaries(
                st.sampled_from(["Nonce", "Hmac", "KeyIdentifier", "KeyVersion"]),
                st.text(max_size=24) | st.integers(),
            )
        },
    )
)
def test_anything_else_is_refused_and_no_more(micropython: Peer, message: dict) -> None:
    raw = json.dumps(message).encode()
    found = agree(micropython, CALLS, "opened", KEY, NAMED, [raw])
    assert len(found) == 1 and isinstance(found[0], str)  # type: ignore[arg-type,index]


@pytest.mark.parametrize("size", [0, 1, 15, 17, 32])
def test_a_nonce_of_another_length_is_refused(micropython: Peer, size: int) -> None:
    message = json.loads(SEALED)
    message["SecurityTrailer"]["Nonce"] = base64.b64encode(bytes(size)).decode()
    raw = json.dumps(message).encode()
    found = agree(micropython, CALLS, "opened", KEY, NAMED, [raw])
    assert found == ["its protection does not fit"]
