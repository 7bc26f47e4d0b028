"""Tasks that never end: what escapes one is logged, and it starts again."""

from milepad.base.compat import TYPE_CHECKING, const, sleep_ms

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from milepad.base.protocols import Log, Sleep

_PAUSE_MS = const(1000)


async def keep_running(
    name: str, run: "Callable[[], Awaitable[None]]", log: "Log", sleep: "Sleep" = sleep_ms
) -> None:
    """Runs the task `run` for ever. What ends it is logged by `name` and the kind of fault:
    its text may hold what was read or keyed."""
    while True:
        try:
            await run()
            log("%s: ended" % name)
        except Exception as fault:  # noqa: BLE001  (the top of a task)
            log("%s: %s" % (name, type(fault).__name__))
        await sleep(_PAUSE_MS)
