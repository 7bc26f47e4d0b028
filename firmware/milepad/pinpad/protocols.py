"""What the pad's side of a till link takes and gives. For type checkers only: no device has it."""

from typing import Any, Awaitable, Callable

from milepad.pinpad.messages import Answer

Tell = Callable[[bytes], None]
"""Sends a message to a till by itself; never waits, never raises."""

After = Callable[[], Awaitable[Any]]
"""What is still to be done when a till has its answer: print, show."""

Work = tuple[Answer, After | None]
"""What a dialogue comes to."""
