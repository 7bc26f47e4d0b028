"""The picture of the page for README, taken in Chromium from the running program."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tools.browser import command
from tools.folders import ROOT

_WIDE, _HIGH = 1600, 1000
_PHONE = {"width": 360, "height": 740}
_LONGEST_MS = 60_000
_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")


@contextmanager
def _served() -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.handheld", "--page"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "DISPLAY": "", "WAYLAND_DISPLAY": ""},
    )
    try:
        yield process.stdout.readline().strip() if process.stdout else ""
    finally:
        process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _wait(page: Page, text: str) -> None:
    page.locator("#rows").filter(has_text=text).wait_for(state="attached")


def _sale(page: Page) -> None:
    """A sale whose answer was lost: two identical copies, one redemption, a slip."""
    _wait(page, "CHECKOUT")
    page.click("#tab-faults")
    page.click('[data-fault="drop_after_commit"]')
    for key in "1":
        page.click(f'[data-key="{key}"]')
    _wait(page, "TOTAL")
    for key in (*"4335", "ENTER"):
        page.click(f'[data-key="{key}"]')
    _wait(page, "SWIPE OR SCAN")
    page.click('[data-gesture="swipe"]')
    _wait(page, "MAX")
    page.click("#tab-requests")
    page.click('[data-key="ENTER"]')
    _wait(page, "ENTER=GO ON")
    page.locator("#toast:empty").wait_for(state="attached")
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(300)  # what is drawn before the next picture


def _save(raw: bytes, path: Path) -> None:
    """With as few colours as it takes to look the same."""
    picture = Image.open(io.BytesIO(raw)).convert("RGB")
    picture.quantize(192, dither=Image.Dither.NONE).save(path, "PNG", optimize=True)


def take(folder: Path) -> None:
    """page.png and phone.png in `folder`. BrowserError when there is no browser."""
    path = command()
    with _served() as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=[*_FLAGS])
        page = browser.new_page(viewport={"width": _WIDE, "height": _HIGH}, locale="en-CA")
        page.set_default_timeout(_LONGEST_MS)
        page.goto(address)
        _sale(page)
        _save(page.screenshot(), folder / "page.png")
        page.set_viewport_size(_PHONE)  # type: ignore[arg-type]
        page.evaluate("scrollTo(0, 0)")
        page.wait_for_timeout(300)
        _save(page.screenshot(), folder / "phone.png")
        browser.close()
