"""The text of a swiped card, `%B...^...^...?;...=...?`, becomes a card. Pure.

Serial readers send this text; bits.py makes the same of what a bare head clocks. Either
track may be missing. What stands outside the sentinels (an LRC, CR LF, noise) is ignored.
"""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.errors import CardError
from milepad.base.vocabulary import SWIPE
from milepad.card.collector_number import Card, find

if TYPE_CHECKING:
    from milepad.card.protocols import CardRules, TrackTexts

_MAX_TEXT = const(320)  # tracks 1, 2 and 3 hold 79, 40 and 107 characters
_ERROR = "E"  # what readers send between the sentinels of a track that they could not read


def _track(text: str, sentinel: str, start: int) -> tuple[str | None, int]:
    """(what stands between `sentinel` and "?", where it ends), or (None, `start`)."""
    first = text.find(sentinel, start)
    last = text.find("?", first + 1)
    if first < 0 or last < 0:
        return None, start
    data = text[first + 1 : last]
    return (None if data in ("", _ERROR) else data), last


def tracks(text: str) -> "TrackTexts":
    """(track 1 or None, track 2 or None) of a reader's text, without their sentinels.

    A track that is empty, torn, or that the reader marked as unread (`%E?`) is None.
    Raises CardError if that leaves none, or if the text is too long for a card.
    """
    if len(text) > _MAX_TEXT:
        raise CardError("too long for a card")
    # Track 1 may hold a ";" as data, so track 2 is looked for behind it.
    track1, end = _track(text, "%", 0)
    track2 = _track(text, ";", end)[0]
    if track1 is None and track2 is None:
        raise CardError("card not read")
    return track1, track2


def _field(data: str, track: int) -> str:
    """A track's first field; on track 1 without format code and blanks."""
    field = data.partition("^")[0].partition("=")[0]
    if track == 1:
        if "A" <= field[:1] <= "Z":
            field = field[1:]
        field = field.replace(" ", "")
    return field


def swipe(text: str, rules: "CardRules") -> Card:
    """The card of a reader's text: ";84095202006=9912?" is 84095202006, entered by SWIPE.

    The rule `track` says which track counts. With 0 either may, and if both hold a number,
    it has to be the same one. Raises CardError.
    """
    wanted = rules.get("track", 0)
    card = None
    fault = CardError("card not read")
    track1, track2 = tracks(text)
    for track, data in ((1, track1), (2, track2)):
        if data is None or wanted not in (0, track):
            continue
        try:
            other = find(_field(data, track), rules, SWIPE)
        except CardError as error:
            fault = error
            continue
        if card and card.collector_number != other.collector_number:
            raise CardError("tracks disagree")
        card = other
    if card is None:
        raise fault
    return card
