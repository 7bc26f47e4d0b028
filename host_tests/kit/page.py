"""The handheld's page in a real browser, as a person has it: keys, cards, what the glass shows."""

from __future__ import annotations

import base64
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    expect,
    sync_playwright,
)

from tools.browser import command
from tools.folders import ROOT
from tools.handheld.chips import dots, glyphs, hd44780_rom, ssd1306, st7789

LONG_MS = 60_000  # for whatever waits for the handheld: never asserted, only an end
expect.set_options(timeout=LONG_MS)
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
COLUMNS, ROWS = 20, 4
DEMO_CARD = "84095202006"


@contextmanager
def serving(*options: str) -> Iterator[str]:
    """Starts the page's program; yields the address that it prints first."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.handheld", "--page", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "DISPLAY": ""},
    )
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), address
        yield address
    finally:
        process.terminate()
        process.wait(LONG_MS / 1000)
        process.stdout.close()


@contextmanager
def browsing() -> Iterator[Browser]:
    """A browser with a profile of its own. BrowserError when there is none."""
    path = command()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=[*FLAGS])
        try:
            yield browser
        finally:
            browser.close()


class Held:
    """One page with the device in hand; whatever its console complains about is kept."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        page.set_default_timeout(LONG_MS)
        page.goto(address)
        page.locator("#keypad .key").nth(2).wait_for()

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    @property
    def rows(self) -> list[str]:
        """The display's rows as a screen reader gets them."""
        text = self.page.locator("#rows").text_content() or ""
        return [f"{row:<{COLUMNS}}" for row in text.split("\n")]

    def wait(self, *texts: str) -> None:
        """Until the display shows all of these: a screen that stays, as a look may miss others."""
        # Never by wait_for_function: the page's CSP forbids its eval.
        rows = self.page.locator("#rows")
        for text in texts:
            rows = rows.filter(has_text=text)
        rows.wait_for(state="attached")

    def press(self, *names: str) -> None:
        """Keys of the keypad by the pointer; `"4335"` is four of them."""
        for name in names:
            known = self.page.locator(f'[data-key="{name}"]')
            if known.count():
                known.click()
            else:
                for digit in name:
                    self.page.locator(f'[data-key="{digit}"]').click()

    def type(self, *keys: str) -> None:
        """Keys of the computer's keyboard, by their names."""
        for key in keys:
            self.page.keyboard.press(key)

    def send(self, message: dict[str, Any]) -> None:
        """A message as a part of the page sends it."""
        self.page.evaluate(
            "async (message) => (await import('/static/parts/link.js')).send(message)",
            message,
        )

    def card(self, number: str, gesture: str) -> None:
        """A card of the tray, by one of its buttons."""
        face = self.page.locator(f".card-face[data-number='{number}']")
        if face.get_attribute("aria-pressed") != "true":
            face.click()
        self.page.locator(f'.acts [data-gesture="{gesture}"]').click()

    def drag(self, number: str, place: str) -> None:
        """A card by the pointer onto a place of the device, slow at the end."""
        start = self.page.locator(f".card-face[data-number='{number}']").bounding_box()
        end = self.page.locator(place).bounding_box()
        assert start is not None and end is not None
        mouse = self.page.mouse
        mouse.move(start["x"] + 30, start["y"] + 30)
        mouse.down()
        x, y = end["x"] + end["width"] / 2, end["y"] + end["height"] / 2
        mouse.move(x, y, steps=5)
        mouse.move(x + 1, y)
        mouse.up()

    def offer(self, basket: str, gesture: str = "swipe", number: str = DEMO_CARD) -> None:
        """A checkout up to its offer; `basket` in cents."""
        self.press("1")
        self.wait("TOTAL")
        self.press(basket, "ENTER")
        self.wait("CARD")
        self.card(number, gesture)
        self.wait("REDEEM", "MILES")

    def redeem(self) -> None:
        """The rest of it, back to the idle screen."""
        self.press("ENTER")
        self.wait("APPROVED", "ENTER=GO ON")
        self.press("ENTER")
        self.wait("CHECKOUT")

    def paper_at_rest(self) -> None:
        """Until all paper that was printed has come out."""
        expect(self.page.locator("#roll")).to_have_attribute("aria-busy", "false")

    def pane(self, name: str) -> Locator:
        """A pane, brought into sight."""
        self.page.locator(f"#tab-{name}").click()
        return self.page.locator(f"#{name}")

    def serious_faults(self) -> list[str]:
        """What axe-core finds wrong for a keyboard, an eye or a screen reader."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{each['id']}: {node['target']} {node['failureSummary']}"
            for each in found
            if each["impact"] in ("serious", "critical")
            for node in each["nodes"]
        ]

    def glass(self) -> Image.Image:
        """The pixels of the canvas."""
        url: str = self.page.evaluate(
            "document.getElementById('display').toDataURL('image/png')"
        )
        return Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert(
            "RGB"
        )

    def settle(self) -> None:
        """Until the pieces of a TFT's picture that have come are on the canvas."""
        self.page.evaluate(
            "async () => (await import('/static/parts/display.js')).settled()"
        )

    def read(self) -> list[str]:
        """What a person reads off the glass: letters, found by their dots alone."""
        canvas = self.page.locator("#display")
        kind = canvas.get_attribute("data-kind")
        picture = self.glass()
        if kind == "lcd20x4":
            dot = int(canvas.get_attribute("data-dot") or 0)
            left, top = map(int, (canvas.get_attribute("data-edge") or "").split())
            return _lcd(picture, dot, left, top)
        grid, scale = (ssd1306.GRID, 6) if kind == "ssd1306" else (st7789.GRID, 2)

        def is_lit(x: int, y: int) -> bool:
            return _brightness(picture, x * scale + 1, y * scale + 1) > 3 * 127

        return dots.read(is_lit, grid)


def _brightness(picture: Image.Image, x: int, y: int) -> int:
    pixel = picture.getpixel((x, y))
    assert isinstance(pixel, tuple)
    return sum(pixel)


def _letters() -> dict[bytes, str]:
    codes = [*range(0x20, 0x80), 0xA5, 0xDF, 0xEC, 0xF5, 0xFF]
    return {hd44780_rom.rom_rows(code): glyphs.rom_letter(code) for code in codes}


_LETTERS = _letters()


def _lcd(picture: Image.Image, dot: int, left: int, top: int) -> list[str]:
    rows = []
    for row in range(ROWS):
        cells = (
            (
                left + column * (hd44780_rom.WIDTH + 1) * dot,
                top + row * (hd44780_rom.HEIGHT + 1) * dot,
            )
            for column in range(COLUMNS)
        )
        rows.append("".join(_cell(picture, dot, x, y) for x, y in cells))
    return rows


def _cell(picture: Image.Image, dot: int, left: int, top: int) -> str:
    shape = bytes(
        sum(
            (_brightness(picture, left + x * dot, top + y * dot) > 600) << (4 - x)
            for x in range(hd44780_rom.WIDTH)
        )
        for y in range(hd44780_rom.HEIGHT)
    )
    return _LETTERS.get(shape) or glyphs.recognise(shape)
