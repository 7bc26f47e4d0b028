"""`python -m tools.ledger` as a user runs it: words, exit statuses, what is printed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from host_tests.tools.ledger.making import (
    MIDNIGHT_S,
    NUMBER,
    PROFILE,
    ROOT,
    detail,
    document,
    entry,
    image,
    tool,
)

COMMANDS = ("show", "pull", "reconcile", "match")


def test_help_leads_from_an_image_to_a_report() -> None:
    done = tool("--help")
    assert done.returncode == 0
    at = [done.stdout.index(f"python -m tools.ledger {name} ") for name in ("pull", "show")]
    at += [done.stdout.index(f"tools.ledger {name} ") for name in ("reconcile", "match")]
    assert at == sorted(at)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_subcommand_has_examples(name: str) -> None:
    done = tool(name, "--help")
    assert done.returncode == 0
    assert f"examples:\n  python -m tools.ledger {name} " in done.stdout


def test_from_an_image_to_a_matched_report(flash: Path, tmp_path: Path) -> None:
    ours = tmp_path / "ours.txt"
    wrote = tool("reconcile", flash, "--day", "2026-11-21", "-o", ours)
    assert (wrote.returncode, wrote.stdout) == (
        0,
        f"{ours}: 51 details, net 25365 miles, $1960.00\n",
    )
    matched = tool("match", flash, ours)
    assert matched.returncode == 0, matched.stdout
    assert re.search(
        r"^matched +51 +25365 +25365 +1960.00 +2670.00$", matched.stdout, re.MULTILINE
    )


def test_the_file_of_a_day(flash: Path, tmp_path: Path) -> None:
    ours = tmp_path / "ours.txt"
    done = tool("reconcile", flash, "--day", "2026-11-21", "-o", ours)
    lines = ours.read_text("ascii").splitlines()
    assert lines[0] == "H1%%SPON%%20261121%%000000%%-0500%%20261122%%000000%%-0500"
    assert re.fullmatch("H2%%MILEPAD1%%[0-9]{8}%%[0-9]{6}", lines[1])
    assert lines[2] == detail(1, time="120001")
    assert lines[51] == (
        "D%%V%%20261121%%120050%%000100000050%%20000000050%%20000000049%%380%%SPON000101"
    )
    assert lines[53:] == ["T1%%50%%25745", "T2%%1%%380"]
    assert done.stderr == (
        "warning: 2 unresolved, not in the file; match will tell what became of them: "
        "000100000053, 000100000054\n"
    )


def test_no_collector_number_is_printed_or_written(flash: Path, tmp_path: Path) -> None:
    ours = tmp_path / "ours.txt"
    said = [
        tool("show", flash),
        tool("show", flash, "--csv"),
        tool("show", flash, "--json"),
        tool("reconcile", flash, "--day", "2026-11-21", "-o", ours),
        tool("match", flash, ours, "--json"),
    ]
    texts = "".join(each.stdout + each.stderr for each in said) + ours.read_text()
    assert NUMBER not in texts and "*******2006" in texts


def test_show_as_json_lines(flash: Path) -> None:
    rows = [json.loads(line) for line in tool("show", flash, "--json").stdout.splitlines()]
    assert len(rows) == 56
    assert rows[0] == {
        "source": str(flash), "entry": 1, "when": "2026-11-21T12:00:01-0500", "op": "redeem",
        "outcome": "approved", "code": "0000", "dollars": "40.00", "miles": 380,
        "collector": "*******2006", "trace_id": "000100000001",
        "confirmation": "20000000001", "reverses": "", "decision": "", "mismatch": "",
        "earning": "", "basket_dollars": "",
    }  # fmt: skip


def test_show_only_what_is_unresolved(flash: Path) -> None:
    lines = tool("show", flash, "--unresolved", "--csv").stdout.splitlines()
    assert [line.split(",")[4] for line in lines] == ["outcome", "unknown", "open"]


def test_a_table_hides_nothing_of_a_long_name(tmp_path: Path) -> None:
    name = "a-rather-long-name-" * 6 + ".img"
    path = image(tmp_path / name, [entry(1)])
    shown = tool("show", path).stdout
    assert "…" not in shown and "000100000001" in shown


def test_the_next_day_is_another_file(flash: Path, tmp_path: Path) -> None:
    ours = tmp_path / "ours.txt"
    tool("reconcile", flash, "--day", "2026-11-22", "-o", ours)
    assert ours.read_text().splitlines()[2] == detail(56, date="20261122", time="000000")


def test_daylight_saving_moves_the_cut_off(tmp_path: Path) -> None:
    summer = image(
        tmp_path / "summer.img", [entry(1, unix_s=1782880200)]
    )  # 2026-07-01T04:30Z
    for words, date in (
        ((), "20260630"),
        (("--zone", "EST5EDT,M3.2.0,M11.1.0"), "20260701"),
    ):
        ours = tmp_path / f"{date}.txt"
        day = f"{date[:4]}-{date[4:6]}-{date[6:]}"
        tool("reconcile", summer, "--day", day, "-o", ours, *words)
        assert f"D%%R%%{date}%%" in ours.read_text()


def test_a_resubmission_covers_another_span(flash: Path, tmp_path: Path) -> None:
    ours = tmp_path / "ours.txt"
    span = ("--from", "2026-11-21T12:00:10", "--to", "2026-11-21T12:00:20")
    tool("reconcile", flash, *span, "-o", ours)
    lines = ours.read_text().splitlines()
    assert lines[0] == "H1%%SPON%%20261121%%120010%%-0500%%20261121%%120020%%-0500"
    assert len(lines) == 4 + 10


def test_two_devices_make_one_file_in_order_of_time(tmp_path: Path) -> None:
    one = image(tmp_path / "one.img", [entry(1), entry(3)])
    two = image(tmp_path / "two.img", [entry(2, prefix="0002")])
    ours = tmp_path / "ours.txt"
    tool("reconcile", two, one, "--day", "2026-11-21", "-o", ours)
    traces = [line.split("%%")[4] for line in ours.read_text().splitlines()[2:5]]
    assert traces == ["000100000001", "000200000002", "000100000003"]


def test_differences_end_with_status_1(flash: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.txt"
    theirs.write_text(document([detail(1, time="120001")]))
    done = tool("match", flash, theirs)
    assert done.returncode == 1
    assert re.search(r"^ours only +50 ", done.stdout, re.MULTILINE)


def test_files_of_many_days_on_both_sides(tmp_path: Path) -> None:
    paths = []
    for day in (21, 22):
        path = tmp_path / f"{day}.txt"
        path.write_text(
            document([detail(day, date=f"202611{day}")], f"202611{day}", f"202611{day + 1}")
        )
        paths.append(path)
    done = tool("match", *paths, "--theirs", *paths)
    assert done.returncode == 0
    assert re.search(r"^matched +2 +760 +760 +80.00 +80.00$", done.stdout, re.MULTILINE)


def bad(tmp_path: Path, flash: Path) -> dict[str, tuple[tuple[str | Path, ...], str]]:
    """{case: (words, what is said)}."""
    noise, none, cut = tmp_path / "noise", tmp_path / "none", tmp_path / "cut.txt"
    noise.write_bytes(bytes(range(256)) * 64)
    cut.write_text(document([detail(1)])[:-5])
    day = ("--day", "2026-11-21", "-o", tmp_path / "o.txt")
    long = ("--terminal-id", "{sponsor_code}{store_id}{device_id}0123456789")
    return {
        "no words": ((), "expected a command: show, pull, reconcile, match, earnings, bill; see"),
        "unknown": (("shout",), 'Unknown command "shout"'),
        "missing image": (("show", none), f"{none}: No such file or directory"),
        "noise": (("show", noise), f"{noise}: holds no littlefs2 filesystem"),
        "folder": (("show", tmp_path), f"{tmp_path}: no pulled folder; expected a folder"),
        "no span": (("reconcile", flash, "-o", none), "expected either --day DATE, or both"),
        "wrong day": (("reconcile", flash, *day[2:], "--day", "1/2/26"), "--day 1/2/26: expect"),
        "long id": (("reconcile", flash, *day, *long), f"{flash}: terminal id has 20 char"),
        "odd id": (("reconcile", flash, *day, "--terminal-id", "{x}"), "--terminal-id: {x} is"),
        "sponsor": (("reconcile", flash, *day, "--sponsor", "A B"), "--sponsor: sponsor code: e"),
        "exists": (("reconcile", flash, *day[:3], cut), f"{cut}: exists; --force writes over"),
        "no folder": (("reconcile", flash, *day[:3], none / "x"), f"{none / 'x'}: No such file"),
        "no theirs": (("match", flash), "expected a file from AIR MILES after ours"),
        "cut theirs": (("match", flash, cut), f"{cut}, line 5: the line is cut"),
        "noise theirs": (("match", flash, noise), f"{noise}, line 1: holds bytes that"),
        "work dir": (("match", cut, cut, "--work-dir", none), f"{none}"),
        "zone": (("match", cut, cut, "--zone", "X"), "--zone: zone: expected a POSIX zone"),
        "offset": (("match", cut, cut, "--offset", "5h"), "Invalid value for --offset"),
    }  # fmt: skip


with tempfile.TemporaryDirectory() as _folder:
    CASES = tuple(bad(Path(_folder), Path(_folder)))


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_answered_by_one_line(case: str, flash: Path, tmp_path: Path) -> None:
    words, said = bad(tmp_path, flash)[case]
    done = tool(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert said in done.stderr and done.stderr.startswith("tools.ledger")


def test_a_device_without_a_profile_needs_a_terminal_id(tmp_path: Path) -> None:
    bare = image(tmp_path / "bare.img", [entry(1)], files={})
    words = ("reconcile", bare, "--day", "2026-11-21", "-o", tmp_path / "ours.txt")
    assert "no profile tells who this device is; give --terminal-id" in tool(*words).stderr
    given = ("--terminal-id", "LOY1000107", "--sponsor", "LOY1")
    assert tool(*words, *given).returncode == 0
    assert (tmp_path / "ours.txt").read_text().splitlines()[2].endswith("%%LOY1000107")


def test_an_approval_without_miles_is_told(tmp_path: Path) -> None:
    odd = image(tmp_path / "odd.img", [entry(1, miles=0, unix_s=MIDNIGHT_S)])
    done = tool("reconcile", odd, "--day", "2026-11-21", "-o", tmp_path / "ours.txt")
    assert "warning: 1 approved without a number of miles" in done.stderr


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.txt"
    theirs.write_text(document([detail(number) for number in range(5000)]))
    words = [sys.executable, "-m", "tools.ledger", "match", theirs, theirs, "--json"]
    process = subprocess.Popen(
        words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline().startswith('{"status": "matched"')
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(60) == 0


def test_a_person_at_a_terminal_sees_progress(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.txt"
    theirs.write_text(document([detail(number) for number in range(9000)]))
    near, far = os.openpty()
    words = [sys.executable, "-m", "tools.ledger", "match", theirs, theirs, "--csv"]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=far)
    os.close(far)
    said = b""
    while raw := _read(near):
        said += raw
    os.close(near)
    assert process.wait(60) == 0
    for title in (b"reading files, ours", b"reading files, theirs", b"comparing"):
        assert title in said


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # EIO: the other side is closed
        return b""


@pytest.mark.parametrize("form", ["--csv", "--json"])
def test_a_card_that_was_taken_for_a_slip_is_masked_in_what_is_shown(
    tmp_path: Path, form: str
) -> None:
    other, odd, proved, own = "81000000010", "81111111111", "84000000009", "84000000016"

    def reversal(number: int, outcome: str | None, of: str) -> dict[str, Any]:
        return {**entry(number, outcome, op="reverse"), "redemption_number": of}

    sale = entry(1)
    sale["result"]["confirmation_number"] = own
    flash = image(
        tmp_path / "flash.img",
        [
            sale,
            reversal(2, "declined", other),
            reversal(3, "unknown", odd),
            reversal(4, "approved", proved),
            reversal(5, "unknown", own),
            reversal(6, None, "20000000001"),
        ],
    )
    shown = tool("show", flash, form).stdout
    assert other not in shown and odd not in shown
    assert "*******0010" in shown and "*******1111" in shown
    for number in (proved, own, "20000000001"):  # these are confirmation numbers
        assert number in shown


def test_what_a_card_is_is_as_the_devices_profile_says(tmp_path: Path) -> None:
    number = "7000000000000000"
    reversal = {**entry(1, "unknown", op="reverse"), "redemption_number": number}
    rules = {"length": 16, "first_digit": "7", "offset": True, "colour": "red"}
    profile = json.dumps({**PROFILE, "card": rules})
    flash = image(tmp_path / "flash.img", [reversal], files={"profile.json": profile})
    assert number not in tool("show", flash, "--csv").stdout
