"""Cuts the power after, and within, every program and erase of earnings that are kept, sent,
drained, refused, deleted and returned: `prove`.

The day runs once on a journal of block changes, and notes which changes each promise to the
cashier, and each commitment of the platform, lay between. Then, for every number of changes, a
device boots on a flash with just those, with a platform that knows just what had reached it,
and drains its queue.
"""

import asyncio

from host_tests.kit.identity import DEVICE, PARTNER
from host_tests.kit.on_micropython.flash import Flash, formatted, mounted
from milepad.base.at_work import AtWork
from milepad.base.errors import LinkError
from milepad.base.timekeeper import Timekeeper
from milepad.base.transaction import Transaction
from milepad.issuance.basket import Basket
from milepad.ledger.ledger import Ledger
from milepad.ledger.stores.bodies import LittlefsBodies
from milepad.ledger.stores.body_cells import fat_bodies
from milepad.ledger.stores.littlefs import LittlefsStore
from milepad.ledger.stores.ring import fat_store
from milepad.ledger.trace_ids import TraceIds
from milepad.link.session import Session
from milepad.transactions.drain import Drain
from milepad.transactions.earnings import Earnings
from milepad.transactions.transactions import Transactions

NOW_S = 1780000000
CARDS = ("84095202006", "81000000010", "81000000027")
REFUSED = CARDS[2]
PROFILE = {
    "platform": {
        "base_url": "https://localhost:1",
        "client_id": "id",
        "match_trace_id": True,
    },
    "partner": PARTNER,
    "device": DEVICE,
    "time": {"zone": "EST5EDT,M3.2.0,M11.1.0"},
    "issuance": {
        "family": "amrp",
        "location_code": "",
        "queue_hours": 168,
        "key_hours": 168,
        "return_id": "own",
        "send_identity": False,
    },
}


class Reply:
    """What a client's `post` gives."""

    def __init__(self, status):
        self.status, self.body, self.date, self.retry_after = status, b"{}", b"", b""


class Platform:
    """Commits by key; `lost` is how many of its replies do not arrive."""

    stage = "idle"
    sent = True

    def __init__(self, journal, commits=()):
        self.journal = journal
        self.commits = list(commits)  # (changes before it, key, body)
        self.arrived = []  # (changes before it, key, body)
        self.lost = 0
        self.refuses = True

    async def post(self, url, headers, body, may_leave=None):
        key = dict(headers)["Idempotency-Key"]
        now = len(self.journal)
        self.arrived.append((now, key, bytes(body)))
        if self.refuses and REFUSED.encode() in body:
            return Reply(400)
        if key not in [each[1] for each in self.commits]:
            self.commits.append((now, key, bytes(body)))
        if self.lost:
            self.lost -= 1
            raise LinkError("no reply")
        return Reply(200)

    def close(self):
        pass


class Token:
    async def bearer(self):
        return "Bearer t"

    def drop(self):
        pass


class Wlan:
    up = True

    def is_up(self):
        return self.up


async def progress(title_key, work, stage, may_cancel):
    return await work


class SmallStore(LittlefsStore):
    """Its records move after few of them: a cut comes upon that as well."""

    slots = 4


class Handheld:
    """The rooms under test, on a flash."""

    def __init__(self, kind, flash, platform):
        files = mounted(kind, flash)
        if kind == "littlefs":
            store, bodies = SmallStore(files), LittlefsBodies(files)
        else:
            store = fat_store(files, "/LEDGER.BIN", 30)
            bodies = fat_bodies(files, "/QUEUE.BIN", 30)
        self.log = []
        self.ledger = Ledger(store, 40)
        time = Timekeeper(lambda unix_s: None, self.log.append)
        time.now_s = lambda: NOW_S
        time.note_platform(NOW_S)
        session = Session(platform, Token(), "https://localhost:1")
        trace_ids = TraceIds(store, "0042", NOW_S)
        parts = (session, self.ledger, trace_ids, PROFILE, time, progress, self.log.append)
        transactions = Transactions(*parts)
        self.wlan = Wlan()
        self.earnings = Earnings(
            transactions, bodies, PROFILE, time, self.wlan, self.log.append
        )
        self.drain = Drain(self.earnings, transactions, AtWork())

    async def earn(self, op, card, of=""):
        sale = Transaction(
            collector_number=card,
            basket_cents=2822,
            pre_tax_cents=2497,
            redemption_number=of,
        )
        basket = Basket(2497, 2822)
        basket.hst_cents = 325
        await self.earnings.submit(op, sale, basket)
        return sale

    async def drain_all(self):
        while await self.drain.step():
            pass


class Day:
    """Does the work, and notes (what, value, changes before it, changes after it)."""

    def __init__(self, kind, flash):
        self.journal = flash.journal
        self.platform = Platform(self.journal)
        self.handheld = Handheld(kind, flash, self.platform)
        self.promises = []

    async def earn(self, op, card, of=""):
        start = len(self.journal)
        sale = await self.handheld.earn(op, card, of)
        key = sale.idempotency_key
        self.promises.append(("kept", key, start, len(self.journal)))
        self.note_concluded(start)
        return sale

    def note_concluded(self, start):
        for entry in self.handheld.ledger.entries():
            known = [each[1] for each in self.promises if each[0] == "concluded"]
            if entry.outcome != "open" and entry.idempotency_key not in known:
                promise = ("concluded", entry.idempotency_key, start, len(self.journal))
                self.promises.append(promise)

    async def drain(self):
        """One step after the other: of each it is known what it concluded."""
        going = True
        while going:
            start = len(self.journal)
            going = await self.handheld.drain.step()
            self.note_concluded(start)

    async def work(self):
        handheld, platform = self.handheld, self.platform
        handheld.wlan.up = False
        first = await self.earn("issue", CARDS[0])
        await self.earn("issue", CARDS[1])
        await self.earn("return", CARDS[0], first.trace_id)
        handheld.wlan.up = True
        platform.lost = 2
        await self.drain()
        await self.earn("issue", CARDS[1])
        platform.lost = 1
        last = await self.earn("issue", CARDS[1])
        await self.drain()
        await self.earn("return", CARDS[1], last.trace_id)
        parked = await self.earn("issue", REFUSED)
        handheld.wlan.up = False
        lost = await self.earn("issue", CARDS[0])
        for sale in (parked, lost):
            start = len(self.journal)
            handheld.earnings.delete(sale.sequence)
            promise = ("deleted", sale.idempotency_key, start, len(self.journal))
            self.promises.append(promise)


class Expectation:
    """What a device and its platform must come to after so many changes."""

    def __init__(self, day, cut):
        self.cut = cut
        self.platform = Platform(
            [], [each for each in day.platform.commits if each[0] <= cut]
        )
        self.before = [each for each in day.platform.arrived if each[0] <= cut]
        self.done = {"kept": [], "concluded": [], "deleted": []}
        self.begun = []
        for what, key, start, end in day.promises:
            if end <= cut:
                self.done[what].append(key)
            elif start <= cut:
                self.begun.append((what, key))

    def faults(self, handheld):
        """Yields what is wrong after the queue was drained."""
        keys = [each[1] for each in self.platform.commits]
        entries = {entry.idempotency_key: entry for entry in handheld.ledger.entries()}
        for key in self.done["kept"]:
            if key not in entries:
                yield "a promised earning is lost"
            elif entries[key].outcome == "approved" and key not in keys:
                yield f"{entries[key].sequence} is approved and not committed"
        for entry in entries.values():
            if entry.outcome == "open":
                yield f"{entry.sequence} still waits"
        for key in self.done["concluded"] + self.done["deleted"]:
            if key in [each[1] for each in self.platform.arrived]:
                yield "what was concluded is sent again"
        for key in keys:
            if key in entries and entries[key].outcome in ("not_sent", "declined"):
                yield f"{entries[key].sequence} is {entries[key].outcome} and committed"
        yield from self.wire_faults(entries)

    def wire_faults(self, entries):
        bodies = {}
        for _, key, body in self.before + self.platform.arrived:
            if bodies.setdefault(key, body) != body:
                yield "another body under a key"
            if key not in entries:
                yield "something left that is not on the ledger"
        traces = [entry.trace_id for entry in entries.values()]
        if len(set(traces)) != len(traces):
            yield "two keys for a transaction"
        order = [each[1] for each in self.platform.commits]
        of_first = [
            key for key, entry in entries.items() if entry.collector_number == CARDS[0]
        ]
        of_first.sort(key=lambda key: entries[key].sequence)
        if [key for key in order if key in of_first] != [k for k in of_first if k in order]:
            yield "two of one collector in another order"


async def check(kind, image, size, day, cut, label):
    expected = Expectation(day, cut)
    try:
        handheld = Handheld(kind, Flash(0, size, image), expected.platform)
        await handheld.drain_all()
        faults = list(expected.faults(handheld))
        sale = await handheld.earn("issue", CARDS[1])  # the work goes on
        if sale.outcome != "approved":
            faults.append("the next one is " + sale.outcome)
        return [f"{label}: {fault}" for fault in faults]
    except Exception as fault:
        return [f"{label}: {fault!r}"]


async def _prove(kind):
    flash = formatted(kind, 64)
    flash.journal = journal = []
    image = bytearray(flash.raw)
    day = Day(kind, flash)
    await day.work()
    faults = []
    for cut in range(len(journal) + 1):
        faults += await check(kind, image, flash.size, day, cut, f"after {cut}")
        if cut < len(journal):
            at, raw = journal[cut]
            half = bytearray(image)
            done = len(raw) * (cut % 7 + 1) // 8
            half[at : at + done] = raw[:done]
            faults += await check(kind, half, flash.size, day, cut, f"in {cut}")
            image[at : at + len(raw)] = raw
    kept = [each for each in day.promises if each[0] == "kept"]
    return {
        "cuts": len(journal),
        "faults": faults,
        "kept": len(kept),
        "committed": len(day.platform.commits),
        "copies": len(day.platform.arrived),
    }


def prove(kind):
    """{"cuts": how many, "faults": what was wrong after which ...}; `kind` littlefs or fat."""
    return asyncio.run(_prove(kind))
