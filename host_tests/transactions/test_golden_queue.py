"""A flash on which earnings wait, as this version writes it: every later one sends them.

The image was made with MicroPython's littlefs: entries 1 to 3 wait, of which 2 was refused and
waits for a person; 4 is done. Of 1 no copy left, of 3 three did.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from boards.simulator import flash
from milepad.ledger.ledger import Ledger
from milepad.ledger.stores.bodies import LittlefsBodies
from milepad.ledger.stores.littlefs import LittlefsStore
from milepad.transactions.queue import Queue

GOLDEN = Path(__file__).with_name("golden") / "queue-3.gz"


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Any]:
    path = tmp_path / "flash.img"
    path.write_bytes(gzip.decompress(GOLDEN.read_bytes()))
    found: Any = flash.mount(str(path))
    yield found
    found.umount()


def test_what_waits_is_there_with_its_bytes(files: Any) -> None:
    ledger = Ledger(LittlefsStore(files), 2000)
    queue = Queue(ledger, LittlefsBodies(files), print)
    assert queue.numbers == [1, 2, 3]
    entries = {entry.sequence: entry for entry in ledger.entries()}
    for number in queue.numbers:
        body = queue.body(entries[number])
        assert body is not None
        sale = json.loads(body)
        assert sale["checkoutTransactionId"] == entries[number].trace_id
        assert sale["collectorNumber"] == entries[number].collector_number
    assert entries[2].is_parked and entries[4].outcome == "approved"
    assert not queue.may_have_left(entries[1])
    assert [queue.copies(entries[number]) for number in (1, 2, 3)] == [0, 1, 3]
    assert queue.next() == 1
