"""Prints a dict of what an entry costs on a real littlefs2: STRATEGY ENTRIES BLOCKS."""

import sys
import time

import vfs

from host_tests.kit.on_micropython.flash import Flash
from host_tests.ledger.on_micropython.samples import NOW_S, intent_of, result_of
from milepad.ledger.ledger import Ledger
from milepad.ledger.stores.littlefs import LittlefsStore
from milepad.ledger.trace_ids import TraceIds


def write_ledger(files, count):
    store = LittlefsStore(files)
    ledger = Ledger(store, 2000)
    trace_ids = TraceIds(store, "0001", NOW_S)
    for number in range(count):
        trace_ids.next()  # the inquiry's
        sequence = ledger.begin(intent_of(trace_ids.next(), number))
        ledger.conclude(sequence, result_of(number))


def write_json(files, count):
    for number in range(count):
        for record in (intent_of("000112345678", number), result_of(number)):
            line = str(record.__dict__) + "\n"
            with files.open("/ledger.jsonl", "a") as file:
                file.write(line)


def main(strategy, count, block_count):
    device = Flash(block_count)
    vfs.VfsLfs2.mkfs(device)
    files = vfs.VfsLfs2(device)
    device.programmed_bytes = device.erased_blocks = 0
    (write_json if strategy == "json" else write_ledger)(files, count)
    programmed, erased = device.programmed_bytes, device.erased_blocks
    device.read_bytes = 0
    start = time.ticks_ms()
    ledger = Ledger(LittlefsStore(files), 2000) if strategy == "ledger" else None
    figures = {
        "bytes": programmed / count,
        "erases": erased / count,
        "blocks_used": block_count - files.statvfs("/")[3],
        "boot_read_bytes": device.read_bytes,
        "boot_ms": time.ticks_diff(time.ticks_ms(), start),
        "entries": len(list(ledger.entries())) if ledger else count,
    }
    print(figures)


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
