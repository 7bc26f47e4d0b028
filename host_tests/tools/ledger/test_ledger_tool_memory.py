"""Memory does not grow with the files: it is bounded, whatever their length."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from host_tests.tools.ledger.making import ROOT

# A process of its own: the peak of another test would count here.
# What `resource` tells includes the process that started it, as it was then.
MEASURE = r"""
import re, sys
from tools.ledger.__main__ import main
status = main(sys.argv[1:])
peak = re.search(r"VmHWM:\s*(\d+) kB", open("/proc/self/status").read())
print(status, peak[1], file=sys.stderr)
"""


def long_file(path: Path, count: int) -> Path:
    with path.open("w") as file:
        file.write("H1%%SPON%%20261121%%000000%%-0500%%20261122%%000000%%-0500\n")
        file.write("H2%%MILEPAD1%%20261122%%001500\n")
        for number in range(count):
            at = number * 7919 % count  # not in order of anything
            file.write(
                f"D%%R%%20261121%%120000%%{at:012}%%{at + 10**10}%%%%380%%SPON000101\n"
            )
        file.write(f"T1%%{count}%%{count * 380}\nT2%%0%%0\n")
    return path


def peak_kib(path: Path) -> int:
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, "match", str(path), str(path), "--csv"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    status, kib = done.stderr.splitlines()[-1].split()
    assert status == "0"
    return int(kib)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("count", "most_mib"),
    [
        (20_011, 16),  # as Python objects: more than 20 MiB
        *[pytest.param(count, 32, marks=pytest.mark.prove) for count in (60_013, 600_011)],
    ],
)
def test_many_details_take_little_more_memory_than_none(
    count: int, most_mib: int, tmp_path: Path
) -> None:
    few = peak_kib(long_file(tmp_path / "few.txt", 1000))
    many = peak_kib(long_file(tmp_path / "many.txt", count))
    assert many - few < most_mib * 1024
