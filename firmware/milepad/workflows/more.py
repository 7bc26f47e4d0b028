"""What the idle screen's fourth key leads to."""

from milepad import NAME_AND_VERSION
from milepad.base.compat import TYPE_CHECKING
from milepad.base.vocabulary import APPROVED, ENGLISH, FRENCH
from milepad.terminal import screens
from milepad.workflows import about, reports

if TYPE_CHECKING:
    from milepad.workflows.device import Device


async def run(device: "Device") -> None:
    """Reprint, reports, the link's test, the cashier's language, the device. Raises Cancelled."""
    terminal = device.terminal
    keys = ("more_reprint", "more_reports", "more_link")
    last = terminal.pair(terminal.text("more_language"), terminal.text("more_device"))
    terminal.show(*[terminal.text(key) for key in keys], last)
    name = await terminal.key("1", "2", "3", "4", "0")
    if name == "0":
        await about.run(device)
    elif name == "4":
        terminal.language = ENGLISH if terminal.language == FRENCH else FRENCH
    elif name == "3":
        await _test_link(device)
    elif name == "2":
        await reports.run(device)
    else:
        await reports.reprint_last(device)


async def _test_link(device: "Device") -> None:
    terminal = device.terminal
    call = await device.transactions.test_link()
    if call.outcome == APPROVED:
        await terminal.message("ok", terminal.text("link_answered"), "", NAME_AND_VERSION)
        return
    await screens.failed(terminal, call, "", "link_down")
