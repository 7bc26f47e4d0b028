"""The idle screen, and the way from it into every other workflow.

A workflow's code takes heap only while it runs.
"""

from milepad.base.compat import TYPE_CHECKING, const
from milepad.base.errors import Cancelled
from milepad.base.unimport import Unimport
from milepad.workflows import idle

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from milepad.workflows.device import Device
    from milepad.workflows.protocols import AtCheckout

_NEVER_MS = const(86400000)
_PROVE_MS = const(15000)
_SOON_MS = const(5000)  # until a platform that was not reached is tried again; then doubled
_DOUBLINGS = const(6)
_LOOK_MS = const(1000)  # how often the idle screen looks at the radio and the queue
# What is open is asked about when the device has been still for so long after its last work:
# within a pause of the queue, and in any case before the cashier goes home. After LATER it
# takes so many idle times until it is asked again.
_ASK_SOON_MS = const(10000)
_ASK_AGAIN_TIMES = const(5)
_EARNING_KEYS = ("5", "6")
# In the place of a key: what is open is asked about; and what the power may have cut off is
# looked for, a request or the sight of its outcome.
_ASK = "ask"
LOOK_BACK = "look back"


async def run(device: "Device", first: str = "") -> None:
    """Serves the cashier for ever; `first` is `LOOK_BACK` after a start."""
    again_ms = device.profile["cashier"]["idle_s"] * 1000 * _ASK_AGAIN_TIMES
    kind, name, ask_ms = "key", first, again_ms
    while True:
        with device.at_work, Unimport():
            try:
                await _serve(device, kind, name)
            except Cancelled:
                pass  # back to the idle screen, which says so itself
        if kind in ("key", "till"):  # a kept card is for what comes next alone
            device.terminal.card = None
        idle.show(device)
        kind, name = await _next(device, ask_ms)
        ask_ms = again_ms if name == _ASK else min(ask_ms, _ASK_SOON_MS)


async def _next(device: "Device", ask_ms: int) -> tuple[str, str]:
    """The next event of the idle screen; meanwhile a till may begin a dialogue."""
    till = device.till
    if till is None:
        return await _idle_event(device, ask_ms)
    till.settle()
    if till.wants:
        return "till", ""
    till.is_free = True
    try:
        return await _idle_event(device, ask_ms)
    finally:
        till.is_free = False


def started(make: "Callable[[], Any]") -> "Any":
    """What `make` makes, without the code that only a start needs: a boundary as any
    workflow's."""
    with Unimport():
        return make()


async def _serve(device: "Device", kind: str, name: str) -> None:
    """Runs what a key stands for, or keeps the card that a reader has read."""
    if kind == "till":
        if device.till:
            await device.till.run()
        return
    if device.till and kind == "key":
        name = await device.till.key(name, idle.menu_rows(device))
    # Imported within `Unimport`, which drops what came with it when the workflow is over.
    if kind != "key":
        from milepad.terminal import prompts

        await prompts.keep_card(device.terminal, kind, name, device.profile["card"])
    elif name == "1":
        from milepad.workflows import checkout

        await checkout.run(device, _at_checkout(device))
    elif name == "2":
        from milepad.workflows import balance

        await balance.run(device)
    elif name == "3":
        from milepad.workflows import refund

        await refund.run(device)
    elif name == "4":
        from milepad.workflows import more

        await more.run(device)
    elif name in _EARNING_KEYS and device.earnings:
        await _serve_earning(device, name)
    elif name in (_ASK, LOOK_BACK):
        await _serve_past(device, name)
    elif name:
        device.terminal.sound("error")


async def _serve_past(device: "Device", name: str) -> None:
    """What was begun before: to be settled, or only to be seen once more."""
    # Imported within `Unimport`, as in `_serve`.
    if name == _ASK or idle.open_count(device):
        from milepad.workflows import recover

        await recover.run(device, _at_checkout(device))
    else:
        from milepad.workflows import reports

        await reports.show_last(device)
        earn = _at_checkout(device)
        if earn:
            await earn.look_back(device)


async def _serve_earning(device: "Device", name: str) -> None:
    """The two keys that are there only where the shop's sales earn."""
    # Imported within `Unimport`, as in `_serve`.
    if name == "5":
        from milepad.workflows import earn

        await earn.run(device)
    else:
        from milepad.workflows import return_sale

        await return_sale.run(device)


def _at_checkout(device: "Device") -> "AtCheckout | None":
    """What a checkout earns with, where it does."""
    if not (device.earnings and device.profile["issuance"]["at_checkout"]):
        return None
    # Imported within `Unimport`, as in `_serve`: a shop that does not earn loads none of it.
    from milepad.workflows import earn

    return earn


def _follow_radio(device: "Device") -> bool:
    """Lets the link's state follow the Wi-Fi; whether that changed it."""
    if device.till:
        device.till.look()
    is_up = device.board.wlan.is_up()
    if is_up == (device.transactions.link != "wifi"):
        return False
    device.transactions.link = "unknown" if is_up else "wifi"
    device.transactions.misses = 0
    return True


async def _idle_event(device: "Device", ask_ms: int) -> tuple[str, str]:
    """The next event, or the key `_ASK` when there was none for so long and an entry is
    open. Meanwhile the link is tried now and then, and a kept card is given up in time.
    """
    echo_left_ms = _echo_ms(device)
    terminal = device.terminal
    card_ms = device.profile["cashier"]["idle_s"] * 1000 if terminal.card else _NEVER_MS
    shown = _changing(device)
    while True:
        wait_ms = min(echo_left_ms, ask_ms, card_ms, _LOOK_MS)
        try:
            return await terminal.event(wait_ms)
        except Cancelled:
            echo_left_ms -= wait_ms
            ask_ms -= wait_ms
            card_ms -= wait_ms
        if not ask_ms:
            if idle.open_count(device):
                return "key", _ASK
            ask_ms = _NEVER_MS
        if not card_ms:
            terminal.card = None
            card_ms = _NEVER_MS
            idle.show(device)
        if _follow_radio(device) and device.transactions.link != "wifi":
            # What is behind the Wi-Fi is tried at once, if at all.
            echo_left_ms = 0 if device.profile["platform"]["echo_s"] else _NEVER_MS
        if shown != _changing(device):  # by the radio, or by what the queue met
            shown = _changing(device)
            echo_left_ms = min(echo_left_ms, _echo_ms(device))
            idle.show(device)
        if not echo_left_ms:
            await device.transactions.quiet_echo(terminal.has_event)
            echo_left_ms = _echo_ms(device)
            idle.show(device)
            shown = _changing(device)


def _changing(device: "Device") -> tuple[str, str]:
    """What changes on the idle screen by itself."""
    return idle.queue_text(device), device.transactions.link


def _echo_ms(device: "Device") -> int:
    """How long until the link is tried; sooner while the time is not proven, so that the
    first sale need not ask for it, and soon after the platform was not reached."""
    transactions = device.transactions
    every_ms = device.profile["platform"]["echo_s"] * 1000
    if not every_ms:
        return _NEVER_MS
    if not device.time.is_proven():
        every_ms = min(every_ms, _PROVE_MS)
    if transactions.misses and transactions.link not in ("login", "wifi"):
        every_ms = min(every_ms, _SOON_MS << min(transactions.misses - 1, _DOUBLINGS))
    return max(every_ms, transactions.rest_s * 1000)
