"""The CSV of many devices: its columns are profile keys, a bad row is one device's fault."""

import pytest

from tools.deploy import fleet
from tools.deploy.errors import UsageError


@pytest.fixture
def csv(tmp_path):
    def write(text):
        path = tmp_path / "devices.csv"
        path.write_text(text, "utf-8")
        return path

    return write


def test_a_row_names_a_port_and_what_differs(csv):
    rows = fleet.read(
        csv("port,device_id,columns,cutter\n/dev/a,001,48,true\n/dev/b,002,,\n")
    )
    assert rows == [
        fleet.Row(
            2,
            "/dev/a",
            {"device": {"device_id": "001"}, "printer": {"columns": 48, "cutter": True}},
            "",
        ),
        fleet.Row(3, "/dev/b", {"device": {"device_id": "002"}}, ""),
    ]


def test_a_key_of_two_sections_is_named_with_its_section(csv):
    (row,) = fleet.read(csv("port,cashier.idle_s\n/dev/a,30\n"))
    assert row.changes == {"cashier": {"idle_s": 30}}
    with pytest.raises(UsageError, match=r"expected platform\.idle_s or cashier\.idle_s"):
        fleet.read(csv("port,idle_s\n/dev/a,30\n"))


def test_a_spreadsheets_byte_order_mark_and_empty_lines_do_not_matter(csv):
    (row,) = fleet.read(csv("\ufeffport,device_id\n/dev/a,001\n,\n\n"))
    assert (row.port, row.fault) == ("/dev/a", "")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("/dev/b", "expected 2 cells, not 1"),
        ("/dev/b,002,003", "expected 2 cells, not 3"),
        (",002", "the port is missing"),
        ("/dev/a,002", "the same port or device_id as line 2"),
        ("/dev/b,001", "the same port or device_id as line 2"),
    ],
)
def test_a_bad_row_is_its_own_fault(csv, line, fault):
    good, bad = fleet.read(csv(f"port,device_id\n/dev/a,001\n{line}\n"))
    assert (good.fault, bad.fault) == ("", fault)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "expected a first line such as port,device_id"),
        ("device_id\n001\n", "expected a first line such as port,device_id"),
        ("port,colour\n/dev/a,red\n", "column colour: the profile has no such key"),
        ("port,client_secret\n/dev/a,s\n", "client_secret has no place in a CSV"),
        ("port,network.password\n/dev/a,s\n", "password has no place in a CSV"),
        ("port,device_id\n", "there is no device in it"),
        ('port\n"/dev/a\n', "unexpected end of data"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(csv, text, fault):
    with pytest.raises(UsageError, match=fault):
        fleet.read(csv(text))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UsageError, match="No such file"):
        fleet.read(tmp_path / "none.csv")
