"""A connection that is lost: the page says so, and has the whole state when it is back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute

from host_tests.kit.page import Held

GONE = '#link-state[data-state="{}"]'
# Presses a key, and looks at once: what a person is told goes away by itself.
TOLD = """
() => {
  document.querySelector("[data-key='1']").click();
  return document.getElementById("toast").textContent;
}
"""


@pytest.fixture
def cut(open_page: Callable[..., Held]) -> tuple[Held, list[WebSocketRoute]]:
    """A page, and its connections, the newest last: each can be closed as by the server."""
    routes: list[WebSocketRoute] = []

    def beside_the_server(route: WebSocketRoute) -> None:
        route.connect_to_server()
        routes.append(route)

    def prepare(page: Page) -> None:
        page.route_web_socket("**/ws?*", beside_the_server)

    held = open_page(prepare=prepare)
    held.wait("CHECKOUT")
    return held, routes


def test_a_page_that_was_cut_off_has_the_whole_state_again(
    cut: tuple[Held, list[WebSocketRoute]], held: Held
) -> None:
    page, routes = cut
    asked: list[Route] = []

    def whether_it_is_there(route: Route) -> None:
        asked.append(route)  # answered later

    page.page.route("**/?token=*", whether_it_is_there)
    with page.page.expect_request("**/?token=*"):
        routes[-1].close()
    page.page.locator(GONE.format("lost")).wait_for()
    held.press("1")
    held.wait("TOTAL")
    asked[0].continue_()
    page.page.locator(GONE.format("open")).wait_for()
    page.wait("TOTAL")
    assert page.read() == page.rows
    page.press("CANCEL")
    held.wait("CHECKOUT")


def test_a_page_of_an_earlier_run_says_that_there_is_another_address(
    cut: tuple[Held, list[WebSocketRoute]],
) -> None:
    held, routes = cut
    held.page.route("**/?token=*", lambda route: route.fulfill(status=403))
    routes[-1].close()
    held.page.locator(GONE.format("another")).filter(has_text="open the address").wait_for()
    assert "open the address" in held.page.evaluate(TOLD)
    assert len(routes) == 1
    # The browser's own words about the 403 are no fault of the page's.
    held.complaints = [text for text in held.complaints if "403" not in text]
