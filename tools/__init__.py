"""The desktop's programs. This file is the first that each of them runs."""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - setup runs on any Python that a machine has
    sys.exit("Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11")

from tools import interrupt

# The firmware's own rules, words and ledger serve on the desktop too.
sys.path.append(os.path.join(os.path.dirname(os.path.dirname(__file__)), "firmware"))

if sys.argv[:1] == ["-m"]:  # as it stands while `python -m` looks for its module
    interrupt.stop_at_once()
