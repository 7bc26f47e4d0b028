"""One browser and one handheld a module, and a page of its own for each test.

All of them run in one process, one after the other (`TOGETHER` in the conftest above).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page

from host_tests.kit.page import Held, browsing, serving
from tools.browser import BrowserError, command

WIDE = {"width": 1920, "height": 1080}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's Chromium; without one, setup has said why these tests are left out.

    Playwright leaves its event loop running in this thread for as long as it is open, and no
    other test could run a loop of its own: so it ends with the module.
    """
    try:
        command()
    except BrowserError as missing:
        pytest.skip(str(missing))
    with browsing() as opened:
        yield opened


@pytest.fixture(scope="module")
def options() -> list[str]:
    """What the page's program is started with; a module may have its own."""
    return []


@pytest.fixture(scope="module")
def address(browser: Browser, options: list[str]) -> Iterator[str]:
    """Where the module's handheld is served."""
    with serving(*options) as where:
        yield where


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Held]]:
    """Opens a page, as a new visitor of English; an error in its console fails the test."""
    opened: list[Held] = []
    with ExitStack() as stack:

        def open_(
            prepare: Callable[[Page], object] = lambda _: None, **settings: object
        ) -> Held:
            context = browser.new_context(
                **{"viewport": WIDE, "locale": "en-CA", "reduced_motion": "reduce"}
                | settings
            )
            stack.callback(context.close)
            page = context.new_page()
            prepare(page)
            opened.append(Held(page, address))
            return opened[-1]

        yield open_
        complaints = [text for held in opened for text in held.complaints]
    assert complaints == []


@pytest.fixture
def held(open_page: Callable[..., Held]) -> Held:
    """The page at 1920 px, the device on its idle screen."""
    page = open_page()
    page.wait("CHECKOUT")
    return page
