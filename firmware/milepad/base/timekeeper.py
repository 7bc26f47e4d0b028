"""Which time the device believes. No network, no screen; the hardware's clock is passed in.

A board forgets the time with its power, and a time server can lie. So time is believed in
steps:

1. The floor: what was last known for certain, kept with the ledger (never before the build).
   After a power-up the clock is put there, provisionally: a certificate can be checked by it.
2. NTP: taken when it lies between the floor and a ceiling. It is enough to send something.
3. The `Date` of a reply over verified TLS: it decides, and corrects the clock. Only after it
   may anything be judged old or given up, for only the platform knows how long it keeps an
   idempotency key.

Why the floor may serve TLS where NTP is blocked: a certificate that is valid at some moment
since the floor was issued by a trusted root after all, and without any clock nothing stricter
can be asked. What it costs: one that has ended since the floor is accepted until the first
reply, so who holds such a key, stands in the network and keeps NTP away could play the
platform; he could not do so with a certificate that had ended before the floor. A certificate
that was issued since the floor reads as one of the future there, and a server renews its own
every few weeks. So whenever one is refused and nothing is proven, another moment is tried: the
floor, then four weeks later and so on up to the ceiling. A false NTP time, by which every
certificate has ended, is left the same way. A proven clock may go wrong too, in a drawer without
Wi-Fi: after a refusal NTP is believed again, and then nothing is proven any more.
"""

from milepad.base.compat import BUILD_EPOCH_S, TYPE_CHECKING, const, unix_time
from milepad.base.errors import StorageError

if TYPE_CHECKING:
    from typing import Callable

    from milepad.base.protocols import Log, TimeFloor

_TOLERANCE_S = const(60)  # a Date is written before the reply travels; clocks drift
_DAY_S = const(86400)
_SPAN_S = const(157680000)  # five years: longer than a device lies in a drawer
_STEP_S = const(2419200)  # four weeks: a certificate lasts longer
LAST_S = 0xFFFFFFFF  # 2106-02-07; the ledger keeps four bytes


class Timekeeper:
    """The device's time. `set_rtc(unix_s)` sets the hardware's clock, `log(text)` takes a line.

    `heard` is whether any reply of the verified platform came since power-up, dated or not.
    `refusals` counts the certificates that were refused.
    """

    def __init__(self, set_rtc: "Callable[[int], None]", log: "Log"):
        self._set_rtc = set_rtc
        self._log = log
        self._ledger: "TimeFloor | None" = None
        self._floor_s = self._kept_s = BUILD_EPOCH_S
        self._is_set = False
        self._is_proven = False
        self._is_doubted = False  # a certificate was refused since it was proven
        self._tried_s = -1  # the provisional moment since the last refusal
        self._said = ""
        self.heard = False
        self.refusals = 0
        self._put_provisionally()

    def keep_with(self, ledger: "TimeFloor") -> None:
        """Takes the floor from the ledger, and keeps it there from now on."""
        self._ledger = ledger
        self._kept_s = min(max(BUILD_EPOCH_S, ledger.time_floor_s()), LAST_S)
        self._floor_s = max(self._floor_s, self._kept_s)
        if not self._is_proven and not self._is_within(self.now_s()):
            self._is_set = False
            self._put_provisionally()

    def now_s(self) -> int:
        """Seconds since 1970, as far as they are known: see `is_set` and `is_proven`."""
        return unix_time()

    def is_set(self) -> bool:
        """Whether somebody has told the time since power-up, within bounds."""
        return self._is_set

    def is_proven(self) -> bool:
        """Whether the verified platform has dated a reply since power-up.

        Only then may anything be judged old or given up.
        """
        return self._is_proven

    def note_ntp(self, unix_s: int) -> bool:
        """What a time server says; whether it was good.

        Moves a proven clock only after a refused certificate; it is not proven any more then.
        """
        if not self._is_within(unix_s):
            self._say("NTP is out of bounds")
            return False
        if self._is_proven:
            is_good = abs(unix_s - self.now_s()) <= _TOLERANCE_S
            if not is_good:
                self._say("NTP differs from the platform's time")
            if is_good or not self._is_doubted:
                return is_good
            self._is_proven = self.heard = False
        self._put(max(unix_s, self._floor_s))
        self._is_set = True
        return True

    def note_platform(self, unix_s: int) -> None:
        """The date of a reply over verified TLS, 0 when it has none: it decides."""
        self.heard = True
        if not BUILD_EPOCH_S <= unix_s <= LAST_S:
            return
        ahead_s = self.now_s() - unix_s
        if abs(ahead_s) > _TOLERANCE_S:
            self._put(unix_s)
            if self._is_set:
                self._log("clock: was %+d s off, set by the platform" % ahead_s)
        if unix_s < self._floor_s - _TOLERANCE_S:
            self._say("the platform's time is before the ledger's")
        self._is_set = self._is_proven = True
        self._is_doubted = False
        self._floor_s = unix_s
        self._keep_floor(unix_s)

    def note_refused(self) -> None:
        """A certificate was refused. While nothing is proven, another moment may be right."""
        self.refusals += 1
        self._is_doubted = self._is_proven
        if self._is_proven:
            return
        after_s = self._tried_s + _STEP_S if self._tried_s >= 0 else self._floor_s
        self._tried_s = after_s if self._is_within(after_s) else self._floor_s
        self._put(self._tried_s)
        self._is_set = False
        self._say("a certificate is refused, another time is tried")

    def _is_within(self, unix_s: int) -> bool:
        ceiling_s = min(self._floor_s + _SPAN_S, LAST_S)
        return self._floor_s - _TOLERANCE_S <= unix_s <= ceiling_s

    def _put_provisionally(self) -> None:
        """A clock that ran on through a reset keeps its time if that can be true."""
        if not self._is_within(self.now_s()):
            self._put(self._floor_s)

    def _put(self, unix_s: int) -> None:
        self._set_rtc(unix_s)

    def _keep_floor(self, unix_s: int) -> None:
        """At most once a day, for the entries that are written carry their own time; a
        lower one at once, for by a floor in the future the right time would be refused."""
        if self._ledger is None or 0 <= unix_s - self._kept_s + _TOLERANCE_S < _DAY_S:
            return
        self._kept_s = unix_s
        try:
            self._ledger.keep_time_floor(unix_s)
        except StorageError as fault:
            self._log("clock: %s" % fault)

    def _say(self, text: str) -> None:
        """Logs what is new."""
        if text != self._said:
            self._said = text
            self._log("clock: " + text)
