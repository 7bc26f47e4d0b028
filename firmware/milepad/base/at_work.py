"""Whether somebody is served: what goes on in the background then waits."""


class AtWork:
    """A context for as long as a workflow, or a till's request, runs; they may overlap."""

    def __init__(self) -> None:
        self._count = 0

    def __enter__(self) -> "AtWork":
        self._count += 1
        return self

    def __exit__(self, *_exc_info: object) -> None:
        self._count -= 1

    @property
    def is_idle(self) -> bool:
        """Whether nobody is served."""
        return not self._count
