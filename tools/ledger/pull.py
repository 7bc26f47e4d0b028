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
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from tools import progress
from tools.ledger.device import Device, Listing
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
    """Pulls all of them; 2 when one failed (the others are kept), else 0."""
    targets = dict(_targets(ports, options.output))
    failed = False
    with (
        ThreadPoolExecutor(min(_MOST_AT_ONCE, len(targets))) as pool,
        progress.bar("pulling", len(targets)) as bar,
    ):
        jobs = [
            pool.submit(pull_one, Device(port), target, options.mark_exported)
            for port, target in targets.items()
        ]
        for job in as_completed(jobs):
            try:
                print(job.result(), flush=True)
            except LedgerToolError as fault:
                failed = True
                print(f"tools.ledger pull: {fault}", file=sys.stderr)
            bar.advance(1)
    return 2 if failed else 0


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


def pull_one(device: Device, target: Path, mark: bool) -> str:
    """Pulls one device into a folder that does not exist yet; what to tell of it."""
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        (partial / "ledger").mkdir(parents=True)
        try:
            entries = _copy(device, partial)
            partial.rename(target)
            told = f"{device.port}: {len(entries)} entries in {target}"
            if mark:
                told += _mark(device, entries, target)
        finally:
            restarted = device.restart()
    except OSError as fault:
        raise PullError(f"{fault.filename}: {fault.strerror}") from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return told if restarted else told + "; restart it by hand"


def _copy(device: Device, partial: Path) -> list[LedgerEntry]:
    listing = device.listing()
    device.copy(sorted(listing.sums), partial / "ledger")
    _verify(device, listing, partial)
    document = {
        "port": device.port,
        "pulled": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "sha256": listing.sums,
    }
    (partial / PULLED_FILE).write_text(json.dumps(document, indent=1) + "\n", "ascii")
    if listing.who is not None:
        (partial / DEVICE_FILE).write_text(listing.who + "\n", "ascii")
    return open_source(partial).read()[0]


def _verify(device: Device, listing: Listing, partial: Path) -> None:
    for name, expected in listing.sums.items():
        raw = (partial / "ledger" / name).read_bytes()
        if hashlib.sha256(raw).hexdigest() != expected:
            raise PullError(f"{device.port}: {name} was damaged on its way; pull again")


def _mark(device: Device, entries: Sequence[LedgerEntry], target: Path) -> str:
    """Open entries are no hindrance: the device keeps them until an export has their end."""
    if not entries:
        return "; nothing to mark"
    last = entries[-1].sequence
    try:
        device.mark_exported(last, len(entries))
    except PullError as fault:
        raise PullError(f"{fault} (the copy is good: {target})") from None
    return f"; marked as exported up to {last}"
