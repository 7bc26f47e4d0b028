"""The response codes are those of the library's status tables."""

from __future__ import annotations

import pytest

from milepad.amcash.response_codes import known, lookup
from tools.emulator.cash.codes import CODES, OPERATIONS, message_of, status_of

# The status tables of the API library, row by row: code, then status.
TABLES = {
    "echo": "0000 200, 0008 408, 0035 400, 0092 503, 0096 500",
    "inquire": "0000 200, 0001 202, 0002 401, 0005 202, 0006 202, 0008 408, 0009 403, "
    "0025 401, 0035 400, 0051 202, 0067 408, 0092 503, 0096 500",
    "redeem": "0000 200, 0001 202, 0002 401, 0008 408, 0009 403, 0025 401, 0035 400, "
    "0051 202, 0065 202, 0066 202, 0067 408, 0092 503, 0096 500",
    "reverse": "0000 200, 0001 202, 0002 401, 0008 408, 0009 403, 0025 401, 0035 400, "
    "0051 202, 0057 400, 0065 202, 0066 202, 0067 408, 0080 409, 0092 503, 0096 500",
}
ROWS = [(op, *row.split()) for op, rows in TABLES.items() for row in rows.split(", ")]


@pytest.mark.parametrize(("op", "code", "status"), ROWS)
def test_a_row_of_a_status_table(op: str, code: str, status: str) -> None:
    assert (CODES[code].status, op in CODES[code].ops) == (int(status), True)


@pytest.mark.parametrize("op", OPERATIONS)
def test_an_operation_lists_no_code_that_its_table_lacks(op: str) -> None:
    listed = {code for code, row in CODES.items() if op in row.ops}
    assert listed == {code for table_op, code, _ in ROWS if table_op == op}


@pytest.mark.parametrize("code", CODES)
def test_every_message_is_in_both_languages(code: str) -> None:
    assert message_of(code, "fr-CA") not in ("", message_of(code, "en-CA"))


def test_the_device_has_a_row_for_each_code_with_the_same_status() -> None:
    assert {code: lookup(code).http_status for code in known()} == {
        code: row.status for code, row in CODES.items()
    }


def test_a_code_that_no_table_knows_is_sent_with_200() -> None:
    assert (status_of("0042"), message_of("0042")) == (200, "Unknown code")
