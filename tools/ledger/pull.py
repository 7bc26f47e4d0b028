"""`pull`: copies ledgers from connected devices, many at once, and verifies every byte.

A pull changes nothing on the device. `--mark-exported` lets the device forget what was pulled
when it needs the room; that is said to it only after the copy was verified.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import closing
from functools import partial
from pathlib import Path

from tools import progress
from tools.device.connect import connect
from tools.device.errors import DeviceError
from tools.device.port import Port
from tools.ledger import device
from tools.ledger.errors import LedgerToolError, PullError
from tools.ledger.firmware import LedgerEntry
from tools.ledger.options import Pull
from tools.ledger.sources import DEVICE_FILE, PULLED_FILE, open_source

_MOST_AT_ONCE = 16


def folder_name(port: str) -> str:
    """/dev/ttyACM0 is kept in ttyACM0, /dev/pts/3 in pts-3."""
    return (
        re.sub("[^0-9A-Za-z._-]+", "-", port.removeprefix("/dev/")).strip("-.") or "device"
    )


def run(ports: Sequence[str], options: Pull) -> int:
    """Pulls all of them; 2 when one failed (the others are kept), else 0.

    On Ctrl-C each device is restarted first, and what it had given is thrown away.
    """
    targets = dict(_targets(ports, options.output))
    stopping = threading.Event()
    failed = False
    with (
        ThreadPoolExecutor(min(_MOST_AT_ONCE, len(targets))) as pool,
        progress.bar("pulling", len(targets)) as bar,
    ):
        jobs = [
            pool.submit(
                pull_one,
                partial(connect, port, stopping.is_set),
                target,
                options.mark_exported,
            )
            for port, target in targets.items()
        ]
        try:
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


def _targets(ports: Sequence[str], into: Path) -> Iterator[tuple[str, Path]]:
    """(port, its folder); nothing that is there already is written over."""
    taken: set[Path] = set()
    for port in ports:
        target = into / folder_name(port)
        if target in taken:
            raise PullError(f"{port}: given twice")
        if target.exists():
            raise PullError(f"{target}: exists already; give another folder to -o")
        taken.add(target)
        yield port, target


def pull_one(open_port: Callable[[], Port], target: Path, mark: bool) -> str:
    """Pulls one device into a folder that does not exist yet; what to tell of it.

    Raises PullError and DeviceError; the device is restarted all the same.
    """
    unfinished = target.with_name(target.name + ".partial")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        (unfinished / "ledger").mkdir(parents=True)
        with closing(open_port()) as port:
            try:
                entries = _copy(port, unfinished)
                unfinished.rename(target)
                told = f"{port.name}: {len(entries)} entries in {target}"
                if mark:
                    told += _mark(port, entries, target)
            finally:
                is_restarted = port.restart()
    except OSError as fault:
        raise PullError(f"{fault.filename}: {fault.strerror}") from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return told if is_restarted else told + "; restart it by hand"


def _copy(port: Port, folder: Path) -> list[LedgerEntry]:
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
    return open_source(folder).read()[0]


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
