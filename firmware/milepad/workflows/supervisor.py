"""The one place where a supervisor is asked for: their PIN, before what not everybody may do.

A try is counted on flash before it is checked, so that no power cut makes one free; only a
right PIN takes the count back. After three wrong ones the next try has to wait, longer each
time, and the screen says how long. Nothing is ever wiped: who waits may go on trying.
"""

from milepad.base import pin
from milepad.base.compat import TYPE_CHECKING, const, sleep_ms
from milepad.base.errors import Cancelled, StorageError
from milepad.terminal import screens
from milepad.terminal.terminal import DIGIT_KEYS

if TYPE_CHECKING:
    from milepad.terminal.terminal import Terminal
    from milepad.workflows.device import Device

_MAX_DIGITS = const(8)
_ROUNDS_AT_ONCE = const(256)  # then other tasks have their turn
# Seconds to wait before a try, by how many went wrong before it; the last holds for all more.
# 10,000 PINs of four digits take ten weeks.
_WAITS_S = (0, 0, 0, 10, 30, 60, 120, 300, 600)


async def ask(device: "Device") -> bool:
    """Whether a supervisor is there: the right PIN was keyed, or the shop has none.

    False where tries cannot be counted, which was told. CANCEL, and an idle device, raise
    Cancelled.
    """
    kept = device.profile["supervisor"]["pin"]
    if not kept:
        return True
    terminal, ledger = device.terminal, device.ledger
    note = ""
    try:
        if ledger.warning:  # counted in RAM, a try would be free after a power cut
            raise StorageError(ledger.warning)
        while True:
            wrong = ledger.pin_tries()
            await _wait(terminal, _WAITS_S[min(wrong, len(_WAITS_S) - 1)], wrong)
            keyed = await _keyed(terminal, note)
            ledger.keep_pin_tries(wrong + 1)
            if await _is_right(terminal, kept, keyed):
                ledger.keep_pin_tries(0)
                return True
            terminal.sound("error")
            note = terminal.text("pin_wrong")
    except StorageError as fault:
        await screens.cannot_keep(terminal, fault.reason)
        return False


async def _keyed(terminal: "Terminal", note: str) -> str:
    """The digits that are keyed, never shown. Raises Cancelled."""
    terminal.drop_events()
    keyed = ""
    while True:
        terminal.show(
            terminal.text("supervisor"),
            terminal.text("pin_is") % ("*" * len(keyed)),
            note,
            terminal.text("money_hint"),
        )
        kind, name = await terminal.event()
        if kind == "key" and name == "CANCEL":
            raise Cancelled("CANCEL was pressed")
        if kind == "key" and name in DIGIT_KEYS and len(keyed + name) <= _MAX_DIGITS:
            keyed += name
        elif kind == "key" and name == "CLEAR":
            keyed = ""
        elif kind == "key" and name == "ENTER" and keyed:
            return keyed
        else:
            terminal.sound("error")
        note = ""


async def _wait(terminal: "Terminal", wait_s: int, wrong: int) -> None:
    """Shows how long the next try has to wait, and why, until it may be made.

    It begins anew after a power cut, and whenever it is left: no clock has to be believed.
    Raises Cancelled for CANCEL.
    """
    while wait_s > 0:
        terminal.show(
            terminal.text("supervisor"),
            terminal.text("pins_wrong") % wrong,
            terminal.text("pin_waits") % (wait_s // 60, wait_s % 60),
            terminal.text("wait_cancel"),
        )
        await sleep_ms(1000)
        wait_s -= 1
        while terminal.has_event():
            if await terminal.event() == ("key", "CANCEL"):
                raise Cancelled("CANCEL was pressed")
            terminal.sound("error")


async def _is_right(terminal: "Terminal", kept: str, keyed: str) -> bool:
    """Whether it is the PIN of which the device keeps this; a plain one is none."""
    if not pin.is_kept(kept):
        return False
    terminal.show(terminal.text("supervisor"), terminal.text("wait_hold"))
    rounds, salt, wanted = pin.parts(kept)
    digest = b""
    while rounds > 0:
        digest = pin.stretch(digest, salt, keyed, min(rounds, _ROUNDS_AT_ONCE))
        rounds -= _ROUNDS_AT_ONCE
        await sleep_ms(0)
    return digest == wanted
