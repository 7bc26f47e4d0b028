"""Writes a flash image with the real ledger on a real littlefs2."""

import vfs

from host_tests.kit.on_micropython.flash import Flash
from milepad.base.transaction import Result, Transaction
from milepad.ledger.ledger import Ledger
from milepad.ledger.stores.littlefs import LittlefsStore


def write(path, wanted):
    """`wanted` is {"files": {path: text}, "entries": [{intent's values, "result": {...} or
    None}]}."""
    device = Flash(wanted.get("blocks", 64))
    vfs.VfsLfs2.mkfs(device)
    files = vfs.VfsLfs2(device)
    for name, text in wanted["files"].items():
        with files.open(name, "w") as file:
            file.write(text)
    store = LittlefsStore(files, wanted.get("folder", "/ledger"))
    ledger = Ledger(store, 100000)
    for values in wanted["entries"]:
        result = values.pop("result")
        sequence = ledger.begin(Transaction(**values))
        if result is not None:
            ledger.conclude(sequence, Result(**result))
    if wanted.get("exported"):
        ledger.mark_exported(wanted["exported"])
    for name, text in wanted.get("values", {}).items():
        store.put(name, text.encode())
    files.umount()
    with open(path, "wb") as image:
        image.write(device.raw)
