"""Walks a shift from cut to cut: power goes after each operation of the flash, comes back,
the cashier finishes or voids what was interrupted, and the books are compared."""

from __future__ import annotations

from typing import Any

from host_tests.kit.books import Books
from host_tests.kit.cashier import VOID
from host_tests.system.power.bench import Handheld, Life, faults, whole_ledger

LOST_REPLY = {"op": "redeem", "fault": "drop_after_commit"}
STALE_TOKEN = {"op": "inquire", "fault": "expire_token"}
SHIFT: tuple[Any, ...] = (
    "checkout",
    LOST_REPLY,  # the second copy of the next one is told what the first one did
    "checkout",
    "refund",
    "reports",
    "export",
    STALE_TOKEN,
    "checkout",
)


class Walk:
    """`faults` is what was wrong anywhere; `cuts` and `asked` count what the walk met."""

    def __init__(self, handheld: Handheld, jobs: tuple[Any, ...], start: str) -> None:
        self._handheld = handheld
        self._jobs = jobs
        self._start = start
        self.faults: list[str] = []
        self.cuts = 0
        self.asked = 0
        self.unresolved = 0

    def __str__(self) -> str:
        return f"{self.cuts} cuts, {self.asked} asked, {self.unresolved} unresolved"

    def _fresh(self) -> None:
        self._handheld.emulator.reset()
        self._handheld.restore(self._start)

    def length(self, **how: Any) -> int:
        """Operations of the whole shift, without a cut."""
        self._fresh()
        life = self._handheld.live(*self._jobs, look=True, **how)
        assert life.ended == "over", life
        self._compare("uncut", [life])
        assert self.faults == []
        return life.operations

    def now_s(self) -> int:
        """What the platform's clock shows."""
        return self._handheld.platform_s()

    def take(self, choice: str, after: dict[str, Any] | None = None, **how: Any) -> None:
        """Every cut; after it the cashier chooses, and sells once more.

        `how` the first life is lived, and what is different `after` the cut.
        """
        for limit in range(self.length(**how)):
            self._fresh()
            lives = [self._handheld.live(*self._jobs, limit=limit, **how)]
            if not how.get("goes_on"):
                assert lives[0].was_cut, limit
            lives.append(
                self._handheld.live("checkout", choice=choice, look=True, **(after or {}))
            )
            self.cuts += 1
            self._judge(f"cut {limit} {choice} {how}", lives, choice)

    def take_twice(self, choice: str, limits: range | None = None, **how: Any) -> None:
        """Every cut at which a call is interrupted, and every cut while that is settled."""
        for limit in limits or range(self.length()):
            second = 0
            while self._cut_twice(limit, second, choice, how):
                second += 1

    def _cut_twice(self, limit: int, second: int, choice: str, how: Any) -> bool:
        self._fresh()
        lives = [self._handheld.live(*self._jobs, limit=limit, **how)]
        lives.append(self._handheld.live(choice=choice, limit=second, **how))
        # The time may be waited for, and kept, before it says what was interrupted.
        if not lives[1].shows("INTERRUPTED") and not lives[1].was_cut:
            return False
        lives.append(self._handheld.live("checkout", choice=choice, look=True))
        self.cuts += 1
        self._judge(f"cut {limit} and {second} {choice} {how}", lives, choice)
        return lives[1].was_cut

    def _judge(self, name: str, lives: list[Life], choice: str) -> None:
        last = lives[-1]
        if last.ended != "over":
            self.faults.append(f"{name}: the device did not come up again: {last.log}")
            return
        self.asked += last.shows("INTERRUPTED")
        books = self._compare(name, lives)
        ledger = whole_ledger(lives)
        self._count(name, books, ledger)
        if choice == VOID and last.shows("INTERRUPTED"):
            self._voided(name, books, lives, ledger)

    def _compare(self, name: str, lives: list[Life]) -> Books:
        books = Books(self._handheld.emulator)
        self.faults += [f"{name}: {fault}" for fault in faults(books, lives)]
        return books

    def _count(self, name: str, books: Books, ledger: dict[str, Any]) -> None:
        """Standing redemptions are those that the ledger knows, and of the unresolved ones
        those that the platform did; here that is each whose second copy may have left."""
        standing = {
            each["trace_id"]
            for each in books.committed
            if each["kind"] == "redemption" and not each["reversed"]
        }
        taken_back = {
            entry["redemption_number"]
            for entry in ledger["entries"]
            if entry["op"] == "reverse"
            and (
                entry["result"]["outcome"] == "approved"
                or books.by_trace_id.get(entry["trace_id"])
            )
        }
        known, unresolved = set(), set()
        for entry in ledger["entries"]:
            if entry["op"] != "redeem" or entry["outcome"] == "open":
                continue
            if entry["outcome"] == "unknown":
                unresolved.add(entry["trace_id"])
            elif (
                entry["result"]["outcome"] == "approved"
                and entry["result"]["confirmation_number"] not in taken_back
            ):
                known.add(entry["trace_id"])
        self.unresolved += len(unresolved)
        if standing - unresolved != known:
            self.faults.append(f"{name}: standing {standing}, on the ledger {known}")

    def _voided(
        self, name: str, books: Books, lives: list[Life], ledger: dict[str, Any]
    ) -> None:
        """What was interrupted and then voided stands no more, or is unresolved. What the
        last life sold at its end stands, and what earlier ones had told the cashier."""
        promised = {number for life in lives[:-1] for number in life.promised()}
        promised.update(lives[-1].promised()[-1:])
        unresolved = {
            entry["trace_id"]
            for entry in ledger["entries"]
            if entry["outcome"] == "unknown"
        }
        for each in books.committed:
            stands = each["kind"] == "redemption" and not each["reversed"]
            told = each["confirmation"] in promised or each["trace_id"] in unresolved
            if stands and not told:
                self.faults.append(f"{name}: {each['trace_id']} stands, nobody was told")
