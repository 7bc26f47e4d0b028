"""Earnings on ledgers: what they came to, which device holds what, and the billing log."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.tools.ledger.making import (
    MIDNIGHT_S,
    NOON_S,
    NUMBER,
    PROFILE,
    entry,
    image,
    tool,
    trace_id,
)
from tools.deploy import board_file
from tools.deploy.__main__ import release_of
from tools.handheld.image import write_files
from tools.ledger import report
from tools.ledger.sources import open_source
from tools.virtual_board.testing import plugged_in

DAY_S = 86400


def earning(
    number: int,
    outcome: str | None = "approved",
    op: str = "post",
    code: str = "200",
    miles: int = 5,
    accepted_s: int | None = None,
    **more: Any,
) -> dict[str, Any]:
    """An earning's values with its result's. None: it is still in the queue."""
    made = entry(number, outcome, op, miles=miles)
    decision = more.pop("decision", "")
    if made["result"]:
        made["result"] |= {
            "response_code": code,
            "confirmation_number": "",
            "cents": 0,
            "decision": decision,
            "unix_s": made["unix_s"] + 3 if accepted_s is None else accepted_s,
        }
    events = op in ("post/event", "reverse/event")
    return made | {
        "basket_cents": 0 if events else 2822,
        "pre_tax_cents": -1 if events else 2497,
        "redeem_cents": 0,
        "redemption_number": "",
        "miles": 0 if op in ("issue", "return", "record") else miles,
        **more,
    }


EARNINGS = [
    entry(1),
    earning(2, miles=5),
    earning(3, op="post/event", miles=8),
    earning(4, op="issuance/reverse", miles=2, redemption_number=trace_id(2)),
    earning(5, code="202", miles=7),
    earning(6, "declined", code="400", decision="later"),
    earning(7, None),
    earning(8, "declined", code="400"),
    earning(9, "not_sent", code=""),
    earning(10, "unknown", code="500"),
    earning(11, op="record", miles=0, collector_number=""),
    earning(12, op="issue", miles=1),
    earning(13, op="return", miles=0),
    earning(14, "unknown", code="400", decision="later"),  # a copy was refused
]
CAME_TO = [
    "issued", "issued", "returned", "pending", "parked", "queued", "refused", "deleted",
    "deleted", "recorded", "issued", "returned", "parked",
]  # fmt: skip


@pytest.fixture(scope="module")
def flash(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return image(tmp_path_factory.mktemp("earned") / "flash.img", EARNINGS)


def second(folder: Path, *entries: dict[str, Any]) -> Path:
    """The ledger of another device."""
    profile = {**PROFILE, "device": {"device_id": "02"}}
    files = {"profile.json": json.dumps(profile)}
    return image(folder / "second.img", entries, files=files)


def rows(*words: str | Path) -> list[dict[str, Any]]:
    done = tool(*words, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


# What was earned


def test_every_state_of_an_earning_is_told(flash: Path) -> None:
    *earned, _ = rows("earnings", flash)
    assert [row["earning"] for row in earned] == CAME_TO
    assert [row["entry"] for row in earned] == list(range(2, 15))
    assert earned[0] == {
        "device": "0001-01",
        "entry": 2,
        "when": "2026-11-21T12:00:02-0500",
        "op": "post",
        "earning": "issued",
        "code": "200",
        "miles": 5,
        "basket_dollars": "28.22",
        "collector": "*******2006",
        "trace_id": trace_id(2),
        "of": "",
        "source": str(flash),
        "outcome": "approved",
    }
    outcomes = {row["entry"]: row["outcome"] for row in earned}
    assert [outcomes[number] for number in (6, 9, 10, 14)] == [
        "declined",
        "not_sent",
        "unknown",
        "unknown",
    ]


def test_a_summary_says_which_device_still_holds_what(flash: Path, tmp_path: Path) -> None:
    other = second(tmp_path, earning(20, None), earning(21, None), earning(22))
    *waiting, summary = rows("earnings", flash, other, "--waiting")
    assert [(row["device"], row["earning"]) for row in waiting] == [
        ("0001-01", "parked"),
        ("0001-01", "queued"),
        ("0001-01", "parked"),
        ("0001-02", "queued"),
        ("0001-02", "queued"),
    ]
    assert summary["summary"]["0001-01"] == {
        "issued_count": 3,
        "returned_count": 2,
        "pending_count": 1,
        "recorded_count": 1,
        "parked_count": 2,
        "queued_count": 1,
        "issued_miles": 14,
        "returned_miles": 2,
        "pending_miles": 7,
        "oldest": "2026-11-21T12:00:06-0500",
    }
    assert summary["summary"]["0001-02"]["queued_count"] == 2


def test_show_has_earnings_beside_redemptions(flash: Path) -> None:
    shown = rows("show", flash)
    assert [row["earning"] for row in shown] == ["", *CAME_TO]
    assert [row["basket_dollars"] for row in shown[:2]] == ["", "28.22"]


@pytest.mark.parametrize("command", ["earnings", "show"])
def test_no_collector_number_is_shown_whole(flash: Path, command: str) -> None:
    shown = tool(command, flash).stdout
    assert NUMBER not in shown
    assert "2006" in shown


def test_earnings_are_neither_redemptions_nor_reversals(
    flash: Path, tmp_path: Path
) -> None:
    ours = tmp_path / "ours.txt"
    done = tool("reconcile", flash, "--day", "2026-11-21", "-o", ours)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split("%%")[4] for line in ours.read_text().splitlines()[2:-2]] == [
        trace_id(1)
    ]
    matched = tool("match", flash, ours, "--csv")
    assert (matched.returncode, matched.stdout.count("\n")) == (0, 2)


def test_what_waits_is_no_missing_record(flash: Path) -> None:
    assert open_source(flash).read()[1].lost == 0


def test_an_export_keeps_what_waits_on_the_device(tmp_path: Path) -> None:
    """As the store does it: what was exported while it waited is there, with its end."""
    path = image(tmp_path / "flash.img", EARNINGS, exported=14)
    entries, state = open_source(path).read()
    assert state.exported == 14
    assert {each.earning for each in entries} >= {"queued", "parked"}


def test_a_device_that_marks_a_pull_keeps_what_waits(tmp_path: Path) -> None:
    """A real board's own code marks; what it sends or decides later is in the next pull."""
    board = image(tmp_path / "board.img", EARNINGS, blocks=256)
    write_files(board, release_of(board_file.load("simulator")))
    with plugged_in(board) as port:
        done = tool("pull", port, "-o", tmp_path / "pulled", "--mark-exported")
    assert done.returncode == 0, done.stderr
    assert "14 entries in" in done.stdout
    assert "marked as exported up to 14" in done.stdout
    pulled = tmp_path / "pulled" / "0001-01"
    for path in (board, pulled):
        found = {each.sequence: each.earning for each in open_source(path).read()[0]}
        assert (found[6], found[7], found[14]) == ("parked", "queued", "parked")
    assert open_source(board).read()[1].exported == 14
    log = tmp_path / "log.csv"
    assert len(billed(pulled, board, "--day", "2026-11-21", output=log)) == 4


# The billing log


def billed(*words: str | Path, output: Path, code: int = 0) -> list[dict[str, str]]:
    done = tool("bill", *words, "-o", output)
    assert done.returncode == code, done.stderr
    return list(csv.DictReader(io.StringIO(output.read_text("utf-8"))))


def test_the_log_has_what_the_partner_computed_and_air_miles_accepted(
    flash: Path, tmp_path: Path
) -> None:
    log = billed(flash, "--day", "2026-11-21", output=tmp_path / "log.csv")
    assert [(row["transaction_id"], row["miles"], row["status"]) for row in log] == [
        (trace_id(2), "5", "done"),
        (trace_id(3), "8", "done"),
        (trace_id(4), "-2", "done"),
        (trace_id(5), "7", "pending"),
    ]
    assert log[0] == {
        "device": "0001-01",
        "bought": "2026-11-21T12:00:02-0500",
        "accepted": "2026-11-21T12:00:05-0500",
        "operation": "post",
        "transaction_id": trace_id(2),
        "of": "",
        "collector": "*2006",
        "before_tax_dollars": "24.97",
        "paid_dollars": "28.22",
        "miles": "5",
        "status": "done",
    }
    assert (log[1]["before_tax_dollars"], log[2]["of"]) == ("", trace_id(2))


def test_the_log_as_json_ends_with_its_totals(flash: Path, tmp_path: Path) -> None:
    output = tmp_path / "log.json"
    tool("bill", flash, "--day", "2026-11-21", "--json", "-o", output)
    log = json.loads(output.read_text("utf-8"))
    assert (log["from"], log["to"]) == (
        "2026-11-21T00:00:00-0500",
        "2026-11-22T00:00:00-0500",
    )
    assert [each["paid_dollars"] for each in log["entries"]] == [
        "28.22",
        "0.00",
        "28.22",
        "28.22",
    ]
    assert log["totals"] == {
        "entries": 4,
        "given_miles": 20,
        "taken_miles": 2,
        "net_miles": 18,
        "pending": 1,
    }


def test_the_end_of_the_log_tells_what_is_not_in_it(flash: Path, tmp_path: Path) -> None:
    done = tool("bill", flash, "--day", "2026-11-21", "-o", tmp_path / "log.csv")
    assert done.stdout.endswith("4 entries, 20 miles given, 2 taken back, net 18\n")
    assert "0001-01 still holds 3 earnings from before the end" in done.stderr
    assert "1 entry deleted without an answer" in done.stderr
    assert "2 earnings that AIR MILES computes left out" in done.stderr
    assert "1 entry accepted, which AIR MILES posts later" in done.stderr


def test_what_air_miles_computes_is_in_it_when_asked_for(
    flash: Path, tmp_path: Path
) -> None:
    log = billed(flash, "--day", "2026-11-21", "--all", output=tmp_path / "log.csv")
    assert [row["operation"] for row in log[4:]] == ["issue", "return"]


def test_what_was_accepted_after_the_end_is_in_the_next_log_and_in_no_other(
    tmp_path: Path,
) -> None:
    late = earning(1, accepted_s=NOON_S + DAY_S)
    path = image(tmp_path / "flash.img", [late])
    today, tomorrow = tmp_path / "today.csv", tmp_path / "tomorrow.csv"
    assert billed(path, "--day", "2026-11-21", output=today, code=3) == []
    assert len(billed(path, "--day", "2026-11-22", output=tomorrow)) == 1
    both = ("--by", "bought", "--force")
    assert len(billed(path, "--day", "2026-11-21", *both, output=today)) == 1
    assert billed(path, "--day", "2026-11-22", *both, output=tomorrow, code=3) == []


@pytest.mark.parametrize(
    ("period", "day", "first_s", "last_s"),
    [
        ("daily", "2026-11-21", MIDNIGHT_S, MIDNIGHT_S + DAY_S),
        ("weekly", "2026-11-15", MIDNIGHT_S - 6 * DAY_S, MIDNIGHT_S + DAY_S),
        ("bi-weekly", "2026-11-21", MIDNIGHT_S, MIDNIGHT_S + 14 * DAY_S),
        ("monthly", "2026-11-01", MIDNIGHT_S - 20 * DAY_S, MIDNIGHT_S + 10 * DAY_S),
        ("monthly", "2026-10-22", MIDNIGHT_S - 30 * DAY_S, MIDNIGHT_S + DAY_S),
        ("monthly", "2026-12-01", MIDNIGHT_S + 10 * DAY_S, MIDNIGHT_S + 41 * DAY_S),
    ],
)
def test_a_period_has_every_moment_from_its_first_to_before_the_next(
    tmp_path: Path, period: str, day: str, first_s: int, last_s: int
) -> None:
    moments = (first_s - 1, first_s, last_s - 1, last_s)
    made = [earning(number, accepted_s=each) for number, each in enumerate(moments, 1)]
    path = image(tmp_path / "flash.img", made)
    words = (path, "--period", period, "--day", day)
    log = billed(*words, output=tmp_path / "log.csv")
    assert [row["transaction_id"] for row in log] == [trace_id(2), trace_id(3)]


def test_an_entry_that_several_pulls_hold_is_in_the_log_once(tmp_path: Path) -> None:
    older = image(tmp_path / "older.img", [earning(1), earning(2, None)])
    newer = image(tmp_path / "newer.img", [earning(1), earning(2)])
    log = billed(older, newer, "--day", "2026-11-21", output=tmp_path / "log.csv")
    assert [row["transaction_id"] for row in log] == [trace_id(1), trace_id(2)]


def test_what_was_parked_and_accepted_later_is_no_contradiction(tmp_path: Path) -> None:
    parked = earning(1, "declined", code="400", decision="later")
    older = image(tmp_path / "older.img", [parked])
    newer = image(tmp_path / "newer.img", [earning(1)])
    for pair in ((older, newer), (newer, older)):
        words = (*pair, "--day", "2026-11-21", "--force")
        assert len(billed(*words, output=tmp_path / "log.csv")) == 1


def test_a_pull_from_before_the_end_is_told(flash: Path, tmp_path: Path) -> None:
    folder = tmp_path / "0001-01"
    source = open_source(flash)
    for name, raw in source.files.items():
        target = folder / "ledger" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(raw or b"")
    (folder / "device.json").write_text(json.dumps(PROFILE))
    done = tool("bill", folder, "--day", "2026-11-21", "-o", tmp_path / "a.csv")
    assert "was pulled before" not in done.stderr
    pulled = {"pulled": "2026-11-21T18:00:00Z", "sha256": _sums(source.files)}
    (folder / "pulled.json").write_text(json.dumps(pulled))
    done = tool("bill", folder, "--day", "2026-11-21", "-o", tmp_path / "b.csv")
    assert f"{folder} was pulled before the span ended" in done.stderr


def _sums(files: dict[str, bytes | None]) -> dict[str, str]:
    return {name: hashlib.sha256(raw or b"").hexdigest() for name, raw in files.items()}


def test_a_number_from_a_reply_is_no_formula(tmp_path: Path) -> None:
    made = earning(1, redemption_number="=HYPERLINK(1)")
    path = image(tmp_path / "flash.img", [made])
    log = billed(path, "--day", "2026-11-21", output=tmp_path / "log.csv")
    assert log[0]["of"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "' =1"),
        ("\uff1d1", "'\uff1d1"),
        ("\ufeff=1", "'\ufeff=1"),
        ("a\rb", "a b"),
        ("-40.00", "-40.00"),
        ("0001-01", "0001-01"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_takes_for_a_formula_gets_an_apostrophe(
    text: str, written: str
) -> None:
    assert report.plain(text) == written


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_no_text_whatever_begins_a_cell_as_a_formula(text: str) -> None:
    cell = io.StringIO()
    report.write_row(cell, [text])
    (read,) = next(csv.reader(io.StringIO(cell.getvalue(), newline="")))
    assert read.lstrip()[:1] not in ("=", "+", "@", "|", "%")
    kept = "".join(" " if letter < " " or letter == "\x7f" else letter for letter in text)
    assert read in (kept, f"'{kept}")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "expected either --day DATE, or both --from and --to"),
        (("--day", "2026-11-31"), "--day 2026-11-31: expected a date"),
        (("--day", "2026-11-29", "--period", "monthly"), "begins on a day from 1 to 28"),
        (("--day", "2026-11-21", "--period", "yearly"), "--period"),
        (("--from", "2026-11-21"), "expected either --day DATE"),
    ],
)
def test_bad_input_is_one_line(
    flash: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    done = tool("bill", flash, *words, "-o", tmp_path / "log.csv")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert said in done.stderr
    assert not (tmp_path / "log.csv").exists()


def test_a_log_is_not_written_over_nor_over_a_ledger(flash: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(flash, tmp_path / "flash.img"))
    words = ("--day", "2026-11-21", "--force")
    assert tool("bill", copy, *words, "-o", copy).returncode == 2
    assert copy.read_bytes() == flash.read_bytes()
    (tmp_path / "log.csv").write_text("kept")
    assert tool("bill", copy, *words[:2], "-o", tmp_path / "log.csv").returncode == 2
    assert (tmp_path / "log.csv").read_text() == "kept"
