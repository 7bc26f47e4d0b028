"""Who may drive the device: the page that was given its address, and nobody else's."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

from playwright.sync_api import Browser, WebSocketRoute

from host_tests.kit.page import Held

# Tries the socket as any page could that had got hold of the address, token and all.
TRY = """
(url) => new Promise((resolve) => {
  const socket = new WebSocket(url);
  socket.onopen = () => resolve("open");
  socket.onerror = () => resolve("refused");
})
"""


class Elsewhere(BaseHTTPRequestHandler):
    """A page of somebody else's."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>elsewhere</title>")

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def elsewhere() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def tried_from(browser: Browser, origin: str, socket: str) -> str:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(origin)
        return str(page.evaluate(TRY, socket))


def socket_of(address: str) -> str:
    return address.replace("http://", "ws://").replace("/?", "/ws?")


def test_a_page_from_elsewhere_is_refused(browser: Browser, address: str) -> None:
    with elsewhere() as origin:
        assert tried_from(browser, origin, socket_of(address)) == "refused"


def test_the_page_s_own_origin_is_let_in(browser: Browser, address: str) -> None:
    assert tried_from(browser, address, socket_of(address)) == "open"


def test_without_the_token_there_is_neither_page_nor_socket(
    browser: Browser, address: str
) -> None:
    bare = address.partition("?")[0]
    assert tried_from(browser, address, socket_of(bare + "?token=guessed")) == "refused"
    with browser.new_context() as context:
        reply = context.new_page().goto(bare)
        assert reply is not None and reply.status == 403


def test_no_script_of_anybody_s_runs_in_the_page(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address)
        page.evaluate(
            "const each = document.createElement('script');"
            "each.textContent = 'document.title = `stolen`'; document.body.append(each)"
        )
        assert page.title() != "stolen"


def test_what_comes_from_outside_is_text_and_never_markup(
    open_page: Callable[..., Held],
) -> None:
    markup = "<img src=x onerror=\"document.title='stolen'\"><b id=bold>b</b>"
    routes: list[WebSocketRoute] = []
    is_server_heard = True

    def beside_the_server(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        server.on_message(lambda text: route.send(text) if is_server_heard else None)
        routes.append(route)

    held = open_page(
        prepare=lambda page: page.route_web_socket("**/ws?*", beside_the_server)
    )
    held.wait("CHECKOUT")
    is_server_heard = False  # what the device shows meanwhile would take the place of these
    entry = {
        "id": 1,
        "kind": markup,
        "collector": markup,
        "miles": 1,
        "dollars": "1.00",
        "confirmation": markup,
        "committed": markup,
        "trace_id": markup,
    }
    request = {"number": 1, "op": markup, "detail": markup, "body": markup, "headers": {}}
    ours = {"sequence": 1, "op": markup, "outcome": markup, "match": "same", "platform": 1}
    for message in (
        {"platform": {"ledger": [entry], "requests": [request]}},
        {"device": {"entries": [ours]}},
        {"log": markup},
        {"slip": {"lines": [markup], "escpos": ""}},
        {"refused": {"order": markup, "code": markup, "values": {}}},
        {"screen": [markup, "", "", ""]},
    ):
        routes[0].send(json.dumps(message))
    held.wait(markup)
    for name in ("requests", "platform", "ledgers", "log"):
        held.pane(name).get_by_text("onerror").first.wait_for()
    assert held.page.locator("img, #bold").count() == 0
    assert held.page.title() != "stolen"
