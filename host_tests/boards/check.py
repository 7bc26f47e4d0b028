"""What boards/README.md asks of a board's folder, as a list of faults."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

from host_tests.boards import pythons
from tools import boards
from tools.budgets import flash_budget

TEXTS = {
    "name", "title", "port", "mcu", "firmware", "firmware_version", "firmware_page",
    "mpy_cross",
}  # fmt: skip
NUMBERS = set(boards.MEMORY_KEYS)
LISTS = {"tested_versions", "libraries", "flash", "reserved_pins", "till"}
PORTS = ("esp32", "rp2", "circuitpython", "unix")
FILES = ("board.py", "milepad_board.py", "board.toml", "README.md")
SCRIPT = Path(__file__).with_name("load_board.py")


def load(
    boards: Path, name: str, *arguments: str, folder: Path | None = None
) -> tuple[list[str], dict]:
    """(log lines, report) of `name`, a folder in `boards`, on stand-ins for its port."""
    done = subprocess.run(
        [*pythons.command("micropython"), str(SCRIPT), name, *arguments],
        env=pythons.environment(boards.parent),
        capture_output=True,
        text=True,
        timeout=100,
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    *log, report = done.stdout.splitlines()
    return log, json.loads(report)


def faults(folder: Path) -> list[str]:
    """Everything that is wrong with a board's folder; empty: it may be flashed."""
    found = [f"{name} is missing" for name in FILES if not (folder / name).exists()]
    if found:
        return found
    settings = tomllib.loads((folder / "board.toml").read_text())
    found = _settings_faults(settings, folder.name)
    _, report = load(folder.parent, folder.name)
    if report["name"] != folder.name:
        found.append(f"board.py calls itself {report['name']}")
    found += [f"the board has no {part}" for part in report["missing"]]
    found += _pin_faults(report["pins"], settings, (folder / "README.md").read_text())
    return found


def _settings_faults(settings: dict, name: str) -> list[str]:
    wanted = TEXTS | LISTS | NUMBERS
    found = [f"board.toml: {key} is unknown" for key in sorted(set(settings) - wanted)]
    found += [f"board.toml: {key} is missing" for key in sorted(wanted - set(settings))]
    for key, value in settings.items():
        kind = list if key in LISTS else int if key in NUMBERS else str
        if not isinstance(value, kind):
            found.append(f"board.toml: {key} is of the wrong type")
    if settings.get("name") != name:
        found.append("board.toml: name is not the folder's")
    if settings.get("port") not in PORTS:
        found.append("board.toml: port is none of " + ", ".join(PORTS))
    return found or _memory_faults(settings)


def _memory_faults(settings: dict) -> list[str]:
    """Whether it holds the app, with as much code as the budget allows."""
    lacking = boards.lacks(
        boards.memory(settings), int(flash_budget(bool(settings["till"])).most)
    )
    return [f"board.toml: {lacking}"] if lacking else []


def _pin_faults(pins: list[str], settings: dict, readme: str) -> list[str]:
    found = [f"pin {pin} is used twice" for pin in sorted(set(pins)) if pins.count(pin) > 1]
    taken = map(str, settings.get("reserved_pins", []))
    found += [f"pin {pin} is reserved" for pin in taken if pin in pins]
    for pin in pins:
        written = rf"\bGP(IO )?{pin}\b" if pin.isdigit() else rf"\b{pin}\b"
        if not re.search(written, readme):
            found.append(f"pin {pin} is not in the wiring table")
    return found
