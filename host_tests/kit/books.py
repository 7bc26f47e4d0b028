"""What the platform saw, held against what the device says: the rule of copies, and the money."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from tools.emulator.testing import RunningEmulator


class Books:
    """What arrived at the platform, and what it committed, read once."""

    def __init__(self, emulator: RunningEmulator) -> None:
        self.arrived = emulator.requests()
        self.committed = emulator.ledger()
        self.by_trace_id: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._by_key: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for each in self.arrived:
            self._by_key[each["headers"].get("idempotency-key", "")].append(each)
        for entry in self.committed:
            self.by_trace_id[entry["trace_id"]].append(entry)

    def of(self, op: str | None) -> list[dict[str, Any]]:
        """The requests for an operation; None: those whose head was broken."""
        return [each for each in self.arrived if each["op"] == op]

    def copies(self, request: Any) -> list[dict[str, Any]]:
        """What arrived of a request, whole or not (of a broken head the key is unknown)."""
        headless = [each for each in self._by_key[""] if each["op"] is None]
        return self._by_key.get(request.idempotency_key, []) + headless

    def check(self, call: Any, reversed_later: bool = False) -> None:
        """The retry rule, and what an outcome promises. `call` has the request as the
        firmware built it, and what its session made of it."""
        copies = self.copies(call.request)
        entries = self.by_trace_id.get(call.request.trace_id, [])
        entries = [each for each in entries if not each["cancelled"]]
        assert len(copies) <= call.copies <= 2, call
        for copy in copies:
            _check_identical(call.request, copy)
        assert len(entries) <= 1, "two commitments for one sale"
        for entry in entries:
            assert entry["reversed"] == reversed_later
        if call.outcome == "approved":
            assert [each["confirmation"] for each in entries] == [call.confirmation], call
        elif call.outcome == "declined":
            assert not entries, call
        elif call.outcome == "not_sent":
            assert not copies and not entries and call.copies == 0, call
        else:
            assert call.outcome == "unknown" and call.copies > 0, call

    def faults(self, ledger: dict[str, Any]) -> list[str]:
        """What is wrong between the platform and a device's whole ledger, as plain values."""
        return [*self.copy_faults(), *self._entries(ledger), *self._totals(ledger)]

    def copy_faults(self) -> list[str]:
        """At most two of a request, each to the byte; no trace id and no key for two
        requests, and one commitment of each."""
        copies: dict[tuple[str, str], int] = defaultdict(int)
        different: dict[str, set[tuple[str, bytes]]] = defaultdict(set)
        keys: dict[str, set[str]] = defaultdict(set)
        trace_ids: dict[str, set[str]] = defaultdict(set)
        for each in self.arrived:
            if each["op"] in (None, "token"):
                continue
            key = each["headers"].get("idempotency-key", "")
            trace_id = json.loads(each["raw"])["traceId"] if each["complete"] else ""
            copies[each["op"], key or trace_id] += 1
            if trace_id:
                different[trace_id].add((each["op"], each["raw"]))
                keys[trace_id].add(key)
                trace_ids[key].add(trace_id)
        trace_ids.pop("", None)
        return [
            *[f"{op} left {count} times" for (op, _), count in copies.items() if count > 2],
            *_more_than_one("trace id {} was used for two requests", different),
            *_more_than_one("{} had two keys", keys),
            *_more_than_one("key {} was used for two requests", trace_ids),
            *_more_than_one("{} was committed twice", self.by_trace_id),
        ]

    def _entries(self, ledger: dict[str, Any]) -> list[str]:
        """Each entry against what the platform did for it, and the other way round."""
        known = {entry["trace_id"]: entry for entry in ledger["entries"]}
        wrong = [
            f"{trace_id} was committed and is not on the ledger"
            for trace_id in self.by_trace_id
            if trace_id not in known
        ]
        if len(known) != len(ledger["entries"]):
            wrong.append("a trace id is on the ledger twice")
        for trace_id, entry in known.items():
            wrong += _one_entry(entry, self.by_trace_id.get(trace_id, []))
        return wrong

    def _totals(self, ledger: dict[str, Any]) -> list[str]:
        """The device's totals are the platform's, but for what is unresolved."""
        totals = defaultdict(int, ledger["totals"])
        unresolved = {
            entry["trace_id"]
            for entry in ledger["entries"]
            if entry["outcome"] in ("open", "unknown")
        }
        wrong = []
        for kind, word in (("redemption", "redeemed"), ("reversal", "reversed")):
            ours = [
                each
                for each in self.committed
                if each["kind"] == kind and each["trace_id"] not in unresolved
            ]
            expected = {
                "count": len(ours),
                "miles": sum(each["miles"] for each in ours),
                "cents": sum(round(float(each["dollars"]) * 100) for each in ours),
            }
            for unit, value in expected.items():
                if totals[f"{word}_{unit}"] != value:
                    wrong.append(f"{word}_{unit}: {totals[f'{word}_{unit}']}, not {value}")
        if totals["unresolved_count"] != len(unresolved):
            wrong.append("unresolved_count")
        return wrong


def _more_than_one(complaint: str, found: dict[str, Any]) -> list[str]:
    return [complaint.format(name) for name, values in found.items() if len(values) > 1]


def _one_entry(entry: dict[str, Any], committed: list[dict[str, Any]]) -> list[str]:
    result = entry["result"]
    name = f"{entry['op']} {entry['sequence']}"
    if entry["outcome"] == "open":
        return [f"{name} is still open"]
    numbers = [each["confirmation"] for each in committed]
    if result["outcome"] == "approved":
        if numbers != [result["confirmation_number"]]:
            return [f"{name} is approved, the platform has {numbers}"]
        dollars = f"{result['cents'] // 100}.{result['cents'] % 100:02d}"
        moved = (committed[0]["miles"], committed[0]["dollars"])
        return [] if moved == (result["miles"], dollars) else [f"{name}: amounts differ"]
    if result["outcome"] in ("declined", "not_sent") and committed:
        return [f"{name} is {result['outcome']} and was committed"]
    return []


def _check_identical(request: Any, copy: dict[str, Any]) -> None:
    """The copy is the request to the byte, or the beginning of it."""
    if copy["complete"]:
        assert copy["raw"] == request.body
    elif copy["op"] is not None:
        assert request.body.startswith(copy["raw"])
    else:
        assert b"POST " + request.path.encode() in copy["raw"] or len(copy["raw"]) < 40
    if copy["op"] is not None:
        assert copy["path"] == request.path
        assert copy["headers"]["idempotency-key"] == request.idempotency_key
        assert copy["headers"]["content-type"] == "application/json"
