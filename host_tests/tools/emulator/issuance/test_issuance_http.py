"""Issuance over HTTP: paths, faults, magic amounts, what can be seen, the description."""

from __future__ import annotations

import json
import threading
import time
from html import escape
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_tests.tools.emulator.issuance.test_issuance_fields import JSON
from tools.emulator.faults import FAULTS, Fault
from tools.emulator.issuance import description, magic
from tools.emulator.issuance.models import REQUESTS, IssuanceRefusal, IssuanceReply
from tools.emulator.issuance.operations import MOVING, OPERATIONS
from tools.emulator.samples import SAMPLES
from tools.emulator.settings import Settings
from tools.emulator.testing import RunningEmulator

# What may be ordered besides a name; `delay` and the cuts are short, so that tests are.
NEEDS: dict[str, dict[str, Any]] = {
    "delay": {"seconds": 0.01},
    "code": {"code": "500"},
    "truncate": {"bytes": 40},
    "cut_request": {"bytes": 40},
}
SILENT = ("drop_before_commit", "drop_after_commit", "truncate", "garbage", "reset")


@pytest.mark.parametrize("op", OPERATIONS)
def test_the_published_samples_are_served(emulator: RunningEmulator, op: str) -> None:
    reply = emulator.call(op)
    assert reply.status_code == 200
    IssuanceReply.model_validate(reply.json(), strict=True, extra="forbid")
    assert reply.headers["transfer-encoding"] == "chunked"
    assert [each["op"] for each in emulator.requests() if each["op"] != "token"] == [op]


def test_a_number_in_a_string_is_rejected(emulator: RunningEmulator) -> None:
    reply = emulator.call("issue", {"basketPostTaxAmount": "28.22"})
    assert reply.status_code == 400
    IssuanceRefusal.model_validate(reply.json(), strict=True, extra="forbid")


def test_a_body_of_another_type_is_rejected(emulator: RunningEmulator) -> None:
    headers = {"Authorization": f"Bearer {emulator.token()}", "Content-Type": "text/plain"}
    body = json.dumps(SAMPLES["issue"]).encode()
    reply = emulator.client.post("/checkout/issuance/issue", content=body, headers=headers)
    assert (reply.status_code, reply.json()["error"]) == (400, "INVALID_REQUEST")


def test_without_a_bearer_nothing_is_done(emulator: RunningEmulator) -> None:
    reply = emulator.client.post("/checkout/issuance/issue", json=SAMPLES["issue"])
    assert (reply.status_code, emulator.issuances()) == (401, [])


@settings(max_examples=60)
@given(op=st.sampled_from(sorted(OPERATIONS)), data=st.data())
def test_no_body_makes_the_platform_fail(
    emulator: RunningEmulator, op: str, data: st.DataObject
) -> None:
    """The only 500 is one that was ordered."""
    names = st.sampled_from(sorted(REQUESTS[op].model_fields))
    members = data.draw(st.dictionaries(names, JSON, max_size=3))
    raw = data.draw(
        st.just(json.dumps(SAMPLES[op] | members).encode()) | st.binary(max_size=40)
    )
    assert emulator.call(op, raw).status_code in (200, 400)


# Faults


def copied(emulator: RunningEmulator, op: str) -> httpx.Response:
    """The request again; a connection that has hung up is noticed by using it."""
    try:
        return emulator.call(op, key="key")
    except httpx.TransportError:  # a goodbye or a reset, whichever comes first
        return emulator.call(op, key="key")


@pytest.mark.parametrize(
    ("op", "fault"),
    [
        (op, fault)
        for op in OPERATIONS
        for fault in FAULTS
        if fault != "pending" or op in MOVING
    ],
)
def test_every_fault_strikes_every_operation_and_a_copy_is_served(
    emulator: RunningEmulator, op: str, fault: str
) -> None:
    emulator._bearer = emulator.token()
    emulator.faults(op, fault, **NEEDS.get(fault, {}))
    try:
        first = emulator.call(op, key="key")
        assert fault not in (*SILENT, "cut_request")
    except httpx.TransportError:
        assert fault in (*SILENT, "cut_request", "hang_up")
    else:
        if fault == "pending":
            assert first.status_code == 202
    if fault == "expire_token":
        emulator._bearer = ""
    second = copied(emulator, op)
    assert second.status_code == (202 if fault == "pending" else 200)
    assert len(emulator.issuances()) <= (2 if op == "record" else 1)


@pytest.mark.parametrize("status", [400, 409, 429, 500, 503])
def test_a_status_can_be_ordered_and_does_nothing(
    emulator: RunningEmulator, status: int
) -> None:
    emulator.faults("issue", "code", code=str(status))
    assert emulator.call("issue").status_code == status
    assert emulator.issuances() == []


@pytest.mark.parametrize("op", ["reverse", "any"])
def test_a_status_for_both_families_waits_for_one_of_issuance(
    emulator: RunningEmulator, op: str
) -> None:
    emulator.faults(op, "code", code="503")
    assert emulator.call("reverse").json()["responseCode"] != "503"
    assert [emulator.call("issuance/reverse").status_code for _ in range(2)] == [503, 200]


def test_an_ordered_failure_can_follow_the_commitment(emulator: RunningEmulator) -> None:
    emulator.faults("post", "code", code="500", after_commit=True)
    statuses = [emulator.call("post", key="key").status_code for _ in range(2)]
    assert (statuses, len(emulator.issuances())) == ([500, 200], 1)


def test_an_ordered_200_and_202_are_real(emulator: RunningEmulator) -> None:
    for code in ("200", "202"):
        emulator.faults("issue", "code", code=code)
        assert emulator.call("issue").status_code == int(code)
    assert [entry["pending"] for entry in emulator.issuances()] == [False, True]


@pytest.mark.parametrize("fault", ["missing_code", "wrong_shape", "oversized", "deep"])
def test_where_the_status_decides_a_bad_body_is_no_lie(
    emulator: RunningEmulator, fault: str
) -> None:
    emulator.faults("issue", fault)
    assert emulator.call("issue").status_code == 200
    assert len(emulator.issuances()) == 1
    emulator.faults("issue", fault, status=500)
    assert emulator.call("issue").status_code == 500
    assert len(emulator.issuances()) == 1


def test_a_bad_body_of_a_refusal_has_the_status_of_a_refusal(
    emulator: RunningEmulator,
) -> None:
    emulator.faults("issue", "wrong_shape")
    reply = emulator.call("issue", {"collectorNumber": "81234567898"})
    assert reply.status_code == 400


@pytest.mark.parametrize("first", ["reverse", "issuance/reverse"])
def test_reverse_is_that_of_cash_or_of_issuance_whichever_comes_first(
    emulator: RunningEmulator, first: str
) -> None:
    emulator.faults("reverse", "html_502")
    assert emulator.call(first).status_code == 502
    assert emulator.call("issuance/reverse").status_code == 200


def test_reverse_of_issuance_can_be_meant_alone(emulator: RunningEmulator) -> None:
    emulator.faults("issuance/reverse", "html_502")
    assert emulator.call("reverse").status_code == 400
    assert emulator.call("issuance/reverse").status_code == 502


def test_any_is_issuance_too(emulator: RunningEmulator) -> None:
    emulator.call("echo")
    emulator.faults("any", "code", code="0092")
    assert emulator.call("issue").status_code == 503


def test_pending_waits_for_what_can_be_pending(emulator: RunningEmulator) -> None:
    emulator.faults("any", "pending")
    statuses = [emulator.call(op).status_code for op in ("redeem", "calculate", "issue")]
    assert statuses == [200, 200, 202]


@pytest.mark.parametrize(
    ("order", "named"),
    [
        ({"op": "calculate", "fault": "pending"}, "pending is for"),
        ({"op": "redeem", "fault": "pending"}, "pending is for"),
        ({"op": "issue", "fault": "code", "code": "0000"}, "HTTP status"),
        ({"op": "issue", "fault": "code", "code": "600"}, "HTTP status"),
        ({"op": "issue", "fault": "reset", "retry_after": "a\nb"}, "retry_after"),
    ],
)
def test_an_impossible_order_is_refused(
    emulator: RunningEmulator, order: dict[str, Any], named: str
) -> None:
    reply = emulator.client.post("/_emulator/faults", json=order)
    assert reply.status_code == 400
    assert named in reply.json()["error"]


def test_a_refusal_for_a_while_says_how_long(emulator: RunningEmulator) -> None:
    emulator.faults("issue", "code", code="429")
    assert emulator.call("issue").headers["retry-after"] == "30"
    emulator.faults("issue", "code", code="429", retry_after="7")
    assert emulator.call("issue").headers["retry-after"] == "7"


def test_two_of_one_collector_at_once_are_one_too_many(emulator: RunningEmulator) -> None:
    delay_s = 0.5
    while (statuses := at_once(emulator, delay_s)) is None:
        delay_s *= 2  # on a busy machine the first may have been done before the others
    assert statuses == (200, 500, 200)
    assert emulator.call("return", key="second").status_code == 200


def at_once(emulator: RunningEmulator, delay_s: float) -> tuple[int, int, int] | None:
    """The statuses of a call that takes so long, and of two that came meanwhile: of its
    collector and of another. None where it may have been done by then."""
    emulator.reset()
    emulator.faults("issue", "delay", seconds=delay_s, after_commit=False)
    emulator.call("echo")
    done: list[int] = []
    begun_s = time.monotonic()
    first = threading.Thread(
        target=lambda: done.append(emulator.call("issue", key="first").status_code)
    )
    first.start()
    while not any(each["op"] == "issue" for each in emulator.requests()):
        time.sleep(0.01)
    second = emulator.call("return", key="second").status_code
    other = emulator.call("return", {"collectorNumber": "84095202006"}).status_code
    took_s = time.monotonic() - begun_s
    first.join()
    return (done[0], second, other) if took_s < delay_s else None


# What can be seen


def test_the_issuances_show_what_was_committed(emulator: RunningEmulator) -> None:
    emulator.call("post", key="sale")
    emulator.call("issuance/reverse", key="back")
    given_, taken = emulator.issuances()
    expected = {
        "op": "post",
        "collector": "81111111111",
        "miles": 5,
        "cash": 5,
        "dream": 0,
        "trace_id": "12340001111",
        "idempotency_key": "sale",
        "device_id": "POS1",
        "pre_tax": "24.97",
        "post_tax": "28.22",
        "pending": False,
        "posted": True,
        "delivered": True,
        "issuances": SAMPLES["post"]["issuances"],
    }
    assert expected.items() <= given_.items()
    assert (taken["op"], taken["miles"], taken["cash"]) == ("issuance/reverse", 5, -5)
    assert emulator.ledger() == []
    assert emulator.collector("81111111111")["cash"] == 1000


def test_a_reset_empties_the_issuances(emulator: RunningEmulator) -> None:
    emulator.call("issue", key="key")
    emulator.reset()
    assert emulator.issuances() == []
    assert emulator.collector("81111111111")["cash"] == 1000
    emulator.call("issue", key="key")
    assert len(emulator.issuances()) == 1


def test_a_reset_lets_go_of_what_runs(emulator: RunningEmulator) -> None:
    emulator.faults("issue", "delay", seconds=1, after_commit=False)
    emulator.call("echo")
    first = threading.Thread(target=lambda: emulator.call("issue", key="first"))
    first.start()
    while not any(each["op"] == "issue" for each in emulator.requests()):
        time.sleep(0.01)
    emulator.reset()
    assert emulator.call("issue", key="second").status_code == 200
    first.join()


def test_a_reply_that_was_lost_leaves_the_issuance(emulator: RunningEmulator) -> None:
    emulator.call("echo")
    emulator.faults("issue", "drop_after_commit")
    with pytest.raises(httpx.TransportError):
        emulator.call("issue", key="key")
    emulator.advance_clock(3600)
    (entry,) = emulator.issuances()
    assert (entry["posted"], entry["delivered"]) == (True, False)


# Magic amounts


def test_each_row_of_the_table_is_obeyed(magician: RunningEmulator) -> None:
    rows = magic.table()
    found = [(row.op, played(magician, row)) for row in rows]
    assert found == [(row.op, (row.status, row.status == 202)) for row in rows]


def played(magician: RunningEmulator, row: magic.MagicStatus) -> tuple[int, bool]:
    """The status of a request with a row's basket, and whether it issued anything."""
    amounts = {
        "basketPostTaxAmount": float(row.basket),
        "basketPreTaxAmount": float(row.basket),
        "basketHSTAmount": 0,
        "items": [],
    }
    if "issuances" in SAMPLES[row.op]:
        amounts["issuances"] = SAMPLES["post/event"]["issuances"]
    before = len(magician.issuances())
    status = magician.call(row.op, amounts).status_code
    return status, len(magician.issuances()) == before + 1


def test_the_table_has_each_status_for_each_basket_operation() -> None:
    assert {row.op for row in magic.table()} == {
        op for op in MOVING if not OPERATIONS[op].is_event
    }
    for op in {row.op for row in magic.table()}:
        found = [row.status for row in magic.table() if row.op == op]
        assert found == list(magic.STATUS_BY_DIGITS.values())


def test_without_the_option_no_amount_is_magic(emulator: RunningEmulator) -> None:
    amounts = {
        "basketPostTaxAmount": 47.5,
        "basketPreTaxAmount": 47.5,
        "basketHSTAmount": 0,
        "items": [],
    }
    assert emulator.call("issue", amounts).status_code == 200


def test_the_page_and_a_script_are_told_the_table(magician: RunningEmulator) -> None:
    page = magician.client.get("/docs").text
    for row in magic.table():
        assert f"<td>{row.op}</td><td>${row.basket}</td><td>{row.status}</td>" in page
    told = magician.client.get("/_emulator/magic").json()["statuses"]
    assert told == [row.model_dump() for row in magic.table()]


# The description


def test_the_description_covers_every_path_field_and_status(
    emulator: RunningEmulator,
) -> None:
    document = emulator.client.get("/openapi.json").json()
    schemas = document["components"]["schemas"]
    for op, row in OPERATIONS.items():
        operation = document["paths"][row.path]["post"]
        reference = operation["requestBody"]["content"]["application/json"]["schema"]
        schema = schemas[reference["$ref"].rpartition("/")[2]]
        assert set(schema["properties"]) >= set(SAMPLES[op])
        assert schema["additionalProperties"] is False
        statuses = {str(status) for status in row.statuses}
        assert set(operation["responses"]) == statuses | {"401"}


def test_what_is_invented_is_marked(emulator: RunningEmulator) -> None:
    document = emulator.client.get("/openapi.json").json()
    for model in ("IssuanceReply", "IssuanceRefusal"):
        assert "Invented" in document["components"]["schemas"][model]["description"]
    page = emulator.client.get("/docs").text
    for what, here, option in description.invented(Settings()):
        cells = (escape(str(cell)) for cell in (what, here, option))
        assert "".join(f"<td>{cell}</td>" for cell in cells) in page


def test_every_setting_of_issuance_is_told_as_invented() -> None:
    options = {option for _, _, option in description.invented(Settings())} - {""}
    names = {name for name in Settings.__slots__ if name.startswith("issuance_")}
    assert options == {f"--{name.replace('_', '-')}" for name in names}


def test_a_fault_says_whether_it_commits() -> None:
    assert Fault(op="issue", fault="pending").commits(by_status=True)
    assert not Fault(op="issue", fault="wrong_shape").commits(by_status=False)
