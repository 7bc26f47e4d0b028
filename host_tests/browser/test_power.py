"""Power that goes at the page: between request and reply, and half-way through a write."""

from __future__ import annotations

from host_tests.kit.page import Held


def restart(held: Held) -> None:
    held.page.wait_for_selector('[data-switch="power"][aria-checked="false"]')
    assert held.read() == [" " * 20] * 4
    held.page.click('[data-switch="power"]')


def test_a_battery_pulled_before_the_answer_is_finished_after_the_next_start(
    held: Held,
) -> None:
    committed = held.pane("platform").locator("[data-id]")
    before = committed.count()
    held.offer("4335")
    held.pane("faults").locator('[data-fault="delay"]').click()
    held.page.locator("#fault-list li").wait_for()
    held.press("ENTER")
    held.page.locator("#fault-list .empty").wait_for()  # the request has arrived
    held.page.click('[data-act="pull_now"]')
    restart(held)
    held.wait("INTERRUPTED")
    held.press("7")
    held.wait("APPROVED", "ENTER=GO ON")
    held.press("ENTER")
    held.wait("CHECKOUT")
    redeem = held.pane("requests").locator('.request[data-copies="2"]').first
    assert redeem.locator(".chip", has_text="identical").is_visible()
    held.pane("platform")
    assert committed.count() == before + 1
    entry = held.pane("ledgers").locator("[data-entry]").first
    entry.and_(held.page.locator('[data-match="same"]')).wait_for()


def test_power_that_goes_within_a_write_leaves_no_discount_and_no_loss(held: Held) -> None:
    held.offer("2000")
    held.page.click('[data-act="pull_at_write"]')
    held.press("ENTER")  # the intent is what is written first
    restart(held)
    held.wait("CHECKOUT")
    assert held.pane("ledgers").locator('[data-match="differs"]').count() == 0
