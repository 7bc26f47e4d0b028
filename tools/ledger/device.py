"""A connected device, through the real mpremote: what is asked of it, and its files.

The small scripts run on the device's MicroPython. They print one line of JSON behind a mark, so
that whatever else the console says is passed over. Names and sums from a device are checked
before anything is done with them; its token is never copied.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.ledger.errors import PullError
from tools.ledger.sources import SEGMENT, SLOT

_MARK = "MILEPAD "
_TIMEOUT_S = 180
_SUM = re.compile("[0-9a-f]{64}")
_MAX_FILES = 4096

_LIST = """
import binascii, hashlib, json, os
def milepad_sum(path):
    total = hashlib.sha256()
    with open(path, 'rb') as file:
        raw = file.read(256)
        while raw:
            total.update(raw)
            raw = file.read(256)
    return binascii.hexlify(total.digest()).decode()
found, kept = {}, 'ledger' in os.listdir('/')
for folder in ('/ledger/', '/ledger/new/') if kept else ():
    for row in os.ilistdir(folder[:-1]):
        if row[1] == 0x8000 and row[0] not in ('tmp', 'token', 'trace'):
            found[folder[8:] + row[0]] = milepad_sum(folder + row[0])
try:
    with open('/profile.json') as file:
        profile = json.load(file)
    partner, device = profile['partner'], profile['device']
    who = {'partner': {name: partner[name] for name in ('sponsor_code', 'store_id')},
           'device': {'device_id': device['device_id']}, 'card': profile.get('card', {})}
except (OSError, ValueError, KeyError, TypeError):
    who = None
print('MILEPAD ' + json.dumps({'kept': kept, 'files': found, 'who': who}))
"""

_MARK_EXPORTED = """
import json
from milepad.ledger.ledger import Ledger
from milepad.ledger.stores.files import MountedFiles
from milepad.ledger.stores.littlefs import LittlefsStore
ledger = Ledger(LittlefsStore(MountedFiles()), 2000)
count = 0
for entry in ledger.entries():
    count += entry.sequence <= {up_to}
if count == {count}:
    ledger.mark_exported({up_to})
print('MILEPAD ' + json.dumps({{'count': count}}))
"""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a device has: {file below /ledger: SHA-256}, and who it says it is, as JSON."""

    sums: dict[str, str]
    who: str | None


class Device:
    """One port that mpremote can connect to. Every method raises PullError."""

    def __init__(self, port: str) -> None:
        self.port = port
        self._resume: tuple[str, ...] = ()  # the first command resets what runs there

    def _run(self, *words: str) -> str:
        command = [sys.executable, "-m", "mpremote", "connect", self.port]
        try:
            done = subprocess.run(
                [*command, *self._resume, *words],
                capture_output=True,
                timeout=_TIMEOUT_S,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired:
            raise PullError(f"{self.port}: no answer within {_TIMEOUT_S} s") from None
        if done.returncode:
            raise PullError(f"{self.port}: {_last_line(done.stderr or done.stdout)}")
        self._resume = ("resume",)
        return done.stdout.decode("utf-8", "replace")

    def _ask(self, script: str) -> dict[str, Any]:
        for line in self._run("exec", script).splitlines():
            if line.startswith(_MARK):
                try:
                    answer = json.loads(line.removeprefix(_MARK))
                except (ValueError, RecursionError):
                    break
                if isinstance(answer, dict):
                    return answer
        raise PullError(f"{self.port}: the device answered something else than was asked")

    def listing(self) -> Listing:
        """Which files of a ledger the device has."""
        answer = self._ask(_LIST)
        files, who = answer.get("files"), answer.get("who")
        if answer.get("kept") is False:
            raise PullError(
                f"{self.port}: the device keeps no ledger; expected /ledger on it"
            )
        if not isinstance(files, dict) or len(files) > _MAX_FILES:
            raise PullError(f"{self.port}: the device's list of files makes no sense")
        sums = {}
        for name, value in files.items():
            if not (isinstance(value, str) and _SUM.fullmatch(value)):
                raise PullError(f"{self.port}: a checksum of the device's makes no sense")
            if _is_ours(name):
                sums[name] = value
        return Listing(sums, json.dumps(who) if isinstance(who, dict) else None)

    def copy(self, names: Sequence[str], into: Path) -> None:
        """Copies files of `/ledger` into a folder that exists."""
        for folder in ("", "new/"):
            wanted = [
                name for name in names if name.rpartition("/")[0] == folder.rstrip("/")
            ]
            if wanted:
                (into / folder).mkdir(exist_ok=True)
                paths = [f":/ledger/{name}" for name in wanted]
                self._run("fs", "cp", *paths, f"{into / folder}/")

    def mark_exported(self, up_to: int, count: int) -> None:
        """Marks the entries up to that number, if the device counts as many as we hold."""
        answer = self._ask(_MARK_EXPORTED.format(up_to=up_to, count=count))
        if answer.get("count") != count:
            raise PullError(
                f"{self.port}: not marked: {count} entries were pulled, "
                f"the device counts {answer.get('count')}"
            )

    def restart(self) -> bool:
        """Lets the device's own program run again; False when it has to be done by hand."""
        if not self._resume:
            return True  # it was never stopped
        try:
            self._run("reset")
        except PullError:
            return False
        return True


def _is_ours(name: str) -> bool:
    """Whether a name is one of a ledger's files (and no path to anywhere else)."""
    folder, _, last = name.rpartition("/")
    if folder == "new":
        return SLOT.fullmatch(last) is not None
    return folder == "" and (last == "exported" or SEGMENT.fullmatch(last) is not None)


def _last_line(raw: bytes) -> str:
    lines = raw.decode("utf-8", "replace").strip().splitlines()
    text = lines[-1] if lines else "mpremote failed"
    return "".join(c if c.isprintable() else "?" for c in text)[:200]
