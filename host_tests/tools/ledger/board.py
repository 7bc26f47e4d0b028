"""A board that mpremote can connect to: MicroPython behind a pseudo-terminal."""

from __future__ import annotations

import os
import subprocess
import time
import tty
from pathlib import Path
from types import TracebackType

from host_tests.tools.ledger.making import ROOT, SCRIPTS, command


class Board:
    """Runs `raw_repl.py` on a flash image, which it changes; `port` is what to connect to."""

    def __init__(self, image: Path) -> None:
        self.log = image.with_suffix(".log")
        self._near, self._far = os.openpty()
        tty.setraw(self._far)
        self.port = os.ttyname(self._far)
        self._process = subprocess.Popen(
            [
                *command(),
                str(SCRIPTS / "raw_repl.py"),
                str(image),
                str(self.log),
                str(ROOT / "firmware"),
            ],
            stdin=self._near,
            stdout=self._near,
        )

    def was_restarted(self) -> bool:
        """Whether it is reset within ten seconds: mpremote does not wait for that."""
        deadline_s = time.monotonic() + 10
        while not self.log.read_text() and time.monotonic() < deadline_s:
            time.sleep(0.01)
        return self.log.read_text() == "reset\n"

    def __enter__(self) -> Board:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait(10)
        os.close(self._near)
        os.close(self._far)
