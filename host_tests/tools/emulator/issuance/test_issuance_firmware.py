"""What the firmware sends is what the emulator, which shares no code with it, takes."""

from __future__ import annotations

import pytest

from host_tests.issuance import samples
from milepad.issuance import replies
from tools.emulator.issuance.operations import MOVING, OPERATIONS
from tools.emulator.testing import RunningEmulator


def built(op: str, keyed: bool, **changes: object) -> tuple[bytes, str | None]:
    """The body and the key; a keyed sale has no lines, and nothing that names one."""
    awards = [(*each[:4], []) for each in samples.AWARDS] if keyed else None
    if op not in samples.COMPUTED_HERE or op in samples.EVENTS:
        awards = None
    lines = [] if keyed else samples.LINES
    request = samples.built(op, changes, {}, lines, awards)
    return request["body"], request["idempotency_key"] or None


@pytest.mark.parametrize("send_identity", [True, False])
@pytest.mark.parametrize("keyed", [True, False])
@pytest.mark.parametrize("op", OPERATIONS)
def test_every_operation_is_taken_and_its_miles_are_read(
    emulator: RunningEmulator, op: str, keyed: bool, send_identity: bool
) -> None:
    body, key = built(op, keyed, send_identity=send_identity)
    reply = emulator.call(op, body, key)
    told = replies.read(reply.status_code, reply.content, samples.TRACE)
    assert (told.outcome, told.code, told.is_other) == ("approved", "200", False)
    assert told.miles == reply.json()["milesAmount"]
    noted = [entry["op"] for entry in emulator.issuances()]
    assert noted == ([op] if op in (*MOVING, "record") else [])


@pytest.mark.parametrize("op", OPERATIONS)
def test_a_refusal_is_read_with_its_reason(emulator: RunningEmulator, op: str) -> None:
    body, key = built(op, keyed=False, collector_number="81234567898")
    reply = emulator.call(op, body, key)
    told = replies.read(reply.status_code, reply.content, samples.TRACE)
    assert (told.outcome, told.code) == ("declined", "400")
    assert told.message == "Nobody has this number"
