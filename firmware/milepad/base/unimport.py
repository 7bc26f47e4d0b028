"""Frees the heap of code that is needed for a while only: the one place where modules are
dropped. The menu wraps every workflow in it.
"""

import gc
import sys

_OWN = "milepad."


class Unimport:
    """A context: the firmware's modules that are imported within it are dropped at its end.

    An object that outlives the context must not be of a class from such a module: the class
    would keep the module's code, and the next import would make a second one.
    """

    def __init__(self) -> None:
        self._before: set[str] = set()

    def __enter__(self) -> "Unimport":
        self._before = set(sys.modules)
        return self

    def __exit__(self, *_exc_info: object) -> None:
        for name in list(sys.modules):
            if name.startswith(_OWN) and name not in self._before:
                _drop(name)
        gc.collect()


def _drop(name: str) -> None:
    """A package holds its modules as attributes too; both references have to go."""
    del sys.modules[name]
    package, _, own = name.rpartition(".")
    parent = sys.modules.get(package)
    if parent is not None and hasattr(parent, own):
        delattr(parent, own)
