"""The app as a whole: what stands on a flash that is wrong, and a fault that nobody foresaw."""

from __future__ import annotations

import asyncio
import json

import pytest

from host_tests.kit.board import Board
from host_tests.kit.cashier import CARD
from host_tests.kit.profile import flash_files
from host_tests.kit.virtual_time import story
from milepad import VERSION
from milepad.base.errors import FOREIGN, StorageError
from milepad.transactions.transactions import Transactions

GOOD = flash_files()


def without(*path: str) -> bytes:
    public = json.loads(GOOD["profile.json"])
    del public[path[0]][path[1]]
    return json.dumps(public).encode()


def having(section: str, **keys: object) -> bytes:
    public = json.loads(GOOD["profile.json"])
    public.setdefault(section, {}).update(keys)
    return json.dumps(public).encode()


# what is on the flash instead, and a part of what the log then says
BAD = {
    "no profile": ({"profile.json": None}, "profile.json is missing"),
    "no secret": ({"secret.json": None}, "secret.json is missing"),
    "no authority": ({"ca.der": None}, "ca.der is missing"),
    "empty": ({"profile.json": b""}, "profile.json: expected JSON"),
    "not JSON": ({"profile.json": b"hello"}, "profile.json: expected JSON"),
    "not UTF-8": ({"profile.json": b"\xff\xfe"}, "profile.json: expected JSON"),
    "cut short": ({"profile.json": GOOD["profile.json"][:-40]}, "expected JSON"),
    "too large": ({"profile.json": b" " * 9000}, "profile.json is too large"),
    "deep": ({"profile.json": b"[" * 8000}, "profile.json: expected JSON"),
    "a list": ({"profile.json": b"[]"}, "expected"),
    "a number": ({"profile.json": b"1"}, "expected"),
    "null": ({"profile.json": b"null"}, "expected"),
    "platform is a list": ({"profile.json": b'{"platform": []}'}, "expected"),
    "platform is text": ({"profile.json": b'{"platform": "x"}'}, "expected"),
    "secret is a list": ({"secret.json": b"[]"}, "secret.json: expected client_secret"),
    "secret is a number": ({"secret.json": b'{"client_secret": 5}'}, "client_secret"),
    "secret is empty": ({"secret.json": b'{"client_secret": ""}'}, "client_secret"),
    "secret is null": ({"secret.json": b"null"}, "secret.json: expected client_secret"),
    "a key is missing": ({"profile.json": without("partner", "store_id")}, "store_id"),
    "a key is unknown": ({"profile.json": having("partner", shop_id="1")}, "shop_id"),
    "a section is unknown": ({"profile.json": having("partners", a="1")}, "partners"),
    "a wrong type": ({"profile.json": having("cashier", idle_s="60")}, "idle_s"),
    "a wrong language": ({"profile.json": having("cashier", language="de")}, "language"),
    "a wrong zone": ({"profile.json": having("time", zone="Toronto")}, "zone"),
    "no TLS": ({"profile.json": having("platform", base_url="http://h")}, "base_url"),
}


@pytest.mark.parametrize("case", BAD)
@story
async def test_bad_settings_on_the_flash_are_named_and_nothing_crashes(case, monkeypatch):
    changes, said = BAD[case]
    files = {k: v for k, v in {**GOOD, **changes}.items() if v is not None}
    board = Board(files)
    task = board.boot(monkeypatch)
    rows = await board.sees("SETTINGS ARE WRONG", "PROVISION AGAIN")
    assert board.lines[-1].startswith("profile: ") and said in board.lines[-1]
    told = " ".join(row.strip() for row in rows[1:3]).strip()  # broken between two words
    assert told and board.lines[-1].startswith(f"profile: {told}")
    assert not any("very-secret" in line for line in board.lines)
    # the technician repairs it and presses a key
    board.files.contents = dict(GOOD)
    await board.press("ENTER")
    await board.sees("1 CHECKOUT")
    assert not task.done()
    task.cancel()


@story
async def test_a_start_shows_which_firmware_on_which_board_and_whose_device(monkeypatch):
    board = Board()
    task = board.boot(monkeypatch)
    await board.sees("1 CHECKOUT")
    starting = next(rows for rows in board.display.screens if rows[0] == "STARTING")
    assert [row.strip() for row in starting] == [
        "STARTING",
        "DÉMARRAGE",
        "test board",
        f"MILEPAD {VERSION}",
    ]
    identity = next(rows for rows in board.display.screens if "STORE" in rows[2])
    assert identity == [
        f"MILEPAD {VERSION}",
        "test board",
        "STORE           0001",
        "DEVICE           001",
    ]
    task.cancel()


class BrokenFiles:
    """A flash on which nothing is found that a filesystem knows."""

    def __getattr__(self, name: str) -> None:
        raise StorageError(FOREIGN, "not littlefs2; nothing was changed")


@story
async def test_a_flash_that_is_no_filesystem_is_told_until_it_is_one(monkeypatch):
    board = Board()
    good, board.files = board.files, BrokenFiles()  # type: ignore[assignment]
    task = board.boot(monkeypatch)
    rows = await board.sees("STORAGE FAILED")
    assert rows[1:] == ["STORAGE: NOT OURS", "NO REDEMPTION", "CALL FOR SERVICE"]
    assert board.lines == ["storage: foreign (not littlefs2; nothing was changed)"]
    board.files = good
    await board.press("ENTER")
    await board.sees("1 CHECKOUT")
    task.cancel()


@pytest.mark.parametrize(
    "fault", [MemoryError, KeyError("x"), OSError(5), TypeError("very-secret " + CARD)]
)
@story
async def test_a_fault_that_nobody_foresaw_does_not_end_the_device(fault, monkeypatch):
    board = Board()
    task = board.boot(monkeypatch)
    await board.sees("1 CHECKOUT")

    async def inquire(self: object, sale: object) -> None:
        raise fault

    monkeypatch.setattr(Transactions, "inquire", inquire)
    await board.press("2")
    await board.sees("CARD")
    board.scanner.emit("scan", CARD)
    await board.sees("FAULT: STARTED AGAIN")
    assert board.lines[-1] == "stopped: " + (
        fault.__name__ if isinstance(fault, type) else type(fault).__name__
    )
    await board.press("ENTER")
    await board.sees("1 CHECKOUT")
    assert not task.done()
    task.cancel()


@story
async def test_a_reader_that_fails_starts_again_by_itself(monkeypatch):
    board = Board()
    runs = []

    async def run(emit: object) -> None:
        runs.append(emit)
        if len(runs) < 3:
            raise OSError(5)
        await asyncio.Event().wait()

    board.scanner.run = run  # type: ignore[method-assign]
    task = board.boot(monkeypatch)
    await asyncio.sleep(5)
    assert len(runs) == 3
    assert board.lines == ["input: OSError", "input: OSError"]
    assert board.screen[0] == "1 CHECKOUT"
    task.cancel()


@story
async def test_a_device_without_its_display_goes_on_and_says_so(monkeypatch):
    board = Board()
    board.display.is_there = False
    task = board.boot(monkeypatch)
    await asyncio.sleep(1)
    assert board.lines == ["display: nothing at I2C 0x27"]
    assert not task.done()
    task.cancel()


@story
async def test_noise_of_a_reader_is_logged_without_what_was_read(monkeypatch):
    board = Board()
    task = board.boot(monkeypatch)
    await board.sees("1 CHECKOUT")
    board.scanner.emit("noise", "too long")
    await asyncio.sleep(0.1)
    assert board.lines == ["reader: too long"]
    assert "error" in board.buzzer.sounds
    task.cancel()


@story
async def test_the_profiles_settings_reach_the_parts(monkeypatch):
    printer = {"baud": 19200, "status": False}
    cashier = {"language": "fr-CA", "idle_s": 7}
    board = Board(flash_files(printer=printer, cashier=cashier))
    task = board.boot(monkeypatch)
    await board.sees("1 ACHAT")
    assert (board.printer.baud, board.printer.has_status) == (19200, False)
    await board.press("1")
    await board.sees("TOTAL AVEC TAXES")
    await asyncio.sleep(6.5)
    assert board.screen[0] == "TOTAL AVEC TAXES"
    await board.sees("1 ACHAT", within_s=1)
    task.cancel()
