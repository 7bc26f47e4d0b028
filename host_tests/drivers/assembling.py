"""One call that runs a line assembler, so that both Pythons can be asked the same."""

from milepad.drivers.line_assembler import LineAssembler


def emitted(limit: int, takes_unterminated: bool, pieces: list) -> list:
    """All that an assembler emits for `pieces`; None among them is silence."""
    events = []

    def emit(kind, text):
        events.append((kind, text))

    assembler = LineAssembler("scan", limit, takes_unterminated)
    for raw in pieces:
        if raw is None:
            assembler.silence(emit)
        else:
            assembler.feed(raw, emit)
    return events
