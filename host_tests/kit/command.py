"""The command of a tool in this process: what `python -m` does, without half a second to start.

Each tool's tests run the real process at least once.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import subprocess
import sys
from unittest.mock import patch


def run_here(
    module: str, *words: str, stdin: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """`python -m module words`; what it printed is in the result. Nobody is at a terminal."""
    main = importlib.import_module(module)
    if not hasattr(main, "main"):
        main = importlib.import_module(f"{module}.__main__")
    out, err = io.StringIO(), io.StringIO()
    with (
        patch.dict(os.environ, environment),
        patch.object(sys, "stdin", io.StringIO(stdin)),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            status = main.main([*words])
        except SystemExit as end:  # --help, or bad arguments
            status = end.code
    return subprocess.CompletedProcess(words, status, out.getvalue(), err.getvalue())
