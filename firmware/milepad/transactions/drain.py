"""Sends in the background what waits in the queue, while nobody is served: one at a time."""

from milepad.base.compat import TYPE_CHECKING, const, sleep_ms
from milepad.base.errors import StorageError

if TYPE_CHECKING:
    from milepad.base.at_work import AtWork
    from milepad.base.protocols import Sleep
    from milepad.transactions.earnings import Earnings
    from milepad.transactions.transactions import Transactions

_LOOK_MS = const(500)
_TIME_S = const(15)  # until the platform is asked for the time again


class Drain:
    """A task beside the app. `at_work` tells whether a workflow runs: it goes first."""

    def __init__(
        self,
        earnings: "Earnings",
        transactions: "Transactions",
        at_work: "AtWork",
        sleep: "Sleep" = sleep_ms,
    ):
        self._earnings = earnings
        self._transactions = transactions
        self._at_work = at_work
        self._sleep = sleep
        self._link = ""

    async def run(self) -> None:
        """For ever."""
        self._earnings.changed()
        while True:
            if not await self.step():
                await self._sleep(_LOOK_MS)

    async def step(self) -> bool:
        """Sends at most one copy; whether there may be another to send at once."""
        self._earnings.queue.flush()
        self._earnings.queue.look()
        self._follow_link()
        if not self._may_go() or not self._earnings.sending.may_try():
            return False
        number = self._earnings.queue.next()
        return bool(number) and await self._send(number)

    def _follow_link(self) -> None:
        """When a call of somebody else has reached the platform, no pause is needed any more."""
        link = self._transactions.link
        if link == "up" and self._link != "up":
            self._earnings.sending.note_link_up()
        self._link = link

    async def _send(self, number: int) -> bool:
        earnings = self._earnings
        try:
            entry = earnings.queue.entry(number)
        except StorageError:  # nobody can read it
            earnings.queue.set_aside(number)
            return True
        if earnings.sending.awaits_time(entry):
            await self._transactions.quiet_echo(lambda: not self._may_go())
            if earnings.sending.awaits_time(entry):
                earnings.queue.rest(number, earnings.queue.copies(entry), _TIME_S)
            return True
        if not earnings.sending.is_due(entry):
            return True
        request = earnings.sending.request(entry)
        if request is None:
            return True
        attempt = earnings.sending.attempt(entry, self._may_go)
        await self._transactions.session.exchange(request, attempt)
        earnings.sending.note(entry, attempt)
        self._link = self._transactions.link
        earnings.changed()
        return attempt.left

    def _may_go(self) -> bool:
        return self._at_work.is_idle
