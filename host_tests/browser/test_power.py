"""Power that goes at the page: between request and reply, and half-way through a write."""

from __future__ import annotations

from playwright.sync_api import expect

from host_tests.kit.page import Held


def restart(held: Held) -> None:
    held.page.wait_for_selector('[data-switch="power"][aria-checked="false"]')
    assert held.read() == [" " * 20] * 4
    held.page.click('[data-switch="power"]')


def test_a_battery_pulled_before_the_answer_is_finished_after_the_next_start(
    held: Held,
) -> None:
    held.offer("4335")
    committed = held.pane("platform").locator("[data-id]")
    copies = held.pane("requests").locator('.request[data-copies="2"]')
    before, copied = committed.count(), copies.count()
    faults = held.pane("faults")
    faults.locator('input[max="600"]').fill("60")  # seconds
    faults.locator('[data-fault="delay"]').click()
    held.page.locator("#fault-list li").filter(has_text="60 s").wait_for()
    held.press("ENTER")
    held.page.locator("#fault-list .empty").wait_for()  # the request has arrived
    held.page.click('[data-act="pull_now"]')
    restart(held)
    held.wait("INTERRUPTED", "7=FINISH")
    held.press("7")
    held.wait("APPROVED", "ENTER=GO ON")
    held.press("ENTER")
    held.wait("CHECKOUT")
    held.pane("requests")
    expect(copies).to_have_count(copied + 1)
    expect(copies.first.locator(".chip", has_text="identical")).to_be_visible()
    expect(committed).to_have_count(before + 1)
    entry = held.pane("ledgers").locator("[data-entry]").first
    entry.and_(held.page.locator('[data-match="same"]')).wait_for()


def test_power_that_goes_within_a_write_leaves_no_discount_and_no_loss(held: Held) -> None:
    held.offer("2000")
    held.page.click('[data-act="pull_at_write"]')
    held.press("ENTER")  # the intent is what is written first
    restart(held)
    held.wait("CHECKOUT")
    expect(held.pane("ledgers").locator('[data-match="differs"]')).to_have_count(0)
