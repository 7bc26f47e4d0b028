"""What a cashier is asked for: an amount, a line, a collector's card, a number of units."""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.errors import Cancelled, CardError, ForeignCardError
from milepad.base.vocabulary import ENGLISH, FRENCH
from milepad.card import collector_number, scan, tracks
from milepad.terminal.terminal import COLUMNS, DIGIT_KEYS, Terminal

if TYPE_CHECKING:
    from milepad.amcash.offer import Offer
    from milepad.card.protocols import CardRules

_MAX_DIGITS = const(9)
_NO_CARD = "00"  # no collector number begins so
_FROM_READERS = ("scan", "swipe", "noise")


async def ask_money(
    terminal: Terminal,
    title_key: str,
    max_cents: int,
    rules: "CardRules",
    min_cents: int = 1,
) -> int:
    """An amount keyed in cents, at least `min_cents` and at most `max_cents`.

    One beyond it takes no more digits until CLEAR: no part of it becomes an amount. CANCEL
    raises Cancelled. A card that comes meanwhile is kept, see `keep_card`.
    """
    keyed, note, too_much = "", "", False
    while True:
        kept = terminal.kept_card()
        _show_money(terminal, title_key, int(keyed or "0"), note)
        happened, value = await _edit(terminal, keyed, _MAX_DIGITS, kept and ".")
        if happened in _FROM_READERS:
            await keep_card(terminal, happened, value, rules)
            continue
        if too_much and happened != "CLEAR":
            terminal.sound("error")
            continue
        too_much = False
        note = ""
        if happened == "." and kept:
            _change_slip(terminal)
        keyed = value
        cents = int(keyed or "0")
        if cents > max_cents:  # a magnitude that slipped is keyed again as a whole
            keyed, too_much = "", True
            terminal.sound("error")
            note = terminal.text("too_much") % terminal.dollars(max_cents)
        elif happened == "ENTER" and cents >= min_cents:
            return cents
        elif happened == "ENTER":
            terminal.sound("error")
            least = terminal.text("too_little") % terminal.dollars(min_cents)
            note = least if cents else terminal.text("key_amount")


def _show_money(terminal: Terminal, title_key: str, cents: int, note: str) -> None:
    """The question, what is keyed so far, and a note; without one, the kept card's slip."""
    amount, kept = terminal.dollars(cents), terminal.kept_card()
    terminal.show(
        terminal.text(title_key),
        terminal.pair(kept if len(kept) + len(amount) < COLUMNS else "", amount),
        note or (kept and _slip_row(terminal)),
        terminal.text("money_hint"),
    )


async def _edit(
    terminal: Terminal, keyed: str, max_digits: int, other: str = ""
) -> tuple[str, str]:
    """(what happened, the digits after it): a key's name; or an event of a reader.

    `other` is a key besides the usual ones that is no mistake.
    """
    kind, name = await terminal.event()
    if kind != "key":
        return kind, name
    if name == "CANCEL":
        raise Cancelled("CANCEL was pressed")
    if name in DIGIT_KEYS and len(keyed) + len(name) <= max_digits:
        return name, keyed + name
    if name == "CLEAR":
        return name, ""
    if name not in ("ENTER", other):
        terminal.sound("error")
    return name, keyed


async def ask_number(terminal: Terminal, title: str, most: int) -> int:
    """A whole number from 1 to `most`. CANCEL raises Cancelled."""
    keyed = ""
    while True:
        hint = terminal.text("money_hint")
        terminal.show(title, terminal.pair("", keyed), "", hint)
        happened, value = await _edit(terminal, keyed, len(str(most)))
        if happened in _FROM_READERS or int(value or "0") > most:
            terminal.sound("error")
            continue
        keyed = value
        if happened == "ENTER" and int(keyed or "0"):
            return int(keyed)


async def ask_line(
    terminal: Terminal, title: str, how: str, or_key: str, dot: str = ""
) -> tuple[str, str]:
    """An event of a reader, or ("key", digits) keyed with ENTER.

    `or_key` says what keying does, and `dot` what the `.` key does while nothing is keyed; it
    then gives ("key", "."). CANCEL raises Cancelled.
    """
    keyed = ""
    while True:
        terminal.show(title, how, or_key, keyed or dot)
        other = "" if keyed else dot and "."
        happened, value = await _edit(terminal, keyed, COLUMNS, other)
        if happened in _FROM_READERS:
            return happened, value
        if happened == "." and dot and not keyed:
            return "key", "."
        keyed = value
        if happened == "ENTER" and keyed:
            return "key", keyed


async def ask_card(
    terminal: Terminal,
    rules: "CardRules",
    note: str = "",
    language: str = "",
    or_key: str = "or_key",
) -> collector_number.Card:
    """A collector's card: the one that is kept, or swiped, scanned, or its number keyed.

    The `.` key chooses the language of this collector's slip, `terminal.slip_language`; at
    first it is `language`, or else the cashier's. `rules` is the profile's `card` section,
    `or_key` the words for what keying does. CANCEL raises Cancelled.
    """
    while True:
        card = await _ask_card(terminal, rules, note, language, or_key, "")
        if card:
            return card


async def ask_card_or_none(
    terminal: Terminal, rules: "CardRules", note: str
) -> collector_number.Card | None:
    """As `ask_card`; None where 00 was keyed for a customer without a card."""
    return await _ask_card(terminal, rules, note, "", "or_no_card", _NO_CARD)


async def _ask_card(
    terminal: Terminal,
    rules: "CardRules",
    note: str,
    language: str,
    or_key: str,
    none: str,
) -> collector_number.Card | None:
    """The card, or None where `none` was keyed in its place."""
    card, terminal.card = terminal.card, None
    if language or not card:
        terminal.slip_language = language or terminal.language
    title = terminal.pair(terminal.text("card"), note)
    how, or_key = terminal.text("card_how"), terminal.text(or_key)
    while not card:
        kind, value = await ask_line(terminal, title, how, or_key, _slip_row(terminal))
        if (kind, value) == ("key", "."):
            _change_slip(terminal)
            continue
        if (kind, value) == ("key", none):
            return None
        try:
            if kind == "key":
                card = await _confirmed(terminal, collector_number.keyed(value, rules))
            else:
                card = _card(kind, value, rules)
        except CardError as fault:
            key = "card_check" if kind == "key" else _why_no_card(fault)
            await terminal.notice(terminal.text(key))
    return card


async def keep_card(terminal: Terminal, kind: str, value: str, rules: "CardRules") -> None:
    """Keeps a card that is there before it is asked for, or says why it cannot be used."""
    try:
        terminal.card = _card(kind, value, rules)
    except CardError as fault:
        await terminal.notice(terminal.text(_why_no_card(fault)))
        return
    terminal.slip_language = terminal.language
    terminal.sound("ok")


def _card(kind: str, value: str, rules: "CardRules") -> collector_number.Card:
    """The card of a reader's event. Raises CardError."""
    if kind == "swipe":
        return tracks.swipe(value, rules)
    if kind == "scan":
        return scan.scan(value, rules)
    raise CardError(value)


def _why_no_card(fault: CardError) -> str:
    return "card_foreign" if isinstance(fault, ForeignCardError) else "card_bad"


def _slip_row(terminal: Terminal) -> str:
    """The slip's language, and the key that changes it."""
    is_french = terminal.slip_language == FRENCH
    return terminal.text("slip_french" if is_french else "slip_english")


def _change_slip(terminal: Terminal) -> None:
    is_french = terminal.slip_language == FRENCH
    terminal.slip_language = ENGLISH if is_french else FRENCH


async def _confirmed(
    terminal: Terminal, keyed: collector_number.Card
) -> collector_number.Card | None:
    """The card, or None when the cashier wants to key it again. Raises Cancelled."""
    if keyed.warning:
        keys = terminal.text("use_or_again")
        terminal.announce("error", terminal.text("card_check"), keys)
        if await terminal.key("ENTER", "00") == "ENTER":
            return None
    return keyed


async def choose_units(terminal: Terminal, offer: "Offer") -> int:
    """How many units to redeem, from the most down to one; 0 after a CANCEL.

    Raises Cancelled when nobody answers in time.
    """
    chosen = offer.units
    price = terminal.dollars(offer.unit_cents).replace(".00", "").replace(",00", "")
    today = "?" if offer.units_today is None else str(offer.units_today)
    most = terminal.text("most_units") % (offer.units, today)
    while True:
        terminal.show(
            terminal.pair(terminal.text("redeem"), terminal.dollars(offer.cents(chosen))),
            whole_words(terminal.text("units") % (chosen, price, offer.miles(chosen))),
            whole_words(most),
            terminal.text("offer_keys"),
        )
        name = await terminal.key("UP", "DOWN", "ENTER", "CANCEL")
        if name in ("ENTER", "CANCEL"):
            return chosen if name == "ENTER" else 0
        chosen = max(1, min(offer.units, chosen + (1 if name == "UP" else -1)))


def whole_words(row: str) -> str:
    """As many words of a row as fit: no number is shown in part."""
    while len(row) > COLUMNS and " " in row:
        row = row[: row.rfind(" ")]
    return row
