"""What a file plainly means is read, whichever program it went through on its way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.tools.ledger.making import detail, document, tool
from tools.ledger.details import Detail
from tools.ledger.errors import LedgerToolError
from tools.ledger.reader import Reader

GOOD = document([detail(1), detail(2, "V"), detail(3, miles=95)])
SPREADSHEET = """\
H1;SPON;20261121;0;-500;20261122;0;-500;
H2;MILEPAD1;20261122;1500;;;;;
D;R;20261121;120000;100000001;20000000001;;380;SPON000101
D;V;20261121;93000;100000002;20000000002;;380;SPON000101
T1;1;380;;;;;;
T2;1;380;;;;;;
"""


def read(path: Path, without_trailers: bool = False) -> list[Detail]:
    with Reader(path, without_trailers) as reader:
        return list(reader.details())


def kept(folder: Path, raw: bytes) -> Path:
    path = folder / "theirs.txt"
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize(
    "raw",
    [
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("\n", "\r").encode(),
        GOOD.encode("utf-8-sig"),
        GOOD.encode("utf-16"),
        GOOD.encode("utf-16-le"),
        GOOD.encode("utf-16-be"),
        ("\ufeff" + GOOD.replace("\n", "\r\n")).encode("utf-16-be"),
        GOOD.encode("utf-32"),
        ("\n" + GOOD.replace("\n", "\n\n") + "\n \t\n").encode(),
        GOOD.replace("\n", "  \t \n").encode(),
        GOOD.replace("\n", "\n  ").encode(),
        GOOD.replace("%%380%%", " %%380 %%  ").encode(),
        GOOD.removesuffix("\n").encode(),
        (GOOD + "\x1a").encode(),
        GOOD.replace("\n", " " * 700 + "\n").encode(),
    ],
    ids=[
        "CR LF", "CR", "BOM", "UTF-16", "UTF-16 LE unmarked", "UTF-16 BE unmarked",
        "UTF-16 BE CR LF", "UTF-32", "blank lines", "trailing blanks", "indented", "padded",
        "no final newline", "DOS end of file", "very many blanks",
    ],
)  # fmt: skip
def test_what_is_plain_is_read(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "good.txt"
    path.write_text(GOOD)
    assert read(kept(tmp_path, raw)) == read(path)


@given(
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]),
    st.lists(st.sampled_from(["", " ", "\t", "  \t"]), min_size=7, max_size=7),
    st.integers(0, 3),
    st.booleans(),
)
def test_all_of_it_together_is_read(
    tmp_path: Path, end: str, encoding: str, blanks: list[str], empty: int, ended: bool
) -> None:
    lines = [line + after for line, after in zip(GOOD.splitlines(), blanks, strict=True)]
    text = (end * (1 + empty)).join(lines) + (end if ended else "")
    assert [each.miles for each in read(kept(tmp_path, text.encode(encoding)))] == [
        380,
        380,
        95,
    ]


def test_the_lines_of_a_problem_are_the_files_own(tmp_path: Path) -> None:
    text = GOOD.replace("\n", "\r\n\r\n").replace("%%V%%", "%%X%%")
    with pytest.raises(LedgerToolError, match="line 7: kind: expected R or V"):
        read(kept(tmp_path, text.encode()))


def test_a_file_without_trailers_is_read_when_asked_for(tmp_path: Path) -> None:
    path = kept(tmp_path, GOOD[: GOOD.index("T1")].encode())
    done = tool("match", path, path)
    assert done.returncode == 2
    assert "line 6: the file ends here; expected a T1 record; it may be cut" in done.stderr
    done = tool("match", path, path, "--without-trailers")
    assert done.returncode == 0
    assert (
        f"warning: {path}: no trailers; nothing tells whether it is whole\n" in done.stderr
    )


def test_trailers_that_are_there_are_checked_even_so(tmp_path: Path) -> None:
    path = kept(tmp_path, GOOD.replace("T1%%2", "T1%%3").encode())
    with pytest.raises(LedgerToolError, match="redeemed count is 3; the details give 2"):
        read(path, without_trailers=True)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("quoted", [False, True])
def test_a_file_that_a_spreadsheet_saved_is_read(
    tmp_path: Path, delimiter: str, quoted: bool
) -> None:
    lines = SPREADSHEET.splitlines()
    if quoted:
        lines = [";".join(f'"{cell}"' for cell in line.split(";")) for line in lines]
    text = "\r\n".join(lines).replace(";", delimiter)
    with Reader(kept(tmp_path, text.encode("utf-8-sig"))) as reader:
        assert reader.span == (1795237200, 1795237200 + 86400)
        assert list(reader.details()) == [
            Detail("R", "20261121", "120000", "000100000001", "20000000001", "", 380,
                   "SPON000101"),
            Detail("V", "20261121", "093000", "000100000002", "20000000002", "", 380,
                   "SPON000101"),
        ]  # fmt: skip


def test_what_a_spreadsheet_spoilt_is_told_with_the_remedy(tmp_path: Path) -> None:
    spoilt = SPREADSHEET.replace("100000002", "1,00E+11").replace("20000000001", "2E+10")
    with pytest.raises(LedgerToolError) as caught:
        read(kept(tmp_path, spoilt.encode()))
    first, second = str(caught.value).splitlines()
    assert "line 3: confirmation: expected letters or digits; a spreadsheet may" in first
    assert "line 4: trace id: expected digits; a spreadsheet may" in second


def test_every_file_and_ledger_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    noise, empty, bad = (tmp_path / name for name in ("noise.img", "empty.txt", "bad.txt"))
    noise.write_bytes(b"littlefs" * 512)
    empty.write_bytes(b"")
    bad.write_text(GOOD.replace("%%V%%", "%%X%%").replace("SPON000101", "", 1))
    words = (noise, tmp_path, "--theirs", empty, bad, tmp_path / "none.txt")
    done = tool("match", *words)
    assert (done.returncode, done.stdout) == (2, "")
    said = [line.removeprefix("tools.ledger match: ") for line in done.stderr.splitlines()]
    assert [line.split(":")[0] for line in said] == [
        f"{noise}", f"{tmp_path}", f"{empty}, line 1", f"{bad}, line 3", f"{bad}, line 4",
        f"{tmp_path}/none.txt",
    ]  # fmt: skip


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        for words in (("show", path), ("match", path, path)):
            done = tool(*words)
            assert done.returncode == 2
            assert f"{path}: not a regular file\n" in done.stderr


def test_a_line_without_an_end_needs_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    with path.open("wb") as file:
        file.write(b"H1%%")
        for _ in range(64):
            file.write(b"%" * (1 << 16))
    with pytest.raises(LedgerToolError, match="line 1: the line is longer than 512"):
        read(path)


def test_ledgers_that_can_be_read_are_shown_beside_one_that_cannot(
    flash: Path, tmp_path: Path
) -> None:
    done = tool("show", tmp_path / "none", flash, flash, "--csv")
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 57
    assert done.stderr == (
        f"tools.ledger show: {tmp_path}/none: No such file or directory\n"
        f"tools.ledger show: {flash}: given twice; leave one out\n"
    )
