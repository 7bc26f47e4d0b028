"""Matching: a file with itself is all matched; every planted difference is found."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.tools.ledger.conftest import ENTRIES
from host_tests.tools.ledger.making import MIDNIGHT_S, detail, document, entry, image
from tools.ledger import matching
from tools.ledger.__main__ import main
from tools.ledger.database import OURS, THEIRS, temporary
from tools.ledger.days import PlatformClock
from tools.ledger.loading import load_files, load_ledgers
from tools.ledger.matching import Finding

REDEEMED = [detail(number, time=f"1200{number:02}") for number in range(1, 50)]
# What AIR MILES' file says when it agrees with ENTRIES.
AGREED = [
    *REDEEMED,
    detail(50, "V", time="120050"),
    detail(55, miles=7125, time="120055"),
]


EST = PlatformClock()
EASTERN = PlatformClock(zone="EST5EDT,M3.2.0,M11.1.0")


def compared(ours: Path, *theirs: Path, clock: PlatformClock = EST) -> list[Finding]:
    with temporary() as work:
        if ours.suffix == ".img":
            load_ledgers(work, OURS, [ours], clock, None)
        else:
            load_files(work, OURS, [ours], clock)
        spans = load_files(work, THEIRS, theirs, clock)
        for side in (OURS, THEIRS):
            work.index(side)
        matching.pair(work)
        return list(matching.findings(work, spans))


def file(folder: Path, details: list[str], name: str = "theirs.txt", **span: str) -> Path:
    path = folder / name
    path.write_text(document(details, **span))
    return path


def statuses(found: list[Finding]) -> dict[str, int]:
    return dict(Counter(each.status for each in found))


def one(found: list[Finding], status: str) -> Finding:
    (only,) = (each for each in found if each.status == status)
    return only


KEYS = st.lists(st.integers(0, 10**6), unique=True, max_size=30)


@given(KEYS, st.sampled_from("RV"), st.integers(0, 9999), st.booleans())
def test_a_file_matches_itself(
    tmp_path: Path, keys: list[int], kind: str, miles: int, traced: bool
) -> None:
    trace = None if traced else ""
    path = file(tmp_path, [detail(key, kind, miles, trace=trace) for key in keys])
    assert statuses(compared(path, path)) == ({"matched": len(keys)} if keys else {})


@given(st.sets(st.integers(0, 40)), st.sets(st.integers(0, 40)))
def test_what_is_on_one_side_only_is_told_apart(
    tmp_path: Path, ours: set[int], theirs: set[int]
) -> None:
    found = compared(
        file(tmp_path, [detail(key) for key in sorted(ours)], "ours.txt"),
        file(tmp_path, [detail(key) for key in sorted(theirs, reverse=True)]),
    )
    expected = {
        "matched": len(ours & theirs),
        "ours_only": len(ours - theirs),
        "theirs_only": len(theirs - ours),
    }
    assert statuses(found) == {name: count for name, count in expected.items() if count}


def test_a_ledger_agrees_with_its_day(flash: Path, tmp_path: Path) -> None:
    found = compared(flash, file(tmp_path, AGREED))
    assert statuses(found) == {"matched": 51, "unresolved": 2, "outside": 1}


def test_an_unresolved_entry_that_was_committed(flash: Path, tmp_path: Path) -> None:
    found = one(compared(flash, file(tmp_path, [*AGREED, detail(53)])), "committed")
    assert found.ours is not None and found.theirs is not None
    assert (found.ours.outcome, found.by) == ("unknown", "trace id and terminal")
    assert found.theirs.confirmation == "20000000053"


def test_an_open_entry_that_was_committed(flash: Path, tmp_path: Path) -> None:
    found = one(compared(flash, file(tmp_path, [*AGREED, detail(54)])), "committed")
    assert found.ours is not None and found.ours.outcome == "open"


@pytest.mark.parametrize(
    ("number", "status"), [(51, "declined_committed"), (52, "not_sent_committed")]
)
def test_theirs_although_our_ledger_says_no(
    flash: Path, tmp_path: Path, number: int, status: str
) -> None:
    found = compared(flash, file(tmp_path, [*AGREED, detail(number)]))
    assert one(found, status).ours is not None
    assert "theirs_only" not in statuses(found)


def test_ours_only(flash: Path, tmp_path: Path) -> None:
    found = one(compared(flash, file(tmp_path, AGREED[1:])), "ours_only")
    assert found.ours is not None and found.ours.trace_id == "000100000001"


def test_theirs_only(flash: Path, tmp_path: Path) -> None:
    found = one(compared(flash, file(tmp_path, [*AGREED, detail(99)])), "theirs_only")
    assert found.ours is None


@pytest.mark.parametrize(
    ("changed", "note"),
    [
        (detail(1, miles=95, time="120001"), "miles"),
        (detail(1, "V", time="120001"), "kind"),
        (detail(1, date="20261122", time="120001"), "date (theirs: 20261122)"),
        (detail(1, confirmed="777", time="120001"), "confirmation"),
        (
            detail(1, "V", miles=1, confirmed="", terminal="OTHER"),
            "kind, confirmation, miles",
        ),
    ],
)
def test_differing_values_are_named(
    flash: Path, tmp_path: Path, changed: str, note: str
) -> None:
    found = compared(flash, file(tmp_path, [changed, *AGREED[1:]]))
    assert one(found, "differing").note == note


def test_their_time_of_day_and_order_do_not_matter(flash: Path, tmp_path: Path) -> None:
    agreed = [line.replace("%%1200", "%%1201", 1) for line in reversed(AGREED)]
    assert statuses(compared(flash, file(tmp_path, agreed)))["matched"] == 51


def test_without_a_trace_id_the_confirmation_number_finds_it(
    flash: Path, tmp_path: Path
) -> None:
    details = [detail(number, trace="") for number in range(1, 50)]
    found = compared(flash, file(tmp_path, details))
    assert statuses(found)["matched"] == 49
    assert {each.by for each in found if each.status == "matched"} == {"confirmation"}


def test_two_devices_that_share_a_trace_id_are_kept_apart(tmp_path: Path) -> None:
    both = [
        detail(1, confirmed="111", terminal="SPON000101"),
        detail(1, confirmed="222", terminal="SPON000102", miles=95),
    ]
    found = compared(file(tmp_path, both, "ours.txt"), file(tmp_path, both[::-1]))
    assert statuses(found) == {"matched": 2}


def test_what_lies_outside_the_files_span_is_no_difference(
    flash: Path, tmp_path: Path
) -> None:
    theirs = file(tmp_path, [], first="20261123", last="20261124")
    assert statuses(compared(flash, theirs)) == {"outside": 54}  # not what was declined
    assert "outside" not in matching.DIFFERENCES


def test_a_pair_across_the_cut_off_is_found(tmp_path: Path) -> None:
    late = image(tmp_path / "late.img", [entry(1, unix_s=MIDNIGHT_S + 86399)])
    their_next_day = file(
        tmp_path,
        [detail(1, date="20261122", time="000001")],
        first="20261122",
        last="20261123",
    )
    assert (
        one(compared(late, their_next_day), "differing").note == "date (theirs: 20261122)"
    )


def test_ours_only_near_the_cut_off_says_so(tmp_path: Path) -> None:
    late = image(tmp_path / "late.img", [entry(1, unix_s=MIDNIGHT_S + 86399)])
    found = one(compared(late, file(tmp_path, [])), "ours_only")
    assert found.note == "near the cut-off: see the next file"


def test_a_resubmission_that_repeats_a_detail_counts_it_once(
    flash: Path, tmp_path: Path
) -> None:
    again = file(tmp_path, AGREED[:5], "again.txt")
    assert statuses(compared(flash, file(tmp_path, AGREED), again))["matched"] == 51


def report(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    status = main([str(word) for word in words])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_a_detail_that_stands_twice_is_refused_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = file(tmp_path, [detail(1), detail(2), detail(1, miles=95)])
    status, _, said = report(capsys, "match", path, "--theirs", path)
    expected = f"tools.ledger match: {path}, line 5: repeats line 3; "
    expected += "only one of them may stay\n"
    assert (status, said) == (2, expected)


def test_a_resubmission_that_contradicts_is_refused(
    flash: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = (
        file(tmp_path, [detail(1, miles=miles)], f"{miles}.txt") for miles in (95, 190)
    )
    status, _, said = report(capsys, "match", flash, first, second)
    expected = f"tools.ledger match: {second}, line 3: contradicts {first}, line 3; "
    expected += "leave the file out that was replaced\n"
    assert (status, said) == (2, expected)


def test_an_older_copy_of_the_same_ledger_does_no_harm(flash: Path, tmp_path: Path) -> None:
    before = [
        {**each, "result": None} if n == 52 else each for n, each in enumerate(ENTRIES)
    ]
    older = image(tmp_path / "older.img", before[:53])
    with temporary() as work:
        load_ledgers(work, OURS, [older, flash], PlatformClock(), None)
        work.index(OURS)
        rows = list(work.in_order(OURS))
    assert len(rows) == len(ENTRIES)
    assert next(row.outcome for row in rows if row.line == 53) == "unknown"


def test_the_csv_report_lists_everything(
    flash: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = file(tmp_path, [*AGREED[1:], detail(53), detail(99, miles=95)])
    status, out, err = report(capsys, "match", flash, theirs, "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert status == 1
    assert Counter(row["status"] for row in rows) == {
        "matched": 50, "ours_only": 1, "theirs_only": 1, "committed": 1, "unresolved": 1,
    }  # fmt: skip
    assert (
        "ours only: count 1, our net miles 380, their net miles 0, our net dollars" in err
    )
    assert err.endswith("their net dollars 0.00\n")


def test_the_json_report_ends_with_the_sums(
    flash: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = report(capsys, "match", flash, file(tmp_path, AGREED), "--json")
    rows: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
    net = 49 * 380 - 380 + 7125
    assert status == 0
    assert rows[-1]["summary"]["matched"] == {
        "count": 51, "our_net_miles": net, "their_net_miles": net,
        "our_net_dollars": "1960.00", "their_net_dollars": "2670.00",
    }  # fmt: skip


def test_only_differences_when_asked_for(
    flash: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = file(tmp_path, [*AGREED, detail(99)])
    _, out, _ = report(capsys, "match", flash, theirs, "--csv", "--differences")
    assert [line.split(",")[0] for line in out.splitlines()] == ["status", "theirs_only"]


@pytest.mark.parametrize("clock", [EST, EASTERN], ids=["a stranger's file", "known zone"])
def test_the_last_hour_of_a_day_with_23_hours_is_in_that_days_file(
    tmp_path: Path, clock: PlatformClock
) -> None:
    def of_the_day(details: list[str], name: str) -> Path:
        text = document(details, "20260308", "20260309")
        path = tmp_path / name
        path.write_text(text.replace("20260309%%000000%%-0500", "20260309%%000000%%-0400"))
        return path

    last = detail(1, date="20260308", time="233000")
    first = detail(2, date="20260308", time="003000")
    ours, theirs = of_the_day([first, last], "ours.txt"), of_the_day([first], "theirs.txt")
    found = one(compared(ours, theirs, clock=clock), "ours_only")
    assert found.ours is not None and found.ours.time == "233000"


def test_the_cut_off_is_near_by_the_offset_of_its_own_moment(tmp_path: Path) -> None:
    def of_the_day(details: list[str], name: str) -> Path:
        text = document(details, "20261101", "20261102")
        path = tmp_path / name
        path.write_text(text.replace("20261101%%000000%%-0500", "20261101%%000000%%-0400"))
        return path

    late = detail(1, date="20261101", time="235000")
    ours, theirs = of_the_day([late], "ours.txt"), of_the_day([], "theirs.txt")
    found = one(compared(ours, theirs, clock=EASTERN), "ours_only")
    assert found.note.startswith("near the cut-off")
