"""The program: scripts, their exit status, and one clear line for bad input."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from host_tests.kit.ports import own_port
from host_tests.kit.until import LONG_S
from host_tests.tools.till.scripted import response
from host_tests.tools.till.test_till_links import heard
from tools.till.__main__ import PASSPHRASE, main
from tools.till.links import framed
from tools.till.money import dumps, loads

RECEIPT = {
    "DocumentQualifier": "CustomerReceipt",
    "OutputContent": {"OutputFormat": "Text", "OutputText": [{"Text": "Cash 5000"}]},
}
NUMBER = {"POITransactionID": {"TransactionID": "777", "TimeStamp": "2026-01-30T15:04:06Z"}}


def answered(request: dict[str, Any]) -> dict[str, Any]:
    """What a simple pad says."""
    head = request["MessageHeader"]
    body = request.get(f"{head['MessageCategory']}Request", {})
    if head["MessageCategory"] == "BalanceInquiry":
        return response(request, PaymentReceipt=[RECEIPT])
    if head["MessageCategory"] != "Loyalty":
        return response(request)
    kind = body["LoyaltyTransaction"]["LoyaltyTransactionType"]
    if kind == "Redemption":
        amount = body["LoyaltyData"][0]["LoyaltyAmount"]
        if amount["Value"] > 40:
            return response(request, "PaymentRestriction")
        return response(request, POIData=NUMBER, LoyaltyResult=[{"LoyaltyAmount": amount}])
    if kind == "Award":
        miles = {"LoyaltyUnit": "Point", "Value": 12}
        return response(request, POIData=NUMBER, LoyaltyResult=[{"LoyaltyAmount": miles}])
    return response(request, POIData=NUMBER)


@pytest.fixture
def pad() -> Iterator[list[str]]:
    """The option that names a pad."""
    server = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        with contextlib.suppress(OSError), server.accept()[0] as sock:
            while raw := heard(sock):
                request = loads(raw.decode())["SaleToPOIRequest"]
                sock.sendall(framed(dumps(answered(request)).encode()))

    worker = threading.Thread(target=run, daemon=True)
    worker.start()
    yield ["--tcp", f"127.0.0.1:{server.getsockname()[1]}"]
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    worker.join(LONG_S)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(PASSPHRASE, raising=False)
    return tmp_path


def play(pad: list[str], *lines: str) -> int:
    Path("script").write_text("\n".join(lines))
    return main([*pad, "--script", "script"])


def test_a_sale(pad: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    script = (
        *(
            "# a sale",
            "login --operator 12 --french",
            "item 40 shoes",
            "item 3.35 'wool socks'",
        ),
        *("balance 84095202006", "redeem 40.00", "earn 84095202006", "refund", "totals"),
    )
    assert play(pad, *script) == 0
    printed = capsys.readouterr().out
    for text in (
        "Cash 5000",
        "Discount $40.00.",
        "$3.35",
        "12 miles earned",
        "$40.00 is owed",
    ):
        assert text in printed


def test_a_refusal_ends_the_script(
    pad: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert play(pad, "item 43.35", "redeem 50.00", "totals") == 1
    printed = capsys.readouterr().out
    assert "PaymentRestriction" in printed
    assert "totals" not in printed


@pytest.mark.parametrize(("expected", "code"), [("PaymentRestriction", 0), ("Refusal", 1)])
def test_a_refusal_that_is_expected_does_not(
    pad: list[str], expected: str, code: int
) -> None:
    assert play(pad, "item 43.35", f"expect {expected} redeem 50.00") == code


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ([], "one of --tcp"),
        (["--tcp", "127.0.0.1:1", "--serial", "/dev/x"], "one of --tcp"),
        (["--tcp", "127.0.0.1"], "HOST:PORT"),
        (["--tcp", "127.0.0.1:70000"], "HOST:PORT"),
        (["--https", "pad", "--ca", "missing.pem"], "--ca"),
        (["--tcp", "127.0.0.1:1", "--script", "missing"], "missing: No such file"),
        (["--tcp", "127.0.0.1:1", "--script", "."], ".: Is a directory"),
        (["--tcp", "127.0.0.1:1", "--sale-id", "x" * 25], "--sale-id"),
        (["--tcp", "127.0.0.1:1", "--poi-id", "é"], "--poi-id"),
        (["--tcp", "127.0.0.1:1", "--key", "k"], PASSPHRASE),
        (["--tcp", "127.0.0.1:1", "--journal", "no/folder/x"], "unable to open"),
        (["--tcp", "127.0.0.1:1", "--sale-id", "../../x"], "no file's name"),
        (["--https", "pad", "--ca", __file__], "holds no certificates"),
        (["--tcp", "127.0.0.1:1", "--reply-s", "nan"], "--reply-s"),
        (["--tcp", "127.0.0.1:1", "--reply-s", "-5"], "--reply-s"),
        (["--tcp", "127.0.0.1:1", "--reply-s", "inf"], "--reply-s"),
    ],
)
def test_bad_input_is_one_line(
    words: list[str], text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert text in line


@pytest.mark.parametrize(
    "line",
    [
        *("nonsense", "item 1.234", "item x", "item '3", "wait 9999", "item 1e400"),
        *("item NaN", "item -1", "item 43,35", "item ٤", "item 1_000", "redeem 1e1"),
    ],
)
def test_a_line_that_is_no_command_is_told(
    line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert play(["--tcp", "127.0.0.1:1"], line) == 2
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith(("till", "tools.till"))
    assert "line 1 of the script" in said


def test_a_script_has_an_end(capsys: pytest.CaptureFixture[str]) -> None:
    assert play(["--tcp", "127.0.0.1:1"], "x" * 70000) == 2
    (said,) = capsys.readouterr().err.splitlines()
    assert "larger than 64 KiB" in said


def test_where_a_script_is_wrong_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert play(["--tcp", "127.0.0.1:1"], "item 3.35", "nonsense") == 2
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith('till: line 2 of the script: Unknown command "nonsense"')


def test_a_script_may_ask_for_help_and_leave(capsys: pytest.CaptureFixture[str]) -> None:
    assert play(["--tcp", "127.0.0.1:1"], "help", "quit", "nonsense") == 0
    assert "redeem" in capsys.readouterr().out


def test_a_pad_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with own_port() as port:
        assert play(["--tcp", f"127.0.0.1:{port}"], "diagnosis") == 1
    assert "cannot be reached" in capsys.readouterr().err


def test_a_person_is_told_what_is_wrong_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter(
        ["nonsense", "item 1.234", "item 'x", "", "item 43.35 shoes", "help", "quit"]
    )
    monkeypatch.setattr("builtins.input", lambda _: next(typed))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    assert main(["--tcp", "127.0.0.1:1"]) == 0
    shown = capsys.readouterr()
    assert len(shown.err.splitlines()) == 3
    assert "shoes                        $43.35" in shown.out
    assert "redeem" in shown.out  # of the help
