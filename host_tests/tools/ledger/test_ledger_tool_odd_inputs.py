"""Odd things that a person gives: outputs that are no files, devices that share trace ids."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from host_tests.tools.ledger.making import detail, document, entry, image, tool
from tools.folders import ROOT

DAY = ("--day", "2026-11-21", "--force", "-o")


def device(folder: Path, number: int, *entries: dict[str, Any]) -> Path:
    """The ledger of one of several devices."""
    profile = {
        "partner": {"sponsor_code": "SPON", "store_id": "0001"},
        "device": {"device_id": f"0{number}"},
    }
    files = {"profile.json": json.dumps(profile)}
    return image(folder / f"{number}.img", entries, files=files)


def other(number: int, outcome: str | None = "approved", **more: Any) -> dict[str, Any]:
    """An entry of another device with the same trace id."""
    values = entry(number, outcome, **more)
    return {**values, "idempotency_key": values["idempotency_key"].replace("3f2b", "4f2b")}


def rows(*words: str | Path) -> dict[str, dict[str, Any]]:
    """The report's rows by their confirmation number."""
    lines = tool("match", *words, "--json").stdout.splitlines()[:-1]
    return {row["confirmation"]: row for row in map(json.loads, lines)}


def test_a_ledger_is_not_written_over_by_the_file_made_of_it(
    flash: Path, tmp_path: Path
) -> None:
    before = flash.read_bytes()
    link = tmp_path / "link.txt"
    link.symlink_to(flash)
    for output in (flash, link):
        done = tool("reconcile", flash, *DAY, output)
        assert (done.returncode, done.stdout) == (2, "")
        assert f"{output}: is one of the ledgers; give another -o" in done.stderr
    assert flash.read_bytes() == before


def test_what_is_no_regular_file_is_not_replaced(flash: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    done = tool("reconcile", flash, *DAY, pipe)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(f"{pipe}: not a regular file; give another name to -o\n")
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert list(tmp_path.iterdir()) == [pipe]


@pytest.mark.parametrize("words", [("show",), ("match", "theirs.txt")])
def test_an_output_that_is_full_is_one_line(
    words: tuple[str, ...], flash: Path, tmp_path: Path
) -> None:
    (tmp_path / "theirs.txt").write_text(document([detail(1)]))
    line = [words[0], str(flash), *words[1:], "--csv"]
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "tools.ledger", *line],
            stdout=full, stderr=subprocess.PIPE, text=True, cwd=tmp_path, timeout=110,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1] == (
        "ledger: the output cannot be written: No space left on device"
    )


def test_a_work_folder_that_is_none_is_one_line(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.txt"
    theirs.write_text(document([]))
    done = tool("match", theirs, theirs, "--work-dir", theirs)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1 and "Not a directory" in done.stderr


@pytest.mark.parametrize("terminal", ["SPON000102", "UNKNOWN"])
@pytest.mark.parametrize("refused_first", [False, True])
def test_of_two_devices_with_one_trace_id_the_one_that_was_not_refused_is_meant(
    tmp_path: Path, terminal: str, refused_first: bool
) -> None:
    ledgers = [
        device(tmp_path, 1, entry(1, "declined")),
        device(tmp_path, 2, other(1, None)),
    ]
    theirs = tmp_path / "theirs.txt"
    theirs.write_text(document([detail(1, confirmed="777", terminal=terminal)]))
    found = rows(*(ledgers if refused_first else ledgers[::-1]), theirs)["777"]
    assert (found["status"], found["device"]) == ("committed", "0001-02")


def test_their_time_tells_two_unresolved_ones_apart(tmp_path: Path) -> None:
    first = device(tmp_path, 1, entry(1, "unknown"))
    second = device(tmp_path, 2, other(1, "unknown", unix_s=entry(1)["unix_s"] + 7))
    theirs = tmp_path / "theirs.txt"
    theirs.write_text(document([detail(1, confirmed="777", time="120008", terminal="X")]))
    found = rows(first, second, theirs)
    assert (found["777"]["status"], found["777"]["device"]) == ("committed", "0001-02")
    assert (found[""]["status"], found[""]["device"]) == ("unresolved", "0001-01")


def test_two_redemptions_with_one_trace_id_and_terminal_are_two(tmp_path: Path) -> None:
    twin = other(1)
    twin["result"] = {**twin["result"], "confirmation_number": "777", "miles": 95}
    ledgers = [device(tmp_path, 1, entry(1)), image(tmp_path / "twin.img", [twin])]
    theirs = tmp_path / "theirs.txt"
    theirs.write_text(document([detail(1, miles=95, confirmed="777"), detail(1)]))
    found = rows(*ledgers, theirs)
    assert {number: row["status"] for number, row in found.items()} == {
        "777": "matched", "20000000001": "matched",
    }  # fmt: skip


def test_devices_that_share_trace_ids_are_told(tmp_path: Path) -> None:
    first = device(tmp_path, 1, entry(1), entry(2))
    second = device(tmp_path, 2, other(1), other(2), other(3))
    theirs = tmp_path / "theirs.txt"
    theirs.write_text(document([]))
    said = (
        f"warning: {first} and {second} share 2 trace ids: give each its own trace_prefix\n"
    )
    assert said in tool("match", first, second, theirs).stderr
    assert said in tool("reconcile", first, second, *DAY, tmp_path / "ours.txt").stderr


def test_an_older_copy_of_a_ledger_shares_nothing(flash: Path, tmp_path: Path) -> None:
    older = image(tmp_path / "older.img", [entry(1), entry(2)])
    done = tool("reconcile", older, flash, *DAY, tmp_path / "ours.txt")
    assert "share" not in done.stderr
