"""Magstripe bits as the head clocked them become the text of a track. Pure.

Track 1 (IATA) has 6 data bits a character, track 2 (ABA) has 4, each least significant bit
first and followed by an odd parity bit; a start sentinel opens, an end sentinel and a
longitudinal redundancy check (LRC: the exclusive or of all characters' data) close
(ISO/IEC 7811-2, 7813). A card is swiped either way, and zeros stand before and behind.

Bits are packed, the first in bit 0 of byte 0, and come with their count.

What is guaranteed: a track is one unbroken stretch of bits and is read as a whole, so

- one wrong bit never makes a stripe that reads hold another number. In the stripe, the
  parity of its character refuses it (the LRC has parity too); in the zeros around it is
  noise or refused; and it can neither hide a part of the stripe nor turn its direction
  (a stripe that reads both ways needs a track 1 that begins with a backslash, for the end
  sentinel has to read as its first character);
- two wrong bits in one character pass its parity, and the LRC refuses them;
- noise of a few bits is ignored where enough zeros part it from the stripe: 14 on track 2,
  20 on track 1 (a card has about 22 and 61). Any nearer, it is refused.
"""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.errors import CardError

if TYPE_CHECKING:
    from milepad.card.protocols import PackedBits

MAX_BITS = const(1000)  # track 1 holds at most 709 on a whole card (210 a 25.4 mm)
_NOISE_BITS = const(32)  # what is no longer than this is no card: a number takes 70

# By track number; a character's data is its ASCII code less `_BASE`.
_DATA_BITS = b"\x00\x06\x04"
_BASE = b"\x00 0"
_START = b"\x00%;"
_END = const(0x3F)  # "?"


class BitCollector:
    """Takes bits one by one, from an interrupt handler too: `feed` allocates nothing.

    The handler must be given a `feed` that was bound beforehand.
    """

    def __init__(self) -> None:
        self._raw = bytearray((MAX_BITS + 7) // 8)
        self._count = 0

    def feed(self, bit: int) -> None:
        """Keeps the bit, 0 or 1; beyond `MAX_BITS` only that there were too many."""
        at = self._count
        if at < MAX_BITS:
            if at & 7:
                self._raw[at >> 3] |= bit << (at & 7)
            else:
                self._raw[at >> 3] = bit
        if at <= MAX_BITS:
            self._count = at + 1

    def clear(self) -> None:
        """Drops all bits."""
        self._count = 0

    def bits(self) -> "PackedBits":
        """(packed bits, their count): the collector's own buffer, valid until the next `feed`."""
        return self._raw, self._count


def _one_stretch(
    found: tuple[int, int] | None, first: int, last: int
) -> tuple[int, int] | None:
    """The stretch from `first` to `last` if it is too long for noise, else `found`.

    Raises CardError if both are: two cards, or one that was swiped twice.
    """
    if last - first < _NOISE_BITS:
        return found
    if found:
        raise CardError("swipe one card once")
    return first, last


def _stretch(raw: bytes | bytearray, count: int, quiet: int) -> tuple[int, int]:
    """First and last one of the only stretch of bits that is no noise.

    At least `quiet` zeros part stretches. Raises CardError.
    """
    found = None
    first = last = -1
    for at in range(count):
        if raw[at >> 3] >> (at & 7) & 1:
            if first < 0 or at - last > quiet:
                found = _one_stretch(found, first, last)
                first = at
            last = at
    found = _one_stretch(found, first, last)
    if found is None:
        raise CardError("card not read")
    return found


def _characters(raw: bytes | bytearray, first: int, last: int, track: int) -> str | None:
    """The track's text if the bits from `first` to `last` are one whole track, else None.

    They are read backwards if `last` is before `first`. Zeros at the end of the LRC, which
    belong to no stretch, are made up for.
    """
    step = 1 if first <= last else -1
    left = (last - first) * step + 1
    size = _DATA_BITS[track]
    lrc = 0
    text = bytearray()
    while left > 0:
        value = odd = 0
        for i in range(size + 1):
            if i < left and raw[first >> 3] >> (first & 7) & 1:
                value |= 1 << i
                odd ^= 1
            first += step
        left -= size + 1
        value &= (1 << size) - 1
        if not odd:
            return None
        if text and text[-1] == _END:
            return bytes(text).decode() if value == lrc and left <= 0 else None
        lrc ^= value
        text.append(value + _BASE[track])
        if text[0] != _START[track]:
            return None
    return None


def decode_track(raw: bytes | bytearray, count: int, track: int) -> str:
    """The text of `count` packed bits of `track` 1 or 2, with sentinels: ";84095202006=1?".

    Raises CardError unless the bits hold exactly one track, in either direction.
    """
    if not 0 <= count <= MAX_BITS or count > len(raw) * 8:
        raise CardError("too long for a card")
    # Odd parity puts a one into each character, so zeros in a row are at most 2 characters
    # less 2 bits, and one wrong bit adds at most a character: more are no part of a stripe.
    first, last = _stretch(raw, count, 3 * _DATA_BITS[track] + 2)
    text = _characters(raw, first, last, track) or _characters(raw, last, first, track)
    if text is None:
        raise CardError("card not read")
    return text


def decode_tracks(track1: "PackedBits | None", track2: "PackedBits | None") -> str:
    """The text of a swipe, for `tracks.swipe`.

    Takes (packed bits, count) of each track, or None where the head has no such track.
    A track that cannot be read is left out. Raises CardError if that leaves none.
    """
    text = ""
    for track, bits in ((1, track1), (2, track2)):
        try:
            text += decode_track(bits[0], bits[1], track) if bits else ""
        except CardError:
            pass  # the other track may do
    if not text:
        raise CardError("card not read")
    return text
