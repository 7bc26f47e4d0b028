"""What lies outside is said, with the days that both sides hold, and has a status of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from host_tests.tools.ledger.making import (
    MIDNIGHT_S,
    detail,
    document,
    entry,
    image,
    tool,
)
from tools.ledger import coverage
from tools.ledger.days import PlatformClock, day

NOTHING = 3
EST = PlatformClock()


@pytest.fixture
def another_day(tmp_path: Path) -> Path:
    """A whole file of a day without transactions, which is not the ledger's."""
    path = tmp_path / "theirs.txt"
    path.write_text(document([], "20261130", "20261201"))
    return path


@pytest.mark.parametrize("form", [(), ("--csv",), ("--json",), ("--differences",)])
def test_a_file_of_another_day_is_told_from_an_agreement(
    flash: Path, another_day: Path, form: tuple[str, ...]
) -> None:
    done = tool("match", flash, another_day, *form)
    assert done.returncode == NOTHING
    assert done.stderr.startswith(
        f"warning: {another_day} covers 2026-11-30, and nothing of ours is of then; "
        "ours: 2026-11-21 to 2026-11-22\n"
        "warning: 54 of ours lie outside their files: 2026-11-21 to 2026-11-22\n"
    )


def test_details_of_another_day_are_differences_and_both_days_are_told(
    flash: Path, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs.txt"
    theirs.write_text(document([detail(99, date="20261130")], "20261130", "20261201"))
    done = tool("match", flash, theirs)
    assert done.returncode == 1
    assert (
        "covers 2026-11-30, and nothing of ours is of then; ours: 2026-11-21" in done.stderr
    )


def test_one_file_of_another_day_among_others_is_named(
    flash: Path, another_day: Path, tmp_path: Path
) -> None:
    ours = tmp_path / "ours.txt"
    tool("reconcile", flash, "--day", "2026-11-21", "-o", ours)
    done = tool("match", flash, ours, another_day)
    assert done.returncode == 0
    assert f"warning: {another_day} covers 2026-11-30" in done.stderr
    assert f"{ours} covers" not in done.stderr
    assert "warning: 1 of ours lie outside their files: 2026-11-22\n" in done.stderr


def test_the_summary_counts_what_lies_outside(flash: Path, another_day: Path) -> None:
    said = tool("match", flash, another_day, "--json").stdout.splitlines()
    assert len(said) == 1  # it is counted, not listed
    assert json.loads(said[0])["summary"]["outside"] == {
        "count": 54, "our_net_miles": 49 * 380 - 380 + 7125 + 380, "their_net_miles": 0,
        "our_net_dollars": "2000.00", "their_net_dollars": "0.00",
    }  # fmt: skip


def test_a_day_of_refusals_only_agrees_with_an_empty_file(tmp_path: Path) -> None:
    ledger = image(tmp_path / "quiet.img", [entry(1, "declined"), entry(2, "not_sent")])
    ours, theirs = tmp_path / "ours.txt", tmp_path / "theirs.txt"
    theirs.write_text(document([]))
    done = tool("match", ledger, theirs)
    assert (done.returncode, done.stderr) == (0, "")
    done = tool("reconcile", ledger, "--day", "2026-11-21", "-o", ours)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{ours}: 0 details, net 0 miles, $0.00\n"


def test_our_file_of_the_same_empty_day_agrees_with_theirs(another_day: Path) -> None:
    done = tool("match", another_day, another_day)
    assert (done.returncode, done.stderr) == (0, "")


def test_our_file_of_another_day_does_not(another_day: Path, tmp_path: Path) -> None:
    ours = tmp_path / "ours.txt"
    ours.write_text(document([]))
    done = tool("match", ours, another_day)
    assert done.returncode == NOTHING
    assert "nothing of ours is of then; ours: no entries" in done.stderr


def test_an_empty_ledger_compares_nothing(tmp_path: Path, another_day: Path) -> None:
    done = tool("match", image(tmp_path / "new.img", []), another_day)
    assert done.returncode == NOTHING
    assert "ours: no entries\n" in done.stderr


def test_the_file_of_an_empty_day_is_written_and_the_status_tells(
    flash: Path, tmp_path: Path
) -> None:
    ours = tmp_path / "ours.txt"
    done = tool("reconcile", flash, "--day", "2026-01-01", "-o", ours)
    assert done.returncode == NOTHING
    assert done.stdout == f"{ours}: 0 details, net 0 miles, $0.00\n"
    assert done.stderr == (
        "warning: no entry is of 2026-01-01; the ledgers hold 2026-11-21 to 2026-11-22\n"
    )
    assert ours.read_text().splitlines()[2:] == ["T1%%0%%0", "T2%%0%%0"]


def test_an_empty_span_is_told_by_its_moments(flash: Path, tmp_path: Path) -> None:
    span = ("--from", "2026-11-20T18:30", "--to", "2026-11-20T19:00:05")
    done = tool("reconcile", flash, *span, "-o", tmp_path / "ours.txt")
    assert done.returncode == NOTHING
    assert "of 2026-11-20 18:30:00 to 2026-11-20 19:00:05; the" in done.stderr


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ([], ""),
        (["20261121"], "2026-11-21"),
        (["20261130", "20261201"], "2026-11-30 to 2026-12-01"),
        (["20261101", "20261103", "20261104"], "2026-11-01, 2026-11-03 to 2026-11-04"),
        ([f"2026{month:02}01" for month in range(1, 13)] + ["20270101"], "..., 2026-02-01"),
    ],
)
def test_days_that_follow_each_other_are_drawn_together(
    dates: list[str], said: str
) -> None:
    assert coverage.stretches(dates).startswith(said)
    assert bool(said) == bool(coverage.stretches(dates))


@pytest.mark.parametrize("date", ["2026-03-08", "2026-11-01", "2026-07-01"])
def test_a_day_of_a_zone_is_one_day_in_words(date: str) -> None:
    eastern = PlatformClock(zone="EST5EDT,M3.2.0,M11.1.0")
    assert coverage.days_of(day(date, eastern), eastern) == date


def test_a_row_of_the_report_says_when_where_whose_and_how_much(tmp_path: Path) -> None:
    ledger = image(
        tmp_path / "flash.img",
        [entry(1, unix_s=MIDNIGHT_S + 61), entry(2, "unknown"), entry(3, "declined")],
    )
    theirs = tmp_path / "theirs.txt"
    details = [detail(3, time="120003"), detail(9, miles=95, terminal="SPON000177")]
    theirs.write_text(document([*details, detail(8)]))
    lines = tool("match", ledger, theirs, "--json").stdout.splitlines()
    rows = {row["confirmation"]: row for row in map(json.loads, lines[:-1])}

    def told(number: str) -> tuple[str, ...]:
        row = rows[number]
        names = ("when", "device", "last_four", "our_dollars", "their_dollars", "status")
        return tuple(row[name] for name in names)

    assert told("20000000001") == (
        "2026-11-21 00:01:01",
        "0001-01",
        "2006",
        "40.00",
        "",
        "ours_only",
    )
    assert told("20000000003") == (
        "2026-11-21 12:00:03", "0001-01", "2006", "", "40.00", "declined_committed",
    )  # fmt: skip
    assert told("20000000009") == (
        "2026-11-21 12:00:00",
        "SPON000177",
        "",
        "",
        "10.00",
        "theirs_only",
    )
    assert told("20000000008")[1] == "0001-01"  # by its Card Terminal ID
    assert rows[""]["note"] == "unknown; 40.00 asked"


def test_a_declined_redemption_that_they_committed_is_a_row_of_its_own_in_the_sums(
    tmp_path: Path,
) -> None:
    ledger = image(tmp_path / "flash.img", [entry(1, "declined"), entry(2, "not_sent")])
    theirs = tmp_path / "theirs.txt"
    theirs.write_text(document([detail(1), detail(2, miles=95)]))
    done = tool("match", ledger, theirs)
    assert done.returncode == 1
    text = " ".join(done.stdout.split())
    assert "declined here, committed there 1 0 380 0.00 40.00" in text
    assert "not sent here, committed there 1 0 95 0.00 10.00" in text
    assert "theirs only 0" in text


def test_miles_of_a_file_are_dollars_by_the_unit_that_is_given(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.txt"
    theirs.write_text(document([detail(1, miles=100)]))
    for words, told in (((), "10.53"), (("--unit", "1000=10"), "1.00")):
        rows = tool("match", theirs, theirs, "--json", *words).stdout.splitlines()
        row = json.loads(rows[0])
        assert row["our_dollars"] == row["their_dollars"] == told


@pytest.mark.parametrize("unit", ["", "95", "0=10", "95=0", "95=ten", "9.5=1", "-95=10"])
def test_a_unit_that_is_none_is_refused(unit: str, another_day: Path) -> None:
    done = tool("match", another_day, another_day, f"--unit={unit}")
    assert (done.returncode, done.stdout) == (2, "")
    assert "expected miles and dollars, such as 95=10" in done.stderr


def test_devices_that_share_a_terminal_id_are_not_taken_for_each_other(
    tmp_path: Path,
) -> None:
    def ledger(number: int) -> Path:
        profile = {
            "partner": {"sponsor_code": "SPON", "store_id": "0001"},
            "device": {"device_id": f"0{number}"},
        }
        files = {"profile.json": json.dumps(profile)}
        return image(tmp_path / f"{number}.img", [entry(number)], files=files)

    theirs = tmp_path / "theirs.txt"
    theirs.write_text(document([detail(9, terminal="SHARED"), detail(1), detail(2)]))
    words = ("match", ledger(1), ledger(2), theirs, "--json", "--terminal-id", "SHARED")
    rows = [json.loads(line) for line in tool(*words).stdout.splitlines()[:-1]]
    told = {(row["status"], row["device"]) for row in rows}
    assert told == {
        ("matched", "0001-01"), ("matched", "0001-02"), ("theirs_only", "SHARED"),
    }  # fmt: skip
