"""What the page's till keeps of a pad that may answer anything, and how its waiting ends."""

from __future__ import annotations

import json
import threading
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.tools.till.scripted import Behaviour, Clock, ScriptedLink, again, response
from tools.handheld.page.counter import GOODS, Counter, message, pretty
from tools.handheld.page.leash import GivenUpError, Leash
from tools.till import money
from tools.till.journal import Journal
from tools.till.links import Link

_LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
_JSON = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
    ),
    max_leaves=20,
)


class Silent(Link):
    """A pad that never says anything."""

    def __init__(self) -> None:
        self.closed = 0

    def send(self, raw: bytes) -> None:
        pass

    def receive(self, wait_s: float) -> bytes | None:
        return None

    def close(self) -> None:
        self.closed += 1


def counter(folder: Path, pad: Behaviour) -> Counter:
    """A till whose pad is a script, without protection."""
    leash = Leash(lambda: ScriptedLink(Clock(), pad))
    made = Counter(leash, Journal(folder / "till.sqlite"), None, lambda *_: None)
    made.put(GOODS[0])
    return made


def category(request: dict[str, Any]) -> str:
    return str(request["MessageHeader"]["MessageCategory"])


def test_a_request_that_the_pad_does_not_know_is_open_no_more(tmp_path: Path) -> None:
    def pad(request: dict[str, Any]) -> list[Any]:
        asks = category(request) == "TransactionStatus"
        return [response(request, "NotFound")] if asks else ["broken"]

    till = counter(tmp_path, pad)
    assert till.call("redeem", "40.00", True, "en")["result"] == "unreachable"
    found = till.call("status", "", False, "en")
    assert (found["condition"], len(till.open())) == ("NotFound", 0)
    assert till.sale.discount_cents == 0 and till.last is None


def test_a_repeated_answer_belongs_to_the_sale_that_asked(tmp_path: Path) -> None:
    asked: list[dict[str, Any]] = []

    def pad(request: dict[str, Any]) -> list[Any]:
        if category(request) != "TransactionStatus":
            asked.append(request)
            return ["broken"]
        amount = {"LoyaltyUnit": "Monetary", "Currency": "CAD", "Value": 40}
        number = {"TransactionID": "858871306303"}
        members = {
            "POIData": {"POITransactionID": number},
            "LoyaltyResult": [{"LoyaltyAmount": amount}],
        }
        return [again(request, asked[0], **members)]

    till = counter(tmp_path, pad)
    till.call("redeem", "40.00", True, "en")
    first = till.sale
    till.new_sale()
    for _ in range(2):
        found = till.call("status", "", False, "en")
        assert (found["repeated"], found["cents"]) == (True, 4000)
        assert (first.discount_cents, till.sale.discount_cents) == (4000, 0)
    assert till.last is not None and till.last.sale is first and not till.open()


def test_a_pad_that_cannot_be_reached_is_told_and_nothing_is_open(tmp_path: Path) -> None:
    till = counter(tmp_path, lambda _: ["refuse"])
    found = till.call("redeem", "40.00", False, "en")
    assert (found["result"], found["text"], till.open()) == ("unreachable", "refused", [])


@given(_JSON)
def test_a_message_for_people_is_the_same_json(document: object) -> None:
    assert json.loads(pretty(document)) == document


def test_an_amount_keeps_its_digits() -> None:
    assert pretty({"Value": Decimal("40.00")}) == '{\n  "Value": 40.00\n}'


@given(st.dictionaries(st.text(), _JSON, max_size=3))
def test_any_message_is_listed_and_none_is_longer_than_the_list_takes(
    document: dict[str, object],
) -> None:
    listed = message("received", {**document, "more": "x" * 9000})
    assert len(json.dumps(listed)) < 80_000 and len(listed["text"]) <= 6000


def test_goods_are_taxed_as_the_practice_profile_says() -> None:
    rates = {good.code: 0 if good.english == "bread" else 13 for good in GOODS}
    for good in GOODS:
        tax_cents = (good.pre_tax_cents * rates[good.code] + 50) // 100
        assert good.cents == good.pre_tax_cents + tax_cents, money.dollars(good.cents)


def test_a_leash_that_is_cut_ends_whatever_waits() -> None:
    silent = Silent()
    leash = Leash(lambda: silent)
    leash.send(b"")
    assert leash.receive(0) is None
    ended: list[bool] = []

    def waits() -> None:
        with pytest.raises(GivenUpError):
            leash.pause(600)
        ended.append(True)

    waiting = threading.Thread(target=waits)
    waiting.start()
    leash.cut()
    waiting.join(60)
    assert ended
    for call in (lambda: leash.send(b""), lambda: leash.receive(1)):
        with pytest.raises(GivenUpError):
            call()
    leash.mend()
    leash.send(b"")
    assert silent.closed == 1
