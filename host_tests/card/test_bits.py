"""What a head clocks becomes the text of a track, or is refused; it is never guessed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_tests.card.encoder import flipped
from host_tests.card.plain import decoded, packed, swiped, swiped_bits
from host_tests.kit.peer import Peer, agree
from milepad.base.errors import CardError
from milepad.card.bits import MAX_BITS, BitCollector, decode_track
from tools.handheld.card_bits import encode_track

PLAIN = "host_tests.card.plain"
NUMBERS = ["84095202006", "81000000010", "80000000001", "81111111111"]
QUIET = {1: 20, 2: 14}  # zeros that part noise from a stripe

# By hand: data bits least significant first, then odd parity.
ABA_STRIPE = (
    "11010"  # ;  1011
    "00010"  # 8  1000
    "00100"  # 4  0100
    "00001"  # 0  0000
    "10011"  # 9  1001
    "10101"  # 5  0101
    "01000"  # 2  0010
    "00001"  # 0  0000
    "01000"  # 2  0010
    "00001"  # 0  0000
    "00001"  # 0  0000
    "01101"  # 6  0110
    "10110"  # =  1101
    "11111"  # ?  1111
    "11111"  # LRC: 1011^1000^0100^1001^0101^0010^0010^0110^1101^1111 = 1111
)
IATA_STRIPE = (
    "1010001"  # %  000101
    "0100011"  # B  100010
    "0001101"  # 8  011000
    "0010101"  # 4  010100
    "1111100"  # ?  011111
    "0010110"  # LRC: 000101^100010^011000^010100^011111 = 110100
)


@st.composite
def texts(draw: st.DrawFn, track: int) -> str:
    """A track's text with sentinels, of any characters that the track has."""
    if track == 1:
        alphabet = "".join(chr(c) for c in range(0x20, 0x60) if c != ord("?"))
        return "%" + draw(st.text(alphabet, min_size=5, max_size=76)) + "?"
    return ";" + draw(st.text("0123456789:;<=>", min_size=6, max_size=37)) + "?"


@st.composite
def stripes(draw: st.DrawFn) -> tuple[str, int, str]:
    """(text, track, bits): a stripe in either direction with any zeros around it."""
    track = draw(st.sampled_from([1, 2]))
    text = draw(texts(track))
    bits = encode_track(text, track)
    bits = "0" * draw(st.integers(0, 150)) + bits + "0" * draw(st.integers(0, 150))
    return text, track, bits[::-1] if draw(st.booleans()) else bits


def number_of(bits: str, track: int) -> str | None:
    """The collector number that a stripe of bits is taken for, None if it is refused."""
    try:
        return swiped(decoded(bits, track), {})[0]
    except CardError:
        return None


def card_text(number: str, track: int) -> str:
    return f"%B{number}^DOE/JOE^9912101?" if track == 1 else f";{number}=9912101?"


@pytest.mark.parametrize("way", [1, -1], ids=["forward", "backward"])
def test_reads_the_golden_track_2(micropython: Peer, way: int) -> None:
    bits = ("0" * 22 + ABA_STRIPE + "0" * 30)[::way]
    assert agree(micropython, PLAIN, "decoded", bits, 2) == ";84095202006=?"


@pytest.mark.parametrize("way", [1, -1], ids=["forward", "backward"])
def test_reads_the_golden_track_1(micropython: Peer, way: int) -> None:
    bits = ("0" * 61 + IATA_STRIPE + "0" * 9)[::way]
    assert agree(micropython, PLAIN, "decoded", bits, 1) == "%B84?"


@given(stripes())
def test_every_stripe_reads_back_both_ways_with_any_zeros_around(
    stripe: tuple[str, int, str],
) -> None:
    text, track, bits = stripe
    assert decoded(bits, track) == text


@given(stripe=stripes())
@settings(max_examples=40)
def test_both_pythons_read_the_same_stripes(
    micropython: Peer, stripe: tuple[str, int, str]
) -> None:
    text, track, bits = stripe
    assert agree(micropython, PLAIN, "decoded", bits, track) == text


@given(stripes())
def test_a_stripe_that_ends_with_its_last_one_is_whole(
    stripe: tuple[str, int, str],
) -> None:
    text, track, bits = stripe
    assert decoded(bits.strip("0"), track) == text


@pytest.mark.parametrize("way", [1, -1], ids=["forward", "backward"])
def test_zeros_of_the_lrc_need_no_room_in_the_bits(way: int) -> None:
    text = ";000000005?"  # its LRC is 0001: 10000 on the stripe, which then fills 7 bytes
    bits = encode_track(text, 2).strip("0")[::way]
    raw, count = packed(bits)
    assert count == 7 * 8
    assert decode_track(bytes(raw[:7]), count, 2) == text


@given(stripes(), st.data())
def test_one_wrong_bit_is_refused_or_changes_nothing(
    stripe: tuple[str, int, str], data: st.DataObject
) -> None:
    text, track, bits = stripe
    wrong = flipped(bits, data.draw(st.integers(0, len(bits) - 1)))
    try:
        assert decoded(wrong, track) == text
    except CardError:
        assert wrong != bits


@given(stripes(), st.data())
def test_one_wrong_bit_inside_the_stripe_is_always_refused(
    stripe: tuple[str, int, str], data: st.DataObject
) -> None:
    _, track, bits = stripe
    first, last = bits.index("1"), bits.rindex("1")
    with pytest.raises(CardError):
        decoded(flipped(bits, data.draw(st.integers(first, last))), track)


@pytest.mark.parametrize("track", [1, 2])
@pytest.mark.parametrize("number", NUMBERS)
def test_no_single_wrong_bit_anywhere_makes_another_number(number: str, track: int) -> None:
    around = "0" * 30
    bits = around + encode_track(card_text(number, track), track) + around
    for stripe in (bits, bits[::-1]):
        taken = {number_of(flipped(stripe, place), track) for place in range(len(stripe))}
        assert taken == {None, number}


@pytest.mark.parametrize("track", [1, 2])
def test_no_two_wrong_bits_in_a_character_make_another_number(track: int) -> None:
    bits = encode_track(card_text(NUMBERS[0], track), track)
    width = 7 if track == 1 else 5
    taken = {
        number_of(flipped(bits, start + one, start + other), track)
        for start in range(0, len(bits), width)
        for one in range(width)
        for other in range(one)
    }
    assert taken == {None}


@given(
    st.sampled_from([1, 2]),
    st.text("01", max_size=30),
    st.text("01", max_size=30),
    st.integers(0, 20),
    st.booleans(),
)
def test_clock_noise_away_from_the_stripe_is_ignored(
    track: int, before: str, after: str, more: int, backward: bool
) -> None:
    quiet = "0" * (QUIET[track] + more)
    text = card_text(NUMBERS[0], track)
    bits = before + quiet + encode_track(text, track) + quiet + after
    assert decoded(bits[::-1] if backward else bits, track) == text


@given(st.sampled_from([1, 2]), st.text("01", min_size=1, max_size=30), st.integers(0, 30))
def test_clock_noise_near_the_stripe_never_makes_another_text(
    track: int, noise: str, zeros: int
) -> None:
    text = card_text(NUMBERS[0], track)
    bits = noise + "0" * zeros + encode_track(text, track)
    for stripe in (bits, bits[::-1]):
        assert number_of(stripe, track) in (None, NUMBERS[0])


@pytest.mark.parametrize(
    "bits",
    [
        "",
        "0" * 500,
        "1" * 500,
        "01" * 200,
        ABA_STRIPE[:-5],  # no LRC
        ABA_STRIPE[:-10],  # neither end sentinel nor LRC
        ABA_STRIPE[5:],  # no start sentinel
        ABA_STRIPE + "00001",  # more behind the LRC
        ABA_STRIPE + ABA_STRIPE,
        ABA_STRIPE + "0" * 60 + ABA_STRIPE,  # two swipes
        encode_track(";84095202006=?", 2)[:-5]
        + "01111",  # right data in the LRC, wrong parity
        "0" * (MAX_BITS - 70) + ABA_STRIPE,  # beyond the bound
    ],
)
def test_refuses_what_is_no_whole_track(micropython: Peer, bits: str) -> None:
    with pytest.raises(CardError):
        agree(micropython, PLAIN, "decoded", bits, 2)


def test_a_track_is_not_read_as_the_other() -> None:
    with pytest.raises(CardError):
        decoded(ABA_STRIPE, 1)
    with pytest.raises(CardError):
        decoded(IATA_STRIPE, 2)


@given(text=st.text("01", max_size=300), track=st.sampled_from([1, 2]))
def test_arbitrary_bits_are_a_text_or_a_card_error(
    micropython: Peer, text: str, track: int
) -> None:
    try:
        assert agree(micropython, PLAIN, "decoded", text, track)
    except CardError as fault:
        assert len(str(fault)) <= 20


@given(st.binary(max_size=140), st.integers(-5, 1200), st.sampled_from([1, 2]))
def test_arbitrary_packed_bits_are_a_text_or_a_card_error(
    raw: bytes, count: int, track: int
) -> None:
    try:
        assert decode_track(raw, count, track)
    except CardError as fault:
        assert len(str(fault)) <= 20


def test_ten_thousand_bits_are_refused() -> None:
    with pytest.raises(CardError):
        decode_track(*packed("0" * 10_000), 2)


@given(st.text("01", max_size=MAX_BITS))
def test_packed_bits_are_least_significant_first(text: str) -> None:
    raw, count = packed(text)
    value = int.from_bytes(raw[: (count + 7) // 8], "little")
    assert (count, value) == (len(text), int("0" + text[::-1], 2))


def test_a_collector_that_was_cleared_holds_only_what_came_after() -> None:
    collector = BitCollector()
    for _ in range(300):
        collector.feed(1)
    collector.clear()
    for bit in ABA_STRIPE:
        collector.feed(int(bit))
    assert decode_track(*collector.bits(), 2) == ";84095202006=?"


def test_a_collector_that_was_fed_too_many_bits_holds_no_card() -> None:
    collector = BitCollector()
    for bit in ABA_STRIPE + "0" * 20_000:
        collector.feed(int(bit))
    with pytest.raises(CardError):
        decode_track(*collector.bits(), 2)


def test_feeding_allocates_nothing(micropython: Peer) -> None:
    fed = micropython.call(PLAIN, "fed_with_locked_heap", 2 * MAX_BITS)
    assert fed == MAX_BITS + 1


@pytest.mark.parametrize(
    ("track1", "track2"),
    [
        (card_text(NUMBERS[0], 1), card_text(NUMBERS[0], 2)),
        (card_text(NUMBERS[0], 1), None),
        (None, card_text(NUMBERS[0], 2)),
    ],
)
def test_a_swipe_of_bits_is_a_card(
    micropython: Peer, track1: str | None, track2: str | None
) -> None:
    bits1 = track1 and encode_track(track1, 1)
    bits2 = track2 and encode_track(track2, 2)[::-1]
    card = agree(micropython, PLAIN, "swiped_bits", bits1, bits2, {})
    assert card == (NUMBERS[0], "SWIPE", None)


def test_a_worn_track_leaves_the_other() -> None:
    worn = flipped(encode_track(card_text(NUMBERS[0], 1), 1), 40)
    assert swiped_bits(worn, ABA_STRIPE, {})[0] == NUMBERS[0]
    with pytest.raises(CardError):
        swiped_bits(worn, None, {})
