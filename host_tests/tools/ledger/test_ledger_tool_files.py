"""Reconciliation files: what is written is read back, and what is wrong is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.tools.ledger.making import NOON_S, detail, document
from tools.ledger import days, writer
from tools.ledger.details import Detail
from tools.ledger.errors import LedgerToolError, SeveralErrors
from tools.ledger.reader import Reader

EST = days.PlatformClock()
DAY = days.day("2026-11-21", EST)
ONE = Detail(
    "R", "20261121", "120001", "000100000001", "20000000001", "", 380, "SPON000101"
)
GOLDEN = """\
H1%%SPON%%20261121%%000000%%-0500%%20261122%%000000%%-0500
H2%%MILEPAD1%%20261121%%120000
D%%R%%20261121%%120001%%000100000001%%20000000001%%%%380%%SPON000101
D%%V%%20261121%%120001%%000100000002%%20000000002%%20000000001%%380%%SPON000101
T1%%1%%380
T2%%1%%380
"""
GOOD = document([detail(1), detail(2, "V"), detail(3, miles=95)])


def read(path: Path) -> list[Detail]:
    with Reader(path) as reader:
        return list(reader.details())


def written(path: Path, details: list[Detail]) -> Path:
    writer.write(path, writer.lines("SPON", DAY, NOON_S, EST, details))
    return path


def test_a_golden_file(tmp_path: Path) -> None:
    back = ONE._replace(
        kind="V",
        trace_id="000100000002",
        confirmation="20000000002",
        reverses="20000000001",
    )
    path = written(tmp_path / "ours.txt", [ONE, back])
    assert path.read_bytes() == GOLDEN.encode("ascii")


def test_a_day_without_transactions_is_legal(tmp_path: Path) -> None:
    path = written(tmp_path / "ours.txt", [])
    assert path.read_text().splitlines()[2:] == ["T1%%0%%0", "T2%%0%%0"]
    assert read(path) == []


def test_the_headers_tell_sponsor_and_span(tmp_path: Path) -> None:
    with Reader(written(tmp_path / "ours.txt", [])) as reader:
        assert (reader.sponsor_code, reader.span) == ("SPON", DAY)


NUMBER = st.text("0123456789", min_size=1, max_size=12)
DETAILS = st.builds(
    Detail,
    kind=st.sampled_from("RV"),
    date=st.just("20261121"),
    time=st.times().map("{:%H%M%S}".format),
    trace_id=NUMBER,
    confirmation=NUMBER,
    reverses=NUMBER | st.just(""),
    miles=st.integers(0, 9999),
    terminal_id=st.text("ABC019", min_size=1, max_size=16),
)


@given(st.lists(DETAILS, max_size=20))
def test_round_trip(tmp_path: Path, details: list[Detail]) -> None:
    assert read(written(tmp_path / "ours.txt", details)) == details


def test_a_value_that_does_not_fit_leaves_the_old_file(tmp_path: Path) -> None:
    path = written(tmp_path / "ours.txt", [ONE])
    before = path.read_bytes()
    with pytest.raises(
        LedgerToolError, match="trace id 000100000001: miles has 5 characters"
    ):
        written(path, [ONE._replace(miles=10000)])
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def lines_without(number: int) -> str:
    return "".join(line for at, line in enumerate(GOOD.splitlines(True), 1) if at != number)


def problems(path: Path) -> list[str]:
    """What is said of a file, without its name."""
    with pytest.raises(LedgerToolError) as caught:
        read(path)
    faults = (
        caught.value.faults if isinstance(caught.value, SeveralErrors) else [caught.value]
    )
    return [str(fault).removeprefix(f"{path}, ") for fault in faults]


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", 1, "the file ends here; expected a H1 record"),
        ("\n", 2, "the file ends here; expected a H1 record"),
        ("hello\n" * 9, 1, "expected a H1 record; is this a reconciliation file?"),
        (lines_without(1), 1, "expected a H1 record"),
        (lines_without(2), 2, "expected a H2 record"),
        (lines_without(6), 7, "the file ends here; expected a T1 record"),
        (lines_without(7), 7, "the file ends here; expected a T2 record; it may be cut"),
        (GOOD[: GOOD.index("T1")], 6, "the file ends here; expected a T1 record"),
        (GOOD + "D", 8, "more follows the last trailer; where two files were joined, split"),
        (GOOD + GOOD, 8, "more follows the last trailer"),
        (GOOD.replace("T1%%2%%475", "T1%%2%%476"), 6, "redeemed miles is 476; the details"),
        (GOOD.replace("T1%%2", "T1%%3"), 6, "redeemed count is 3; the details give 2"),
        (GOOD.replace("T2%%1", "T2%%1000000000"), 7, "reversed count has 10 characters"),
        (GOOD.replace("%%V%%", "%%X%%"), 4, "kind: expected R or V"),
        (GOOD.replace("%%380%%", "%%12345%%", 1), 3, "miles has 5 characters"),
        (GOOD.replace("D%%R%%20261121", "D%%R%%20261123", 1), 3, "date: outside the span"),
        (document([detail(1, trace="", confirmed="")]), 3, "has neither a trace id nor a"),
        (document([], "20261122", "20261121"), 1, "the span ends before it begins"),
        (GOOD.replace("SPON%%", "SP\N{LATIN CAPITAL LETTER O WITH STROKE}N%%", 1), 1,
         "character 7 is not ASCII; use the file as it was sent"),
        (GOOD.replace("SPON000101", "SPON\0", 1), 3, "terminal id: expected letters"),
        (GOOD.replace("D%%R", "E%%R", 1), 3, "expected a D record"),
        (GOOD.replace("000101\n", "000101" + " " * 600 + "x\n", 1), 3, "the line is longer"),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_by_line(
    tmp_path: Path, text: str, line: int, problem: str
) -> None:
    path = tmp_path / "theirs.txt"
    path.write_bytes(text.encode())
    (said,) = problems(path)
    assert said.startswith(f"line {line}: {problem}")
    assert said.count("; ") >= 1  # what to do about it


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (lines_without(4), ["line 6: reversed count is 1", "line 6: reversed miles is 380"]),
        (
            GOOD[: GOOD.index("%%380")],
            ["line 3: the line is cut short: 7 fields", "line 4: the file ends here"],
        ),
        (
            GOOD.replace("H1%%SPON", "H1%%S-N").replace("%%V%%2026", "%%V%%1026")
            .replace("T1%%2%%475\n", "T1%%two%%475\n"),
            ["line 1: sponsor code: ", "line 4: date: ", "line 6: redeemed count: "],
        ),
        (
            GOOD.replace("T2%%1%%380\n", "") + GOOD,
            ["line 7: more follows the last trailer", "line 8: the file ends"],
        ),
        ("H2%%X\nwhat\nT3\n", [
            "line 1: expected a H1", "line 1: 2 fields in a H2 record", "line 2: expected a D",
            "line 3: expected a D", "line 4: the file ends here",
        ]),
    ],
)  # fmt: skip
def test_everything_that_is_wrong_is_told_at_once(
    tmp_path: Path, text: str, said: list[str]
) -> None:
    path = tmp_path / "theirs.txt"
    path.write_text(text)
    found = problems(path)
    assert len(found) == len(said)
    assert all(one.startswith(start) for one, start in zip(found, said, strict=True))


def test_of_very_many_problems_the_first_are_told_and_the_others_counted(
    tmp_path: Path,
) -> None:
    path = tmp_path / "theirs.txt"
    path.write_text(document([detail(at) for at in range(500)]).replace("D%%R", "D%%Q"))
    found = problems(path)
    assert len(found) == 21
    assert found[-1].startswith("line 504: 480 more are wrong up to here")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"\x1f\x8b\x08" + bytes(99), "is a gzip file, no text; unpack it"),
        (b"PK\x03\x04" + bytes(99), "is a ZIP (or XLSX) file, no text; unpack it"),
        (b"%PDF-1.7\n", "is a PDF file, no text"),
        (bytes(5000), "holds bytes that no text has; expected a reconciliation file"),
        (b"\x7fELF\x02\x01\x01\0" * 99, "holds bytes that no text has"),
        (b"\xff\xfe\0\0\1\0\0\0", "holds bytes that no text has"),
    ],
)
def test_a_file_that_is_no_text_is_told_in_one_line(
    tmp_path: Path, raw: bytes, said: str
) -> None:
    path = tmp_path / "theirs.txt"
    path.write_bytes(raw)
    assert [one[: len(said) + 8] for one in problems(path)] == [f"line 1: {said}"]


@given(st.binary(max_size=300), st.integers(0, len(GOOD)))
def test_any_bytes_are_details_or_a_named_problem(
    tmp_path: Path, raw: bytes, at: int
) -> None:
    path = tmp_path / "theirs.txt"
    path.write_bytes(GOOD[:at].encode() + raw + GOOD[at + len(raw) :].encode())
    try:
        read(path)
    except LedgerToolError as fault:
        assert all(line.startswith(f"{path}, line ") for line in str(fault).splitlines())


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LedgerToolError, match=r"none\.txt: No such file"):
        Reader(tmp_path / "none.txt")
