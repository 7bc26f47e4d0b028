"""Files of earnings as they come: saved by a spreadsheet, damaged, or meant to do harm."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from host_tests.tools.ledger.making import image, tool, trace_id
from host_tests.tools.ledger.test_ledger_tool_awards import BATCH, line, lines
from host_tests.tools.ledger.test_ledger_tool_earnings import earning

ALL = [line(2), line(3, -2)]


@pytest.fixture(scope="module")
def flash(tmp_path_factory: pytest.TempPathFactory) -> Path:
    back = earning(3, op="issuance/reverse", miles=2, redemption_number=trace_id(2))
    return image(tmp_path_factory.mktemp("files") / "flash.img", [earning(2), back])


@pytest.mark.parametrize("mark", ["\ufeff", ""])
@pytest.mark.parametrize("separator", [",", ";"])
def test_our_log_as_a_spreadsheet_saves_it_is_read(
    flash: Path, tmp_path: Path, mark: str, separator: str
) -> None:
    theirs = tmp_path / "theirs.csv"
    theirs.write_text(mark + lines(*ALL).replace(",", separator), "utf-8")
    done = tool("match", flash, theirs, "--earnings", "--differences")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        (line(2) + "," + " " * 4100 + line(99), "line 2: is longer than 4095 characters"),
        (line(2, day="9999-12-31T23:59:59-0500"), "line 2: date: expected a year from"),
        (line(2, day="0001-01-01T00:00:00+1400"), "line 2: date: expected a year from"),
        (line(2).replace("*2006", '"*20\r06"'), "line 2: has 3 columns"),
        (line(2, 10**9), "line 2: miles: expected a whole number"),
        (line(2).replace("5", "\u0665", 1), "line 2: miles: expected a whole number"),
    ],
)
def test_what_cannot_be_meant_is_told_by_its_line(
    flash: Path, tmp_path: Path, detail: str, said: str
) -> None:
    theirs = tmp_path / "theirs.csv"
    theirs.write_text(lines(detail), "utf-8", newline="")
    done = tool("match", flash, theirs, "--earnings", "--csv")
    assert done.returncode == 2 and said in done.stderr


def test_a_file_of_two_gigabytes_of_nothing_is_refused_at_once(
    flash: Path, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs.csv"
    with theirs.open("wb") as file:
        file.truncate(2 << 30)
    for layout in ((), ("--layout", BATCH)):
        done = tool("match", flash, theirs, "--earnings", *layout)
        assert done.returncode == 2 and "line 1: is longer" in done.stderr


def test_what_is_theirs_alone_in_a_layout_without_days_is_told(
    flash: Path, tmp_path: Path
) -> None:
    layout = tmp_path / "layout.toml"
    layout.write_text(
        'kind = "csv"\n[columns]\ntrace_id = "transaction_id"\nmiles = "miles"\n'
    )
    theirs = tmp_path / "theirs.csv"
    theirs.write_text(lines(*ALL, line(99)), "utf-8")
    done = tool("match", flash, theirs, "--earnings", "--layout", layout, "--csv")
    last = list(csv.DictReader(io.StringIO(done.stdout)))[-1]
    found = (last["status"], last["trace_id"], last["when"])
    assert found == ("theirs_only", trace_id(99), "")
