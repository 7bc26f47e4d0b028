"""A person tries another cable after a quarter of a minute; a test has a busy machine's time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tools.device import port


@pytest.fixture(autouse=True, scope="module")
def patient() -> Iterator[None]:
    """A board is asked for its prompt for as long as it takes: import it where boards are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(port, "_PROMPT_TRIES", 60)
        yield
