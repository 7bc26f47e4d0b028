"""One job after another, each with its row in the inventory and in the table at the end."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tools.deploy.board_file import BoardFile
from tools.deploy.bringing import Work, bring
from tools.deploy.cables import Cables
from tools.deploy.inventory import Inventory
from tools.deploy.jobs import Job
from tools.device.errors import DeviceError

_TITLE = ("PORT", "DEVICE", "PREFIX", "")


class Outcome(NamedTuple):
    """What came of one device, in words; `good` is whether all of it did."""

    job: Job
    good: bool
    text: str


def run(
    board: BoardFile, release: Mapping[str, bytes], jobs: Sequence[Job], path: Path
) -> int:
    """Does the jobs and prints the table; 0 when all is well, else 1. `path`: the inventory.

    A device that fails does not stop the others. Raises UsageError.
    """
    inventory, cables = Inventory(path), Cables(board)
    outcomes = []
    for job in jobs:
        print(f"{job.port} {job.device_id} ...", file=sys.stderr, flush=True)
        outcomes.append(_outcome(board, release, job, cables, inventory))
    print("\n".join([*table(outcomes), f"inventory: {path}"]))
    return int(not all(outcome.good for outcome in outcomes))


def _outcome(
    board: BoardFile,
    release: Mapping[str, bytes],
    job: Job,
    cables: Cables,
    inventory: Inventory,
) -> Outcome:
    cells = {
        "store_id": job.store_id,
        "device_id": job.device_id,
        "trace_prefix": job.prefix,
        "board": board.name,
    }
    try:
        done = bring(cables.open(job), Work(board, release, job.files))
    except DeviceError as fault:
        text = str(fault).removeprefix(f"{job.port}: ")
        inventory.note(**cells, result=f"failed: {text}")
        return Outcome(job, False, text)
    inventory.note(
        **cells,
        serial_number=done.device.serial_number,
        version=done.version,
        python=done.device.python,
        result="ok" if done.good else "failed",
        echo=done.echo or "on its screen",
    )
    text = "; ".join(line.removeprefix(f"{job.port}: ") for line in done.lines)
    return Outcome(job, done.good, text)


def table(outcomes: Sequence[Outcome]) -> list[str]:
    """A line for each device, in columns."""
    rows = [(*_TITLE, "")]
    rows += [
        (o.job.port, o.job.device_id, o.job.prefix, "ok" if o.good else "FAILED", o.text)
        for o in outcomes
    ]
    widths = [max(len(row[at]) for row in rows) for at in range(len(_TITLE))]
    return [
        "  ".join([*(row[at].ljust(widths[at]) for at in range(4)), row[4]]).rstrip()
        for row in rows
    ]
