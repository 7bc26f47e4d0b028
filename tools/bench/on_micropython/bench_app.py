"""In the bench's ROM image: starts the app; the settings are the last argument."""

import json
import sys


class _Hardware:
    """Stands in `sys.modules` as `simulated_hardware`."""

    config = None


def main():
    """Starts it; the firmware's own main never returns."""
    _Hardware.config = json.loads(sys.argv[-1])
    sys.modules["simulated_hardware"] = _Hardware  # type: ignore[assignment]
    import main  # noqa: F401  (that starts the app, which reads the settings)
