"""The table of response codes, row by row as the specification's status tables have them."""

import pytest

from host_tests.kit.peer import Peer, agree
from milepad.amcash.response_codes import known, lookup
from milepad.base.vocabulary import ENGLISH, FRENCH
from milepad.words import table, text

CALLS = "host_tests.on_micropython.amcash_calls"
YES, NO = True, False

# (table, HTTP status, response code, approved, prompt, balances on the slip, retry)
STATUS_TABLES = [
    # "Status/response codes", shared
    ("shared", 200, "0000", YES, YES, YES, NO),
    ("shared", 202, "0001", YES, YES, NO, NO),
    ("shared", 401, "0002", NO, NO, NO, NO),
    ("shared", 408, "0008", NO, NO, NO, YES),
    ("shared", 403, "0009", NO, NO, NO, NO),
    ("shared", 401, "0025", NO, NO, NO, NO),
    ("shared", 400, "0035", NO, NO, NO, NO),
    ("shared", 202, "0051", NO, NO, NO, NO),
    ("shared", 400, "0057", NO, NO, NO, NO),
    ("shared", 202, "0065", NO, NO, NO, NO),
    ("shared", 202, "0066", NO, NO, NO, NO),
    ("shared", 408, "0067", NO, NO, NO, NO),
    ("shared", 409, "0080", NO, NO, NO, NO),
    ("shared", 503, "0092", NO, NO, NO, NO),
    ("shared", 500, "0096", NO, NO, NO, YES),
    ("shared", 0, "", NO, NO, NO, NO),  # null, null: missing or invalid bearer token
    # 1 - ECHO
    ("echo", 200, "0000", YES, YES, YES, NO),
    ("echo", 408, "0008", NO, NO, NO, YES),
    ("echo", 400, "0035", NO, NO, NO, NO),
    ("echo", 503, "0092", NO, NO, NO, NO),
    ("echo", 500, "0096", NO, NO, NO, YES),
    ("echo", 0, "", NO, NO, NO, NO),  # none, none: the token
    # 2 - INQUIRE
    ("inquire", 200, "0000", YES, YES, YES, NO),
    ("inquire", 202, "0001", YES, YES, NO, NO),
    ("inquire", 401, "0002", NO, NO, NO, NO),
    ("inquire", 202, "0005", NO, NO, NO, NO),
    ("inquire", 202, "0006", NO, NO, YES, NO),
    ("inquire", 408, "0008", NO, NO, NO, YES),
    ("inquire", 403, "0009", NO, NO, NO, NO),
    ("inquire", 401, "0025", NO, NO, NO, NO),
    ("inquire", 400, "0035", NO, NO, NO, NO),
    ("inquire", 202, "0051", NO, NO, NO, NO),
    ("inquire", 408, "0067", NO, NO, NO, NO),
    ("inquire", 503, "0092", NO, NO, NO, NO),
    ("inquire", 500, "0096", NO, NO, NO, YES),
    ("inquire", 0, "", NO, NO, NO, NO),
    # 3 - REDEEM
    ("redeem", 200, "0000", YES, YES, YES, NO),
    ("redeem", 202, "0001", YES, YES, NO, NO),
    ("redeem", 401, "0002", NO, NO, NO, NO),
    ("redeem", 202, "0005", NO, NO, NO, NO),
    ("redeem", 202, "0006", NO, NO, YES, NO),
    ("redeem", 408, "0008", NO, NO, NO, YES),
    ("redeem", 403, "0009", NO, NO, NO, NO),
    ("redeem", 401, "0025", NO, NO, NO, NO),
    ("redeem", 400, "0035", NO, NO, NO, NO),
    ("redeem", 202, "0051", NO, NO, NO, NO),
    ("redeem", 202, "0065", NO, NO, NO, NO),
    ("redeem", 202, "0066", NO, NO, NO, NO),
    ("redeem", 408, "0067", NO, NO, NO, NO),
    ("redeem", 503, "0092", NO, NO, NO, NO),
    ("redeem", 500, "0096", NO, NO, NO, YES),
    ("redeem", 0, "", NO, NO, NO, NO),
    # 4 - REVERSE (0005 and 0006 stand in its list of codes, not in its status table)
    ("reverse", 200, "0000", YES, YES, YES, NO),
    ("reverse", 202, "0001", YES, YES, NO, NO),
    ("reverse", 401, "0002", NO, NO, NO, NO),
    ("reverse", 408, "0008", NO, NO, NO, YES),
    ("reverse", 403, "0009", NO, NO, NO, NO),
    ("reverse", 401, "0025", NO, NO, NO, NO),
    ("reverse", 400, "0035", NO, NO, NO, NO),
    ("reverse", 202, "0051", NO, NO, NO, NO),
    ("reverse", 400, "0057", NO, NO, NO, NO),
    ("reverse", 202, "0065", NO, NO, NO, NO),
    ("reverse", 202, "0066", NO, NO, NO, NO),
    ("reverse", 408, "0067", NO, NO, NO, NO),
    ("reverse", 409, "0080", NO, NO, NO, NO),
    ("reverse", 503, "0092", NO, NO, NO, NO),
    ("reverse", 500, "0096", NO, NO, NO, YES),
    ("reverse", 0, "", NO, NO, NO, NO),
    # a code that no table names
    ("none", 0, "9999", NO, NO, NO, NO),
    ("none", 0, "0003", NO, NO, NO, NO),
]


@pytest.mark.parametrize(
    ("table", "http_status", "code", "approved", "prompt", "balances", "retry"),
    STATUS_TABLES,
    ids=[f"{row[0]}-{row[1]}-{row[2] or 'none'}" for row in STATUS_TABLES],
)
def test_each_row_of_each_status_table(
    micropython: Peer,
    table: str,
    http_status: int,
    code: str,
    approved: bool,
    prompt: bool,
    balances: bool,
    retry: bool,
) -> None:
    row = agree(micropython, CALLS, "row", code)
    assert isinstance(row, dict)
    assert (row["approved"], row["prompt_allowed"]) == (approved, prompt)
    assert (row["balances_allowed"], row["retry"]) == (balances, retry)
    assert row["http_status"] == http_status
    assert (row["code"] == code) == (table != "none")


def test_the_tables_above_hold_every_code_that_is_known() -> None:
    named = {code for table, _, code, *_ in STATUS_TABLES if table != "none"}
    assert named - {""} == set(known())


def test_seven_codes_exclude_that_an_earlier_copy_was_committed(micropython: Peer) -> None:
    every = [*known(), "", "9999", "0003", "?"]
    excluding = [
        code for code in every if agree(micropython, CALLS, "row", code)["excludes_commit"]
    ]
    assert excluding == ["0002", "0005", "0006", "0009", "0025", "0035", "0066"]


@pytest.mark.parametrize("code", ["0000", "0001", "0005", "0006"])
def test_the_inquiry_itself_succeeded(code: str) -> None:
    assert lookup(code).inquiry_ok


@pytest.mark.parametrize("code", sorted({*known(), "", "9999"} - {"0000", "0001"}))
def test_what_is_not_approved_gives_the_cashier_an_advice(code: str) -> None:
    assert "advice_" + lookup(code).advice_key in table(ENGLISH)


@pytest.mark.parametrize("code", [*known(), "", "9999", "?"])
@pytest.mark.parametrize("language", [ENGLISH, FRENCH])
def test_every_code_has_its_message(code: str, language: str) -> None:
    assert text(lookup(code).message_key, language)


def test_an_expired_window_is_never_paid_out_in_cash() -> None:
    key = "advice_" + lookup("0080").advice_key
    english, french = text(key, ENGLISH), text(key, FRENCH)
    assert "STORE CREDIT" in english and "NEVER CASH" in english
    assert "CRÉDIT" in french and "PAS COMPTANT" in french
