"""A token store over memory, called with plain values on either Python."""

from host_tests.kit.byte_region import ByteRegion
from milepad.base.compat import HAS_AES
from milepad.ledger.stores.ring import RingStore
from milepad.link.token_store import TokenStore

KEY = bytes(range(16))


def stored(text, expires_s):
    """(whether it was saved, the store's bytes, whether they are encrypted)."""
    memory = bytearray(12000)
    tokens = TokenStore(RingStore(ByteRegion(memory), 2, 5000), KEY)
    return tokens.save(text, expires_s), bytes(memory), HAS_AES


def loaded(raw, now_s, key=KEY):
    """What a boot finds in those bytes."""
    return TokenStore(RingStore(ByteRegion(bytearray(raw)), 2, 5000), key).load(now_s)
