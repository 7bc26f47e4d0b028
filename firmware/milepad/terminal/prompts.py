"""What a cashier is asked for: an amount, a line, a collector's card, a number of units."""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.errors import Cancelled, CardError
from milepad.base.vocabulary import ENGLISH, FRENCH
from milepad.card import collector_number, scan, tracks
from milepad.terminal.terminal import COLUMNS, Terminal

if TYPE_CHECKING:
    from milepad.amcash.offer import Offer
    from milepad.card.protocols import CardRules

_MAX_DIGITS = const(9)
_DIGIT_KEYS = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "00")


async def ask_money(terminal: Terminal, title_key: str, max_cents: int) -> int:
    """An amount keyed in cents, more than 0 and at most `max_cents`.

    One beyond it takes no more digits until CLEAR: no part of it becomes an amount. CANCEL
    raises Cancelled.
    """
    keyed, note, too_much = "", "", False
    while True:
        amount = terminal.pair("", terminal.dollars(int(keyed or "0")))
        terminal.show(terminal.text(title_key), amount, note, terminal.text("money_hint"))
        happened, value = await _edit(terminal, keyed, _MAX_DIGITS)
        too_much = too_much and happened != "CLEAR"
        if too_much:
            terminal.sound("error")
            continue
        note = ""
        if happened in ("scan", "swipe"):  # a card that came too early costs no digit
            terminal.sound("error")
            continue
        keyed = value
        cents = int(keyed or "0")
        if cents > max_cents:  # a magnitude that slipped is keyed again as a whole
            keyed, too_much = "", True
            terminal.sound("error")
            note = terminal.text("too_much") % terminal.dollars(max_cents)
        elif happened == "ENTER" and cents:
            return cents
        elif happened == "ENTER":
            terminal.sound("error")
            note = terminal.text("key_amount")


async def _edit(
    terminal: Terminal, keyed: str, max_digits: int, other: str = ""
) -> tuple[str, str]:
    """(what happened, the digits after it): a key's name, or "scan" or "swipe".

    `other` is a key besides the usual ones that is no mistake.
    """
    kind, name = await terminal.event()
    if kind != "key":
        return kind, name
    if name == "CANCEL":
        raise Cancelled("CANCEL was pressed")
    if name in _DIGIT_KEYS and len(keyed) + len(name) <= max_digits:
        return name, keyed + name
    if name == "CLEAR":
        return name, ""
    if name not in ("ENTER", other):
        terminal.sound("error")
    return name, keyed


async def ask_line(
    terminal: Terminal, title: str, how: str, dot: str = ""
) -> tuple[str, str]:
    """("scan" or "swipe", line) from a reader, or ("key", digits) keyed with ENTER.

    `dot` says what the `.` key does while nothing is keyed; it then gives ("key", "."). CANCEL
    raises Cancelled.
    """
    keyed = ""
    while True:
        terminal.show(title, how, terminal.text("or_key"), keyed or dot)
        other = "" if keyed else dot and "."
        happened, value = await _edit(terminal, keyed, COLUMNS, other)
        if happened in ("scan", "swipe"):
            return happened, value
        if happened == "." and dot and not keyed:
            return "key", "."
        keyed = value
        if happened == "ENTER" and keyed:
            return "key", keyed


async def ask_card(
    terminal: Terminal, rules: "CardRules", note: str = "", language: str = ""
) -> collector_number.Card:
    """A collector's card: swiped, scanned, or its number keyed. CANCEL raises Cancelled.

    The `.` key chooses the language of this collector's slip, `terminal.slip_language`; at
    first it is `language`, or else the cashier's. `rules` is the profile's `card` section.
    """
    terminal.slip_language = language or terminal.language
    title = terminal.pair(terminal.text("card"), note)
    while True:
        french = terminal.slip_language == FRENCH
        dot = terminal.text("slip_french" if french else "slip_english")
        kind, value = await ask_line(terminal, title, terminal.text("card_how"), dot)
        if (kind, value) == ("key", "."):
            terminal.slip_language = ENGLISH if french else FRENCH
            continue
        try:
            if kind == "swipe":
                return tracks.swipe(value, rules)
            if kind == "scan":
                return scan.scan(value, rules)
            return await _confirmed(terminal, collector_number.keyed(value, rules))
        except CardError:
            await terminal.notice(terminal.text("card_bad"))


async def _confirmed(
    terminal: Terminal, keyed: collector_number.Card
) -> collector_number.Card:
    if keyed.warning:
        terminal.sound("error")
        terminal.show(terminal.text("card_check"))
        await terminal.key("ENTER")
    return keyed


async def choose_units(terminal: Terminal, offer: "Offer") -> int:
    """How many units to redeem, from the most down to one. CANCEL raises Cancelled."""
    chosen = offer.units
    price = terminal.dollars(offer.unit_cents).replace(".00", "").replace(",00", "")
    today = "?" if offer.units_today is None else str(offer.units_today)
    facts = terminal.text("unit_price") % (offer.unit_miles, price, offer.units, today)
    while True:
        terminal.show(
            terminal.pair(terminal.text("redeem"), terminal.dollars(offer.cents(chosen))),
            _whole_words(
                terminal.text("units" if chosen > 1 else "unit")
                % (chosen, offer.miles(chosen))
            ),
            _whole_words(facts),
            terminal.text("offer_keys"),
        )
        name = await terminal.key("UP", "DOWN", "ENTER")
        if name == "ENTER":
            return chosen
        chosen = max(1, min(offer.units, chosen + (1 if name == "UP" else -1)))


def _whole_words(row: str) -> str:
    """As many words of a row as fit: no number is shown in part."""
    while len(row) > COLUMNS and " " in row:
        row = row[: row.rfind(" ")]
    return row
