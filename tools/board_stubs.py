"""Gets the types of the boards' ports into `.tools/stubs-PORT`, for setup.

One lock file holds them all; the ports' modules have the same names, so each port gets a
folder. CircuitPython's `x-stubs` folders lose their ending, because mypy looks for the plain
name in a folder of one's own.
"""

from __future__ import annotations

from pathlib import Path

from tools.folders import REQUIREMENTS, TOOLS
from tools.pip import into

LOCK = REQUIREMENTS / "board-stubs.lock"
# port: the beginnings of its packages' names
PORTS = {
    "esp32": ("micropython-esp32-", "micropython-stdlib-"),
    "rp2": ("micropython-rp2-", "micropython-stdlib-"),
    "circuitpython": ("circuitpython-",),
}


def blocks(lock: str) -> list[str]:
    """The lock's packages, each with its hashes."""
    found: list[str] = []
    for line in lock.splitlines(keepends=True):
        if line[:1].isalnum():
            found.append(line)
        elif found and line.strip().startswith("--hash"):
            found[-1] += line
    return [block.rstrip().removesuffix("\\") + "\n" for block in found]


def _install(python: Path, port: str, folder: Path) -> None:
    """Fills `folder` with the port's types. Raises PipError."""
    wanted = [block for block in blocks(LOCK.read_text()) if block.startswith(PORTS[port])]
    into(python, folder, "".join(wanted))
    for path in folder.glob("*-stubs"):
        path.rename(path.with_name(path.name.removesuffix("-stubs")))


def get(python: Path) -> None:
    """Gets all of them with that environment's pip. Raises PipError."""
    for port in PORTS:
        _install(python, port, TOOLS / f"stubs-{port}")
