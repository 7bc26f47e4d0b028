"""The smallest heap that something gets through with, on MicroPython with 32-bit words.

"All but code" is that heap when everything runs in place from ROM, less what importing the
same modules from ROM takes there (functions, classes, names), less what the interpreter and
the ROM file system hold before: what the app needs besides its code.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from tools.bench import clients, earning, rom, shift, till_request
from tools.emulator.testing import RunningEmulator
from tools.handheld.firmware import Program


class Heap(NamedTuple):
    """KiB. `code` is what the imports took of it, `before` what was there before them."""

    kib: float | None
    before: float = 0
    code: float = 0

    @property
    def all_but_code(self) -> float | None:
        """What is left for everything else."""
        return None if self.kib is None else self.kib - self.code - self.before


def smallest(gets_through: Callable[[str], bool], sizes_kib: Iterable[int]) -> int | None:
    """The first of `sizes_kib` (ascending) with which it gets through, by halving."""
    sizes = list(sizes_kib)
    low, high = 0, len(sizes)
    while low < high:
        middle = (low + high) // 2
        if gets_through(f"{sizes[middle]}K"):
            high = middle
        else:
            low = middle + 1
    return sizes[low] if low < len(sizes) else None


def checkout(emulator: RunningEmulator, form: str, sizes_kib: Iterable[int]) -> Heap:
    """A whole checkout of the app; `form` is one of `shift.program`."""

    def gets_through(heap: str) -> bool:
        emulator.reset()  # the collector has the same miles each time
        try:
            shift.play(emulator, shift.program(heap, form), 1, shift.QUICK_PRINTER)
        except shift.ShiftError:
            return False
        return True

    def watched(more: dict[str, str]) -> None:
        command, environment = shift.program("2M", form)
        firmware = Program(command, {**environment, **more})
        shift.play(emulator, firmware, 1, shift.QUICK_PRINTER)

    kib = smallest(gets_through, sizes_kib)
    emulator.reset()
    return Heap(kib, *(_imports_kib(_loaded(watched)) if form == "rom" else ()))


def till(emulator: RunningEmulator, sizes_kib: Iterable[int]) -> int | None:
    """A till's redemption on a PIN pad, from .mpy: the smallest heap that gets through."""
    return _from_mpy(till_request.play, emulator, sizes_kib)


def sales_that_earn(emulator: RunningEmulator, sizes_kib: Iterable[int]) -> int | None:
    """A checkout that redeems and earns, and an earning of key 5, from .mpy."""
    return _from_mpy(earning.play, emulator, sizes_kib)


def _from_mpy(
    play: Callable[[RunningEmulator, Program], None],
    emulator: RunningEmulator,
    sizes_kib: Iterable[int],
) -> int | None:
    def gets_through(heap: str) -> bool:
        emulator.reset()
        try:
            play(emulator, shift.program(heap, "mpy"))
        except shift.ShiftError:
            return False
        return True

    return smallest(gets_through, sizes_kib)


def _imports_kib(modules: list[str]) -> list[float]:
    return [count / 1024 for count in rom.heap_of_imports(modules)]


def _loaded(run: Callable[[dict[str, str]], object]) -> list[str]:
    """What is loaded when the most is, while `run` goes on; it adds what it gets to the
    environment."""
    with tempfile.TemporaryDirectory(prefix="milepad-bench-") as folder:
        path = Path(folder) / "modules.json"
        run(rom.loaded(path))
        found: list[str] = json.loads(path.read_text("utf-8"))
        return found


_TRIES = 3  # replies come in pieces that differ, so one try may be luck


def client(emulator: RunningEmulator, name: str, sizes_kib: Iterable[int]) -> Heap:
    """A client by itself, run from ROM: token, inquiry, redemption."""

    def gets_through(heap: str) -> bool:
        return all(_redeems(emulator, name, heap) for _ in range(_TRIES))

    kib = smallest(gets_through, sizes_kib)
    emulator.reset()
    modules = _loaded(lambda more: clients.run(emulator, name, environment=more))
    return Heap(kib, *_imports_kib(modules))


def _redeems(emulator: RunningEmulator, name: str, heap: str) -> bool:
    emulator.reset()  # the same miles for each: a refusal is a shorter reply
    done = clients.run(emulator, name, heap=heap)
    return done.good and len(emulator.ledger()) == 1
