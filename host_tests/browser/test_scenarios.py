"""Scenarios and sessions in the page: they play on the device, pause, and are taken over."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import expect

from host_tests.kit.page import Held


def play(held: Held, name: str, quick: bool) -> None:
    pane = held.pane("scenarios")
    pane.locator("#quick").set_checked(quick)
    pane.locator(f'[data-play="{name}"]').click()


def test_a_scenario_plays_itself_with_a_sentence_beside_each_step(held: Held) -> None:
    asked = held.pane("requests").locator('.request[data-copies="1"]', has_text="INQUIRE")
    before = asked.count()
    play(held, "wifi-gone", quick=True)
    played = held.page.locator('[data-scenario="wifi-gone"]')
    played.locator(".ending.good").wait_for()
    steps = played.locator(".steps li")
    assert played.locator(".steps li.done").count() == steps.count() > 2
    held.wait("CHECKOUT")
    expect(asked).to_have_count(before + 1)


def test_a_scenario_waits_and_is_taken_over_by_a_key(held: Held) -> None:
    play(held, "good-day", quick=False)
    held.page.locator('[data-steer="pause"]').click()
    step = held.page.locator('[data-scenario="good-day"] [aria-current="step"]')
    assert step.count() == 1
    held.page.locator('[data-steer="resume"]').click()
    # Paused, so that it is not over before the key.
    held.page.locator('[data-steer="pause"]').click()
    held.page.locator('[data-steer="resume"]').wait_for()
    held.press("CANCEL")
    held.page.locator('[data-scenario="good-day"] .ending').wait_for()
    assert held.page.locator('[data-steer="stop"]').count() == 0


def test_a_session_is_saved_and_plays_again(held: Held, tmp_path: Path) -> None:
    held.press("1")
    held.wait("TOTAL")
    held.press("777", "CANCEL")
    held.wait("CHECKOUT")
    with held.page.expect_download() as download:
        held.pane("scenarios").locator("a[download]").click()
    lines = download.value.path().read_text().splitlines()
    keys = [each["key"] for each in map(json.loads, lines) if "key" in each]
    assert keys[-5:] == ["1", "7", "7", "7", "CANCEL"]
    again = tmp_path / "session.jsonl"
    again.write_text('{"key": "1"}\n{"wait": {"screen": "TOTAL"}}\n{"key": "5"}\n')
    held.page.set_input_files("#session-file", again)
    held.wait("TOTAL", "$0.05")
    held.page.locator(".ending.good").wait_for()
    held.press("CANCEL")
    held.wait("CHECKOUT")
