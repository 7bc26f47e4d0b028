"""`pull`: copies ledgers from connected devices, many at once, and verifies every byte.

A pull changes nothing on the device. `--mark-exported` lets the device forget what was pulled
when it needs the room; that is said to it only after the copy was verified.
"""

from __future__ import annotations

import errno
import hashlib
import json
import re
import shutil
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import closing
from functools import partial
from pathlib import Path

from tools import progress
from tools.device.connect import connect
from tools.device.errors import DeviceError
from tools.device.port import Port
from tools.ledger import device
from tools.ledger.entries import LedgerEntry
from tools.ledger.errors import LedgerToolError, PullError
from tools.ledger.options import Pull
from tools.ledger.report import counted
from tools.ledger.sources import DEVICE_FILE, PULLED_FILE, UNFINISHED, Source, open_source

_MOST_AT_ONCE = 16
_TAKEN = (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR)  # by a pull beside this one


def folder_name(port: str) -> str:
    """/dev/ttyACM0 is copied into ttyACM0, /dev/pts/3 into pts-3, until the device is known."""
    return (
        re.sub("[^0-9A-Za-z._-]+", "-", port.removeprefix("/dev/")).strip("-.") or "device"
    )


def run(ports: Sequence[str], options: Pull) -> int:
    """Pulls all of them; 2 when one failed (the others are kept), else 0.

    On Ctrl-C each device is restarted first, and what it had given is thrown away.
    """
    names = _names(ports)
    stopping = threading.Event()
    failed = False
    with (
        ThreadPoolExecutor(min(_MOST_AT_ONCE, len(names))) as pool,
        progress.bar("pulling", len(names)) as bar,
    ):
        try:
            jobs = [
                pool.submit(
                    pull_one,
                    partial(connect, port, stopping.is_set),
                    options.output / name,
                    options.mark_exported,
                )
                for port, name in names.items()
            ]
            for job in as_completed(jobs):
                failed |= not _told(job)
                bar.advance(1)
        except KeyboardInterrupt:
            stopping.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return 2 if failed else 0


def _told(job: Future[str]) -> bool:
    """Prints what came of a job; whether it was good."""
    try:
        print(job.result(), flush=True)
    except (LedgerToolError, DeviceError) as fault:
        print(f"tools.ledger pull: {fault}", file=sys.stderr)
        return False
    return True


def _names(ports: Sequence[str]) -> dict[str, str]:
    """{port: the name of its folder while the device is not known}."""
    names: dict[str, str] = {}
    for port in ports:
        name = folder_name(port)
        if name in names.values():
            raise PullError(f"{port}: given twice")
        names[port] = name
    return names


def pull_one(open_port: Callable[[], Port], nameless: Path, mark: bool) -> str:
    """Pulls one device into a folder of its own; what to tell of it.

    The folder lies beside `nameless` and is named after the device; it is `nameless` itself
    when the device does not say who it is. Raises PullError and DeviceError; the device is
    restarted all the same.
    """
    unfinished = nameless.with_name(nameless.name + UNFINISHED)
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        (unfinished / "ledger").mkdir(parents=True)
        with closing(open_port()) as port:
            try:
                source = _copy(port, unfinished)
                entries = source.read()[0]
                who = source.identity
                target = _placed(unfinished, who.device if who else nameless.name)
                told = (
                    f"{port.name}: {counted(len(entries), 'entry', 'entries')} in {target}"
                )
                if mark:
                    told += _mark(port, entries, target)
            finally:
                is_restarted = port.restart()
    except OSError as fault:
        raise PullError(f"{fault.filename}: {fault.strerror}") from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return told if is_restarted else told + "; restart it by hand"


def _placed(folder: Path, name: str) -> Path:
    """Gives a whole copy its name, or the next that is free: no other is written over."""
    target, number = folder.with_name(name), 1
    while True:
        try:
            if not target.exists():
                return folder.rename(target)
        except OSError as fault:
            if fault.errno not in _TAKEN:
                raise
        number += 1
        target = folder.with_name(f"{name}-{number}")


def _copy(port: Port, folder: Path) -> Source:
    listing = device.listing(port)
    device.copy(port, sorted(listing.sums), folder / "ledger")
    _verify(port.name, listing, folder)
    document = {
        "port": port.name,
        "pulled": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "sha256": listing.sums,
    }
    (folder / PULLED_FILE).write_text(json.dumps(document, indent=1) + "\n", "ascii")
    if listing.who is not None:
        (folder / DEVICE_FILE).write_text(listing.who + "\n", "ascii")
    return open_source(folder)


def _verify(name_of_port: str, listing: device.Listing, folder: Path) -> None:
    for name, expected in listing.sums.items():
        raw = (folder / "ledger" / name).read_bytes()
        if hashlib.sha256(raw).hexdigest() != expected:
            raise PullError(f"{name_of_port}: {name} was damaged on its way; pull again")


def _mark(port: Port, entries: Sequence[LedgerEntry], target: Path) -> str:
    """Open entries are no hindrance: the device keeps them until an export has their end."""
    if not entries:
        return "; nothing to mark"
    last = entries[-1].sequence
    try:
        device.mark_exported(port, last, len(entries))
    except DeviceError as fault:
        raise PullError(f"{fault} (the copy is good: {target})") from None
    return f"; marked as exported up to {last}"
