"""Copies a release: only what differs, proven by sums that are read back afterwards.

While a release is half copied the board has no file that it would start, so that it never
runs a mixture of two releases; the start file comes last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from tools.deploy import plan
from tools.deploy.target import Target, sum_of
from tools.device.errors import DeviceError


class Copied(NamedTuple):
    """What a run came to."""

    copied: list[str]
    removed: list[str]
    same: int


def release(
    target: Target, wanted: Mapping[str, bytes], tell: Callable[[str, int, int], None]
) -> Copied:
    """Makes the board hold exactly `wanted`; `tell(path, at, count)` before each file.

    Raises DeviceError; a second run then does what is left to do.
    """
    present = target.sums(plan.owned(wanted))
    todo = plan.make(wanted, present)
    if todo.copy or todo.remove:
        _replace(target, wanted, todo, present, tell)
    removed = [path for path in todo.remove if path != plan.HELD]
    return Copied(todo.copy, removed, todo.same)


def _replace(
    target: Target,
    wanted: Mapping[str, bytes],
    todo: plan.Plan,
    present: Mapping[str, str],
    tell: Callable[[str, int, int], None],
) -> None:
    start = plan.start_file(wanted)
    if start in present:
        if plan.HELD in present:
            target.remove(plan.HELD)
        target.rename(start, plan.HELD)
    others = [path for path in todo.copy if path != start]
    for path in todo.remove:
        if path != plan.HELD:
            target.remove(path)
    for at, path in enumerate(others):
        tell(path, at, len(others) + 1)
        target.write(path, wanted[path])
    verify(target, {path: wanted[path] for path in others})
    tell(start, len(others), len(others) + 1)
    target.write(start, wanted[start])
    verify(target, {start: wanted[start]})
    if start in present or plan.HELD in present:
        target.remove(plan.HELD)


def verify(target: Target, files: Mapping[str, bytes]) -> None:
    """Raises DeviceError unless the board gives back what was written."""
    present = target.sums(files)
    for path, raw in files.items():
        if present.get(path) != sum_of(raw):
            raise DeviceError(
                f"{target.name}: {path} is not on the flash as it was sent: run the same "
                "command again; if that does not help, the flash is worn out"
            )
