"""In the bench's ROM image: starts the app; the settings are the last argument.

With a file's name before them it writes there which modules were loaded when the most were.
"""

import json
import sys


class _Hardware:
    """Stands in `sys.modules` as `simulated_hardware`."""

    config = None


def _tell_modules(path):
    """Looks whenever a workflow is over, before its modules are dropped."""
    from milepad.base.unimport import Unimport

    leave = Unimport.__exit__
    most = [0]

    def tell(*arguments):
        names = [n for n in sys.modules if "milepad" in n or "boards" in n]
        if len(names) > most[0]:
            most[0] = len(names)
            with open(path, "w") as file:
                file.write(json.dumps(names))
        leave(*arguments)

    Unimport.__exit__ = tell


def main():
    """Starts it; the firmware's own main never returns."""
    _Hardware.config = json.loads(sys.argv[-1])
    sys.modules["simulated_hardware"] = _Hardware  # type: ignore[assignment]
    if len(sys.argv) > 2:
        _tell_modules(sys.argv[1])
    __import__("main")
