"""The idle screen: keys, the heartbeat, the language, and what lies behind MORE."""

from __future__ import annotations

import asyncio

import pytest

from host_tests.kit.cashier import CARD
from host_tests.kit.platform import CONFIRMATION
from host_tests.kit.session import answer, nothing_sent, silence
from host_tests.kit.shop import OTHER_CARD, Shop
from host_tests.kit.virtual_time import story
from milepad.base import clock, compat
from milepad.ledger import totals as ledger_totals
from milepad.ledger.totals import Totals
from milepad.workflows import reports
from milepad.workflows.interrupted import LATER, VOID
from milepad.workflows.menu import LOOK_BACK


def menu(language: str = "en-CA", echo_s: int = 0, **script: object) -> Shop:
    shop = Shop(language, profile={"platform": {"echo_s": echo_s}}, **script)
    shop.begin("menu")
    return shop


@pytest.mark.parametrize(
    ("language", "rows"),
    [
        ("en-CA", ["1 CHECKOUT", "2 BALANCE", "3 REFUND", "4 MORE LINK UNTESTED"]),
        ("fr-CA", ["1 ACHAT", "2 SOLDE", "3 REMBOURSEMENT", "4 PLUS LIEN À TESTER"]),
    ],
)
@story
async def test_the_idle_screen_speaks_the_language_of_the_profile(language, rows):
    shop = menu(language)
    assert await shop.sees(rows[0]) == rows


@pytest.mark.parametrize(
    ("key", "title"),
    [
        ("1", "TOTAL WITH TAX"),
        ("2", "SWIPE OR SCAN CARD"),
        ("3", "CONFIRMATION NUMBER"),
        ("4", "2 REPORTS"),
    ],
)
@story
async def test_a_key_leads_to_its_workflow_and_cancel_back(key, title):
    shop = menu()
    await shop.sees("1 CHECKOUT")
    await shop.press(key)
    await shop.sees(title)
    await shop.press("CANCEL")
    await shop.sees("1 CHECKOUT")
    assert shop.session.arrived == []


@pytest.mark.parametrize("key", ["5", "0", "00", ".", "ENTER", "CANCEL", "CLEAR", "UP"])
@story
async def test_any_other_key_is_an_error_and_the_screen_stays(key):
    shop = menu()
    await shop.sees("1 CHECKOUT")
    await shop.press(key)
    assert shop.screen[0] == "1 CHECKOUT"
    assert shop.buzzer.sounds == ["key", "error"]


@pytest.mark.parametrize("mode", ["SWIPE", "SCAN"])
@story
async def test_a_card_on_the_idle_screen_is_kept_for_the_checkout_that_comes(mode):
    shop = menu()
    await shop.sees("1 CHECKOUT")
    await (shop.swipe() if mode == "SWIPE" else shop.scan(CARD))
    assert (await shop.sees("CARD 2006"))[0] == "1 CHECKOUT CARD 2006"
    await shop.press("1")
    assert (await shop.sees("TOTAL"))[1] == "CARD 2006      $0.00"
    await shop.press("4335", "ENTER")
    await shop.sees("REDEEM", "$40.00")
    assert "SWIPE OR SCAN" not in shop.screens
    assert shop.session.bodies("inquire")[0]["cardEntryMode"] == mode


@story
async def test_a_card_on_the_idle_screen_is_kept_for_the_balance_and_the_refund_too():
    shop = menu()
    await shop.sees("1 CHECKOUT")
    await shop.swipe()
    await shop.press("2")
    await shop.sees("PAPER")
    await shop.press("ENTER")
    await shop.sees("1 CHECKOUT")
    await shop.swipe()
    await shop.press("3")
    await shop.sees("CONFIRMATION")
    await shop.scan(CONFIRMATION)
    await shop.sees("ENTER=YES")
    assert "SWIPE OR SCAN" not in shop.screens


@story
async def test_a_kept_card_serves_one_customer_and_not_the_next():
    shop = menu()
    await shop.sees("1 CHECKOUT")
    await shop.swipe()
    await shop.press("1")
    await shop.sees("TOTAL", "CARD 2006")
    await shop.press("CANCEL")
    assert (await shop.sees("1 CHECKOUT"))[0] == "1 CHECKOUT"
    await shop.press("1", "4335", "ENTER")
    await shop.sees("SWIPE OR SCAN")


@story
async def test_a_kept_card_is_given_up_after_the_idle_time():
    shop = menu()
    await shop.sees("1 CHECKOUT")
    await shop.swipe()
    await shop.sees("CARD 2006")
    await asyncio.sleep(59)
    assert shop.screen[0] == "1 CHECKOUT CARD 2006"
    await asyncio.sleep(2)
    assert shop.screen[0] == "1 CHECKOUT"


@story
async def test_of_two_cards_on_the_idle_screen_the_last_is_kept():
    shop = menu()
    await shop.sees("1 CHECKOUT")
    await shop.swipe()
    await shop.swipe(OTHER_CARD)
    await shop.sees("CARD 0010")
    await shop.press("1", "4335", "ENTER")
    await shop.sees("REDEEM", "$40.00")
    assert shop.session.bodies("inquire")[0]["collectorNumber"] == OTHER_CARD


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
@pytest.mark.parametrize(
    ("kind", "text", "key"),
    [
        ("swipe", ";4520000000000004=99?", "card_foreign"),
        ("scan", "9780306406157", "card_foreign"),
        ("scan", "840952", "card_bad"),
        ("noise", "half a line", "card_bad"),
    ],
)
@story
async def test_what_is_no_card_is_said_on_the_idle_screen_too(language, kind, text, key):
    shop = menu(language)
    await shop.sees(shop.terminal.text("menu_checkout"))
    shop.act(kind, text)
    await shop.sees(*shop.terminal.text(key).split("\n"))
    await shop.sees(shop.terminal.text("menu_checkout"))
    assert "error" in shop.buzzer.sounds
    await shop.press("1", "4335", "ENTER")
    await shop.sees(*shop.terminal.text("card_how").split("\n"))


@story
async def test_a_card_that_comes_while_the_last_sale_is_shown_is_kept():
    shop = Shop()
    await shop.redeem()
    shop.boot()
    shop.begin("menu", LOOK_BACK)
    await shop.sees("SLIP AGAIN")
    await shop.swipe()
    await shop.sees("1 CHECKOUT CARD 2006")


# --- the language ---


@story
async def test_the_more_menu_changes_the_cashiers_language_there_and_back():
    shop = menu()
    await shop.press("4")
    await shop.sees("4 FRANÇAIS")
    await shop.press("4")
    await shop.sees("1 ACHAT")
    await shop.press("1")
    await shop.sees("TOTAL AVEC TAXES", "0,00 $")
    await shop.press("CANCEL", "4")
    await shop.sees("4 ENGLISH")
    await shop.press("4")
    await shop.sees("1 CHECKOUT")


# --- the heartbeat ---


@story
async def test_the_link_is_tried_at_the_profiles_interval():
    shop = menu(echo_s=60)
    await asyncio.sleep(59)
    assert shop.session.ops() == []
    await shop.sees("LINK OK")
    await asyncio.sleep(300)
    assert 4 <= shop.session.ops().count("echo") <= 6
    assert set(shop.session.ops()) == {"echo"}


@story
async def test_an_interval_of_zero_is_no_heartbeat():
    shop = menu(echo_s=0)
    await asyncio.sleep(3600)
    assert shop.session.ops() == []


@pytest.mark.parametrize(
    ("echo", "row"),
    [
        (answer("echo", "0000"), "LINK OK"),
        (answer("echo", "0092"), "LINK OK"),
        (nothing_sent(), "NO LINK"),
        (nothing_sent("login"), "NO LOGIN"),
        (nothing_sent("busy"), "NO LINK"),
        (silence(), "NO LINK"),
    ],
)
@story
async def test_the_idle_screen_tells_what_the_heartbeat_met(echo, row):
    shop = menu(echo_s=10, echo=echo)
    await shop.sees("1 CHECKOUT", row)
    assert "error" not in shop.buzzer.sounds  # it is a quiet one


@pytest.mark.parametrize(
    ("language", "none", "unknown", "ok"),
    [
        ("en-CA", "NO WI-FI", "LINK UNTESTED", "LINK OK"),
        ("fr-CA", "SANS WI-FI", "LIEN À TESTER", "LIEN OK"),
    ],
)
@story
async def test_the_idle_screen_follows_the_radio_at_once(language, none, unknown, ok):
    shop = menu(language, echo_s=300)
    await shop.sees(ok, within_s=310)
    shop.hardware.wifi = False
    await shop.sees(none, within_s=2)
    await asyncio.sleep(3000)
    assert none in shop.screen[3]
    shop.hardware.wifi = True
    await shop.sees(unknown, within_s=2)
    await shop.sees(ok, within_s=2)  # the platform is asked at once


@story
async def test_without_a_heartbeat_the_link_is_unknown_once_the_radio_is_back():
    shop = menu(echo_s=0)
    shop.hardware.wifi = False
    await shop.sees("NO WI-FI", within_s=2)
    shop.hardware.wifi = True
    await shop.sees("LINK UNTESTED", within_s=2)
    await asyncio.sleep(60)
    assert shop.session.ops() == []


@story
async def test_a_radio_that_came_back_during_a_workflow_is_told_after_it():
    shop = menu(echo_s=300, inquire=nothing_sent("wifi"))
    await shop.press("1", "4335", "ENTER")
    await shop.sees("CARD")
    await shop.swipe()
    await shop.sees("NOT SENT", "NO WI-FI")
    await shop.press("CANCEL")
    await shop.sees("CHECKOUT", "LINK OK", within_s=4)


def tries_s(shop: Shop) -> list[float]:
    """When the platform is tried from now on, in seconds from now; the list grows."""
    begun, since_s, call = [], asyncio.get_running_loop().time(), shop.session.call

    async def noted(*args: object) -> object:
        begun.append(round(asyncio.get_running_loop().time() - since_s))
        return await call(*args)

    shop.session.call = noted
    return begun


@story
async def test_a_platform_that_was_not_reached_is_tried_again_soon_and_then_seldom():
    shop = menu(echo_s=300, echo=nothing_sent())
    shop.device.transactions.note_link(False, "network")
    tries = tries_s(shop)
    await asyncio.sleep(1300)
    gaps = [later - sooner for sooner, later in zip([0, *tries], tries, strict=False)]
    assert gaps == pytest.approx([5, 10, 20, 40, 80, 160, 300, 300, 300], abs=1)


@story
async def test_what_a_sale_met_is_put_right_within_seconds():
    shop = menu(echo_s=300, inquire=nothing_sent())
    await shop.press("2")
    await shop.sees("SWIPE OR SCAN CARD")
    await shop.swipe()
    await shop.sees("NOT SENT")
    await asyncio.sleep(20)
    assert shop.session.ops() == []  # not while a workflow runs
    await shop.press("CANCEL")
    await shop.sees("1 CHECKOUT", "NO LINK")
    await shop.sees("1 CHECKOUT", "LINK OK", within_s=7)
    await asyncio.sleep(290)
    assert shop.session.ops() == ["echo"]


@story
async def test_the_idle_screen_follows_what_others_met_in_the_background():
    shop = menu(echo_s=300)
    await shop.sees("LINK OK", within_s=310)
    shop.device.transactions.note_link(False, "network")
    await shop.sees("NO LINK", within_s=2)
    await shop.sees("LINK OK", within_s=8)


@pytest.mark.parametrize("cause", ["login", "wifi"])
@story
async def test_who_refuses_this_device_is_not_asked_more_often(cause):
    shop = menu(echo_s=300)
    shop.hardware.wifi = cause != "wifi"
    shop.device.transactions.note_link(False, cause)
    tries = tries_s(shop)
    await asyncio.sleep(290)
    assert tries == []


@story
async def test_a_gateway_that_asks_to_be_left_alone_is():
    busy = silence()
    busy.rest_s = 900
    shop = menu(echo_s=300, echo=[busy])
    tries = tries_s(shop)
    await asyncio.sleep(1300)
    assert tries == pytest.approx([300, 1201], abs=2)
    await shop.sees("LINK OK")


@pytest.mark.parametrize(
    ("left_s", "state"),
    [
        (61 * 86400, "LINK OK"),
        (61 * 86400 - 1, "CERT 60 DAYS"),
        (86400, "CERT 1 DAYS"),
        (-1, "CERT 0 DAYS"),
        (None, "LINK OK"),
    ],
)
@story
async def test_the_idle_screen_warns_sixty_days_before_a_root_ends(left_s, state):
    shop = menu(echo_s=10)
    now_s = shop.device.time.now_s()
    shop.device.root_end_s = 0 if left_s is None else now_s + 11 + left_s
    shop.device.time.now_s = lambda: now_s + 11
    assert (await shop.sees("4 MORE", state))[3].endswith(" " + state)


@story
async def test_what_the_heartbeat_met_is_in_the_log():
    shop = menu(echo_s=10, echo=nothing_sent())
    await shop.sees("NO LINK")
    (line,) = [each for each in shop.log if each.startswith("echo ")]
    assert line.endswith(": no connection within 10 s")


@story
async def test_no_heartbeat_while_a_workflow_runs():
    shop = menu(echo_s=10)
    await shop.press("1")
    await asyncio.sleep(50)
    assert shop.screen[0] == "TOTAL WITH TAX"
    assert shop.session.ops() == []


@story
async def test_a_key_drops_the_heartbeat_and_is_not_lost():
    shop = menu(echo_s=10)
    shop.session.connect_s = 8
    await asyncio.sleep(12)  # the heartbeat connects
    await shop.press("1")
    await shop.sees("TOTAL WITH TAX", within_s=0.5)
    await shop.press("CANCEL")
    await shop.sees("1 CHECKOUT", "LINK UNTESTED")
    assert shop.session.arrived == []


@story
async def test_a_workflow_that_was_refused_a_way_out_shows_on_the_idle_screen():
    shop = menu(inquire=nothing_sent())
    await shop.press("2")
    await shop.sees("SWIPE OR SCAN CARD")
    await shop.swipe()
    await shop.sees("NOT SENT")
    await shop.press("CANCEL")
    await shop.sees("1 CHECKOUT", "NO LINK")


# --- more ---


@story
async def test_the_link_can_be_tried_by_hand_and_left():
    shop = menu()
    shop.session.connect_s = 20
    await shop.press("4", "3")
    await shop.sees("TESTING LINK", "CONNECTING", "CANCEL=STOP")
    await shop.press("CANCEL")
    await shop.sees("1 CHECKOUT")
    assert shop.session.arrived == []


@story
async def test_the_more_menu_is_left_after_the_idle_time():
    shop = menu()
    await shop.press("4")
    await shop.sees("2 REPORTS")
    await shop.sees("1 CHECKOUT", within_s=61)


@story
async def test_a_ledger_that_forgets_is_told_on_the_idle_screen():
    shop = Shop()
    shop.store.warning = "failed"
    shop.begin("menu")
    await shop.sees("1 CHECKOUT", "NO LEDGER!")


@story
async def test_with_a_ledger_that_forgets_the_offer_is_asked_for_and_not_redeemed():
    shop = Shop()
    shop.store.warning = "failed"
    await shop.to_card()
    await shop.swipe()
    await shop.sees("STORAGE FAILED", "NO REDEMPTION", "CALL FOR SERVICE")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert [request.op for request in shop.session.arrived] == ["inquire"]
    assert shop.entries == []


@story
async def test_with_a_ledger_that_forgets_nothing_is_reversed():
    shop = Shop()
    shop.store.warning = "failed"
    shop.begin("refund")
    await shop.sees("STORAGE FAILED", "CALL FOR SERVICE")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    assert shop.session.arrived == []


@story
async def test_with_a_ledger_that_forgets_the_balance_is_told():
    shop = Shop()
    shop.store.warning = "failed"
    shop.begin("balance")
    await shop.sees("CARD")
    await shop.swipe()
    await shop.sees("BALANCE IS ON PAPER")


# --- reports ---


@story
async def test_the_days_totals_and_the_entries_can_be_walked_through():
    redeem = [answer("redeem", "0000"), answer("redeem", "0051"), silence(), nothing_sent()]
    shop = Shop(redeem=redeem)
    await shop.redeem()
    for cents, row in (("4335", "REFUSED"), ("4336", "NO ANSWER"), ("4337", "NOT SENT")):
        await shop.to_offer(cents)
        await shop.press("ENTER")
        await shop.sees(row)
        await shop.press("ENTER")  # also while its slip is printed
        await shop.ended()
    shop.begin("reports")
    assert await shop.sees("1 TOTALS") == [
        "1 TOTALS OF THE DAY",
        "2 LATEST ENTRIES",
        "3 UNRESOLVED",
        "",
    ]
    await shop.press("1")
    assert await shop.sees("TODAY") == [
        "TODAY NET     $40.00",
        "REDEEM 1      $40.00",
        "REVERSE 0      $0.00",
        "UNRESOLVED 1   ENTER",
    ]
    await shop.press("CANCEL")
    assert await shop.ended() == "Cancelled"
    shop.begin("reports")
    await shop.press("2")
    for position, state in enumerate(
        ["NOT SENT", "UNRESOLVED", "REFUSED 0051", "APPROVED"]
    ):
        rows = await shop.sees("UP/DOWN", state)
        assert rows[0].startswith("%d ...2006 " % (position + 1))
        entry = shop.entries[3 - position]
        assert rows[1].endswith("%02d:%02d" % entry.local_time[3:5])
        number = entry.result.confirmation_number
        is_proved = state == "APPROVED"
        assert rows[2] == ("CONF# " + number if is_proved else "TRACE " + entry.trace_id)
        await shop.press("DOWN")
    await shop.press("DOWN")  # there is no fifth
    assert shop.screen[1].startswith("APPROVED ")
    await shop.press("UP")
    await shop.sees("REFUSED 0051")
    await shop.press("CANCEL")
    assert await shop.ended() == "Cancelled"


@story
async def test_a_report_reprints_the_entry_on_the_screen_and_stays_there():
    shop = Shop()
    await shop.redeem()
    await shop.redeem()
    shop.begin("reports")
    await shop.press("2")
    await shop.sees("UP/DOWN", "APPROVED")
    await shop.press("DOWN")
    second = shop.screen
    assert second[0].startswith("2")
    await shop.press("ENTER")
    await asyncio.sleep(10)
    assert shop.screen == second
    assert "COPY - PRINTED AGAIN" in shop.printer.slips[-1]
    assert shop.entries[0].trace_id in shop.printer.slips[-1]


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
@pytest.mark.parametrize("reboot", [False, True])
@story
async def test_a_reprint_shows_whose_slip_it_is_and_when(language, reboot):
    shop = Shop(language)
    await shop.redeem()
    if reboot:
        shop.boot()
    (entry,) = shop.entries
    shop.begin("more")
    await shop.press("1")
    rows = await shop.sees(shop.terminal.text("printing"))
    assert rows[:3] == [
        shop.terminal.text("card_is") % "2006",
        "%04d-%02d-%02d %02d:%02d" % entry.local_time[:5],
        shop.terminal.text("confirmation_is") % CONFIRMATION,
    ]


@story
async def test_a_day_with_only_a_refund_shows_what_is_net():
    shop = Shop()
    await shop.to_refund_question("12345678901")  # another till's slip, or another day's
    await shop.press("ENTER")
    await shop.sees("ENTER=GO ON")
    await shop.press("ENTER")
    await shop.ended()
    shop.begin("reports")
    await shop.press("1")
    assert await shop.sees("REVERSE") == [
        "TODAY NET    -$40.00",
        "REDEEM 0       $0.00",
        "REVERSE 1     $40.00",
        "ENTER=PRINT",
    ]


@story
async def test_an_approval_that_names_no_units_counts_what_was_asked():
    lacking = {"unitsRedeemed": None, "milesRedeemed": None}
    shop = Shop(redeem=answer("redeem", "0000", **lacking))
    await shop.redeem()
    shop.begin("reports")
    await shop.press("1")
    await shop.sees("TODAY NET     $40.00", "REDEEM 1      $40.00")


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en-CA",
            [
                "TOTALS OF THE DAY",
                "Redemptions                    2",
                "Redeemed                  $80.00",
                "Miles redeemed               760",
                "Reversals                      1",
                "Reversed                  $40.00",
                "Miles given back             380",
                "Net amount                $40.00",
                "Net miles                    380",
                "Unresolved                     1",
                "Amount in doubt           $40.00",
            ],
        ),
        (
            "fr-CA",
            [
                "TOTAUX DU JOUR",
                "Échanges                       2",
                "Échangé                  80,00 $",
                "Milles échangés              760",
                "Annulations                    1",
                "Annulé                   40,00 $",
                "Milles remis                 380",
                "Montant net              40,00 $",
                "Milles nets                  380",
                "Non résolus                    1",
                "Montant incertain        40,00 $",
            ],
        ),
    ],
)
@story
async def test_the_days_totals_are_printed_in_the_cashiers_language(language, lines):
    shop = Shop(language, redeem=[answer("redeem", "0000")] * 2 + [silence()])
    await shop.redeem()
    await shop.redeem()
    await shop.to_refund_question("12345678901")
    await shop.press("ENTER")
    await shop.sees(shop.terminal.text("go_on"))
    await shop.press("ENTER")
    await shop.ended()
    await shop.to_offer()
    await shop.press("ENTER")
    await shop.sees(shop.terminal.text("no_answer"), shop.terminal.text("go_on"))
    await shop.press("ENTER")
    await shop.ended()
    kept = shop.device.slips.last
    shop.begin("reports")
    await shop.press("1")
    await shop.sees(shop.terminal.text("report_unresolved") % 1, "ENTER")
    await shop.press("ENTER")
    await shop.sees(shop.terminal.text("printing"))
    assert await shop.ended() == ""
    printed = shop.printer.slips[-1].replace("\u00a0", " ").split("\n")
    found = [line.strip() for line in printed]
    assert [line for line in lines if line not in found] == []
    assert shop.device.slips.last is kept  # a reprint is of the last sale's slip
    assert CARD[-4:] not in shop.printer.slips[-1]


@pytest.mark.parametrize(
    ("now", "counted"),
    [
        # 2026-11-01 in Toronto has 25 hours, 2026-03-08 has 23.
        ((2026, 11, 1, 12), [(2026, 11, 1, 4), (2026, 11, 1, 5), (2026, 11, 2, 4)]),
        ((2026, 11, 2, 12), [(2026, 11, 2, 5)]),
        ((2026, 3, 8, 20), [(2026, 3, 8, 5), (2026, 3, 9, 3)]),
        ((2026, 3, 9, 12), [(2026, 3, 9, 4)]),
    ],
    ids=["25 hours", "after 25 hours", "23 hours", "after 23 hours"],
)
@story
async def test_a_day_with_a_clock_change_counts_its_own_sales(monkeypatch, now, counted):
    # Sales in UTC: the first and the last hour of each day, and one beyond either end.
    shop = Shop()
    sales = [
        (2026, 3, 8, 4), (2026, 3, 8, 5), (2026, 3, 9, 3), (2026, 3, 9, 4),
        (2026, 11, 1, 3), (2026, 11, 1, 4), (2026, 11, 1, 5), (2026, 11, 2, 4),
        (2026, 11, 2, 5),
    ]  # fmt: skip
    for sale in sales:
        at_s = clock.unix_from_utc(*sale, 30, 0)
        monkeypatch.setattr(compat.time, "time", lambda at_s=at_s: at_s)
        await shop.redeem()
    at_s = clock.unix_from_utc(*now, 0, 0)
    monkeypatch.setattr(compat.time, "time", lambda: at_s)
    shop.begin("reports")
    await shop.press("1")
    await shop.sees(f"REDEEM {len(counted)} ")


@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
@story
async def test_reports_of_a_large_day_fit_the_screen(monkeypatch, language):
    shop = Shop(language)
    totals = Totals()
    totals.redeemed_count = totals.reversed_count = totals.unresolved_count = 1999
    totals.redeemed_cents = totals.reversed_cents = totals.unresolved_cents = 1999 * 100000
    monkeypatch.setattr(ledger_totals, "between", lambda *_: totals)
    shop.begin("reports")
    await shop.press("1")
    rows = await shop.sees("1999000")
    assert sum("1999000" in row for row in rows) == 2
    assert "1999" in rows[3]  # a count is never cut, even if the key's name finds no room


@story
async def test_no_entries_are_said_to_be_none():
    shop = Shop()
    for key in "23":
        shop.begin("reports")
        await shop.press(key)
        await shop.sees("NO ENTRIES")
        await shop.press("ENTER")
        await shop.ended()


@story
async def test_the_unresolved_entries_have_a_list_of_their_own_however_old_they_are():
    shop = Shop(redeem=[silence(), *[answer("redeem", "0000")] * 21, silence()])
    for cents in range(4335, 4358):  # other baskets: none is taken for the first again
        await shop.to_offer(str(cents))
        await shop.press("ENTER")
        await shop.sees("ENTER=GO ON")
        await shop.press("ENTER")
        await shop.ended()
    expected = [entry.trace_id for entry in shop.ledger.unresolved()]
    assert len(expected) == 2
    shop.begin("reports")
    await shop.press("3")
    for trace_id in reversed(expected):
        await shop.sees("UNRESOLVED", "TRACE " + trace_id)
        await shop.press("DOWN")
    assert shop.screen[2] == "TRACE " + expected[0]


@pytest.mark.parametrize(
    ("outcome", "rows"),
    [
        (
            answer("redeem", "0000"),
            ["TAKEN OFF     $40.00", "APPROVED ", "CONF# 03007368806"],
        ),
        (silence(), ["ASKED         $40.00", "UNRESOLVED ", "TRACE 0042"]),
    ],
)
@story
async def test_after_a_start_the_last_sale_is_shown_for_a_moment(outcome, rows):
    shop = Shop(redeem=outcome)
    await shop.to_offer()
    await shop.press("ENTER")
    await shop.sees("PRINTING")
    shop.cut()
    task = asyncio.create_task(reports.show_last(shop.device))
    await asyncio.sleep(1)
    when = "%02d:%02d" % shop.entries[0].local_time[3:5]
    assert shop.screen[0] == rows[0] and shop.screen[1].endswith(when)
    assert shop.screen[1].startswith(rows[1]) and shop.screen[2].startswith(rows[2])
    assert shop.screen[3] == "SLIP AGAIN: 4, 1"
    assert not task.done()
    await asyncio.sleep(4)
    assert task.done()


@pytest.mark.parametrize("outcome", [answer("redeem", "0051"), nothing_sent()])
@story
async def test_a_last_sale_that_moved_nothing_is_not_shown_again(outcome):
    shop = Shop(redeem=outcome)
    await shop.to_offer()
    await shop.press("ENTER")
    await shop.sees("NO DISCOUNT" if outcome.outcome == "not_sent" else "REFUSED")
    await shop.press("ENTER")
    await shop.ended()
    shop.boot()
    await reports.show_last(shop.device)
    assert "SLIP AGAIN" not in shop.screens


# --- what is left for later ---


async def left_for_later(idle_s: int = 60) -> Shop:
    """A till at work with one open entry, which somebody has just left for later."""
    shop = Shop(profile={"cashier": {"idle_s": idle_s}})
    await shop.to_offer()
    await shop.press("ENTER")
    await shop.sees("WAITING FOR ANSWER")
    shop.cut()
    shop.begin("recover")
    await shop.sees("INTERRUPTED")
    await shop.press(LATER)
    assert await shop.ended() == ""
    shop.begin("menu")
    return shop


@story
async def test_after_later_the_till_works_and_shows_that_an_entry_is_open():
    shop = await left_for_later()
    rows = await shop.sees("1 CHECKOUT")
    assert rows[3] == "4 MORE  1 UNFINISHED"
    await shop.press("1")
    await shop.sees("TOTAL")
    await shop.press("8335", "ENTER")
    await shop.sees("CARD")
    await shop.swipe()
    await shop.sees("REDEEM", "UP/DOWN")
    await shop.press("ENTER")
    await shop.sees("APPROVED", "ENTER=GO ON")
    await shop.press("ENTER")
    await shop.sees("1 CHECKOUT", "1 UNFINISHED")
    assert len(shop.ledger.open_entries()) == 1


@story
async def test_after_its_next_work_the_till_asks_again_in_the_first_pause():
    shop = await left_for_later()
    await shop.sees("1 CHECKOUT")
    await shop.press("2")
    await shop.sees("SWIPE")
    await shop.press("CANCEL")
    await shop.sees("1 CHECKOUT")
    await asyncio.sleep(9)
    assert shop.screen[0] == "1 CHECKOUT"
    await shop.sees("INTERRUPTED", "7=FINISH", within_s=2)
    await shop.press("7")
    await shop.sees("APPROVED", "ENTER=GO ON")
    await shop.press("ENTER")
    assert "OPEN" not in (await shop.sees("1 CHECKOUT"))[3]
    await asyncio.sleep(20000)
    assert shop.screen[0] == "1 CHECKOUT"


@story
async def test_a_till_that_nobody_uses_asks_again_after_some_idle_times():
    shop = await left_for_later(idle_s=20)
    await shop.sees("1 CHECKOUT")
    await asyncio.sleep(99)
    assert shop.screen[0] == "1 CHECKOUT"
    await shop.sees("INTERRUPTED", within_s=2)
    asked = shop.buzzer.sounds.count("error")
    await asyncio.sleep(20000)  # it stands, and does not nag
    assert "INTERRUPTED" in shop.screen[0]
    assert shop.buzzer.sounds.count("error") == asked
    await shop.press(LATER)
    await shop.sees("1 CHECKOUT")
    await asyncio.sleep(99)
    assert shop.screen[0] == "1 CHECKOUT"


@story
async def test_the_heartbeat_goes_on_while_an_entry_is_open():
    shop = await left_for_later()
    shop._task.cancel()
    shop.device.profile["platform"]["echo_s"] = 60
    shop.session.arrived.clear()
    shop.begin("menu")
    await asyncio.sleep(290)
    assert shop.session.ops().count("echo") == 4
    assert shop.screen[0] == "1 CHECKOUT"


@story
async def test_a_void_that_waits_is_carried_out_in_a_pause():
    shop = await left_for_later()
    shop._task.cancel()
    shop.session.script["reverse"] = [nothing_sent()]
    shop.begin("recover")
    await asyncio.sleep(1)
    await shop.press(VOID)
    await shop.sees("NOT SENT")
    await shop.press("ENTER")
    await shop.sees("VOID NOT DONE YET")
    await shop.press("ENTER")
    assert await shop.ended() == ""
    shop.begin("menu")
    await shop.sees("1 CHECKOUT", "1 UNFINISHED")
    await shop.sees("VOIDED", within_s=302)
    await shop.press("ENTER")
    await shop.sees("1 CHECKOUT", "LINK OK")


@pytest.mark.parametrize(
    ("number", "title"),
    [(CONFIRMATION, "REFUND       -$40.00"), ("12345678901", "REFUND")],
)
@story
async def test_after_a_start_a_refund_is_called_one_with_no_amount_that_nobody_knows(
    number, title
):
    shop = Shop(reverse=silence())
    await shop.redeem()
    await shop.press("ENTER")
    await shop.to_refund_question(number)
    await shop.press("ENTER")
    await shop.sees("NO ANSWER", "ENTER=GO ON")
    await shop.press("ENTER")
    task = asyncio.create_task(reports.show_last(shop.device))
    await asyncio.sleep(0.1)
    assert shop.screen[0].rstrip() == title
    await task
