"""What the menu does after every workflow is not to be done to all of pytest."""

import gc
import importlib
import pkgutil
from collections.abc import Iterator

import pytest

from milepad import workflows


@pytest.fixture(autouse=True, scope="session")
def a_small_heap() -> Iterator[None]:
    """It collects garbage: only that of the test."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True, scope="session")
def workflows_that_stay() -> None:
    """It drops what a workflow has imported: what was there before stays."""
    for module in pkgutil.iter_modules(workflows.__path__, workflows.__name__ + "."):
        importlib.import_module(module.name)
