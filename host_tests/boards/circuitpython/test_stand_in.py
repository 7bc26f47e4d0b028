"""The stand-in is as unkind as CircuitPython: what is missing there is missing here."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from host_tests.boards.circuitpython import names
from host_tests.boards.circuitpython.feather import Feather, make_drive
from milepad.ledger.stores import ring

Run = Callable[[str], str]
# A statement, and the error that it ends with on CircuitPython.
REFUSED = [
    ("import time; time.gmtime(0)", "AttributeError"),
    ("import time; time.ticks_ms()", "AttributeError"),
    ("import time; time.localtime(0)", "OverflowError"),
    ("import time; time.localtime(946684799)", "OverflowError"),
    ("import time; time.mktime((1999, 12, 31, 0, 0, 0, 0, 0, -1))", "OverflowError"),
    ("import time; time.mktime((2026, 1, 1, 0, 0, 0, 0, 0))", "TypeError"),
    ("import time; time.sleep(-1)", "ValueError"),
    ("from hashlib import sha256", "ImportError"),
    ("import hashlib; hashlib.new('md5', b'')", "ValueError"),
    ("import os; os.ilistdir('/')", "AttributeError"),
    ("import gc; gc.threshold(1)", "AttributeError"),
    ("import sys; sys.print_exception(ValueError())", "AttributeError"),
    ("import sys; sys.argv", "AttributeError"),
    ("import asyncio; asyncio.Queue()", "AttributeError"),
    ("import cryptolib", "ImportError"),
    ("import vfs", "ImportError"),
    ("import socket", "ImportError"),
    ("import machine", "ImportError"),
    ("import typing", "ImportError"),
    ("from cryptolib import aes", "ImportError"),
    ("import aesio; aesio.AES(bytes(16), aesio.MODE_CBC)", "TypeError"),
    (
        "import aesio; aesio.AES(bytes(16), aesio.MODE_CBC, bytes(16))"
        ".encrypt_into(bytes(15), bytearray(15))",
        "ValueError",
    ),
]
_TRY = """
try:
    exec({statement!r})
    print("passed")
except Exception as fault:
    print(type(fault).__name__)
"""
_MORE = """
import time, hashlib, aesio, asyncio, binascii
then = time.localtime(1767225600)
print(time.localtime()[:3], then[:6], time.mktime(then))
print(binascii.hexlify(hashlib.new("sha256", b"abc").digest()).decode())
out = bytearray(16)
key, vector = bytes(range(16)), bytes(16)
aesio.AES(key, aesio.MODE_CBC, vector).encrypt_into(b"sixteen bytes it", out)
print(binascii.hexlify(out).decode())
print(asyncio.sleep_ms is not None, asyncio.wait_for_ms is not None)
"""


@pytest.fixture(scope="module")
def run(firmware_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """What the console says of a program that is on the drive."""

    def run(program: str) -> str:
        here = tmp_path_factory.mktemp("probe")
        shutil.copytree(firmware_folder / "lib", here / "drive" / "lib")
        (here / "drive" / "probe.py").write_text(program, "utf-8")
        image = make_drive(here / "drive.img", here / "drive")
        return Feather(image, run="/probe.py", boot=False).end()

    return run


@pytest.fixture(scope="module")
def refusals(run: Run) -> list[str]:
    return run("".join(_TRY.format(statement=line) for line, _ in REFUSED)).splitlines()


@pytest.mark.parametrize(
    ("number", "error"),
    [(number, error) for number, (_, error) in enumerate(REFUSED)],
    ids=[line for line, _ in REFUSED],
)
def test_it_refuses(refusals: list[str], number: int, error: str) -> None:
    assert refusals[number] == error


def test_a_module_offers_exactly_circuitpythons_names(run: Run) -> None:
    show = "import {0}; print(' '.join(n for n in dir({0}) if n[0] != '_'))\n"
    shown = run("".join(show.format(name) for name in names.RESTRICTED)).splitlines()
    for name, line in zip(names.RESTRICTED, shown, strict=True):
        assert set(line.split()) == names.names(name), name


def test_time_digests_and_ciphers_are_real(run: Run) -> None:
    from hashlib import sha256

    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    times, digest, enciphered, has_both = run(_MORE).splitlines()
    assert times == "(2000, 1, 1) (2026, 1, 1, 0, 0, 0) 1767225600"
    assert digest == sha256(b"abc").hexdigest()
    aes = Cipher(algorithms.AES(bytes(range(16))), modes.CBC(bytes(16))).encryptor()
    assert enciphered == (aes.update(b"sixteen bytes it") + aes.finalize()).hex()
    assert has_both == "True True"


_SHOW_PORT = """
for module, name in {classes!r}:
    thing = getattr(__import__(module), name)
    print(module, name, *[n for n in dir(thing) if n[0] != '_'])
"""
CLASSES = [
    ("digitalio", "DigitalInOut"),
    ("busio", "I2C"),
    ("busio", "UART"),
    ("pwmio", "PWMOut"),
    ("watchdog", "WatchDogTimer"),
    ("rtc", "RTC"),
    ("wifi", "Radio"),
    ("socketpool", "SocketPool"),
    ("socketpool", "Socket"),
    ("ssl", "SSLContext"),
    ("ssl", "SSLSocket"),
]


def test_the_ports_classes_offer_nothing_that_the_stubs_have_not(run: Run) -> None:
    for line in run(_SHOW_PORT.format(classes=CLASSES)).splitlines():
        module, name, *members = line.split()
        assert set(members) - names.members(module, name) == set(), name


_ROOM = """
import os
from boards.feather_circuitpython.board import _LEDGER_CELLS, _QUEUE_CELLS
drive = os.statvfs("/")
print(drive[0] * drive[3], _LEDGER_CELLS, _QUEUE_CELLS)
"""


def test_a_full_ledger_and_a_full_queue_fit_on_the_drive_beside_the_firmware(
    drive: Path, tmp_path: Path
) -> None:
    folder = drive.with_suffix("")
    (folder / "probe.py").write_text(_ROOM, "utf-8")
    board = Feather(make_drive(tmp_path / "probed.img", folder), run="/probe.py")
    free_bytes, cells, queue_cells = map(int, board.end().split())
    ledger_bytes = cells * ring._FAT_CELL_BYTES + 9 * 1024  # with its values
    queue_bytes = queue_cells * 512 + 9 * 1024
    assert free_bytes - ledger_bytes - queue_bytes > 0, (free_bytes, ledger_bytes)


_CELLS = """
from boards.feather_circuitpython.board import Board
class Files:
    def stat(self, path):
        return (0x8000, 0, 0, 0, 0, 0, {size}, 0, 0, 0)
class Before:
    files = Files()
print(Board._ledger_cells(Before()))
"""


@pytest.mark.parametrize(
    ("size", "cells"), [(ring.fat_bytes(360), "360"), (ring.fat_bytes(361), "1000")]
)
def test_a_ledger_of_earlier_firmware_keeps_its_size_from_the_first_cell_more(
    drive: Path, tmp_path: Path, size: int, cells: str
) -> None:
    folder = drive.with_suffix("")
    (folder / "probe.py").write_text(_CELLS.format(size=size), "utf-8")
    board = Feather(make_drive(tmp_path / "probed.img", folder), run="/probe.py")
    assert board.end().split() == [cells]


# A name that CircuitPython lacks, put back into a file of the firmware.
MUTATIONS = [
    (
        "milepad/base/compat.py",
        "_EPOCH_OFFSET_S = 0",
        "_EPOCH_OFFSET_S = time.gmtime(0)[5]",
    ),
    (
        "milepad/profile/files.py",
        "import json\n",
        "import json\nfrom hashlib import sha256 as own\n",
    ),
    (
        "milepad/link/token_store.py",
        "b2a_base64, crc32\n",
        "b2a_base64, crc32\nfrom cryptolib import aes\n",
    ),
]


@pytest.mark.parametrize(
    ("file", "line", "mutated"), MUTATIONS, ids=[m[0] for m in MUTATIONS]
)
def test_firmware_that_asks_for_a_missing_name_does_not_come_up(
    drive: Path, tmp_path: Path, file: str, line: str, mutated: str
) -> None:
    folder = drive.with_suffix("")
    path = folder / file
    text = path.read_text("utf-8")
    assert line in text
    path.write_text(text.replace(line, mutated), "utf-8")
    board = Feather(make_drive(tmp_path / "mutated.img", folder))
    board.says_any("AttributeError", "ImportError")
    with pytest.raises(AssertionError):
        board.sees("CHECKOUT", within_s=1)
    board.cut()
