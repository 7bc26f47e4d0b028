"""The terminal: what a person at the keys, the readers and the paper meets."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from host_tests.kit.cashier import CARD
from host_tests.kit.chips import Buzzer, Display, Printer
from host_tests.kit.shop import Shop, WatchedTerminal
from host_tests.kit.virtual_time import story
from milepad.amcash.offer import Offer
from milepad.base.errors import Cancelled
from milepad.base.vocabulary import MANUAL, SCAN, SWIPE
from milepad.terminal import prompts

RULES: dict = {}


def desk(language: str = "en-CA") -> SimpleNamespace:
    display, buzzer, printer = Display(), Buzzer(), Printer()
    terminal = WatchedTerminal(display, buzzer, printer, language, 60000)
    return SimpleNamespace(
        terminal=terminal, display=display, buzzer=buzzer, printer=printer
    )


async def asked(question, *events: object):
    """What a question gives when these keys and lines come, one after the other.

    A text is a key, or digits; ("scan", line) and ("swipe", line) come from the readers.
    """
    at, make = question
    task = asyncio.create_task(make)
    await asyncio.sleep(0.01)
    for event in events:
        if isinstance(event, tuple):
            at.terminal.emit(*event)
        else:
            for key in [event] if event in KEY_NAMES else event:
                at.terminal.emit("key", key)
                await asyncio.sleep(0.05)
        await asyncio.sleep(0.05)
    return await task


KEY_NAMES = ("ENTER", "CANCEL", "CLEAR", "UP", "DOWN", "00", ".")


def money(at: SimpleNamespace, max_cents: int = 100000):
    return at, prompts.ask_money(at.terminal, "basket_total", max_cents, RULES)


def card(at: SimpleNamespace, **rules: object):
    return at, prompts.ask_card(at.terminal, {**RULES, **rules}, "$43.35")


# --- money ---


@pytest.mark.parametrize(
    ("keys", "cents"),
    [
        (["4335"], 4335),
        (["4", "00"], 400),
        (["1", "00", "00"], 10000),
        (["99", "CLEAR", "4335"], 4335),
        (["0004335"], 4335),
        (["1"], 1),
        (["100000"], 100000),
    ],
)
@story
async def test_an_amount_is_keyed_in_cents(keys, cents):
    assert await asked(money(desk()), *keys, "ENTER") == cents


@story
async def test_the_amount_grows_on_the_screen_as_it_is_keyed():
    at = desk()
    await asked(money(at), "4335", "ENTER")
    shown = [rows[1].strip() for rows in at.display.screens[1:]]
    assert shown == ["$0.00", "$0.04", "$0.43", "$4.33", "$43.35"]


@story
async def test_an_amount_beyond_the_largest_basket_is_keyed_again_as_a_whole():
    at = desk()
    assert await asked(money(at), "433500", "CLEAR", "4335", "ENTER") == 4335
    assert any(rows[2] == "MAX $1000.00" for rows in at.display.screens)
    assert at.buzzer.sounds.count("error") == 1


@story
async def test_no_part_of_an_amount_that_is_too_large_becomes_an_amount():
    at = desk()
    assert await asked(money(at), "99999999", "ENTER", "CLEAR", "5", "ENTER") == 5
    assert not any("0.99" in rows[1] for rows in at.display.screens[6:])


@pytest.mark.parametrize("keys", [["ENTER"], ["000", "ENTER"]])
@story
async def test_no_amount_is_none(keys):
    at = desk()
    assert await asked(money(at), *keys, "CLEAR", "5", "ENTER") == 5
    assert any(rows[2] == "KEY AN AMOUNT" for rows in at.display.screens)
    assert "error" in at.buzzer.sounds


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
@pytest.mark.parametrize("early", [("scan", CARD), ("swipe", f";{CARD}=99?")])
@story
async def test_a_card_that_comes_before_the_amount_is_kept_and_costs_no_digit(
    early, language
):
    at = desk(language)
    assert await asked(money(at), "43", early, "35", "ENTER") == 4335
    assert at.buzzer.sounds.count("ok") == 1 and "error" not in at.buzzer.sounds
    assert at.display.screens[-1][1].startswith(at.terminal.text("card_is") % "2006")
    found = await prompts.ask_card(at.terminal, RULES, "$43.35")
    assert (found.collector_number, found.card_entry_mode) == (CARD, early[0].upper())
    found = await asked(card(at), ("swipe", ";81000000010=99?"))  # it is kept once
    assert found.collector_number == "81000000010"


@story
async def test_with_a_kept_card_the_language_of_the_slip_is_chosen_at_the_amount():
    at = desk()
    await asked(money(at), ".", ("scan", CARD), "4335", ".", "ENTER")
    notes = [rows[2] for rows in at.display.screens]
    assert "SLIP: EN  .=FRANÇAIS" in notes and notes[-1] == "SLIP: FR   .=ENGLISH"
    await prompts.ask_card(at.terminal, RULES)
    assert at.terminal.slip_language == "fr-CA"


@story
async def test_what_is_no_card_is_said_at_the_amount_and_costs_no_digit():
    at = desk()
    bad = ("scan", "9780306406157")
    assert await asked(money(at), "43", bad, "35", "ENTER") == 4335
    assert any(rows[:2] == ["NOT AN AIR MILES", "CARD"] for rows in at.display.screens)
    assert at.terminal.card is None


@story
async def test_a_card_is_kept_also_where_the_amount_was_too_large():
    at = desk()
    assert await asked(money(at), "433500", ("scan", CARD), "CLEAR", "5", "ENTER") == 5
    assert at.terminal.card is not None


@pytest.mark.parametrize("text", ["half a line", "too long", "not text"])
@story
async def test_a_card_that_was_half_read_is_said_so(text):
    at = desk()
    found = await asked(card(at), ("noise", text), ("scan", CARD))
    assert found.collector_number == CARD
    assert any(rows[0] == "CARD NOT READ: AGAIN" for rows in at.display.screens)


@story
async def test_noise_never_pushes_out_a_key():
    at = desk()
    for _ in range(40):
        at.terminal.emit("noise", "not text")
    at.terminal.emit("key", "ENTER")
    assert [await at.terminal.event() for _ in range(2)] == [
        ("noise", "not text"),
        ("key", "ENTER"),
    ]


@pytest.mark.parametrize("key", [".", "UP", "DOWN"])
@story
async def test_a_key_that_means_nothing_here_is_heard_and_changes_nothing(key):
    at = desk()
    assert await asked(money(at), "43", key, "35", "ENTER") == 4335
    assert at.buzzer.sounds.count("error") == 1


@story
async def test_every_key_clicks():
    at = desk()
    await asked(money(at), "4335", "ENTER")
    assert at.buzzer.sounds == ["key"] * 5


# --- cards ---


@pytest.mark.parametrize(
    ("event", "mode"),
    [
        (("swipe", f"%B{CARD}^A/B^99?;{CARD}=99?"), SWIPE),
        (("swipe", f";{CARD}=99?"), SWIPE),
        (("scan", CARD), SCAN),
        (("scan", "]C0" + CARD), SCAN),
    ],
)
@story
async def test_a_card_is_swiped_or_scanned(event, mode):
    found = await asked(card(desk()), event)
    assert (found.collector_number, found.card_entry_mode) == (CARD, mode)


@story
async def test_a_number_is_keyed_and_seen_only_while_it_is_keyed():
    at = desk()
    at.display.keying = CARD
    found = await asked(card(at), CARD, "ENTER")
    assert (found.collector_number, found.card_entry_mode) == (CARD, MANUAL)


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
@pytest.mark.parametrize(
    ("bad", "key"),
    [
        (("scan", "036000291452"), "card_foreign"),
        (("scan", "9780306406157"), "card_foreign"),
        (("scan", "A" * 64), "card_foreign"),
        (("swipe", ";4111111111111111=99?"), "card_foreign"),
        (("scan", "\x00"), "card_bad"),
        (("scan", "8409520"), "card_bad"),
        (("swipe", "%E?;E?"), "card_bad"),
        (("swipe", f";{CARD}=9"), "card_bad"),
    ],
)
@story
async def test_what_is_no_card_is_said_and_asked_again(bad, key, language):
    at = desk(language)
    found = await asked(card(at), bad, ("scan", CARD))
    assert found.collector_number == CARD
    told = at.terminal.text(key).split("\n")
    assert any(rows[: len(told)] == told for rows in at.display.screens)
    assert "error" in at.buzzer.sounds


@story
async def test_a_card_that_was_not_read_is_asked_for_again_by_itself():
    at = desk()
    task = asyncio.create_task(card(at)[1])
    at.terminal.emit("scan", "nothing")
    await asyncio.sleep(2)
    assert at.display.screens[-1][1] == "SWIPE OR SCAN CARD"
    at.terminal.emit("scan", CARD)
    assert (await task).collector_number == CARD


@story
async def test_a_keyed_number_with_a_wrong_check_digit_is_keyed_again_or_used_all_the_same():
    at = desk()
    number = CARD[:-1] + "7"
    found = await asked(card(at), number, "ENTER", "00")
    assert found.collector_number == number
    rows = ["NUMBER LOOKS WRONG", "ENTER=AGAIN", "00=USE IT ANYWAY", ""]
    assert at.display.screens[-1] == rows
    found = await asked(card(at), number, "ENTER", "ENTER", CARD, "ENTER")
    assert found.collector_number == CARD
    assert "$43.35" in at.display.screens[-1][0]


@story
async def test_a_keyed_number_that_cannot_be_one_is_keyed_again():
    at = desk()
    found = await asked(card(at), "8409520200", "ENTER", "CLEAR", CARD, "ENTER")
    assert found.collector_number == CARD
    assert ["NUMBER LOOKS WRONG", "", "", ""] in at.display.screens


@story
async def test_a_keyed_number_with_a_wrong_check_digit_can_be_left():
    with pytest.raises(Cancelled):
        await asked(card(desk()), CARD[:-1] + "7", "ENTER", "CANCEL")


@story
async def test_where_the_profile_refuses_a_wrong_check_digit_it_is_keyed_again():
    at = desk()
    question = card(at, check_digit="refuse")
    found = await asked(question, CARD[:-1] + "7", "ENTER", ("scan", CARD))
    assert found.card_entry_mode == SCAN


@story
async def test_no_more_digits_are_taken_than_a_row_holds():
    at = desk()
    task = asyncio.create_task(card(at)[1])
    for _ in range(30):
        at.terminal.emit("key", "5")
        await asyncio.sleep(0.05)
    assert at.display.screens[-1][3] == "5" * 20
    at.terminal.emit("key", "CANCEL")
    with pytest.raises(Cancelled):
        await task


# --- the slip's language ---


@pytest.mark.parametrize(
    ("language", "rows"),
    [
        ("en-CA", ["SLIP: EN  .=FRANÇAIS", "SLIP: FR   .=ENGLISH"]),
        ("fr-CA", ["REÇU: FR   .=ENGLISH", "REÇU: EN  .=FRANÇAIS"]),
    ],
)
@story
async def test_the_dot_key_chooses_the_language_of_this_collectors_slip(language, rows):
    at = desk(language)
    await asked(card(at), ".", ".", ".", ("scan", CARD))
    assert [screen[3] for screen in at.display.screens[1:]] == [*rows, *rows]
    assert at.terminal.slip_language != language
    assert at.terminal.language == language
    assert "error" not in at.buzzer.sounds


@story
async def test_the_next_collectors_slip_is_in_the_cashiers_language_again():
    at = desk()
    await asked(card(at), ".", ("scan", CARD))
    await asked(card(at), ("scan", CARD))
    assert at.terminal.slip_language == "en-CA"


@story
async def test_among_digits_the_dot_is_a_mistake():
    at = desk()
    at.display.keying = CARD
    await asked(card(at), CARD[:5], ".", CARD[5:], "ENTER")
    assert at.terminal.slip_language == "en-CA"
    assert at.buzzer.sounds.count("error") == 1


# --- the offer ---


def offer(at: SimpleNamespace, units: int = 4, today: int | None = 75, **values: int):
    found = Offer(units, values.get("cents", 1000), values.get("miles", 95))
    found.units_today = today
    return at, prompts.choose_units(at.terminal, found)


@pytest.mark.parametrize(
    ("keys", "units"),
    [
        ([], 4),
        (["DOWN"], 3),
        (["DOWN", "DOWN", "UP"], 3),
        (["UP"], 4),
        (["DOWN"] * 9, 1),
    ],
)
@story
async def test_units_go_from_the_most_down_to_one(keys, units):
    assert await asked(offer(desk()), *keys, "ENTER") == units


@pytest.mark.parametrize(
    ("language", "rows"),
    [
        (
            "en-CA",
            ["REDEEM        $40.00", "4x$10: 380 MILES", "MAX 4 NOW 75 TODAY"],
        ),
        (
            "fr-CA",
            ["ÉCHANGER     40,00 $", "4x10 $: 380 MILLES", "MAX 4 ICI, 75/JOUR"],
        ),
    ],
)
@story
async def test_the_offer_shows_the_four_facts_and_what_is_taken(language, rows):
    at = desk(language)
    await asked(offer(at), "ENTER")
    assert at.display.screens[-1] == [*rows, "UP/DOWN ENTER CANCEL"]


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
@pytest.mark.parametrize("units", [1, 4, 99, 999])
@pytest.mark.parametrize("today", [None, 5, 75, 100, 999999999])
@pytest.mark.parametrize(("miles", "cents"), [(95, 1000), (9999, 1250), (999, 99999)])
@story
async def test_an_offer_of_any_size_fits_and_no_number_is_cut(
    language, units, today, miles, cents
):
    at = desk(language)
    await asked(offer(at, units, today, miles=miles, cents=cents), "ENTER")
    price = at.terminal.dollars(cents).replace(".00", "").replace(",00", "")
    chosen = at.terminal.text("units") % (units, price, units * miles)
    most = at.terminal.text("most_units") % (units, today or "?")
    for whole, row in zip((chosen, most), at.display.screens[-1][1:3], strict=True):
        assert whole == row or whole.startswith(row + " ")
    assert at.display.screens[-1][1].startswith("%dx" % units)


@story
async def test_an_offer_is_left_by_cancel_and_by_doing_nothing():
    assert await asked(offer(desk()), "CANCEL") == 0
    with pytest.raises(Cancelled):
        await asked(offer(desk()))


# --- idle time ---


@pytest.mark.parametrize("question", [money, card, offer])
@story
async def test_every_question_is_left_after_the_idle_time(question):
    loop = asyncio.get_running_loop()
    began = loop.time()
    with pytest.raises(Cancelled):
        await asked(question(desk()))
    assert 60 <= loop.time() - began < 61


@story
async def test_each_key_begins_the_idle_time_anew():
    at = desk()
    task = asyncio.create_task(money(at)[1])
    for _ in range(4):
        at.terminal.emit("key", "4")
        await asyncio.sleep(59)
    at.terminal.emit("key", "ENTER")
    assert await task == 4444


@story
async def test_a_message_stays_until_it_is_acknowledged_or_nobody_is_there():
    at = desk()
    loop = asyncio.get_running_loop()
    for key, seconds in (("ENTER", 3), ("CLEAR", 3), ("CANCEL", 3), ("7", 60)):
        began = loop.time()
        task = asyncio.create_task(at.terminal.message("ok", "APPROVED"))
        await asyncio.sleep(3)
        at.terminal.emit("key", key)
        await task
        assert loop.time() - began >= seconds
    assert at.buzzer.sounds.count("ok") == 4


@story
async def test_what_was_keyed_before_a_message_does_not_wave_it_away():
    at = desk()
    at.terminal.emit("key", "ENTER")
    task = asyncio.create_task(at.terminal.message("error", "NO ANSWER"))
    await asyncio.sleep(5)
    assert not task.done()
    at.terminal.emit("key", "ENTER")
    await task


@story
async def test_a_stuck_key_does_not_eat_the_heap():
    at = desk()
    for _ in range(10000):
        at.terminal.emit("key", "5")
    assert len(at.terminal._events._waiting) == 16
    with pytest.raises(Cancelled):
        await asked(money(at), "CANCEL")


# --- waiting ---


@story
async def test_waiting_shows_that_something_happens():
    at = desk()
    stages = iter(["connecting"] * 5 + ["waiting"] * 100)

    async def work() -> str:
        await asyncio.sleep(3)
        return "done"

    waited = at.terminal.wait_for("wait_redeem", work(), lambda: next(stages), lambda: True)
    assert await waited == "done"
    assert at.display.screens[1] == ["REDEEMING", "CONNECTING", ".", "CANCEL=STOP"]
    assert at.display.screens[2] == ["REDEEMING", "CONNECTING", "..", "CANCEL=STOP"]
    assert at.display.screens[-1][1] == "WAITING FOR ANSWER"
    assert len(at.display.screens) > 8


@story
async def test_what_comes_is_seen_at_once_and_not_with_the_next_dot():
    at = desk()
    loop = asyncio.get_running_loop()

    async def work() -> float:
        await asyncio.sleep(0.35)
        return loop.time()

    waited = at.terminal.wait_for("wait_redeem", work(), lambda: "waiting", lambda: False)
    done_s = await waited
    assert loop.time() - done_s < 0.05


@story
async def test_what_fails_is_seen_at_once_too():
    at = desk()
    loop = asyncio.get_running_loop()
    failed_s = []

    async def work() -> None:
        await asyncio.sleep(0.35)
        failed_s.append(loop.time())
        raise OSError(5)

    waited = at.terminal.wait_for("wait_redeem", work(), lambda: "waiting", lambda: False)
    with pytest.raises(OSError, match="5"):
        await waited
    assert loop.time() - failed_s[0] < 0.05


@story
async def test_cancel_stops_what_has_not_left_yet():
    at = desk()
    stopped = []

    async def work() -> None:
        try:
            await asyncio.sleep(30)
        finally:
            stopped.append(True)

    waited = at.terminal.wait_for("wait_redeem", work(), lambda: "connecting", lambda: True)
    with pytest.raises(Cancelled):
        await asked((at, waited), "CANCEL")
    assert stopped == [True]


@story
async def test_cancel_does_not_stop_what_may_have_arrived():
    at = desk()

    async def work() -> str:
        await asyncio.sleep(5)
        return "approved"

    waited = at.terminal.wait_for("wait_redeem", work(), lambda: "waiting", lambda: False)
    assert await asked((at, waited), "CANCEL", "CANCEL") == "approved"
    assert at.display.screens[-1][3] == "PLEASE WAIT"


@story
async def test_a_key_of_before_the_wait_cancels_nothing():
    at = desk()
    at.terminal.emit("key", "CANCEL")

    async def work() -> str:
        await asyncio.sleep(1)
        return "done"

    waited = at.terminal.wait_for("wait_redeem", work(), lambda: "", lambda: True)
    assert await waited == "done"


# --- paper ---


@pytest.mark.parametrize(
    ("fault", "row"),
    [
        ("paper", "PRINTER: NO PAPER"),
        ("cover", "PRINTER: COVER OPEN"),
        ("silent", "PRINTER: NO ANSWER"),
        ("stalled", "PRINTER: NO ANSWER"),
        ("fault", "PRINTER: NO ANSWER"),
    ],
)
@story
async def test_a_job_that_did_not_print_is_offered_again(fault, row):
    at = desk()
    at.printer.print_s = 0
    at.printer.faults = [fault, fault]
    printed = await asked((at, at.terminal.print(b"job")), "ENTER", "ENTER")
    assert printed is True
    assert at.printer.jobs == [b"job"]
    assert at.display.screens[-2] == [row, "ENTER=PRINT", "CANCEL=NO SLIP", ""]
    assert at.display.screens[-1][0] == "PRINTING"


@pytest.mark.parametrize("is_begun", [True, False])
@story
async def test_a_slip_that_broke_off_is_printed_whole_and_marked_as_a_copy(is_begun):
    shop = Shop()
    await shop.to_offer()
    shop.printer.faults, shop.printer.is_begun = ["paper"], is_begun
    await shop.press("ENTER")
    await shop.sees("PAPER")
    await shop.press("ENTER")
    await shop.sees("GO ON")
    (slip,) = shop.printer.slips
    assert ("COPY - PRINTED AGAIN" in slip) == is_begun


@story
async def test_a_cashier_may_go_on_without_a_slip():
    at = desk()
    at.printer.print_s = 0
    at.printer.faults = ["paper"]
    assert await asked((at, at.terminal.print(b"job")), "CANCEL") is False
    assert at.printer.jobs == []


# --- rows ---


@pytest.mark.parametrize(
    ("left", "right", "row"),
    [
        ("CARD", "$43.35", "CARD          $43.35"),
        ("A VERY LONG TITLE THAT", "$1000.00", "A VERY LONG $1000.00"),
        ("", "$0.04", "               $0.04"),
        ("REFUSED", "", "REFUSED             "),
    ],
)
@story
async def test_two_texts_share_a_row_and_the_amount_is_never_cut(left, right, row):
    at = desk()
    assert at.terminal.pair(left, right) == row
    assert len(row) == 20


@story
async def test_the_shop_of_these_tests_is_a_real_one():
    shop = Shop()
    await shop.redeem()
    assert shop.session.ops() == ["inquire", "redeem"]
