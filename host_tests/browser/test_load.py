"""How soon an event is in the page, and that a day left open costs what a minute does."""

from __future__ import annotations

import base64
import io
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, WebSocketRoute

from host_tests.kit.page import Held
from tools.emulator.testing import running_emulator
from tools.handheld.client import HandheldClient
from tools.profile import template

ROUNDS = 12
# The page adds a WebSocket and a picture to what the headless program writes to its pipe.
MOST = 2.0
# Sends a key, and tells after how many milliseconds the rows show the text.
TIMED = """
async ([key, text]) => {
  const { send } = await import("/static/parts/link.js");
  const rows = document.getElementById("rows");
  const begun = performance.now();
  return new Promise((resolve) => {
    const look = () => {
      if (!rows.textContent.includes(text)) return;
      watcher.disconnect();
      resolve(performance.now() - begun);
    };
    const watcher = new MutationObserver(look);
    watcher.observe(rows, { childList: true, characterData: true, subtree: true });
    send({ key });
  });
}
"""


def headless_ms(folder: Path) -> list[float]:
    """The same keys at the headless program: until it tells the screen."""
    took = []
    with running_emulator() as emulator:
        profile = folder / "profile.toml"
        profile.write_text(template.for_platform(emulator), "utf-8")
        with HandheldClient(profile, folder / "flash.img") as till:
            till.wait_screen("CHECKOUT")
            for _ in range(ROUNDS):
                begun = time.perf_counter()
                till.press("1")
                till.wait_screen("TOTAL")
                took.append(1000 * (time.perf_counter() - begun))
                till.press("CANCEL")
                till.wait_screen("CHECKOUT")
                time.sleep(0.1)  # its key is let go
    return took


def test_an_event_is_in_the_page_about_as_soon_as_at_the_headless_program(
    held: Held, tmp_path: Path
) -> None:
    took = []
    for _ in range(ROUNDS):
        took.append(held.page.evaluate(TIMED, ["1", "TOTAL"]))
        held.page.evaluate(TIMED, ["CANCEL", "CHECKOUT"])
        time.sleep(0.1)
    ratio = statistics.median(took) / statistics.median(headless_ms(tmp_path))
    print(f"page / headless: {ratio:.2f}")
    assert ratio < MOST


def strip(number: int) -> dict[str, Any]:
    raw = io.BytesIO()
    Image.new("1", (448, 30), 1).save(raw, "PNG")
    png = base64.b64encode(raw.getvalue()).decode()
    return {"number": number, "width": 448, "height": 30, "png": png, "barcode": None}


def request(number: int) -> dict[str, Any]:
    return {
        "number": number,
        "connection": 1,
        "arrived": "2026-01-30T09:00:00Z",
        "op": "echo",
        "status": 200,
        "code": "0000",
        "complete": True,
        "trace_id": f"{number:012d}",
        "identical": None,
        "sha256": "00" * 32,
        "bytes": 90,
        "body": "{}" * 40,
        "headers": {"host": "localhost"},
    }


def five_events(number: int) -> dict[str, Any]:
    return {
        "log": f"line {number} of a long day",
        "screen": [f"{number:<20}", *[" " * 20] * 3],
        "strip": strip(100_000 + number),
        "slip": {"lines": [f"slip {number}"] * 30, "escpos": ""},
        "platform": {"requests": [request(100_000 + number)]},
    }


def counted(page: Page) -> tuple[int, int]:
    """Elements of the page, and bytes of its heap after a collection."""
    page.wait_for_timeout(300)  # what waits to be drawn
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"]
    session.detach()
    return page.locator("*").count(), int(used)


def test_ten_thousand_events_leave_no_more_behind_than_a_thousand(
    open_page: Callable[..., Held],
) -> None:
    routes: list[WebSocketRoute] = []

    def beside_the_server(route: WebSocketRoute) -> None:
        route.connect_to_server()
        routes.append(route)

    held = open_page(
        prepare=lambda page: page.route_web_socket("**/ws?*", beside_the_server)
    )
    held.wait("CHECKOUT")
    held.pane("requests")
    held.pane("log")

    def flood(first: int, last: int) -> tuple[int, int]:
        for number in range(first, last):
            routes[0].send(json.dumps(five_events(number)))
        held.wait(str(last - 1))
        return counted(held.page)

    elements, heap = flood(0, 1000)
    more_elements, more_heap = flood(1000, 2000)
    print(f"elements {elements}, {more_elements}; heap {heap}, {more_heap}")
    assert more_elements <= elements * 1.02
    assert more_heap <= heap * 1.2
