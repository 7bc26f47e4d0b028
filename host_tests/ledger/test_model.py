"""Random work, power cuts and restarts, held against a dictionary."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from host_tests.kit.media import FakeFiles, TearingBytes
from host_tests.kit.stores import VALUES_BYTES, SmallLittlefsStore
from host_tests.ledger.on_micropython.samples import intent_of, result_of
from milepad.base.errors import DAMAGED, FULL, OPEN_FIRST, StorageError
from milepad.ledger.ledger import Ledger
from milepad.ledger.stores.ring import CELL_BYTES, RingStore

MOST = 1000  # of a ledger that only its ring limits


def outcome_of(entry):
    """None while it is open."""
    return None if entry.outcome == "open" else entry.outcome


class LedgerModel(RuleBasedStateMachine):
    """`entries`: what was promised, {number: (trace id, outcome, None while it is open)}.

    `unseen`: the numbers whose last result no export has seen. `used`: every number that a
    begin was promised, and those that were found after a cut.
    """

    @initialize(cells=st.none() | st.integers(2, 40), capacity=st.sampled_from([14, MOST]))
    def choose(self, cells, capacity):
        if cells:
            region = TearingBytes(VALUES_BYTES + cells * CELL_BYTES)
            self.medium, self.make = region, lambda: RingStore(region, cells)
        else:
            files = FakeFiles()
            self.medium, self.make = files, lambda: SmallLittlefsStore(files)
        self.cells = cells
        self.capacity = capacity
        self.entries = {}
        self.unseen = set()
        self.used = set()
        self.exported = 0
        self.count = 0
        self.ledger = Ledger(self.make(), capacity)

    def restart(self):
        self.medium.power.restore()
        self.ledger = Ledger(self.make(), self.capacity)

    def attempt(self, act):
        """Whether the step was promised; after a failure the device has restarted."""
        try:
            act()
        except StorageError as fault:
            if fault.reason in (FULL, OPEN_FIRST, DAMAGED):
                return None
            self.restart()
            return False
        return True

    @rule(times=st.integers(1, 12), outcome=st.sampled_from([None, "approved", "unknown"]))
    def work(self, times, outcome):
        """Some entries, one after another."""
        for _ in range(times):
            number = self.begin()
            if number and outcome:
                self.finish(number, outcome)

    def begin(self):
        """The new entry's number, or None."""
        self.count += 1
        trace_id = f"{self.count:012d}"
        free = self.ledger.free()
        began = []
        done = self.attempt(lambda: began.append(self.ledger.begin(intent_of(trace_id, 0))))
        if done is None:
            assert free == 0
            return None
        if not done:  # it may be there, and nothing was sent for it
            for entry in self.ledger.recent(1):
                if entry.trace_id == trace_id:
                    began.append(entry.sequence)
        for number in began:
            assert number not in self.used
            self.used.add(number)
            self.entries[number] = (trace_id, None)
            self.unseen.add(number)
        assert free or not done
        return began[0] if done else None

    def finish(self, number, outcome):
        trace_id, was = self.entries[number]
        if self.attempt(lambda: self.ledger.conclude(number, result_of(number, outcome))):
            self.entries[number] = (trace_id, outcome)
            self.unseen.add(number)
            return
        kept = outcome_of(self.ledger.entry(number))
        assert kept in (was, outcome)
        self.entries[number] = (trace_id, kept)
        if self.entries[number][1] != was:
            self.unseen.add(number)

    @precondition(
        lambda self: any(o in (None, "unknown") for _, o in self.entries.values())
    )
    @rule(data=st.data(), outcome=st.sampled_from(["approved", "declined", "unknown"]))
    def conclude(self, data, outcome):
        choices = [n for n, (_, was) in self.entries.items() if was in (None, "unknown")]
        self.finish(data.draw(st.sampled_from(choices)), outcome)

    @precondition(lambda self: any(o is None for _, o in self.entries.values()))
    @rule(data=st.data(), copies=st.integers(1, 2))
    def note(self, data, copies):
        choices = [n for n, (_, was) in self.entries.items() if was is None]
        number = data.draw(st.sampled_from(choices))
        self.attempt(lambda: self.ledger.note(number, copies, "later"))

    @precondition(lambda self: self.entries)
    @rule(data=st.data(), all_of_it=st.booleans())
    def export(self, data, all_of_it):
        numbers = sorted(self.entries)
        up_to = numbers[-1] if all_of_it else data.draw(st.sampled_from(numbers))
        exports = self.ledger._store.exports
        self.attempt(lambda: self.ledger.mark_exported(up_to))
        is_seen = self.ledger._store.exports != exports  # also where a cut came just after
        self.exported = max(self.exported, self.ledger.exported)
        if is_seen:
            self.unseen = {
                n for n in self.unseen if n > up_to or self.entries[n][1] is None
            }

    @rule()
    def power_off_and_on(self):
        self.restart()

    @rule(writes=st.integers(0, 4), torn_bytes=st.integers(0, 300))
    def power_will_go(self, writes, torn_bytes):
        self.medium.power.left = writes
        self.medium.torn_bytes = torn_bytes

    @invariant()
    def what_is_kept_is_what_was_promised(self):
        found = {
            entry.sequence: (
                entry.trace_id,
                outcome_of(entry),
            )
            for entry in self.ledger.entries()
        }
        for number in [n for n in self.entries if n <= self.exported and n not in found]:
            assert number not in self.unseen, "forgotten before an export has seen it"
            del self.entries[number]
        assert found == self.entries
        assert list(found) == sorted(found)

    @invariant()
    def open_entries_are_those_without_a_result(self):
        expected = sorted(n for n, (_, outcome) in self.entries.items() if outcome is None)
        assert [entry.sequence for entry in self.ledger.open_entries()] == expected

    @invariant()
    def what_is_open_fills_nothing(self):
        """But where a ring has no other cell."""
        results = [n for n in self.unseen if self.entries[n][1]]
        if not self.cells:
            assert self.ledger.free() > 0 or len(results) >= self.capacity
        elif not self.ledger.torn and not results:
            assert self.ledger.free() > 0 or len(self.unseen) == self.cells


LedgerModel.TestCase.settings = settings(
    max_examples=120, stateful_step_count=40, deadline=None
)
TestLedgerModel = LedgerModel.TestCase
