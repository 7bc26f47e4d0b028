"""What stands around the handheld can be moved: battery, signal, cover, its buttons."""

from __future__ import annotations

from pathlib import Path

from tools.emulator.testing import RunningEmulator
from tools.handheld.client import HandheldClient


def test_both_faces_take_every_event_of_what_stands_around(
    platform: RunningEmulator, shop: Path, tmp_path: Path
) -> None:
    with HandheldClient(shop, tmp_path / "flash.img", ["--line-ms", "0"]) as till:
        till.wait_screen("1 CHECKOUT")
        till.send({"rssi": -83})
        till.press("4")
        till.wait_screen("0 DEVICE")
        till.press("0")
        till.wait_screen("S/N")
        till.press("DOWN", "DOWN", "DOWN")
        till.wait_screen("-83")
        till.send({"battery": 12})
        till.send({"battery": 0})
        till.wait_screen(" " * 20)
        till.send({"power": True})
        till.send({"battery": 90})
        till.power()
        till.wait_screen("1 CHECKOUT")
        till.send({"language": "fr-CA"})
        till.wait_screen("1 ACHAT")
        till.send({"cover": False})
        till.press("4", "2", "1")
        till.wait_screen("ENTER=IMPR.")
        till.press("ENTER")
        till.wait_screen("IMPRIMANTE OUVERTE")
        till.send({"cover": True})
        till.press("ENTER")
        till.wait_slip()
        till.press("CANCEL", "CANCEL")
        till.wait_screen("1 ACHAT")
        till.send({"fault": {"op": "redeem", "fault": "garbage"}})
        till.send({"scan_slip": True})
        till.send({"wait": {"screen": "no such text", "s": 0}})
        till.send({"glitch": True})
        till.press("4")
        till.wait_screen("RAPPORTS")
        logs = [event["log"] for event in till.events if "log" in event]
    assert "the battery is empty: it does not start" in logs
    assert "no barcode has been printed yet" in logs
    assert "it is not the handheld's: fault has no effect" in logs
    assert "no screen with 'no such text' came" in logs


def test_a_board_with_three_buttons_has_no_others(shop: Path, tmp_path: Path) -> None:
    with HandheldClient(shop, tmp_path / "flash.img", ["--board", "m5stack_oled"]) as till:
        till.wait_screen("1 CHECKOUT")
        till.press("1", "UP")  # the first does not exist there, the second shows the choice
        till.wait_screen("[1]")
        till.press("ENTER")
        till.wait_screen("TOTAL WITH TAX")
        till.send({"hold": "DOWN"})  # CANCEL
        till.wait_screen("1 CHECKOUT")
        assert till.complaints == []
