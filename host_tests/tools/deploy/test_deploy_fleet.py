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
    "text",
    [
        "port;device_id;columns\n/dev/a;001;48\n",
        "port\tdevice_id\tcolumns\r\n/dev/a\t001\t48\r\n",
        " Port , Device ID ,\tcolumns\n /dev/a ,\t001 , 48",
        "sep=;\nport;device_id;columns;;\n\n;;\n/dev/a;001;48;;\n;;;;\n",
        '"port","device_id","columns"\r"/dev/a","001","48"\r',
        "port;device id;printer.columns\n/dev/a;001;48",
        "sep=\t\nport\tdevice_id\tcolumns\n/dev/a\t001\t48\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_spreadsheets_ways_of_writing_do_not_matter(tmp_path, text, encoding):
    path = tmp_path / "devices.csv"
    path.write_bytes(text.encode(encoding))
    (row,) = fleet.read(path)
    changes = {"device": {"device_id": "001"}, "printer": {"columns": 48}}
    assert row[1:] == ("/dev/a", changes, "")


def test_a_row_is_named_by_the_line_where_it_begins(csv):
    rows = fleet.read(csv('port,ssid\n\n/dev/a,"two\nlines"\n/dev/b,x\n'))
    assert [row.line for row in rows] == [3, 5]


def test_a_value_may_hold_what_separates_values(csv):
    (row,) = fleet.read(csv('port;ssid\n/dev/a;"a;b, c"\n'))
    assert row.changes == {"network": {"ssid": "a;b, c"}}


def test_devices_on_one_cable_need_no_column_for_it(csv):
    rows = fleet.read(csv("device_id\n001\n002\n"), "/dev/x")
    assert [(row.port, row.fault) for row in rows] == [("/dev/x", "")] * 2
    rows = fleet.read(csv("port,device_id\n,001\n/dev/a,002\n"), "/dev/x")
    assert [row.port for row in rows] == ["/dev/x", "/dev/a"]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("/dev/b", "expected 2 cells, not 1"),
        ("/dev/b,002,003", "expected 2 cells, not 3"),
        (",002", "the port is missing"),
    ],
)
def test_a_bad_row_is_its_own_fault(csv, line, fault):
    good, bad = fleet.read(csv(f"port,device_id\n/dev/a,001\n{line}\n"))
    assert (good.fault, bad.fault) == ("", fault)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "expected a first line such as port,device_id"),
        (" \n,,\n", "expected a first line such as port,device_id"),
        ("device_id\n001\n", "without that column PORT is where one device after another"),
        ("port,colour\n/dev/a,red\n", "column colour: the profile has no such key"),
        ("port,,device_id\n/dev/a,,1\n", "column : the profile has no such key"),
        ("port,device_id,Device ID\n/dev/a,1,2\n", "column device_id stands there twice"),
        ("port,client_secret\n/dev/a,s\n", "client_secret has no place in a CSV"),
        ("port;Network.Password\n/dev/a;s\n", "password has no place in a CSV"),
        ("port,device_id\n", "there is no device in it"),
        ('port\n"/dev/a\n', "line 2: a quotation mark is opened there and closed nowhere"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(csv, text, fault):
    with pytest.raises(UsageError, match=fault):
        fleet.read(csv(text))


def test_letters_of_another_encoding_are_told_with_the_remedy(tmp_path):
    path = tmp_path / "devices.csv"
    path.write_bytes("port;ssid\n/dev/a;Café\n".encode("cp1252"))
    with pytest.raises(UsageError, match="not UTF-8 text: save it as CSV UTF-8"):
        fleet.read(path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UsageError, match="No such file"):
        fleet.read(tmp_path / "none.csv")
