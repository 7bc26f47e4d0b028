"""The card room's functions with plain arguments and results, for either Python to call."""

from milepad.base.vocabulary import SWIPE
from milepad.card import bits, collector_number, scan, tracks


def _plain(card):
    return card.collector_number, card.card_entry_mode, card.warning


def found(field, rules):
    return _plain(collector_number.find(field, rules, SWIPE))


def keyed(text, rules):
    return _plain(collector_number.keyed(text, rules))


def scanned(text, rules):
    return _plain(scan.scan(text, rules))


def swiped(text, rules):
    return _plain(tracks.swipe(text, rules))


def packed(text):
    """(packed bits, their count) of "0" and "1" in a text, as a head would feed them."""
    collector = bits.BitCollector()
    for c in text:
        collector.feed(int(c))
    return collector.bits()


def decoded(text, track):
    raw, count = packed(text)
    return bits.decode_track(raw, count, track)


def swiped_bits(text1, text2, rules):
    track1 = packed(text1) if text1 else None
    track2 = packed(text2) if text2 else None
    return swiped(bits.decode_tracks(track1, track2), rules)


def fed_with_locked_heap(count):
    """Feeds bits where an allocation is a MemoryError, as in an interrupt handler."""
    import micropython

    collector = bits.BitCollector()
    feed = collector.feed
    micropython.heap_lock()
    try:
        for i in range(count):
            feed(i & 1)
    finally:
        micropython.heap_unlock()
    return collector.bits()[1]
