"""A PIN pad with its menu on MicroPython: what a thousand dialogues leave on the heap."""

import asyncio
import gc
import json

from host_tests.kit.byte_region import ByteRegion
from host_tests.kit.chips import Buzzer, Display, Hardware, Printer
from host_tests.kit.identity import IDENTITY
from milepad.base.timekeeper import Timekeeper
from milepad.ledger.ledger import Ledger
from milepad.ledger.stores.ring import CELL_BYTES, RingStore
from milepad.ledger.trace_ids import TraceIds
from milepad.pinpad.kept import Kept
from milepad.pinpad.protection import Protection
from milepad.pinpad.service import Service
from milepad.profile.check import check
from milepad.terminal.terminal import Terminal
from milepad.transactions.transactions import Transactions
from milepad.workflows import menu
from milepad.workflows.device import Device

KEY = bytes(range(80))


class Unused:
    """Stands where nothing may be asked of the platform."""

    stage = "idle"
    may_cancel = True


def profile():
    """A shop's, with a till."""
    document = {
        "network": {"ssid": "shop", "password": ""},
        "platform": {
            "base_url": "https://localhost:1",
            "token_url": "https://localhost:1/t",
            "ca": "ca.der",
            "client_id": "id",
            "client_secret": "s",
            "echo_s": 0,
        },
        "cashier": {},
        "time": {"zone": "EST5EDT,M3.2.0,M11.1.0"},
        "till": {"mode": "serial"},
    }
    document.update(IDENTITY)
    return check(document)


def ring(cells):
    store = RingStore(ByteRegion(bytearray(4 * 64 + cells * CELL_BYTES)), cells, 0)
    store.warning = ""
    return store


def make_service(settings, protection):
    """A pad that stands at its idle screen; its lines of log go nowhere."""
    terminal = Terminal(Display(), Buzzer(), Printer(), "en-CA", 60000)
    time = Timekeeper(lambda unix_s: None, _nothing)
    time.note_ntp(1780000000)
    store = ring(8)
    ledger = Ledger(store, 8)
    made_of = (Unused(), ledger, TraceIds(store, "0042", 1780000000), settings, time)
    transactions = Transactions(*made_of, terminal.wait_for, _nothing)
    device = Device(terminal, transactions, settings, time, _nothing, Hardware())
    device.till = Service(device, protection, Kept(ring(48)))
    # What a display shows is written down by the stand-in: here it would be all the growth.
    terminal.screen._display.show = lambda rows: True
    return device


def _nothing(text):
    pass


def _message(category, body, number):
    head = {
        "MessageClass": "Service",
        "MessageCategory": category,
        "MessageType": "Request",
        "SaleID": "TILL1",
        "POIID": "001",
        "ServiceID": str(number),
    }
    inner = {"SaleToPOIRequest": {"MessageHeader": head, category + "Request": body}}
    return head, json.dumps(inner).encode()


KEYED = {
    "LoyaltyTransaction": {"LoyaltyTransactionType": "Redemption", "TotalAmount": 43.35},
    "LoyaltyData": [
        {
            "LoyaltyAccountID": {
                "EntryMode": ["Keyed"],
                "IdentificationType": "AccountNumber",
                "LoyaltyID": "84095202006",
            }
        }
    ],
}


async def _dialogues(device, till, count, marks):
    """`count` dialogues with a status after each; the heap after each hundred."""
    service = device.till
    for number in range(count):
        for category, body in (("Loyalty", KEYED), ("TransactionStatus", {})):
            kind = "S" if category != "Loyalty" else "L"
            head, raw = _message(category, body, kind + str(number))
            sealed = json.dumps({"SaleToPOIRequest": till.seal(head, raw)})
            answer = await service.take(sealed.encode())
            assert answer and b"NexoBlob" in answer
        if number % 100 == 99:
            gc.collect()
            marks.append(gc.mem_alloc())


def grown(count):
    """The heap that is taken after each hundred of `count` dialogues, and the refusals."""
    marks = []

    async def story():
        device = make_service(profile(), Protection(KEY, "till", 1))
        idle = asyncio.create_task(menu.run(device))
        await asyncio.sleep(0.01)
        await _dialogues(device, Protection(KEY, "till", 1), count, marks)
        idle.cancel()
        return device.till.refused

    return asyncio.run(story()), marks
