"""One device at work: what every workflow is given."""

from milepad.base.at_work import AtWork
from milepad.base.compat import TYPE_CHECKING
from milepad.terminal.slip_facts import SlipFacts
from milepad.terminal.slips import Slips

if TYPE_CHECKING:
    from milepad.base.protocols import Hardware, Log, Profile, TillService
    from milepad.base.timekeeper import Timekeeper
    from milepad.terminal.terminal import Terminal
    from milepad.transactions.earnings import Earnings
    from milepad.transactions.transactions import Transactions


class Device:
    """The terminal, the ledger and the calls to the platform, as one.

    `profile` is checked. `log` takes one line of text, never one with a number of a card.
    """

    def __init__(
        self,
        terminal: "Terminal",
        transactions: "Transactions",
        profile: "Profile",
        time: "Timekeeper",
        log: "Log",
        board: "Hardware",
    ):
        self.terminal = terminal
        self.transactions = transactions
        self.ledger = transactions.ledger
        self.profile = profile
        self.time = time
        self.log = log
        self.board = board
        self.at_work = AtWork()
        # None where the profile's family is "off": then no workflow of earning is begun.
        self.earnings: "Earnings" = None  # type: ignore[assignment]
        self.root_end_s = 0  # when the first root certificate ends, as far as it is known
        self.till: TillService | None = None  # of a PIN pad
        self.zone = transactions.zone
        facts = SlipFacts(profile, self.zone, self.ledger, time)
        terminal.programme = facts.programme
        self.slips = Slips(terminal, facts, profile["printer"])
