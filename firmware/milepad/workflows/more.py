"""What the idle screen's fourth key leads to."""

from milepad import NAME_AND_VERSION
from milepad.base.vocabulary import APPROVED, ENGLISH, FRENCH
from milepad.workflows import reports, screens


async def run(till) -> None:
    """Reprint, reports, the link's test, the cashier's language. Raises Cancelled."""
    terminal = till.terminal
    keys = ("more_reprint", "more_reports", "more_link", "more_language")
    terminal.show(*[terminal.text(key) for key in keys])
    name = await terminal.key("1", "2", "3", "4")
    if name == "4":
        french = terminal.language == FRENCH
        terminal.language = ENGLISH if french else FRENCH
    elif name == "3":
        await _test_link(till)
    elif name == "2":
        await reports.run(till)
    else:
        await reports.reprint_last(till)


async def _test_link(till) -> None:
    terminal = till.terminal
    session = till.session
    outcome = await terminal.wait_for(
        "link_testing", till.echo(), lambda: session.stage, lambda: True
    )
    if outcome.kind == APPROVED:
        await terminal.message("ok", terminal.text("link_answered"), "", NAME_AND_VERSION)
        return
    await screens.failed(till, outcome, "", "link_down")
