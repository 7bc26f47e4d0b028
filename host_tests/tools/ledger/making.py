"""What the tests of this room are made of: entries, flash images, reconciliation files."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from host_tests.kit.command import run_here
from host_tests.kit.peer import Peer
from tools import micropython
from tools.folders import ROOT

SCRIPTS = Path(__file__).with_name("on_micropython")
NOON_S = 1795280400  # 2026-11-21T12:00:00-0500
MIDNIGHT_S = NOON_S - 43200
NUMBER = "84095202006"
PROFILE = {
    "partner": {"sponsor_code": "SPON", "store_id": "0001", "acquirer_id": "100000"},
    "device": {"device_id": "01"},
    "platform": {"client_id": "not-for-export"},
}


def command() -> list[str]:
    """What starts MicroPython."""
    return [*micropython.command(), "-X", "heapsize=8M"]


def entry(
    number: int,
    outcome: str | None = "approved",
    op: str = "redeem",
    unix_s: int | None = None,
    miles: int = 380,
    prefix: str = "0001",
) -> dict[str, Any]:
    """An intent's values with its result's; `number` tells entries apart. None: still open."""
    approved = outcome == "approved"
    began_s = NOON_S + number if unix_s is None else unix_s
    result = {
        "outcome": outcome,
        "response_code": {"approved": "0000", "declined": "0051"}.get(outcome or "", ""),
        "confirmation_number": confirmation(number) if approved else "",
        "miles": miles if approved else 0,
        "cents": 4000 if approved else 0,
        "unix_s": began_s + 2,
        "copies_sent": 2 if outcome == "unknown" else 1,
    }
    return {
        "op": op,
        "trace_id": trace_id(number, prefix),
        "idempotency_key": f"3f2b8c1e-5a77-4c09-{prefix}-{number:012x}",
        "unix_s": began_s,
        "offset_min": -300,
        "collector_number": NUMBER,
        "card_entry_mode": "SCAN",
        "basket_cents": 4335 if op == "redeem" else 0,
        "redeem_cents": 4000 if op == "redeem" else 0,
        "redemption_number": "" if op == "redeem" else confirmation(number - 1),
        "request_crc32": 0x89ABCDEF,
        "result": None if outcome is None else result,
    }


def trace_id(number: int, prefix: str = "0001") -> str:
    return f"{prefix}{number:08d}"


def confirmation(number: int) -> str:
    return str(20000000000 + number)


def image(path: Path, entries: Sequence[dict[str, Any]], **more: Any) -> Path:
    """A flash image, written by the firmware's ledger on MicroPython's VfsLfs2."""
    wanted = {
        "files": {
            "profile.json": json.dumps(PROFILE),
            "secret.json": '{"client_secret": "s3"}',
        },
        "entries": list(entries),
        "values": {"token": "a.b.c", "trace": "mark"},
        **more,
    }
    with contextlib.closing(Peer(heap="8M")) as peer:
        peer.call(
            "host_tests.tools.ledger.on_micropython.write_image", "write", str(path), wanted
        )
    return path


def tool(*words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Runs `python -m tools.ledger`; without a folder to run in, in this process: faster."""
    line = [str(word) for word in words]
    if cwd is None:
        return run_here("tools.ledger", *line, COLUMNS="200")
    return subprocess.run(
        [sys.executable, "-m", "tools.ledger", *line],
        capture_output=True, text=True, timeout=110, cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
    )  # fmt: skip


def detail(
    number: int, kind: str = "R", miles: int = 380, date: str = "20261121", time: str = "120000",
    trace: str | None = None, confirmed: str | None = None, terminal: str = "SPON000101",
) -> str:  # fmt: skip
    """A detail's line, spelled out: independent of the code under test."""
    trace = trace_id(number) if trace is None else trace
    confirmed = confirmation(number) if confirmed is None else confirmed
    return f"D%%{kind}%%{date}%%{time}%%{trace}%%{confirmed}%%%%{miles}%%{terminal}"


def document(
    details: Sequence[str], first: str = "20261121", last: str = "20261122"
) -> str:
    """A whole file around such lines, with trailers that are right."""
    counts = {"R": [0, 0], "V": [0, 0]}
    for line in details:
        fields = line.split("%%")
        counts[fields[1]][0] += 1
        counts[fields[1]][1] += int(fields[7])
    lines = [
        f"H1%%SPON%%{first}%%000000%%-0500%%{last}%%000000%%-0500",
        "H2%%MILEPAD1%%20261122%%001500",
        *details,
        "T1%%{}%%{}".format(*counts["R"]),
        "T2%%{}%%{}".format(*counts["V"]),
    ]
    return "".join(line + "\n" for line in lines)
