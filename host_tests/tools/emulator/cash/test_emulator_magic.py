"""Magic amounts: what the table says is what the platform does, for any device."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.emulator.cash import magic
from tools.emulator.cash.codes import CODES
from tools.emulator.cash.magic import MagicAmount
from tools.emulator.testing import RunningEmulator


@pytest.mark.parametrize(
    ("basket_cents", "wish"),
    [
        (49_51, ("inquire", "0051")),
        (419_08, ("redeem", "0008")),
        (99_96, ("inquire", "0096")),
        (109_96, ("redeem", "0096")),
        (9_51, ("inquire", "0051")),
        (48_80, ("reverse", "0080")),
        (418_57, ("reverse", "0057")),
        (49_42, None),
        (43_35, None),
        (51, None),
        (0, None),
    ],
)
def test_what_a_basket_asks_for(basket_cents: int, wish: tuple[str, str] | None) -> None:
    assert magic.asked(basket_cents) == wish


@given(st.integers(0, 10**9))
def test_only_the_last_three_digits_and_the_side_of_a_hundred_dollars_count(
    basket_cents: int,
) -> None:
    base = 10_000 if basket_cents >= 10_000 else 0
    assert magic.asked(basket_cents) == magic.asked(base + basket_cents % 1000)


def test_the_table_has_every_code_for_every_operation_that_can_ask() -> None:
    rows = [(row.op, row.code) for row in magic.table()]
    assert rows == [(op, code) for op in ("inquire", "redeem", "reverse") for code in CODES]


def test_each_row_of_the_table_is_obeyed(magician: RunningEmulator) -> None:
    for row in magic.table():
        check_row(magician, row)


def check_row(magician: RunningEmulator, row: MagicAmount) -> None:
    magician.reset()
    body = {"postTaxBasketAmount": row.basket}
    if row.op == "reverse":
        sale = magician.call("redeem", body).json()
        body = {"redemptionConfirmationNum": sale["txnConfirmationNumber"]}
    reply = magician.call(row.op, body)
    assert reply.json()["responseCode"] == row.code, row
    assert reply.json()["message"] == row.message
    assert reply.status_code == CODES[row.code].status


def test_a_refusal_by_amount_moves_nothing(magician: RunningEmulator) -> None:
    magician.call("redeem", {"postTaxBasketAmount": "419.51"})
    assert magician.ledger() == []
    assert magician.requests("redeem")[0]["fault"] == "magic"


def test_an_approval_by_amount_is_a_real_one(magician: RunningEmulator) -> None:
    reply = magician.call("redeem", {"postTaxBasketAmount": "419.01"}).json()
    assert (reply["responseCode"], reply["unitsRedeemed"]) == ("0001", "4")
    assert len(magician.ledger()) == 1


def test_an_approval_by_amount_does_not_help_an_unknown_collector(
    magician: RunningEmulator,
) -> None:
    body = {"postTaxBasketAmount": "49.01", "collectorNumber": "81234567898"}
    assert magician.call("inquire", body).json()["responseCode"] == "0025"


def test_a_basket_asks_on_its_own_operation_alone(magician: RunningEmulator) -> None:
    for op, basket in (("inquire", "419.08"), ("redeem", "49.51"), ("redeem", "48.80")):
        reply = magician.call(op, {"postTaxBasketAmount": basket})
        assert reply.json()["responseCode"] == "0000"


def test_the_message_is_in_the_language_asked_for(magician: RunningEmulator) -> None:
    body = {"postTaxBasketAmount": "49.51", "instantMessage": "fr-CA"}
    assert magician.call("inquire", body).json()["message"] == CODES["0051"].french


def test_a_bad_request_is_bad_whatever_its_basket(magician: RunningEmulator) -> None:
    body = {"postTaxBasketAmount": "49.51", "dateTime": "yesterday"}
    assert magician.call("inquire", body).json()["responseCode"] == "0035"


def test_an_ordered_fault_comes_first(magician: RunningEmulator) -> None:
    magician.faults("inquire", "code", code="0092")
    codes = [
        magician.call("inquire", {"postTaxBasketAmount": "49.51"}).json()["responseCode"]
        for _ in range(2)
    ]
    assert codes == ["0092", "0051"]


def test_what_is_late_gets_the_code_of_its_amount_too(magician: RunningEmulator) -> None:
    magician.faults("inquire", "delay", seconds=0.01)
    reply = magician.call("inquire", {"postTaxBasketAmount": "49.51"})
    assert reply.json()["responseCode"] == "0051"


def test_without_the_option_no_amount_is_magic(emulator: RunningEmulator) -> None:
    for op, basket in (("inquire", "49.51"), ("redeem", "419.08")):
        reply = emulator.call(op, {"postTaxBasketAmount": basket})
        assert reply.json()["responseCode"] == "0000"


def test_the_page_prints_the_whole_table(magician: RunningEmulator) -> None:
    page = magician.client.get("/docs").text
    for row in magic.table():
        cells = (row.op, f"${row.basket}", row.code, row.message)
        assert "".join(f"<td>{cell}</td>" for cell in cells) in page


@pytest.mark.parametrize("on", [True, False])
def test_a_script_can_ask_for_the_table(
    magician: RunningEmulator, emulator: RunningEmulator, on: bool
) -> None:
    told = (magician if on else emulator).client.get("/_emulator/magic").json()
    assert (told["on"], told["amounts"]) == (
        on,
        [row.model_dump() for row in magic.table()],
    )
