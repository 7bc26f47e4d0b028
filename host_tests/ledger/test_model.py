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

from host_tests.ledger.media import FakeFiles, TearingBytes
from host_tests.ledger.on_micropython.samples import intent_of, result_of
from host_tests.ledger.stores import SmallLittlefsStore
from milepad.base.errors import LedgerFullError, StorageError
from milepad.ledger.ledger import Ledger
from milepad.ledger.stores.ring import VALUES_BYTES, RingStore

CAPACITY = 14


class LedgerModel(RuleBasedStateMachine):
    """`entries`: what was promised; `unsure`: what the step that was cut may have left."""

    @initialize(is_ring=st.booleans())
    def choose(self, is_ring):
        if is_ring:
            region = TearingBytes(VALUES_BYTES + CAPACITY * 208)
            self.medium, self.make = region, lambda: RingStore(region, CAPACITY)
        else:
            files = FakeFiles()
            self.medium, self.make = files, lambda: SmallLittlefsStore(files)
        self.entries = {}
        self.exported = 0
        self.count = 0
        self.ledger = Ledger(self.make(), CAPACITY)

    def restart(self):
        self.medium.power.restore()
        self.ledger = Ledger(self.make(), CAPACITY)

    def attempt(self, act):
        """Whether the step was promised; after a failure the device has restarted."""
        try:
            act()
        except LedgerFullError:
            return None
        except StorageError:
            self.restart()
            return False
        return True

    @rule()
    def begin(self):
        self.count += 1
        trace_id = f"{self.count:012d}"
        open_count = sum(1 for _, outcome in self.entries.values() if outcome is None)
        before = self.ledger.free()
        began = []
        done = self.attempt(lambda: began.append(self.ledger.begin(intent_of(trace_id, 0))))
        if done is None:
            assert before == 0 or open_count or self.skipped()
        elif done:
            assert began[0] not in self.entries
            self.entries[began[0]] = (trace_id, None)
        else:  # it may be there, and nothing was sent for it
            for entry in self.ledger.recent(1):
                if entry.intent.trace_id == trace_id:
                    self.entries[entry.sequence] = (trace_id, None)

    def skipped(self):
        """Whether torn cells take room in the ring."""
        return self.ledger.torn > 0

    @precondition(
        lambda self: any(o in (None, "unknown") for _, o in self.entries.values())
    )
    @rule(data=st.data(), outcome=st.sampled_from(["approved", "declined", "unknown"]))
    def conclude(self, data, outcome):
        choices = [n for n, (_, was) in self.entries.items() if was in (None, "unknown")]
        number = data.draw(st.sampled_from(choices))
        trace_id, was = self.entries[number]
        if self.attempt(lambda: self.ledger.conclude(number, result_of(number, outcome))):
            self.entries[number] = (trace_id, outcome)
            return
        result = self.ledger.entry(number).result
        assert (result and result.outcome) in (was, outcome)
        self.entries[number] = (trace_id, result and result.outcome)

    @precondition(lambda self: self.entries)
    @rule(data=st.data())
    def export(self, data):
        up_to = data.draw(st.sampled_from(sorted(self.entries)))
        if any(n <= up_to and outcome is None for n, (_, outcome) in self.entries.items()):
            return
        if self.attempt(lambda: self.ledger.mark_exported(up_to)):
            self.exported = max(self.exported, up_to)
        else:
            self.exported = max(self.exported, self.ledger._exported)

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
            entry.sequence: (entry.intent.trace_id, entry.result and entry.result.outcome)
            for entry in self.ledger.entries()
        }
        for number in [n for n in self.entries if n <= self.exported and n not in found]:
            del self.entries[number]  # exported, and forgotten since
        assert found == self.entries
        assert list(found) == sorted(found)

    @invariant()
    def open_entries_are_those_without_a_result(self):
        expected = sorted(n for n, (_, outcome) in self.entries.items() if outcome is None)
        assert [entry.sequence for entry in self.ledger.open_entries()] == expected


LedgerModel.TestCase.settings = settings(
    max_examples=120, stateful_step_count=40, deadline=None
)
TestLedgerModel = LedgerModel.TestCase
