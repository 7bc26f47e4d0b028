"""The page for everybody: keyboard alone, French, narrow, two at once, again after a reload."""

from __future__ import annotations

from collections.abc import Callable

from host_tests.kit.page import Held

NARROW = {"width": 360, "height": 740}


def test_a_sale_by_keyboard_alone(held: Held) -> None:
    held.page.keyboard.press("Tab")  # the way past the page's head
    held.type("Enter", "1")
    held.wait("TOTAL")
    held.type("4", "3", "3", "6", "Backspace")
    held.type(*"4335", "Enter")
    held.wait("CARD", "$43.35")
    held.page.locator('[data-gesture="scan"]').focus()
    held.type("Enter")
    held.wait("REDEEM", "$40.00")
    held.page.locator("#device").focus()
    held.type("ArrowDown")
    held.wait("REDEEM", "$30.00")
    held.type("Escape")
    held.wait("CHECKOUT")


def test_escape_and_enter_outside_the_device_are_none_of_its_keys(held: Held) -> None:
    held.press("1")
    held.wait("TOTAL")
    fields = held.pane("faults").locator("input, select")
    for place in (fields.first, fields.nth(1), held.page.locator("#faults")):
        place.focus()
        held.type("Escape", "Enter", "Backspace")
    held.page.locator("#device").focus()
    held.type("7")
    held.wait("$0.07")
    held.type("Escape")
    held.wait("CHECKOUT")


def test_the_panes_are_tabs_for_a_keyboard(held: Held) -> None:
    held.page.locator("#tab-scenarios").focus()
    held.type("ArrowRight")
    assert held.page.locator("#requests").is_visible()
    held.type("End")
    assert held.page.locator("#faults").is_visible()
    assert not held.page.locator("#requests").is_visible()


def test_a_narrow_page_has_the_whole_device_and_nothing_to_scroll_sideways(
    open_page: Callable[..., Held],
) -> None:
    held = open_page(viewport=NARROW, device_scale_factor=2)
    held.wait("CHECKOUT")
    assert held.read() == held.rows
    assert held.page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    for name in ("requests", "platform", "faults", "slips", "log", "till"):
        held.pane(name)
        assert held.page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    held.page.evaluate("scrollTo(0, 0)")
    enter = held.page.locator('[data-key="ENTER"]').bounding_box()
    assert enter is not None and enter["y"] + enter["height"] < NARROW["height"]


def test_the_page_itself_speaks_french(open_page: Callable[..., Held]) -> None:
    held = open_page(locale="fr-CA")
    held.wait("CHECKOUT")  # the device's language is the shop's
    assert held.page.locator("html").get_attribute("lang") == "fr-CA"
    assert held.page.locator("#tray-title").text_content() == "Adhérents"
    held.page.select_option("#language", "en")
    assert held.page.locator("#tray-title").text_content() == "Collectors"


def test_sound_is_off_until_it_is_wanted(held: Held) -> None:
    sound = held.page.locator("#sound")
    assert sound.get_attribute("aria-pressed") == "false"
    sound.click()
    held.press("1")  # the key's click, with nothing to complain about
    held.wait("TOTAL")
    held.press("CANCEL")
    held.wait("CHECKOUT")
    held.page.locator('#sound[aria-pressed="true"]').click()
    assert sound.get_attribute("aria-pressed") == "false"


def test_two_pages_at_once_show_the_same_device(open_page: Callable[..., Held]) -> None:
    one, other = open_page(), open_page()
    one.wait("CHECKOUT")
    other.wait("CHECKOUT")
    one.press("1")
    other.wait("TOTAL")
    other.press("500")
    one.wait("$5.00")
    one.page.context.close()  # that costs the device nothing
    other.press("CANCEL")
    other.wait("CHECKOUT")


def test_a_reload_in_mid_sale_shows_all_of_it_again(held: Held) -> None:
    held.press("1")
    held.wait("TOTAL")
    held.press("4335", "ENTER")
    held.wait("CARD", "$43.35")
    before = held.rows
    held.page.reload()
    held.wait("CARD", "$43.35")
    assert held.rows == before == held.read()
    assert held.page.locator(".card").count() > 10
    held.press("CANCEL")
    held.wait("CHECKOUT")
