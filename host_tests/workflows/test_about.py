"""MORE, 0: which device it is and how it is, three rows a screen, and as a slip."""

from __future__ import annotations

import pytest

from host_tests.kit.shop import Shop
from host_tests.kit.virtual_time import story
from milepad import VERSION
from milepad.base.clock import local
from milepad.base.timekeeper import Timekeeper


async def opened(shop: Shop) -> None:
    shop.begin("more")
    await shop.sees(shop.terminal.text("more_device"))
    await shop.press("0")
    await shop.sees("MILEPAD")


async def pages(shop: Shop) -> list[str]:
    """The rows of all its screens, from the first one on, without that of the keys."""
    found = [shop.screen]
    while True:
        await shop.press("DOWN")
        if shop.screen == found[-1]:
            return [row for rows in found for row in rows[:3] if row]
        found.append(shop.screen)


@story
async def test_the_menu_keeps_its_keys_and_names_the_new_one():
    for language, last in (
        ("en-CA", "4 FRANÇAIS  0 DEVICE"),
        ("fr-CA", "4 ENGLISH 0 APPAREIL"),
    ):
        shop = Shop(language)
        shop.begin("more")
        rows = await shop.sees("4 ")
        assert [row[0] for row in rows] == ["1", "2", "3", "4"]
        assert rows[3] == last


@story
async def test_all_of_it_stands_on_four_screens():
    shop = Shop()
    await opened(shop)
    *rows, clock, ledger, heap, reset = await pages(shop)
    assert rows == [
        "MILEPAD        " + VERSION,
        "esp32s3_handheld",
        "S/N     f412fa4f1840",
        "STORE           0001",
        "DEVICE           001",
        "IP       192.168.1.7",
        "SIGNAL       -67 dBm",
    ]
    now_s = shop.device.time.now_s()
    date = local(now_s, shop.device.zone)
    assert clock[:13] == "%04d-%02d-%02d %02d" % date[:4]
    assert ledger.split() == ["LEDGER", "FREE", str(shop.ledger.free())]
    assert heap.startswith("MEMORY FREE") and heap.endswith(" K")
    assert reset == "LAST RESET     POWER"


@story
async def test_it_says_the_same_in_french():
    shop = Shop("fr-CA")
    await opened(shop)
    labels = [row.split("  ")[0] for row in await pages(shop)]
    assert labels[1:5] == ["esp32s3_handheld", "S/N", "MAGASIN", "APPAREIL"]
    assert labels[-3:-1] == ["REGISTRE LIBRE", "MÉMOIRE LIBRE"]
    assert labels[-1].startswith("DÉMARRAGE")


@story
async def test_up_leads_back_and_stops_at_the_first_screen():
    shop = Shop()
    await opened(shop)
    first = shop.screen
    await shop.press("DOWN")
    assert shop.screen != first
    await shop.press("UP", "UP")
    assert shop.screen == first


@story
async def test_a_name_that_is_short_enough_has_its_label():
    shop = Shop()
    shop.hardware.name = "pico2w_pinpad"
    await opened(shop)
    assert shop.screen[1] == "BOARD  pico2w_pinpad"


@story
async def test_what_changes_is_told_as_it_is():
    shop = Shop()
    await opened(shop)
    shop.hardware.ip, shop.hardware.rssi = "", None
    rows = await pages(shop)
    assert {"IP                 -", "SIGNAL             -"} <= set(rows)


@story
async def test_a_clock_that_is_not_set_is_no_time():
    shop = Shop()
    shop.set_time(Timekeeper(lambda unix_s: None, shop.log.append))
    await opened(shop)
    assert "CLOCK        NO TIME" in await pages(shop)


@pytest.mark.parametrize(
    ("cause", "row"),
    [
        ("button", "LAST RESET    BUTTON"),
        ("watchdog", "LAST RESET  WATCHDOG"),
        ("program", "LAST RESET   PROGRAM"),
        ("", "LAST RESET         -"),
    ],
)
@story
async def test_the_last_resets_cause_is_named(cause: str, row: str):
    shop = Shop()
    shop.hardware.cause = cause
    await opened(shop)
    assert (await pages(shop))[-1] == row


@story
async def test_the_widest_values_fit_the_screen():
    identity = {"partner": {"store_id": "S" * 16}, "device": {"device_id": "D" * 16}}
    shop = Shop("fr-CA", profile=identity)
    shop.hardware.name = "feather_circuitpython"
    shop.hardware.unique_id = bytes(range(240, 256))
    shop.hardware.ip, shop.hardware.rssi = "255.255.255.255", -100
    await opened(shop)
    rows = await pages(shop)
    assert rows[1:6] == [
        "feather_circuitpytho",
        "S/N f8f9fafbfcfdfeff",
        "S" * 16,
        "D" * 16,
        "IP   255.255.255.255",
    ]


@story
async def test_enter_prints_all_of_it_and_the_last_sales_slip_stays():
    shop = Shop()
    await shop.redeem()
    last = shop.device.slips.last
    printed = len(shop.printer.jobs)
    await opened(shop)
    await shop.press("ENTER")
    await shop.sees("PRINTING")
    await shop.sees("MILEPAD")
    (job,) = shop.printer.jobs[printed:]
    for text in (
        "DEVICE",
        VERSION,
        "esp32s3_handheld",
        "f412fa4f1840",
        "192.168.1.7",
        "-67 dBm",
    ):
        assert text.encode() in job, text
    assert shop.device.slips.last is last


@story
async def test_cancel_leaves_it():
    shop = Shop()
    await opened(shop)
    await shop.press("CANCEL")
    assert await shop.ended() == "Cancelled"
