"""A whole checkout and a refund on CircuitPython's names, against the emulated platform.

Board file, drivers, shim and store are the Feather's own, over Adafruit's libraries and a real
FAT drive; TLS, AES and SHA-256 are real.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable
from pathlib import Path

from host_tests.boards.circuitpython.feather import Feather
from host_tests.kit.time_server import TimeServer, kiss_of_death, right, short
from host_tests.kit.until import LONG_S
from tools.emulator.testing import RunningEmulator

CARD = "84095202006"
PowerUp = Callable[[], Feather]


def checkout(board: Feather) -> str:
    """Forty dollars on a basket of 43.35; the confirmation number on the screen."""
    board.sees("CHECKOUT")
    board.press("1")
    board.sees("TOTAL WITH TAX")
    board.key_in("4335")
    board.sees("CARD")
    board.scan(CARD)
    board.sees("REDEEM", "$40.00", "UP/DOWN")
    board.press("ENTER")
    rows = board.sees("APPROVED", "ENTER=GO ON")
    assert rows[0] == "APPROVED      $40.00"
    number = rows[1].split()[-1]
    slip = board.gets_slip(number)
    assert "$40.00" in slip and "$3.35" in slip and CARD not in slip
    board.press("ENTER")
    return number


def refund(board: Feather, number: str) -> None:
    """Gives it back, with the card through the serial reader."""
    board.sees("CHECKOUT")
    board.press("3")
    board.sees("CONFIRMATION")
    board.scan(number)
    board.sees("SWIPE OR SCAN CARD")
    board.swipe(f";{CARD}=99?")
    board.sees("ENTER=YES")
    board.press("ENTER")
    board.sees("$40.00", "ENTER=GO ON")
    board.press("ENTER")


def test_a_checkout_and_its_refund(power_up: PowerUp, platform: RunningEmulator) -> None:
    board = power_up()
    board.says("wifi: up")
    refund(board, checkout(board))
    board.sees("CHECKOUT")
    assert len(platform.requests("redeem")) == len(platform.requests("reverse")) == 1
    assert len(platform.ledger()) == 2
    said = board.cut()
    assert "stopped" not in said and "Traceback" not in said
    assert board.display.complaints.take() == board.printer.complaints.take() == []


def test_the_token_lies_encrypted_on_the_drive_and_serves_the_next_life(
    power_up: PowerUp, platform: RunningEmulator, drive: Path
) -> None:
    for life in range(2):
        board = power_up()
        board.says("wifi: up")
        checkout(board)
        board.sees("CHECKOUT")
        board.cut()
        bearer = platform.requests("inquire")[-1]["headers"]["authorization"]
        token = bearer.removeprefix("Bearer ")
        raw = drive.read_bytes()
        for part in (token, *token.split(".")):
            assert part.encode() not in raw
            assert decoded(part) not in raw
        assert len(platform.requests("token")) == 1, life


def decoded(part: str) -> bytes:
    """What is behind a part of a JWT; the store keeps that instead of the text."""
    return base64.urlsafe_b64decode(part.replace(".", "") + "==")[:16]


def test_a_kiss_of_death_costs_neither_wifi_nor_the_sale_and_is_obeyed(
    power_up: PowerUp, time_server: TimeServer
) -> None:
    time_server.reply = kiss_of_death
    board = power_up()
    board.says("wifi: no time (it refuses)")
    board.says("wifi: up")
    checkout(board)
    assert time_server.asked == 1
    assert "Traceback" not in board.cut()


def test_a_time_server_that_answers_with_nonsense_costs_neither_wifi_nor_the_sale(
    power_up: PowerUp, time_server: TimeServer
) -> None:
    has_told = threading.Event()

    def right_at_last(question: bytes, unix_s: int) -> bytes:
        has_told.set()
        return right(question, unix_s)

    time_server.reply = short
    board = power_up()
    board.says("wifi: no time")
    board.says("wifi: up")
    time_server.reply = right_at_last
    assert has_told.wait(LONG_S)  # it is asked again
    checkout(board)
    assert "Traceback" not in board.cut()
