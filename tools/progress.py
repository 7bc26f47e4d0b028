"""A progress bar on standard error, when a person looks at it; else nothing at all."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)


class Bar:
    """What a worker tells; without a `progress`, nobody looks."""

    def __init__(self, progress: Progress | None, title: str, total: int | None) -> None:
        self._progress = progress
        self._task = progress.add_task(title, total=total) if progress else None

    def advance(self, done: int) -> None:
        """So much more is done."""
        if self._progress is not None and self._task is not None:
            self._progress.advance(self._task, done)

    def at(self, title: str, done: int, total: int) -> None:
        """At work on `title`, after `done` of `total`."""
        if self._progress is not None and self._task is not None:
            self._progress.update(
                self._task, description=title, completed=done, total=total
            )


@contextmanager
def bar(title: str = "", total: int | None = None) -> Iterator[Bar]:
    """A bar to be told how much was done, of `total` (None: not known)."""
    if not sys.stderr.isatty():
        yield Bar(None, title, total)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield Bar(progress, title, total)
