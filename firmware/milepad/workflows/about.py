"""Which device this is, and how it is: on the screen, and as a slip for a technician."""

import gc
from binascii import hexlify

from milepad import VERSION
from milepad.base import clock
from milepad.base.compat import TYPE_CHECKING, const, heap_free_bytes
from milepad.terminal.terminal import COLUMNS

if TYPE_CHECKING:
    from milepad.workflows.device import Device

_ROWS = const(3)  # above the row of keys
_SERIAL_CHARS = const(16)  # of the chip's number, its end

_CAUSES = ("power", "button", "watchdog", "program")  # of `Hardware.reset_cause`


async def run(device: "Device") -> None:
    """Shows it, three rows at a time; ENTER prints it. Raises Cancelled."""
    terminal = device.terminal
    at = 0
    while True:
        rows = _rows(device)
        shown = [_line(*row) for row in rows[at : at + _ROWS]] + [""] * _ROWS
        terminal.show(*shown[:_ROWS], terminal.text("report_keys"))
        name = await terminal.key("UP", "DOWN", "ENTER")
        if name == "ENTER":
            terminal.show(terminal.text("printing"))
            header = device.profile["receipt"]["header"]
            facts = {"kind": "device", "store": header, "rows": rows}
            await device.slips.print_own(facts)
        elif name == "UP":
            at = max(0, at - _ROWS)
        elif at + _ROWS < len(rows):
            at += _ROWS


def _line(label: str, value: str) -> str:
    """One row of the screen; a value that leaves no place for its label stands alone."""
    blanks = COLUMNS - len(label) - len(value)
    return label + " " * blanks + value if blanks > 0 else value[:COLUMNS]


def _rows(device: "Device") -> list[tuple[str, str]]:
    """(label, value) of all there is to be told, as it is at this moment."""
    board, text = device.board, device.terminal.text
    signal_dbm = board.wlan.signal_dbm()
    cause = board.reset_cause()
    gc.collect()
    return [
        ("MILEPAD", VERSION),
        (text("about_board"), board.name),
        ("S/N", hexlify(board.unique_id).decode()[-_SERIAL_CHARS:]),
        (text("about_store"), device.profile["partner"]["store_id"]),
        (text("about_device"), device.profile["device"]["device_id"]),
        ("IP", board.wlan.address() or "-"),
        ("SIGNAL", "-" if signal_dbm is None else "%d dBm" % signal_dbm),
        (text("about_clock"), _clock(device)),
        (text("about_ledger"), str(device.ledger.free())),
        (text("about_heap"), "%d K" % (heap_free_bytes() // 1024)),
        (text("about_reset"), text("reset_" + cause) if cause in _CAUSES else "-"),
    ]


def _clock(device: "Device") -> str:
    if not device.time.is_set():
        return device.terminal.text("no_time")
    local = clock.local(device.time.now_s(), device.zone)
    return "%04d-%02d-%02d %02d:%02d:%02d" % tuple(local)
