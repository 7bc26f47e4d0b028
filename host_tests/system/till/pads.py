"""PIN pads and their tills, for tests: the headless program, and tools.till in this process."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import trustme

from host_tests.kit.headless import Handheld, profile_text
from host_tests.kit.until import until
from tools.handheld.client import HandheldError, SlipText
from tools.till import messages
from tools.till.journal import Journal
from tools.till.links import HttpsLink, Link, SerialLink, TcpLink
from tools.till.messages import Request
from tools.till.protection import Key
from tools.till.register import Identity, Till, Times
from tools.till.replies import Reply

MODES = ("tcp", "serial", "https")
PASSPHRASE = "a till's passphrase"
KEY_IDENTIFIER = "till-key"
# The fields' encrypted client takes a certificate with such a name alone.
COMMON_NAME = "legacy-terminal-certificate.test.terminal.adyen.com"
COLLECTOR = "84095202006"
_EARNING = {"issuance": {"family": "amrp", "at_checkout": False, "taxes": [["HST", "13"]]}}
# Of the simulated time server's day or the next: a pad that has started after midnight refuses
# what tills say they sold the day before.
NOW = datetime.now(UTC) + timedelta(hours=1)
SALE = messages.Sale("4711", NOW, "1", "en")
_TILLS = itertools.count(1)
LONG_S = 90  # for what comes in the end, on a busy machine too
TIMES = Times(reply=LONG_S, beside=LONG_S, abort=LONG_S, every=0.2, recovery=LONG_S)


def profile_of(platform: Any, folder: Path, mode: str, **changes: dict[str, Any]) -> Path:
    """The profile of a pad in that mode, with its certificate beside it."""
    authority = trustme.CA()
    issued = authority.issue_cert(
        "localhost", common_name=COMMON_NAME, key_type=trustme.KeyType.ECDSA
    )
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    issued.cert_chain_pems[0].write_to_path(str(folder / "pad.pem"))
    issued.private_key_pem.write_to_path(str(folder / "pad.key"))
    till: dict[str, Any] = {"mode": mode}
    if mode != "serial":
        till |= {"passphrase": PASSPHRASE, "key_identifier": KEY_IDENTIFIER}
    if mode == "https":
        till |= {"certificate": "pad.pem", "private_key": "pad.key"}
    path = folder / "profile.toml"
    text = profile_text(platform, _EARNING, {"till": till}, changes)
    path.write_text(text, "utf-8")
    return path


class Pad(Handheld):
    """A PIN pad that waits for tills; `where` is what it told last."""

    def __init__(
        self,
        profile: Path,
        flash: Path,
        mode: str,
        is_protected: bool,
        options: Sequence[str] = (),
    ) -> None:
        super().__init__(profile, flash, options)
        self.mode = mode
        self.folder = profile.parent
        self.shared_key = (
            Key.from_passphrase(PASSPHRASE, KEY_IDENTIFIER) if is_protected else None
        )
        try:
            self._begun(0)
        except BaseException:
            self.close()
            raise

    def _begun(self, links: int) -> None:
        """It waits for its till, and has its Wi-Fi for the first time after so many: before, it
        refuses what needs the platform."""
        self.where = self.wait_till()
        self.wait_screen("TILL")
        until(lambda: self._links() > links, "no Wi-Fi")

    def _links(self) -> int:
        return [event.get("log") for event in list(self.events)].count("wifi: up")

    @property
    def port(self) -> int:
        """Of TCP or HTTPS."""
        return int(self.where["port"])

    def idle(self) -> None:
        """What stands there of the last dialogue is left with a key."""
        if self._is_idle(0):
            return
        self.press("CANCEL")
        if not self._is_idle(LONG_S):
            raise HandheldError(f"not idle: {self.screen}")

    def _is_idle(self, wait_s: float) -> bool:
        deadline_s = time.monotonic() + wait_s
        while not any("THE TILL" in line for line in self.screen):
            if time.monotonic() > deadline_s:
                return False
            time.sleep(0.01)
        self._mark = self._current_screen()  # what is waited for comes after this
        return True

    def slip_with(self, text: str) -> SlipText:
        """The next slip that says so; earlier ones are passed over."""
        while text not in (slip := self.wait_slip()).text:
            pass
        return slip

    def again(self) -> None:
        """Power comes back."""
        links = self._links()
        self.power()
        self._begun(links)

    def link(self, port: int = 0) -> Link:
        """A till's way to it; by another port through a relay."""
        if self.mode == "serial":
            return SerialLink(self.where["path"])
        if self.mode == "tcp":
            return TcpLink("127.0.0.1", port or self.port)
        ca = self.folder / "authority.pem"
        return HttpsLink("127.0.0.1", port or self.port, ca, "localhost")


class Desk:
    """Tills at pads; what a till asks is asked in a thread, so that the test has hands."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._workers = ThreadPoolExecutor(8)
        self._tills: list[Till] = []
        self.said: list[str] = []  # what tills tell their cashiers
        self._ahead_s = 0.0  # of the machine's clock, for the tills

    def till(
        self,
        pad: Pad,
        sale_id: str = "TILL-1",
        key: Key | None = None,
        port: int = 0,
        times: Times = TIMES,
    ) -> Till:
        """A till at a pad; by the pad's own key unless another is given."""
        # Tills of one name at one pad: none may use a ServiceID of another's.
        first_s = int(time.time()) + 1000 * next(_TILLS)
        path = self._folder / f"{sale_id}-{len(self._tills)}.sqlite"
        journal = Journal(path, lambda: first_s)
        identity = Identity(sale_id, "001")
        till = Till(
            pad.link(port),
            journal,
            identity,
            key or pad.shared_key,
            self.said.append,
            times,
            lambda: time.monotonic() + self._ahead_s,
        )
        self._tills.append(till)
        return till

    def ask(self, till: Till, request: Request) -> Future[Reply]:
        """Asks, and goes on at once."""
        return self._workers.submit(till.ask, request)

    def lose_patience(self) -> None:
        """The till that waits for its reply has now waited long enough, and gives up."""
        while not any("Abort" in line for line in self.said):  # else the test's time-out
            self._ahead_s += TIMES.reply
            time.sleep(0.05)

    def close(self) -> None:
        for till in self._tills:
            till.close()
        self._workers.shutdown(cancel_futures=True)


@contextlib.contextmanager
def desk(folder: Path) -> Iterator[Desk]:
    one = Desk(folder)
    try:
        yield one
    finally:
        one.close()
