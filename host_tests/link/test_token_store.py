"""The token survives a restart to the byte, encrypted where the port can, and tells nothing."""

import base64
import importlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.media import FakeFiles
from host_tests.kit.stores import SmallLittlefsStore
from milepad.base.errors import FAILED, StorageError
from milepad.link.token_store import TokenStore

KEY = bytes(range(16))
HERE = "host_tests.on_micropython.token_store_calls"
EXPIRES_S = 1769800000


def part(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


JWT = ".".join(
    (part(b'{"alg":"RS256","typ":"JWT"}'), part(b'{"exp":1}' * 60), part(bytes(range(256))))
)

tokens = st.one_of(
    st.lists(st.binary(max_size=300), min_size=3, max_size=3).map(
        lambda raws: ".".join(map(part, raws))
    ),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=300),
    st.text("ab-_+/=.", max_size=30),
)


@pytest.fixture(params=["cpython", "micropython", "circuitpython"])
def call(request):
    """Calls `token_store_calls` on one of the Pythons."""
    if request.param != "cpython":
        peer = request.getfixturevalue(request.param)
        return lambda name, *args: peer.call(HERE, name, *args)
    return lambda name, *args: getattr(importlib.import_module(HERE), name)(*args)


@given(tokens)
def test_a_token_comes_back_to_the_byte(call, text):
    saved, raw, _ = call("stored", text, EXPIRES_S)
    assert saved
    assert call("loaded", raw, EXPIRES_S - 1) == (text, EXPIRES_S)


@pytest.fixture(params=["micropython", "circuitpython"])
def device(request):
    """Calls `token_store_calls` on a device's Python, which encrypts."""
    peer = request.getfixturevalue(request.param)
    return lambda name, *args: peer.call(HERE, name, *args)


def test_a_device_encrypts(device):
    _, raw, encrypted = device("stored", JWT, EXPIRES_S)
    assert encrypted is True
    assert b"RS256" not in raw and b"exp" not in raw and JWT[:20].encode() not in raw


def test_the_same_token_is_encrypted_differently_each_time(device):
    first, second = (device("stored", JWT, EXPIRES_S)[1] for _ in "ab")
    assert first != second


def test_another_device_cannot_read_it(device):
    raw = device("stored", JWT, EXPIRES_S)[1]
    assert device("loaded", raw, 0, bytes(16)) is None


def test_micropython_and_circuitpython_read_each_others_cipher(micropython, circuitpython):
    for writer, reader in ((micropython, circuitpython), (circuitpython, micropython)):
        raw = writer.call(HERE, "stored", JWT, EXPIRES_S)[1]
        assert reader.call(HERE, "loaded", raw, 0) == (JWT, EXPIRES_S)


def test_a_jwt_takes_three_quarters_of_its_text(call):
    raw = call("stored", JWT, EXPIRES_S)[1]
    assert len(raw.replace(b"\0\0\0", b"")) < 0.85 * len(JWT)


def test_an_expired_token_is_none(call):
    raw = call("stored", JWT, EXPIRES_S)[1]
    assert call("loaded", raw, EXPIRES_S) is None


@given(st.integers(0, 10**6), st.integers(1, 255))
def test_a_torn_token_is_none(call, where, change):
    raw = bytearray(call("stored", JWT, EXPIRES_S)[1])
    used = [at for at in range(len(raw)) if raw[at]]
    raw[used[where % len(used)]] ^= change
    assert call("loaded", bytes(raw), 0) is None


def test_nothing_saved_is_none(call):
    assert call("loaded", bytes(12000), 0) is None


def test_more_than_4_kib_is_not_kept(call):
    assert call("stored", "a" * 4097, EXPIRES_S)[0] is False
    assert call("stored", "a" * 4096, EXPIRES_S)[0] is True


def test_a_dropped_token_is_gone_and_a_new_one_may_follow():
    files = FakeFiles()
    kept = TokenStore(SmallLittlefsStore(files), KEY)
    kept.save(JWT, EXPIRES_S)
    kept.drop()
    assert kept.load(0) is None
    assert TokenStore(SmallLittlefsStore(files), KEY).load(0) is None
    kept.save("new", EXPIRES_S)
    assert TokenStore(SmallLittlefsStore(files), KEY).load(0) == ("new", EXPIRES_S)


def test_a_token_that_could_not_be_erased_is_not_given_again_in_this_run():
    def refuse(name, raw):
        raise StorageError(FAILED)

    store = SmallLittlefsStore(FakeFiles())
    kept = TokenStore(store, KEY)
    kept.save(JWT, EXPIRES_S)
    store.put = refuse
    assert kept.save("new", EXPIRES_S) is False
    assert kept.load(0) == (JWT, EXPIRES_S)
    kept.drop()
    assert kept.load(0) is None


def test_a_token_that_cannot_be_read_is_fetched_again():
    def refuse(name):
        raise StorageError(FAILED)

    store = SmallLittlefsStore(FakeFiles())
    kept = TokenStore(store, KEY)
    kept.save(JWT, EXPIRES_S)
    store.get = refuse
    assert kept.load(0) is None
