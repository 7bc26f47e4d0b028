"""A device that earns over a real wire, on MicroPython: its link, ledger, queue and littlefs.

One order in, what the ledger says of it out. Everything below `EarningDevice` is the
firmware's own; only who looks on and what time it is are stood in for.
"""

import asyncio

import vfs

from host_tests.kit.identity import IDENTITY
from host_tests.kit.on_micropython.flash import FileFlash
from host_tests.system.wire.device import Device
from milepad.base.at_work import AtWork
from milepad.base.compat import unix_time
from milepad.base.timekeeper import Timekeeper
from milepad.base.transaction import Transaction
from milepad.base.vocabulary import CALCULATE, POST, POST_EVENT, REVERSE_EVENT, REVERSE_POST
from milepad.issuance.basket import Basket
from milepad.issuance.requests import Issuance
from milepad.ledger.ledger import Ledger
from milepad.ledger.stores.bodies import LittlefsBodies
from milepad.ledger.stores.littlefs import LittlefsStore
from milepad.ledger.trace_ids import TraceIds
from milepad.profile.check import check
from milepad.transactions.drain import Drain
from milepad.transactions.earnings import Earnings
from milepad.transactions.transactions import Transactions

_BLOCKS, _BLOCK_BYTES = 192, 4096
_COMPUTED_HERE = (POST, POST_EVENT, REVERSE_POST, REVERSE_EVENT)
_EVENTS = (POST_EVENT, REVERSE_EVENT)


class _Bodies(LittlefsBodies):
    """Remembers the bytes that it was given last."""

    last = b""

    def add(self, number, raw):
        self.last = bytes(raw)
        super().add(number, raw)


class _Wlan:
    """There is a Wi-Fi."""

    def is_up(self):
        return True


async def _nobody_looks_on(title_key, work, stage, may_cancel):
    return await work


def _profile(settings):
    platform = {
        "base_url": settings["url"],
        "token_url": settings["token_url"],
        "ca": "ca.der",
        "client_id": settings["client_id"],
        "client_secret": settings["client_secret"],
    }
    return check({
        "network": {"ssid": "shop", "password": ""},
        "platform": platform,
        "partner": IDENTITY["partner"],
        "device": IDENTITY["device"],
        "time": {"zone": "EST5EDT,M3.2.0,M11.1.0"},
        "issuance": {"family": "amrp", "location_code": "1100"},
    })  # fmt: skip


class EarningDevice:
    """`settings` as those of `device.Device`, and `flash`, a file in which its flash is: a heap
    that many tests share may have no room for that in one piece.
    """

    def __init__(self, settings):
        self.lines = []
        self.device = Device(settings)
        profile = _profile(settings)
        self._flash = FileFlash(settings["flash"], _BLOCKS, _BLOCK_BYTES)
        vfs.VfsLfs2.mkfs(self._flash)
        files = vfs.VfsLfs2(self._flash)
        store = LittlefsStore(files)
        self.ledger = Ledger(store, 5000)
        self.bodies = _Bodies(files)
        time = Timekeeper(lambda unix_s: None, self.lines.append)
        time.note_platform(unix_time())
        self.transactions = Transactions(
            self.device.session,
            self.ledger,
            TraceIds(store, "0042", time.now_s()),
            profile,
            time,
            _nobody_looks_on,
            self.lines.append,
        )
        self.earnings = Earnings(
            self.transactions, self.bodies, profile, time, _Wlan(), self.lines.append
        )
        self.drain = Drain(self.earnings, self.transactions, AtWork())

    def close(self):
        """Lets go of its sockets and its flash."""
        self.device.close()
        self._flash.close()

    async def earn(self, op, collector):
        """A sale of $28.22, or 8 miles for an event; all that leaves at once has left then."""
        is_event, issuances = op in _EVENTS, ()
        if op in _COMPUTED_HERE:
            issuances = [Issuance(8 if is_event else 5)]
        basket = Basket() if is_event else Basket(2497, 2822)
        basket.hst_cents = basket.post_tax_cents - basket.pre_tax_cents
        sale = Transaction(
            collector_number=collector,
            basket_cents=basket.post_tax_cents,
            pre_tax_cents=-1 if is_event else basket.pre_tax_cents,
            miles=sum([each.miles for each in issuances]),
        )
        if op == CALCULATE:
            call = await self.earnings.calculate(sale, basket)
            return self._told(sale, call.outcome, call.code, call.copies, call.miles)
        await self.earnings.submit(op, sale, basket, issuances)
        while await self.drain.step():
            pass
        return self._entry(sale)

    async def send_now(self, sequence):
        """Tries what waits once more."""
        await self.earnings.send_now(sequence)
        return self._entry(self.ledger.entry(sequence))

    def delete(self, sequence):
        """A person gives it up; its outcome then."""
        return self.earnings.delete(sequence)

    def _entry(self, sale):
        entry = self.ledger.entry(sale.sequence)
        copies = self.earnings.queue.copies(entry)
        result = entry.result
        told = self._told(entry, entry.outcome, result.response_code, copies, result.miles)
        told["parked"] = entry.is_parked
        return told

    def _told(self, sale, outcome, code, copies, miles):
        return {
            "op": sale.op,
            "sequence": sale.sequence,
            "trace_id": sale.trace_id,
            "key": sale.idempotency_key,
            "body": self.bodies.last,
            "outcome": outcome,
            "code": code,
            "copies": copies,
            "miles": miles,
            "parked": False,
            "waiting": self.earnings.waiting()[0],
        }


_device = None  # the one that this MicroPython is


def switch_on(settings):
    """MicroPython is a new device, with an empty flash."""
    global _device  # noqa: PLW0603  (a kept connection outlives a call)
    switch_off()
    _device = EarningDevice(settings)


def earn(op, collector):
    """See EarningDevice."""
    return asyncio.run(_device.earn(op, collector))


def send_now(sequence):
    """See EarningDevice."""
    return asyncio.run(_device.send_now(sequence))


def delete(sequence):
    """See EarningDevice."""
    return _device.delete(sequence)


def switch_off():
    """It is none any more."""
    global _device  # noqa: PLW0603
    if _device:
        _device.close()
    _device = None
