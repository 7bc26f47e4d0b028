"""Matching what was earned with a file from AIR MILES, whatever its layout."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.tools.ledger.making import NOON_S, entry, image, tool, trace_id
from host_tests.tools.ledger.test_ledger_tool_earnings import DAY_S, earning
from tools.folders import ROOT
from tools.ledger.award_file import AwardFile
from tools.ledger.award_layout import OUR_LOG, AwardLayout, Columns, read
from tools.ledger.days import PlatformClock
from tools.ledger.errors import LedgerToolError

BATCH = ROOT / "tools" / "ledger" / "layouts" / "batch_issuance.toml"
HEAD = "transaction_id,miles,collector,bought,operation"
NOON = "2026-11-21T12:00:00-0500"
Matched = Callable[..., list[tuple[str, ...]]]


@pytest.fixture(scope="module")
def flash(tmp_path_factory: pytest.TempPathFactory) -> Path:
    entries = [
        entry(1),
        earning(2),
        earning(3, op="issuance/reverse", miles=2, redemption_number=trace_id(2)),
        earning(4, code="202", miles=7),
        earning(5, None, miles=9),
        earning(6, "declined", code="400", decision="later"),
        earning(7, "unknown", code="500"),
        earning(8, op="record", miles=0),
        earning(9, op="issue", miles=0),  # the reply did not say how many
        earning(10, "unknown", code="400", decision="later"),
    ]
    return image(tmp_path_factory.mktemp("awards") / "flash.img", entries)


def lines(*details: str) -> str:
    return "".join(f"{line}\n" for line in (HEAD, *details))


def line(number: int, miles: int = 5, collector: str = "*2006", day: str = NOON) -> str:
    return f"{trace_id(number)},{miles},{collector},{day},post"


ALL = [line(2), line(3, -2), line(4, 7), line(9, 3)]


@pytest.fixture
def matched(flash: Path, tmp_path: Path) -> Matched:
    def match(text: str, *words: str | Path, code: int = 0) -> list[tuple[str, ...]]:
        """(status, trace id, note) of every finding but those that matched."""
        theirs = tmp_path / "theirs.txt"
        theirs.write_text(text, "utf-8")
        done = tool("match", flash, theirs, "--earnings", "--csv", *words)
        assert done.returncode == code, done.stderr
        found = csv.DictReader(io.StringIO(done.stdout))
        return [
            (row["status"], row["trace_id"], row["note"])
            for row in found
            if row["status"] != "matched"
        ]

    return match


WAITING = [
    ("unresolved", trace_id(5), "queued; 9 miles"),
    ("unresolved", trace_id(6), "parked; 5 miles"),
    ("unresolved", trace_id(7), "deleted; 5 miles"),
    ("unresolved", trace_id(10), "parked; 5 miles"),
]


def test_what_agrees_is_no_difference(matched: Matched) -> None:
    assert matched(lines(*ALL)) == WAITING


def test_the_log_of_bill_agrees_with_its_own_ledgers(flash: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    tool("bill", flash, "--day", "2026-11-21", "--all", "-o", log)
    done = tool("match", flash, log, "--earnings", "--differences")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        (line(2, miles=6), ("differing", trace_id(2), "miles")),
        (line(2, miles=-5), ("differing", trace_id(2), "kind")),
        (line(2, collector="*1111"), ("differing", trace_id(2), "collector")),
        (
            line(2, day="2026-11-20T12:00:00-0500"),
            ("differing", trace_id(2), "date (theirs: 20261120)"),
        ),
        (line(99), ("theirs_only", trace_id(99), "")),
    ],
)
def test_what_differs_is_named(
    matched: Matched, changed: str, found: tuple[str, ...]
) -> None:
    assert found in matched(lines(changed, *ALL[1:]), code=1)


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (5, "committed"),
        (6, "declined_committed"),
        (7, "committed"),
        (10, "committed"),
    ],
)
def test_what_is_there_though_our_device_still_holds_or_gave_it_up_is_a_difference(
    matched: Matched, number: int, status: str
) -> None:
    found = matched(lines(*ALL, line(number, 9)), code=1)
    assert (status, trace_id(number), "") in found


def test_what_is_missing_there_is_a_difference(matched: Matched) -> None:
    found = matched(lines(*ALL[1:]), code=1)
    assert ("ours_only", trace_id(2), "") in found


def test_pending_miles_that_are_not_there_yet_say_so(matched: Matched) -> None:
    found = matched(lines(*ALL[:2], ALL[3]), code=1)
    assert ("ours_only", trace_id(4), "accepted, and posted later") in found


def test_lines_of_one_transaction_are_added_up(matched: Matched) -> None:
    assert matched(lines(line(2, 2), line(2, 3), *ALL[1:])) == WAITING


def test_a_return_may_stand_under_the_number_of_its_sale(matched: Matched) -> None:
    assert matched(lines(ALL[0], line(2, -2), *ALL[2:])) == WAITING


def test_days_that_a_file_does_not_cover_are_outside(tmp_path: Path) -> None:
    path = image(
        tmp_path / "flash.img", [earning(1), earning(2, unix_s=NOON_S + 3 * DAY_S)]
    )
    theirs = tmp_path / "theirs.csv"
    theirs.write_text(lines(line(1)))
    done = tool("match", path, theirs, "--earnings")
    assert done.returncode == 0
    assert "1 of ours lie outside their files: 2026-11-24" in done.stderr
    words = ("--day", "2026-11-21", "--period", "weekly")
    assert tool("match", path, theirs, "--earnings", *words).returncode == 1


def test_a_file_without_earnings_compares_nothing(
    flash: Path, tmp_path: Path, matched: Matched
) -> None:
    assert matched(lines(), code=3) == []
    done = tool("match", flash, tmp_path / "theirs.txt", "--earnings")
    assert "covers no day: it holds nothing" in done.stderr


# Layouts


def fixed(collector: str, trace: str, miles: str) -> str:
    """A detail of the batch layout, by its published widths."""
    head = "TD" + " " * 15 + collector + trace.zfill(20)
    return head + "SPON" + "STANDARD" + "1100" + " " * 9 + miles.zfill(9)


def test_the_neighbouring_layout_is_read(matched: Matched) -> None:
    text = "\n".join(
        [
            "TH" + " " * 6 + "AIRM000001",
            fixed("84095202006", trace_id(2), "E"),
            fixed("84095202006", trace_id(3), "K"),
            fixed("84095202006", trace_id(4), "G"),
            fixed("84095202006", trace_id(9), "1{"),
        ]
    )
    assert matched(text, "--layout", BATCH) == WAITING


def test_columns_may_be_numbers_and_separators_others(
    matched: Matched, tmp_path: Path
) -> None:
    layout = tmp_path / "layout.toml"
    layout.write_text(
        'kind = "csv"\nseparator = ";"\nheader = false\ndate = "%Y%m%d"\n'
        'encoding = "latin-1"\ntaking_back = ["REVERSE"]\n'
        "[columns]\ntrace_id = 2\nmiles = 3\ndate = 1\noperation = 4\n"
    )
    text = "".join(
        f"20261121;{trace_id(number)};{miles};{op};É\r\n"
        for number, miles, op in [
            (2, 5, "POST"),
            (3, 2, "REVERSE"),
            (4, 7, "POST"),
            (9, 1, "ISSUE"),
        ]
    )
    assert matched(text, "--layout", layout) == WAITING


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "kind: Field required"),
        ("kind = ", "no TOML"),
        ('kind = "xml"\n[columns]\ntrace_id = 1\nmiles = 2', "kind: Input should be"),
        ('kind = "csv"\ncolour = 1\n[columns]\ntrace_id = 1\nmiles = 2', "colour: Extra"),
        (
            'kind = "csv"\nencoding = "utf-9"\n[columns]\ntrace_id = 1\nmiles = 2',
            "encoding: utf-9 is unknown",
        ),
        ('kind = "fixed"\n[columns]\ntrace_id = 1\nmiles = 2', "expected [first, length]"),
        ('kind = "csv"\n[columns]\ntrace_id = [1, 2]\nmiles = 2', "a name or a number"),
        ('kind = "csv"\n[columns]\ntrace_id = 0\nmiles = 2', "counted from 1"),
        (
            'kind = "csv"\nheader = false\n[columns]\ntrace_id = "a"\nmiles = 2',
            "a name needs header = true",
        ),
    ],
)
def test_a_layout_that_cannot_be_is_refused_by_name(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "layout.toml"
    path.write_text(text)
    with pytest.raises(LedgerToolError) as refused:
        read(path)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


# Files that are not what the layout says


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "line 1: has no column transaction_id"),
        (lines("123,5"), "line 2: has 2 columns; expected more"),
        (lines(f"{trace_id(2)},5.5,,{NOON},post"), "miles: expected a whole number"),
        (lines(f"12345678901234,5,,{NOON},post"), "trace_id: expected up to 12 digits"),
        (lines(f"{trace_id(2)},5,,yesterday,post"), "date: expected the form"),
        ("\x00" * 40, "has no column transaction_id"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_line(
    flash: Path, tmp_path: Path, text: str, said: str
) -> None:
    theirs = tmp_path / "theirs.csv"
    theirs.write_text(text)
    done = tool("match", flash, theirs, "--earnings")
    assert done.returncode == 2
    assert said in done.stderr
    assert all(each.startswith("tools.ledger") for each in done.stderr.splitlines())


def test_a_file_that_is_no_text_is_refused(flash: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.csv"
    theirs.write_bytes(b"\xff\xfe\x00" * 100)
    done = tool("match", flash, theirs, "--earnings")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "no text in utf-8" in done.stderr


def test_it_needs_ledgers(tmp_path: Path) -> None:
    ours = tmp_path / "ours.csv"
    ours.write_text(lines())
    done = tool("match", ours, ours, "--earnings")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "--earnings needs ledgers" in done.stderr


LAYOUTS = [
    OUR_LOG,
    AwardLayout(
        kind="fixed",
        columns=Columns(trace_id=(1, 12), miles=(13, 4), date=(17, 8)),
        date="%Y%m%d",
        miles="overpunch",
    ),
]


@given(
    layout=st.sampled_from(LAYOUTS),
    raw=st.one_of(
        st.binary(max_size=300),
        st.text(st.sampled_from("0123456789,{}AJ-\n;T:\0'\""), max_size=200).map(
            lambda text: (HEAD + "\n" + text).encode()
        ),
    ),
)
def test_whatever_a_file_holds_only_our_own_error_comes_out(
    tmp_path: Path, layout: AwardLayout, raw: bytes
) -> None:
    path = tmp_path / "theirs"
    path.write_bytes(raw)
    file = AwardFile(path, layout, PlatformClock())
    try:
        for row in file.rows(0):
            assert row.trace_id.isdigit() and len(row.trace_id) == 12
            assert row.kind in ("I", "W") and row.miles >= 0
    except LedgerToolError as refused:
        assert str(refused)
    finally:
        file.close()
