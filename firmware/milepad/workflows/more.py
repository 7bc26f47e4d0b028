"""What the idle screen's fourth key leads to."""

from milepad import NAME_AND_VERSION
from milepad.base.compat import TYPE_CHECKING
from milepad.base.vocabulary import APPROVED, ENGLISH, FRENCH
from milepad.terminal import screens
from milepad.workflows import about, reports

if TYPE_CHECKING:
    from milepad.workflows.device import Device


async def run(device: "Device") -> None:
    """Reprint, reports, the link's test, the cashier's language, the device; where sales earn,
    the queue, and where this shop works out the miles, adjustments. Raises Cancelled.
    """
    terminal, text = device.terminal, device.terminal.text
    names = ["1", "2", "3", "4", "0"]
    reports_row, link_row = text("more_reports"), text("more_link")
    if device.earnings:
        names.append("5")
        link_row = terminal.pair(link_row, text("more_queue"))
    if device.profile["issuance"]["family"] == "partner":
        names.append("6")
        reports_row = terminal.pair(reports_row, text("more_adjust"))
    last = terminal.pair(text("more_language"), text("more_device"))
    terminal.show(text("more_reprint"), reports_row, link_row, last)
    name = await terminal.key(*names)
    if name in ("5", "6"):
        await _serve_earning(device, name)
    elif name == "0":
        await about.run(device)
    elif name == "4":
        terminal.language = ENGLISH if terminal.language == FRENCH else FRENCH
    elif name == "3":
        await _test_link(device)
    elif name == "2":
        await reports.run(device)
    else:
        await reports.reprint_last(device)


async def _serve_earning(device: "Device", name: str) -> None:
    """The two keys of a shop whose sales earn."""
    # An adjustment brings the shop's rules along, and most shops have neither.
    if name == "5":
        from milepad.workflows import queue

        await queue.run(device)
    else:
        from milepad.workflows import adjust

        await adjust.run(device)


async def _test_link(device: "Device") -> None:
    terminal = device.terminal
    call = await device.transactions.test_link()
    if call.outcome == APPROVED:
        await terminal.message("ok", terminal.text("link_answered"), "", NAME_AND_VERSION)
        return
    await screens.failed(terminal, call, "", "link_down")
