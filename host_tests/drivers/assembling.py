"""One call that runs a line assembler, so that both Pythons can be asked the same."""

from milepad.base.compat import TYPE_CHECKING
from milepad.drivers.line_assembler import LineAssembler

if TYPE_CHECKING:
    from collections.abc import Sequence


def emitted(
    limit: int, ends_by_silence: bool, pieces: "Sequence[bytes | None]"
) -> list[tuple[str, str]]:
    """All that an assembler emits for `pieces`; None among them is silence."""
    events: list[tuple[str, str]] = []

    def emit(kind: str, text: str) -> None:
        events.append((kind, text))

    assembler = LineAssembler("scan", limit, ends_by_silence)
    for raw in pieces:
        if raw is None:
            assembler.silence(emit)
        else:
            assembler.feed(raw, emit)
    return events
