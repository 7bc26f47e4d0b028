"""The platform over HTTP: replies as in the samples, bearer, token, orders, description."""

from __future__ import annotations

import json
import threading
from html import escape
from typing import Any, get_args

import httpx
import pytest

from host_tests.kit.until import LONG_S
from host_tests.tools.emulator.cash.test_emulator_fields import SPEC_SAMPLES
from tools.emulator.cash.codes import CODES, OPERATIONS
from tools.emulator.cash.models import REPLIES, REQUESTS, Refusal
from tools.emulator.faults import FAULTS, FaultName
from tools.emulator.recorder import MAX_BODY_BYTES
from tools.emulator.testing import RunningEmulator

# What the spec's own sample requests get here: 16.12 is no multiple of a unit, and nobody
# has redeemed 10000000000.
SAMPLE_CODES = {"echo": "0000", "inquire": "0000", "redeem": "0035", "reverse": "0057"}


def post(emulator: RunningEmulator, path: str, **more: Any) -> httpx.Response:
    return emulator.client.post(path, **more)


def order(emulator: RunningEmulator, what: str, body: object) -> httpx.Response:
    return emulator.client.post(f"/_emulator/{what}", json=body)


@pytest.mark.parametrize("op", OPERATIONS)
def test_the_samples_of_the_library(emulator: RunningEmulator, op: str) -> None:
    reply = emulator.call(op, SPEC_SAMPLES[op].encode())
    assert reply.json()["responseCode"] == SAMPLE_CODES[op]


def test_a_reply_has_the_headers_of_the_samples(emulator: RunningEmulator) -> None:
    emulator.set_clock("2018-10-29T15:02:34Z")
    emulator._bearer = ""
    headers = emulator.call("echo").headers
    emulator._bearer = ""
    assert headers["content-type"] == "application/json;charset=UTF-8"
    assert headers["transfer-encoding"] == "chunked"
    assert headers["date"].startswith("Mon, 29 Oct 2018 15:")


def test_french_accents_arrive_as_utf_8(emulator: RunningEmulator) -> None:
    reply = emulator.call("inquire", {"instantMessage": "fr-CA"})
    assert reply.json()["message"] == "Approuvé"
    assert "Économisez".encode() in reply.content


@pytest.mark.parametrize("op", OPERATIONS)
@pytest.mark.parametrize("code", CODES)
def test_every_code_can_be_ordered_for_every_operation(
    emulator: RunningEmulator, op: str, code: str
) -> None:
    body = {}
    if op == "reverse":
        sale = emulator.call("redeem").json()
        body = {"redemptionConfirmationNum": sale["txnConfirmationNumber"]}
    emulator.faults(op, "code", code=code)
    reply = emulator.call(op, body)
    assert reply.json()["responseCode"] == code
    assert reply.status_code == CODES[code].status


def test_an_ordered_refusal_commits_nothing(emulator: RunningEmulator) -> None:
    emulator.faults("redeem", "code", code="0096")
    emulator.call("redeem")
    assert emulator.ledger() == []


def test_an_ordered_refusal_can_follow_the_commitment(emulator: RunningEmulator) -> None:
    emulator.faults("redeem", "code", code="0008", after_commit=True)
    first = emulator.call("redeem", key="key")
    second = emulator.call("redeem", key="key")
    assert [first.json()["responseCode"], second.json()["responseCode"]] == ["0008", "0000"]
    assert len(emulator.ledger()) == 1


def test_an_ordered_approval_is_a_real_one(emulator: RunningEmulator) -> None:
    emulator.faults("redeem", "code", code="0001")
    reply = emulator.call("redeem").json()
    assert (reply["responseCode"], reply["unitsRedeemed"]) == ("0001", "4")
    assert len(emulator.ledger()) == 1


def test_an_ordered_lock_takes_the_offer_away(emulator: RunningEmulator) -> None:
    emulator.faults("inquire", "code", code="0006")
    reply = emulator.call("inquire").json()
    assert (reply["cashBalance"], "availableOfferUnits" in reply) == ("5000", False)


def test_a_code_that_no_table_knows_can_be_ordered(emulator: RunningEmulator) -> None:
    emulator.faults("echo", "code", code="0042", status=418)
    reply = emulator.call("echo")
    assert (reply.status_code, reply.json()["responseCode"]) == (418, "0042")


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer a.b.c", "Basic eA=="]
)
def test_without_a_good_bearer_there_is_no_response_code(
    emulator: RunningEmulator, authorization: str | None
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    body = SPEC_SAMPLES["echo"].encode()
    reply = post(emulator, "/checkout/amcash/echo", content=body, headers=headers)
    assert reply.status_code == 401
    assert "responseCode" not in reply.json()


def test_an_expired_token_is_refused_until_there_is_a_new_one(
    emulator: RunningEmulator,
) -> None:
    emulator.faults("echo", "expire_token")
    assert emulator.call("echo").status_code == 401
    assert emulator.call("echo").status_code == 401
    emulator._bearer = ""
    assert emulator.call("echo").status_code == 200


def test_a_refused_bearer_does_not_use_up_a_fault(emulator: RunningEmulator) -> None:
    emulator.faults("echo", "code", code="0092")
    post(emulator, "/checkout/amcash/echo", content=b"{}")
    assert emulator.call("echo").json()["responseCode"] == "0092"


def test_a_body_of_another_type_is_a_bad_parameter(emulator: RunningEmulator) -> None:
    headers = {"Authorization": f"Bearer {emulator.token()}", "Content-Type": "text/plain"}
    body = SPEC_SAMPLES["echo"].encode()
    reply = post(emulator, "/checkout/amcash/echo", content=body, headers=headers)
    assert reply.status_code == 400
    assert reply.json()["message"] == "Invalid request parameter: Content-Type"


def test_a_body_without_measure_is_a_bad_parameter(emulator: RunningEmulator) -> None:
    reply = emulator.call("echo", b" " * (MAX_BODY_BYTES + 1))
    assert reply.json()["message"] == "Invalid request parameter: body"


def test_two_identical_redemptions_at_once_commit_once(emulator: RunningEmulator) -> None:
    emulator.faults("redeem", "delay", seconds=0.1, count=2, after_commit=False)
    emulator.call("echo")
    replies: list[bytes] = []

    def redeem() -> None:
        replies.append(emulator.call("redeem", key="the same").content)

    threads = [threading.Thread(target=redeem) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(replies) == 2
    assert replies[0] == replies[1]
    assert len(emulator.ledger()) == 1


# The token endpoint


def test_wrong_credentials_are_refused_as_auth0_does(emulator: RunningEmulator) -> None:
    form = {"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"}
    reply = post(emulator, "/oauth/token", data=form)
    assert (reply.status_code, reply.json()["error"]) == (401, "access_denied")


@pytest.mark.parametrize(
    ("name", "status"), [("access_denied", 401), ("temporarily_unavailable", 503)]
)
def test_a_refusal_of_a_token_can_be_ordered(
    emulator: RunningEmulator, name: str, status: int
) -> None:
    emulator.faults("token", "code", code=name)
    with pytest.raises(httpx.HTTPStatusError) as refused:
        emulator.token()
    assert refused.value.response.status_code == status
    assert refused.value.response.json()["error"] == name


def test_a_token_can_be_dead_on_arrival(emulator: RunningEmulator) -> None:
    emulator.faults("token", "expire_token")
    emulator._bearer = emulator.token()
    assert emulator.call("echo").status_code == 401
    emulator._bearer = ""


def test_a_token_reply_can_lack_its_token(emulator: RunningEmulator) -> None:
    emulator.faults("token", "missing_code")
    with pytest.raises(KeyError, match="access_token"):
        emulator.token()


def test_a_fault_of_the_token_leaves_the_operations_alone(
    emulator: RunningEmulator,
) -> None:
    emulator.call("echo")
    emulator.faults("token", "html_502")
    assert emulator.call("echo").status_code == 200
    with pytest.raises(httpx.HTTPStatusError):
        emulator.token()


# Orders


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"op": "redeem", "fault": "explode"}, "fault"),
        ({"op": "refund", "fault": "reset"}, "op"),
        ({"fault": "reset"}, "op"),
        ({"op": "redeem", "fault": "reset", "count": 0}, "count"),
        ({"op": "redeem", "fault": "reset", "colour": "red"}, "colour"),
        ({"op": "redeem", "fault": "delay"}, "delay needs seconds"),
        ({"op": "redeem", "fault": "delay", "seconds": "1"}, "seconds"),
        ({"op": "redeem", "fault": "code"}, "code needs code"),
        ({"op": "token", "fault": "code", "code": "0096"}, "access_denied"),
        ({"op": "redeem", "fault": "code", "code": None}, "code needs code"),
        ({"op": "redeem", "fault": "code", "code": "96"}, "code is four digits or empty"),
        ({"op": "redeem", "fault": "code", "code": "0096\n"}, "code is four digits"),
        ({"op": "redeem", "fault": "reset", "count": 1_000_001}, "count"),
        ({"op": "redeem", "fault": "reset", "count": 1.5}, "count"),
        ({"op": "redeem", "fault": "truncate"}, "truncate needs bytes"),
        ([], "dictionary"),
    ],
)
def test_an_impossible_fault_is_refused_with_a_message(
    emulator: RunningEmulator, body: object, named: str
) -> None:
    reply = order(emulator, "faults", body)
    assert reply.status_code == 400
    assert named in reply.json()["error"]
    assert "Value error" not in reply.json()["error"]


def test_an_order_that_cannot_be_parsed_is_refused_in_the_same_words(
    emulator: RunningEmulator,
) -> None:
    reply = emulator.client.post("/_emulator/faults", content=b"[" * 100_000)
    assert (reply.status_code, list(reply.json())) == (400, ["error"])


def test_an_empty_code_is_a_reply_without_one(emulator: RunningEmulator) -> None:
    emulator.faults("echo", "code", code="")
    assert set(emulator.call("echo").json()) == {"message", "transDateTime"}


def test_a_fault_strikes_as_often_as_ordered(emulator: RunningEmulator) -> None:
    emulator.faults("echo", "code", code="0092", count=2)
    codes = [emulator.call("echo").json()["responseCode"] for _ in range(3)]
    assert codes == ["0092", "0092", "0000"]


def test_faults_strike_in_the_order_they_were_given(emulator: RunningEmulator) -> None:
    emulator.faults("any", "code", code="0092")
    emulator.faults("echo", "code", code="0096")
    codes = [emulator.call("echo").json()["responseCode"] for _ in range(3)]
    assert codes == ["0092", "0096", "0000"]


def test_a_fault_without_a_count_lasts_until_it_is_cleared(
    emulator: RunningEmulator,
) -> None:
    emulator.faults("echo", "code", code="0092", count=None)
    codes = [emulator.call("echo").json()["responseCode"] for _ in range(3)]
    emulator.clear()
    assert [*codes, emulator.call("echo").json()["responseCode"]] == ["0092"] * 3 + ["0000"]


def test_moving_the_clock_ends_tokens(emulator: RunningEmulator) -> None:
    emulator.call("echo")
    emulator.advance_clock(86_401)
    assert emulator.now().startswith("2026-01-31T15:0")
    assert emulator.call("echo").status_code == 401
    emulator._bearer = ""


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"set": "noon"},
        {"set": "2026-01-30T15:00:00Z", "advance_s": 1},
        {"advance_s": 1e18},
        {"set": "0001-01-01T00:00:00+14:00"},
        {"set": "9999-12-31T23:59:59-14:00"},
        {"speed": 2},
    ],
)
def test_an_impossible_clock_is_refused(emulator: RunningEmulator, body: object) -> None:
    reply = order(emulator, "clock", body)
    assert reply.status_code == 400
    assert reply.json()["error"]


def test_a_reset_empties_ledger_requests_and_faults(emulator: RunningEmulator) -> None:
    emulator.call("redeem")
    emulator.faults("echo", "code", code="0092")
    reply = post(emulator, "/_emulator/reset")
    assert (reply.status_code, reply.json()) == (200, {})
    assert (emulator.ledger(), emulator.requests()) == ([], [])
    assert emulator.client.get("/_emulator/faults").json() == []
    assert emulator.collector("84095202006")["cash"] == 5000
    assert emulator.call("echo").json()["responseCode"] == "0000"


# What can be seen


def test_the_ledger_shows_what_was_committed(emulator: RunningEmulator) -> None:
    sale = emulator.call("redeem", key="sale").json()
    number = sale["txnConfirmationNumber"]
    emulator.call("reverse", {"redemptionConfirmationNum": number}, key="return")
    redemption, reversal = emulator.ledger()
    expected = {
        "kind": "redemption",
        "collector": "84095202006",
        "units": 4,
        "miles": 380,
        "dollars": "40.00",
        "confirmation": number,
        "trace_id": "000012345678",
        "idempotency_key": "sale",
        "reversed": True,
        "cancelled": False,
        "delivered": True,
    }
    assert expected.items() <= redemption.items()
    assert redemption["committed"].startswith("2026-01-30T15:00:")
    assert (reversal["kind"], reversal["redemption"]) == ("reversal", number)


def test_the_requests_show_what_arrived(emulator: RunningEmulator) -> None:
    raw = SPEC_SAMPLES["inquire"].encode()
    emulator.call("inquire", raw)
    (arrived,) = emulator.requests("inquire")
    assert (arrived["raw"], arrived["complete"], arrived["status"]) == (raw, True, 200)
    assert arrived["headers"]["content-type"] == "application/json"
    assert arrived["arrived"].startswith("2026-01-30T15:00:")


def test_token_requests_are_shown_and_orders_are_not(emulator: RunningEmulator) -> None:
    emulator.token()
    emulator.ledger()
    assert [each["op"] for each in emulator.requests()] == ["token"]


def test_a_request_to_nowhere_is_shown_too(emulator: RunningEmulator) -> None:
    assert post(emulator, "/checkout/amcash/refund").status_code == 404
    assert [(each["op"], each["status"]) for each in emulator.requests()] == [(None, 404)]


def test_connections_are_counted(emulator: RunningEmulator) -> None:
    emulator.call("echo")
    before = emulator.connections()
    emulator.call("echo")
    same = emulator.connections()
    # Those of a test before may end meanwhile.
    assert before.pop("open") >= same.pop("open") > 0
    assert same == before
    with (
        httpx.Client(trust_env=False, timeout=LONG_S) as stranger,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        stranger.get(emulator.url.replace("https:", "http:"))
    after = emulator.connections()
    assert after["accepted"] - before["accepted"] == 1
    assert after["handshakes"] == before["handshakes"]


# The description


def test_the_description_covers_every_path_and_field(emulator: RunningEmulator) -> None:
    document = emulator.client.get("/openapi.json").json()
    schemas = document["components"]["schemas"]
    for op in OPERATIONS:
        operation = document["paths"][f"/checkout/amcash/{op}"]["post"]
        reference = operation["requestBody"]["content"]["application/json"]["schema"]
        fields = schemas[reference["$ref"].rpartition("/")[2]]["properties"]
        assert set(fields) == set(json.loads(SPEC_SAMPLES[op]))
        statuses = {str(row.status) for row in CODES.values() if op in row.ops}
        assert set(operation["responses"]) == statuses | {"401"}
    assert {"/oauth/token", "/_emulator/faults"} <= set(document["paths"])


def test_every_reference_of_the_description_leads_somewhere(
    emulator: RunningEmulator,
) -> None:
    text = emulator.client.get("/openapi.json").text
    document = json.loads(text)
    for part in text.split('"$ref":"#/components/schemas/')[1:]:
        assert part.partition('"')[0] in document["components"]["schemas"]


def test_every_member_of_a_body_is_described(emulator: RunningEmulator) -> None:
    schemas = emulator.client.get("/openapi.json").json()["components"]["schemas"]
    for name, schema in schemas.items():
        if not name.endswith(("Request", "Reply", "Refusal")):
            continue
        assert schema["description"]
        for member, field in schema["properties"].items():
            assert field.get("description") or "const" in field, f"{name}.{member}"


def test_the_replies_are_as_they_are_described(emulator: RunningEmulator) -> None:
    sale = emulator.call("redeem").json()
    number = {"redemptionConfirmationNum": sale["txnConfirmationNumber"]}
    replies = {
        "echo": emulator.call("echo").json(),
        "inquire": emulator.call("inquire").json(),
        "redeem": sale,
        "reverse": emulator.call("reverse", number).json(),
    }
    for op, members in replies.items():
        REPLIES[op].model_validate(members, strict=True, extra="forbid")
    refusal = emulator.call("inquire", {"collectorNumber": "81234567898"}).json()
    Refusal.model_validate(refusal, strict=True, extra="forbid")


def test_a_request_has_no_member_that_is_not_described(emulator: RunningEmulator) -> None:
    schemas = emulator.client.get("/openapi.json").json()["components"]["schemas"]
    for op in OPERATIONS:
        assert schemas[REQUESTS[op].__name__]["additionalProperties"] is False


def test_the_page_tells_every_code_and_every_fault(emulator: RunningEmulator) -> None:
    page = emulator.client.get("/docs").text
    assert set(FAULTS) == set(get_args(FaultName))
    for cell in (*CODES, *(escape(text) for item in FAULTS.items() for text in item)):
        assert f"<td>{cell}</td>" in page


def test_the_page_needs_nothing_from_elsewhere(emulator: RunningEmulator) -> None:
    page = emulator.client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "//" not in page.text.replace("<!doctype", "")
