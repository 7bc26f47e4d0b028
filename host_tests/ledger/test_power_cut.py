"""Power cuts after, and in the middle of, every block operation on MicroPython's filesystems."""

import ast
import os
import subprocess
from pathlib import Path

import pytest

from tools import micropython
from tools.bench.ledger import MAX_BLOCKS_ERASED, MAX_BYTES_PROGRAMMED, measure

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "host_tests" / "ledger" / "on_micropython"

# Few small files make each boot short; PROVE=1 adds the number that a device has.
SLOTS = ["12", "44"] if os.environ.get("PROVE") else ["12"]


def prove(kind, slots):
    done = subprocess.run(
        [
            *micropython.command(),
            "-X",
            "heapsize=16M",
            str(SCRIPTS / "power_cut.py"),
            kind,
            slots,
        ],
        env={**os.environ, "MICROPYPATH": f"{ROOT / 'firmware'}:{SCRIPTS}:.frozen"},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return ast.literal_eval(done.stdout)


@pytest.mark.parametrize("slots", SLOTS)
def test_littlefs_keeps_every_promise_at_every_cut(slots):
    proof = prove("littlefs", slots)
    assert proof["faults"] == []
    assert proof["cuts"] > 80


def test_fat_keeps_every_promise_at_every_cut():
    proof = prove("fat", "0")
    assert proof["faults"] == []
    assert proof["cuts"] > 100


def test_2000_entries_fit_into_256_kib_at_the_budgeted_cost():
    figures = measure(2000, blocks=64)
    assert figures["entries"] == 2000
    assert figures["bytes"] <= MAX_BYTES_PROGRAMMED
    assert figures["erases"] <= MAX_BLOCKS_ERASED
