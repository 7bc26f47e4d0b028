"""What stands around the handheld can be moved: battery, signal, cover, its buttons."""

from __future__ import annotations

from pathlib import Path

from tools.emulator.testing import RunningEmulator
from tools.handheld.client import HandheldClient


def test_both_faces_take_every_event_of_what_stands_around(
    platform: RunningEmulator, shop: Path, tmp_path: Path
) -> None:
    with HandheldClient(shop, tmp_path / "flash.img", ["--line-ms", "0"]) as handheld:
        handheld.wait_screen("1 CHECKOUT")
        handheld.send({"rssi": -83})
        handheld.press("4")
        handheld.wait_screen("0 DEVICE")
        handheld.press("0")
        handheld.wait_screen("S/N")
        handheld.press("DOWN", "DOWN", "DOWN")
        handheld.wait_screen("-83")
        handheld.send({"battery": 12})
        handheld.send({"battery": 0})
        handheld.wait_screen(" " * 20)
        handheld.send({"power": True})
        handheld.send({"battery": 90})
        handheld.power()
        handheld.wait_screen("1 CHECKOUT")
        handheld.send({"language": "fr-CA"})
        handheld.wait_screen("1 ACHAT")
        handheld.send({"cover": False})
        handheld.press("4", "2", "1")
        handheld.wait_screen("ENTER=IMPR.")
        handheld.press("ENTER")
        handheld.wait_screen("IMPRIMANTE OUVERTE")
        handheld.send({"cover": True})
        handheld.press("ENTER")
        handheld.wait_slip()
        handheld.press("CANCEL", "CANCEL")
        handheld.wait_screen("1 ACHAT")
        handheld.send({"fault": {"op": "redeem", "fault": "garbage"}})
        handheld.send({"scan_slip": True})
        handheld.send({"wait": {"screen": "no such text", "s": 0}})
        handheld.send({"glitch": True})
        handheld.press("4")
        handheld.wait_screen("RAPPORTS")
        logs = [event["log"] for event in handheld.events if "log" in event]
    assert "the battery is empty: it does not start" in logs
    assert "no barcode has been printed yet" in logs
    assert "it is not the handheld's: fault has no effect" in logs
    assert "no screen with 'no such text' came" in logs


def test_a_board_with_three_buttons_has_no_others(shop: Path, tmp_path: Path) -> None:
    with HandheldClient(
        shop, tmp_path / "flash.img", ["--board", "m5stack_oled"]
    ) as handheld:
        handheld.wait_screen("1 CHECKOUT")
        handheld.press(
            "1", "UP"
        )  # the first does not exist there, the second shows the choice
        handheld.wait_screen("[1]")
        handheld.press("ENTER")
        handheld.wait_screen("TOTAL WITH TAX")
        handheld.send({"hold": "DOWN"})  # CANCEL
        handheld.wait_screen("1 CHECKOUT")
        assert handheld.complaints == []
