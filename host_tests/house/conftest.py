"""What a whole run costs, and not a room's tests: the garbage collector's look at everything.

The firmware collects after each workflow, as devices have to, and the fixtures of the run after
each module. With twelve thousand tests collected that took half a second each time, which was
more than the tests themselves.
"""

import gc


def pytest_collection_finish() -> None:
    """What the collected tests are made of stays to the end: no collection looks at it again."""
    gc.collect()
    gc.freeze()
