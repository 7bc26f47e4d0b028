"""Programs of npm's that tests use, pinned by a lock file and kept in `.tools/`.

Nothing but tests needs them; where there is no Node.js they are left out. Only the standard
library is used here, because the set-up runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

from tools.debian import FetchError
from tools.folders import REQUIREMENTS, TOOLS

_NPM_S = 300


class Package(NamedTuple):
    """A package of npm's: its name there, and that of its folders here.

    `tools/requirements/FOLDER` has its lock file, `.tools/FOLDER` its modules. `check` is
    JavaScript that this Node.js must be able to run once it is installed.
    """

    name: str
    folder: str
    check: str

    def modules(self) -> Path | None:
        """The folder with its modules; None when they are not here."""
        home = TOOLS / self.folder
        stamp = home / ".ready"
        if not stamp.exists() or stamp.read_text() != self._digest():
            return None
        return home / "node_modules"

    def get(self) -> None:
        """Fetches it. Raises FetchError; then nothing has changed."""
        if not shutil.which("node") or not shutil.which("npm"):
            raise FetchError("there is no Node.js with npm here")
        TOOLS.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=TOOLS, prefix=f".{self.folder}-") as work:
            made = Path(work) / "made"
            shutil.copytree(self._lock().parent, made)
            _run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", folder=made)
            # An older Node.js installs it and cannot run it.
            _run("node", "--input-type=module", "-e", self.check, folder=made)
            (made / ".ready").write_text(self._digest())
            shutil.rmtree(TOOLS / self.folder, ignore_errors=True)
            os.replace(made, TOOLS / self.folder)

    def _lock(self) -> Path:
        return REQUIREMENTS / self.folder / "package-lock.json"

    def _digest(self) -> str:
        return hashlib.sha256(self._lock().read_bytes()).hexdigest()


OAUTH_SERVER = Package("oidc-provider", "oauth-server", "import 'oidc-provider'")
TILL_CLIENT = Package("@adyen/api-library", "till-client", "import '@adyen/api-library'")


def _run(*words: str, folder: Path) -> None:
    try:
        done = subprocess.run(
            words, cwd=folder, capture_output=True, text=True, timeout=_NPM_S
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise FetchError(f"{words[0]} did not end") from fault
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["it gives no reason"]
        raise FetchError(f"{words[0]}: {lines[0][:200]}")
