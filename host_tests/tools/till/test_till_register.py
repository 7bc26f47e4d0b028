"""The till's rule: what is asked is on disk first, and what came of it is learnt."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from host_tests.tools.till.scripted import BROKEN, SALE, Answer, Shop, again, response
from tools.till import messages, money
from tools.till.links import LinkError
from tools.till.protection import Key, protect
from tools.till.register import NoAnswerError

REDEMPTION = messages.redemption(SALE, 4335, 4000, None)
KEY = Key.from_passphrase("milepad till 1", "till")
GetShop = Callable[..., Shop]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[GetShop]:
    with contextlib.ExitStack() as stack:

        def made(*args: Any, **more: Any) -> Shop:
            one = Shop(tmp_path, *args, **more)
            stack.callback(one.till.close)
            return one

        yield made


def category(request: dict[str, Any]) -> str:
    return str(request["MessageHeader"]["MessageCategory"])


class Pad:
    """Does what `dialogue` says with what moves miles, and answers a status by `statuses`."""

    def __init__(self, dialogue: list[Answer], statuses: list[Any]) -> None:
        self._dialogue = dialogue
        self._statuses = statuses
        self.first: dict[str, Any] = {}

    def __call__(self, request: dict[str, Any]) -> list[Answer]:
        if category(request) == "Abort":
            return []
        if category(request) == "TransactionStatus":
            status = self._statuses.pop(0) if self._statuses else None
            if status == "again":
                return [again(request, self.first, POIData=number("77"))]
            return [response(request, status)] if status else []
        self.first = request
        return list(self._dialogue)


def number(text: str) -> dict[str, Any]:
    return {
        "POITransactionID": {"TransactionID": text, "TimeStamp": "2026-01-30T15:04:06Z"}
    }


def test_a_request_is_answered(shop: GetShop) -> None:
    one = shop(lambda request: [response(request, POIData=number("12"))])
    reply = one.till.ask(REDEMPTION)
    assert (reply.is_success, reply.transaction_id, reply.repeated) == (True, "12", False)
    assert one.open_intents() == []


def test_the_intent_is_on_disk_when_the_request_leaves(shop: GetShop) -> None:
    seen = []

    def pad(request: dict[str, Any]) -> list[Answer]:
        seen.extend(one.open_intents())
        return [response(request)]

    one = shop(pad)
    one.till.ask(REDEMPTION)
    (intent,) = seen
    assert (intent.category, intent.kind) == ("Loyalty", "Redemption")
    assert money.loads(intent.request) == REDEMPTION.body


def test_a_service_id_is_never_used_twice_also_without_the_journal(shop: GetShop) -> None:
    one = shop(lambda request: [response(request)])
    for _ in range(3):
        one.till.ask(messages.diagnosis())
    ids = [each["MessageHeader"]["ServiceID"] for each in one.link.sent]
    assert len(set(ids)) == 3
    assert min(map(int, ids)) > 1_770_000_000  # the second in which the journal was made
    assert all(len(each) <= 10 for each in ids)


def test_silence_is_followed_by_an_abort_and_the_status_every_5_s(shop: GetShop) -> None:
    one = shop(Pad([], ["InProgress", "InProgress", "again"]))
    reply = one.till.ask(REDEMPTION)
    assert (reply.is_success, reply.repeated, reply.transaction_id) == (True, True, "77")
    assert one.link.categories() == ["Loyalty", "Abort", *["TransactionStatus"] * 3]
    assert one.clock.pauses == [5, 5]
    for message in one.link.sent[1:]:
        body = message[f"{category(message)}Request"]
        assert body["MessageReference"] == {
            "MessageCategory": "Loyalty",
            "SaleID": "TILL-1",
            "ServiceID": one.link.sent[0]["MessageHeader"]["ServiceID"],
        }


def test_the_answer_to_an_abort_in_time_ends_it(shop: GetShop) -> None:
    first: list[dict[str, Any]] = []

    def pad(request: dict[str, Any]) -> list[Answer]:
        if category(request) == "Abort":
            return [response(first[0], "Aborted")]
        first.append(request)
        return []

    one = shop(pad)
    assert one.till.ask(REDEMPTION).error_condition == "Aborted"
    assert one.link.categories() == ["Loyalty", "Abort"]


def test_a_broken_connection_is_no_reason_to_abort(shop: GetShop) -> None:
    one = shop(Pad([BROKEN], ["again"]))
    assert one.till.ask(REDEMPTION).repeated
    assert one.link.categories() == ["Loyalty", "TransactionStatus"]


def test_after_90_s_nobody_knows_and_the_journal_says_so(shop: GetShop) -> None:
    one = shop(Pad([BROKEN], []))
    begun_s = one.clock.now_s
    with pytest.raises(NoAnswerError, match="nobody knows"):
        one.till.ask(REDEMPTION)
    assert 80 <= one.clock.now_s - begun_s <= 100
    (intent,) = one.open_intents()
    assert intent.kind == "Redemption"


def test_what_is_open_is_recovered_later(shop: GetShop) -> None:
    pad = Pad([BROKEN], [])
    one = shop(pad)
    with pytest.raises(NoAnswerError):
        one.till.ask(REDEMPTION)
    pad._statuses = ["InProgress", "again"]
    ((kind, reply),) = one.till.recover()
    assert kind == "Redemption"
    assert reply is not None
    assert reply.transaction_id == "77"
    assert one.till.recover() == []


def test_what_the_pad_does_not_know_has_moved_nothing(shop: GetShop) -> None:
    one = shop(Pad([BROKEN], ["NotFound"]))
    assert one.till.ask(REDEMPTION).error_condition == "NotFound"
    assert one.open_intents() == []


def test_what_moves_nothing_is_not_recovered(shop: GetShop) -> None:
    one = shop(lambda request: [])
    with pytest.raises(NoAnswerError, match="does not answer"):
        one.till.ask(messages.diagnosis())
    assert one.link.categories() == ["Diagnosis"]
    assert one.open_intents() == []


def test_what_could_not_be_sent_is_not_open(shop: GetShop) -> None:
    one = shop(lambda request: ["refuse"])
    with pytest.raises(LinkError):
        one.till.ask(REDEMPTION)
    assert one.open_intents() == []


def test_answers_to_others_events_and_nonsense_are_passed_over(shop: GetShop) -> None:
    events: list[dict[str, Any]] = []

    def pad(request: dict[str, Any]) -> list[Answer]:
        other = response(request)
        other["SaleToPOIResponse"]["MessageHeader"] = {
            "MessageCategory": "Loyalty",
            "ServiceID": "1",
        }
        event = {"EventNotification": {"EventToNotify": "NetworkConnected"}}
        return [
            *(
                "no JSON",
                "[]",
                "7",
                '{"SaleToPOIResponse": {}}',
                '{"SaleToPOIResponse": 7}',
            ),
            *({"SaleToPOIRequest": event}, other, response(request, POIData=number("5"))),
        ]

    one = shop(pad)
    one.till.on_event = events.append
    assert one.till.ask(REDEMPTION).transaction_id == "5"
    assert [each["EventNotification"]["EventToNotify"] for each in events] == [
        "NetworkConnected"
    ]


def test_a_protected_till_believes_no_answer_in_clear(shop: GetShop) -> None:
    def pad(request: dict[str, Any]) -> list[Answer]:
        head = dict(request["MessageHeader"], MessageType="Response")
        clear = {
            "SaleToPOIResponse": {
                "MessageHeader": head,
                "DiagnosisResponse": {"Response": {"Result": "Success"}},
            }
        }
        other = Key.from_passphrase("another one", "till")
        sealed = protect(head, money.dumps(clear), KEY)
        forged = protect(head, money.dumps(clear), other)
        return [clear, {"SaleToPOIResponse": forged}, {"SaleToPOIResponse": sealed}]

    one = shop(pad, key=KEY)
    assert one.till.ask(messages.diagnosis()).is_success
    assert one.said == [
        "passed over: it is not protected",
        "passed over: its protection does not fit its content",
    ]
    (sent,) = one.link.sent
    assert set(sent) == {"MessageHeader", "NexoBlob", "SecurityTrailer"}


def test_ctrl_c_asks_the_pad_to_stop_and_hears_what_it_says(shop: GetShop) -> None:
    first: list[dict[str, Any]] = []

    def pad(request: dict[str, Any]) -> list[Answer]:
        if category(request) == "Abort":
            return [response(first[0], "Aborted")]
        first.append(request)
        return []

    one = shop(pad)
    quiet = one.link.receive
    pressed = []

    def receive(wait_s: float) -> bytes | None:
        if not pressed:
            pressed.append(True)
            raise KeyboardInterrupt
        return quiet(wait_s)

    one.link.receive = receive  # type: ignore[method-assign]
    assert one.till.ask(REDEMPTION).error_condition == "Aborted"


def test_a_till_that_falls_over_leaves_its_intent(shop: GetShop) -> None:
    one = shop(Pad([], ["again"]))
    service_id = one.till.ask_and_lose(REDEMPTION)
    assert [each.service_id for each in one.open_intents()] == [service_id]
    assert one.link.closed
    ((_, reply),) = one.till.recover()
    assert reply is not None
    assert reply.is_success


def test_what_was_lost_can_be_aborted(shop: GetShop) -> None:
    one = shop(Pad([], ["Aborted"]))
    service_id = one.till.ask_and_lose(REDEMPTION)
    one.till.abort()
    abort = one.link.sent[-1]["AbortRequest"]
    assert abort["MessageReference"]["ServiceID"] == service_id
