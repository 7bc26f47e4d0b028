"""Earnings on CircuitPython's names and a FAT drive: offline, cut, sent when it is back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from host_tests.boards.circuitpython.feather import Feather
from tools.emulator.testing import RunningEmulator

CARD = "84095202006"
PowerUp = Callable[[], Feather]


@pytest.fixture
def issuance() -> dict[str, object]:
    return {"family": "amrp", "taxes": [["HST", "13"]]}


def earn(board: Feather) -> str:
    """A sale of $28.22 that earns by itself; what its last screen says."""
    board.sees("CHECKOUT")
    board.press("5")
    board.sees("TOTAL BEFORE TAX")
    board.key_in("2497")
    board.sees("TOTAL WITH TAX")
    board.key_in("2822")
    board.sees("CARD")
    board.scan(CARD)
    first = board.sees("ENTER=GO ON")[0]
    board.press("ENTER")
    return first


def test_an_earning_waits_on_the_drive_and_is_sent_once(
    power_up: PowerUp, platform: RunningEmulator
) -> None:
    board = power_up()
    board.says("wifi: up")
    assert "EARNED" in earn(board)
    board.set_wifi(False)
    board.sees("NO WI-FI")
    assert "WILL BE ADDED" in earn(board)
    board.sees("1 HELD")
    said = board.cut()
    assert "stopped" not in said and "Traceback" not in said
    board = power_up()  # its Wi-Fi is there
    board.says("wifi: up")
    board.sees("1 CHECKOUT", "LINK OK")
    sent = platform.requests("issue")
    assert len(sent) == len({each["headers"]["idempotency-key"] for each in sent}) == 2
    assert len(platform.issuances()) == 2
    assert "Traceback" not in board.cut()
