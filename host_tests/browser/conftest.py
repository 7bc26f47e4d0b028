"""One browser for this folder, one handheld for each set of options, and one page a module.

All of it runs in one process, one test after the other (`TOGETHER` in the conftest above), and
ends with the last of them. Each test leaves the device on its idle screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from host_tests.kit.page import Held, browsing, serving
from tools.browser import BrowserError, command

WIDE = {"width": 1920, "height": 1080}
VISITOR: dict[str, Any] = {"viewport": WIDE, "locale": "en-CA", "reduced_motion": "reduce"}
Options = tuple[str, ...]


class Desktop:
    """What is dear to start, once each."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._browser: Browser | None = None
        self._addresses: dict[Options, str] = {}

    def browser(self) -> Browser:
        """Every test's."""
        if self._browser is None:
            self._browser = self._stack.enter_context(browsing())
        return self._browser

    def address(self, options: Options) -> str:
        """Where the handheld of these options is served."""
        if options not in self._addresses:
            self._addresses[options] = self._stack.enter_context(
                serving("--line-ms", "0", *options)
            )
        return self._addresses[options]

    def close(self) -> None:
        """All of it; what is asked for later starts anew."""
        self._stack.close()
        self._browser = None
        self._addresses.clear()


DESKTOP = Desktop()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """Playwright leaves its event loop running in this thread for as long as it is open, and no
    test of another folder could run a loop of its own."""
    here = Path(__file__).parent
    if nextitem is None or not nextitem.path.is_relative_to(here):
        DESKTOP.close()


@pytest.fixture(scope="session")
def browser() -> Browser:
    """The machine's Chromium; without one, setup has said why these tests are left out."""
    try:
        command()
    except BrowserError as missing:
        pytest.skip(str(missing))
    return DESKTOP.browser()


@pytest.fixture(scope="module")
def options() -> Options:
    """What the page's program is started with; a module may have its own."""
    return ()


@pytest.fixture(scope="module")
def address(browser: Browser, options: Options) -> str:
    """Where the module's handheld is served."""
    return DESKTOP.address(options)


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Held]]:
    """Opens a page, as a new visitor of English; an error in its console fails the test."""
    opened: list[Held] = []
    with ExitStack() as stack:

        def open_(
            prepare: Callable[[Page], object] = lambda _: None, **settings: Any
        ) -> Held:
            context = browser.new_context(**VISITOR | settings)
            stack.callback(context.close)
            page = context.new_page()
            prepare(page)
            opened.append(Held(page, address))
            return opened[-1]

        yield open_
        complaints = [text for held in opened for text in held.complaints]
    assert complaints == []


@pytest.fixture(scope="module")
def shared(browser: Browser, address: str) -> Iterator[Held]:
    """The module's page at 1920 px."""
    with browser.new_context(**VISITOR) as context:
        yield Held(context.new_page(), address)


@pytest.fixture
def held(shared: Held) -> Iterator[Held]:
    """It, with the device on its idle screen; an error in its console fails the test."""
    shared.wait("CHECKOUT")
    yield shared
    complaints, shared.complaints = shared.complaints, []
    assert complaints == []
