"""What ends a deployment; the text is one line that says what happened and what to do."""

from __future__ import annotations


class DeployError(Exception):
    """It did not work; the same command can be run again."""


class UsageError(DeployError):
    """What was asked for makes no sense; nothing was done."""


def one_line(text: str) -> str:
    """A text from a device, short and plain enough to stand in a message."""
    last = text.strip().rpartition("\n")[2]
    return "".join(c if c.isprintable() else "?" for c in last.strip())[:160]
