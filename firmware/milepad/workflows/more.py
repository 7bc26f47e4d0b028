"""What the idle screen's fourth key leads to."""

from milepad import NAME_AND_VERSION
from milepad.base.compat import TYPE_CHECKING
from milepad.base.vocabulary import APPROVED, ENGLISH, FRENCH
from milepad.terminal import screens
from milepad.workflows import reports

if TYPE_CHECKING:
    from milepad.workflows.device import Device


async def run(device: "Device") -> None:
    """Reprint, reports, the link's test, the cashier's language. Raises Cancelled."""
    terminal = device.terminal
    keys = ("more_reprint", "more_reports", "more_link", "more_language")
    terminal.show(*[terminal.text(key) for key in keys])
    name = await terminal.key("1", "2", "3", "4")
    if name == "4":
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
