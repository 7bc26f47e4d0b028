"""Cuts the power after every program and erase of a shift: `prove`.

The shift runs once on a journal of block changes. Then, for every number of changes, and
for every change done only in part, a flash with just those boots, and what the firmware
finds on it is held against what the shift had been promised by then.
"""

from host_tests.kit.on_micropython.flash import Flash, formatted, mounted
from host_tests.ledger.on_micropython.samples import NOW_S, intent_of, result_of
from milepad.ledger.ledger import Ledger
from milepad.ledger.stores.littlefs import LittlefsStore
from milepad.ledger.stores.ring import fat_store
from milepad.ledger.trace_ids import TraceIds
from milepad.link.token_store import TokenStore

KEY = bytes(range(16))
TOKENS = [
    "eyJhbGciOiJSUzI1NiJ9." + four * 150 + ".c2ln"
    for four in ("abcd", "efgh", "ijkl", "mnop")
]


class Kind:
    """A filesystem, and how much the shift on it is: `slots` makes littlefs's files short."""

    def __init__(self, name, slots):
        self.name = name
        if name == "littlefs":
            self.small_store = type("SmallStore", (LittlefsStore,), {"slots": slots})
            self.capacity = 2 * slots
            self.before = 2 * slots - 4  # entries on the flash when the shift starts
            self.exported = slots - 1
            self.entries = 12
        else:
            self.capacity = 12
            self.before = 0
            self.entries = 20

    def store(self, flash):
        files = mounted(self.name, flash)
        if self.name == "littlefs":
            return self.small_store(files)
        return fat_store(files, "/LEDGER.BIN", self.capacity)


class Handheld:
    """The rooms under test, on a flash."""

    def __init__(self, kind, flash):
        store = kind.store(flash)
        self.ledger = Ledger(store, kind.capacity)
        self.trace_ids = TraceIds(store, "0001", NOW_S)
        self.tokens = TokenStore(store, KEY)


class Shift:
    """Does the work and notes (what, value, changes before it, changes after it)."""

    def __init__(self, kind, flash):
        self.kind = kind
        self.journal = flash.journal
        self.promises = []
        self.handheld = Handheld(kind, flash)
        self.number = 0

    def note(self, what, act, value=None):
        start = len(self.journal)
        result = act()
        value = result if value is None else value(result)
        self.promises.append((what, value, start, len(self.journal)))
        return result

    def entry(self, outcome="approved"):
        number, ledger = self.number, self.handheld.ledger
        self.number += 1
        self.note("trace", self.handheld.trace_ids.next)
        trace_id = self.note("trace", self.handheld.trace_ids.next)
        intent = intent_of(trace_id, number)
        sequence = self.note("begin", lambda: ledger.begin(intent), lambda s: (s, trace_id))
        if outcome:
            self.result(sequence, number, outcome)
        return sequence

    def result(self, sequence, number, outcome):
        result = result_of(number, outcome)
        self.note(
            "conclude",
            lambda: self.handheld.ledger.conclude(sequence, result),
            lambda _: (sequence, outcome, result.confirmation_number),
        )

    def export(self, up_to):
        self.note(
            "export", lambda: self.handheld.ledger.mark_exported(up_to), lambda _: up_to
        )

    def token(self, text):
        self.note(
            "token", lambda: self.handheld.tokens.save(text, NOW_S + 9999), lambda _: text
        )

    def work(self):
        self.token(TOKENS[0])
        count = self.kind.entries
        self.note_copies(
            self.entry(None)
        )  # it stays open, whatever follows and is exported
        for step in range(count):
            last = self.entry("unknown" if step == 2 else "approved")
            if step == 2:
                unknown, number = last, self.number - 1
            if step == count // 2:
                # On littlefs it is in a large file by now.
                self.result(unknown, number, "approved")
                self.export(last - 1)
                self.token(TOKENS[1])
            self.tries(step)
        self.note("token", self.handheld.tokens.drop)
        self.token(TOKENS[2])
        self.note_copies(self.entry(None))

    def tries(self, count):
        self.note(
            "tries", lambda: self.handheld.ledger.keep_pin_tries(count), lambda _: count
        )

    def note_copies(self, sequence):
        self.note(
            "copies", lambda: self.handheld.ledger.note(sequence, 2, ""), lambda _: sequence
        )


class Expectation:
    """What must and what may be on a flash after so many changes."""

    def __init__(self, promises, cut):
        self.begun, self.may_begin = {}, {}
        self.may_results = {}
        self.traces, self.tokens = set(), [None]
        self.exported = self.may_export = 0
        self.copies = {}
        self.tries = [0]
        for what, value, start, end in promises:
            done = end <= cut
            if start <= cut:
                self.add(what, value, done)

    def add(self, what, value, done):
        if what == "trace":
            if done:
                self.traces.add(value)
        elif what == "begin":
            self.may_begin[value[0]] = value[1]
            if done:
                self.begun[value[0]] = value[1]
        elif what == "conclude":
            self.may_results.setdefault(value[0], [None])
            if done:
                self.may_results[value[0]] = []
            self.may_results[value[0]].append(value[1:])
        elif what == "export":
            self.may_export = value
            self.exported = value if done else self.exported
        elif what == "copies":
            self.copies[value] = (2,) if done else (1, 2)
        elif what == "tries":
            self.tries = [value] if done else self.tries + [value]  # noqa: RUF005
        elif what == "token":
            self.tokens = [value] if done else self.tokens + [value]  # noqa: RUF005

    def faults(self, handheld):
        """Yields what is wrong."""
        found = {}
        for entry in handheld.ledger.entries():
            found[entry.sequence] = entry
        for sequence in self.begun:
            must_stay = sequence > self.may_export or sequence not in self.may_results
            if sequence not in found and must_stay:
                yield f"entry {sequence} is lost"
        for sequence, entry in found.items():
            if self.may_begin.get(sequence) != entry.trace_id:
                yield f"entry {sequence} is invented"
            kept = None
            if entry.outcome != "open":
                kept = entry.outcome, entry.result.confirmation_number
            if kept not in self.may_results.get(sequence, [None]):
                yield f"result of {sequence} is {kept!r}"
            is_open = sequence in [e.sequence for e in handheld.ledger.open_entries()]
            if is_open != (kept is None):
                yield f"entry {sequence}: open is {is_open}"
            if is_open and entry.result.copies_sent not in self.copies.get(sequence, (1,)):
                yield f"copies of {sequence}"
        token = handheld.tokens.load(NOW_S)
        if (token and token[0]) not in self.tokens:
            yield "token"
        if handheld.ledger.pin_tries() not in self.tries:
            yield f"tries {handheld.ledger.pin_tries()}"
        exported = handheld.ledger.exported
        if exported not in (self.exported, self.may_export):
            yield f"export mark {exported}"
        yield from self.goes_on(handheld)

    def goes_on(self, handheld):
        """After the cut the work goes on: every step succeeds and no trace id comes again."""
        for entry in handheld.ledger.open_entries():
            handheld.ledger.conclude(entry.sequence, result_of(0, "unknown"))
        for _ in range(2):
            trace_id = handheld.trace_ids.next()
            if trace_id in self.traces:
                yield "trace id again"
            self.traces.add(trace_id)
        for entry in handheld.ledger.recent(1):
            handheld.ledger.mark_exported(entry.sequence)
        sequence = handheld.ledger.begin(intent_of(trace_id, 77))
        handheld.ledger.conclude(sequence, result_of(77))
        if handheld.ledger.entry(sequence).result.confirmation_number != "20000000077":
            yield "the next entry"


def check(kind, image, size, promises, cut, label):
    try:
        handheld = Handheld(kind, Flash(0, size, image))
        faults = Expectation(promises, cut).faults(handheld)
        return [f"{label}: {fault}" for fault in faults]
    except Exception as fault:
        return [f"{label}: {fault!r}"]


def prove(name, slots):
    """{"cuts": how many, "faults": what was wrong after which}; `name` littlefs or fat."""
    kind, flash = Kind(name, slots), formatted(name)
    flash.journal = journal = []
    image, first = bytearray(flash.raw), 0
    shift = Shift(kind, flash)
    if kind.before:
        shift.token(TOKENS[3])
        for _ in range(kind.before):
            shift.entry()
        shift.export(kind.exported)
        image, first = bytearray(flash.raw), len(journal)
    shift.work()
    faults = []
    for cut in range(first, len(journal) + 1):
        faults += check(kind, image, flash.size, shift.promises, cut, f"after {cut}")
        if cut < len(journal):
            at, raw = journal[cut]
            half = bytearray(image)
            done = len(raw) * (cut % 7 + 1) // 8
            half[at : at + done] = raw[:done]
            faults += check(kind, half, flash.size, shift.promises, cut, f"in {cut}")
            image[at : at + len(raw)] = raw
    return {"cuts": len(journal) - first, "faults": faults}
