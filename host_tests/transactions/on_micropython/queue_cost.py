"""Prints a dict of what an earning costs on a real littlefs2, from the sale until it is done:
STRATEGY EARNINGS. `outage`: they are all kept first, then all sent; `online`: one after the
other; `json` and `json_online`: the same as a list in a file that is rewritten each time.
"""

import json
import sys

import vfs

from host_tests.kit.identity import IDENTITY
from host_tests.kit.on_micropython.flash import Flash
from host_tests.ledger.on_micropython.samples import earning_of
from milepad.base.request import Identity
from milepad.base.transaction import Result
from milepad.issuance import requests
from milepad.issuance.basket import Basket
from milepad.ledger.ledger import Ledger
from milepad.ledger.stores.bodies import LittlefsBodies
from milepad.ledger.stores.littlefs import LittlefsStore
from milepad.transactions.queue import Queue

BLOCKS = 256  # 1 MiB
SETTINGS = {"location_code": "", "return_id": "own", "send_identity": False}


def earning(number):
    """An earning of a keyed sale and its bytes."""
    sale = earning_of(number)
    sale.idempotency_key = f"3f2b8c1e-5a77-4c09-9e41-{number:012x}"
    basket = Basket(2497, 2822)
    basket.hst_cents = 325
    return sale, requests.build(Identity(IDENTITY), sale, basket, (), SETTINGS).body


class Ours:
    """The firmware's queue and its ledger."""

    def __init__(self, files):
        self.ledger = Ledger(LittlefsStore(files), 2000)
        self.queue = Queue(self.ledger, LittlefsBodies(files), print)

    def keep(self, number):
        sale, body = earning(number)
        sale.result.copies_sent = 0  # nothing was tried: the drain notes its first copy
        self.queue.keep(sale, body)

    def send_oldest(self):
        entry = self.queue.entry(self.queue.next())
        self.queue.note_tried(entry, 0)
        self.queue.conclude(entry, Result(outcome="approved", response_code="200"))


class Json:
    """A list in a file."""

    def __init__(self, files):
        self.files = files
        self.items = []

    def keep(self, number):
        sale, body = earning(number)
        self.items.append({"key": sale.idempotency_key, "body": body.decode()})
        self.write()

    def send_oldest(self):
        self.items.pop(0)
        self.write()

    def write(self):
        with self.files.open("/queue.new", "w") as file:
            json.dump(self.items, file)
        self.files.rename("/queue.new", "/queue.json")


def main(strategy, count):
    device = Flash(BLOCKS)
    vfs.VfsLfs2.mkfs(device)
    files = vfs.VfsLfs2(device)
    way = Json(files) if strategy.startswith("json") else Ours(files)
    device.programmed_bytes = device.erased_blocks = 0
    if strategy.endswith("online"):
        for number in range(count):
            way.keep(number)
            way.send_oldest()
    else:
        for number in range(count):
            way.keep(number)
        for _ in range(count):
            way.send_oldest()
    print(
        {
            "bytes": device.programmed_bytes / count,
            "erases": device.erased_blocks / count,
            "body_bytes": len(earning(1)[1]),
        }
    )


main(sys.argv[1], int(sys.argv[2]))
