"""The list of a fleet's devices: a row each, kept over runs, never half written."""

import csv

import pytest

from tools.deploy.errors import UsageError
from tools.deploy.inventory import COLUMNS, Inventory


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_new_list_has_its_titles_before_any_device_is_done(tmp_path):
    Inventory(tmp_path / "list.csv")
    assert (tmp_path / "list.csv").read_text() == ",".join(COLUMNS) + "\n"


def test_each_device_is_on_the_list_as_soon_as_it_is_noted(tmp_path):
    path = tmp_path / "list.csv"
    inventory = Inventory(path)
    inventory.note(
        store_id="1", device_id="001", serial_number="ab", echo="approved (0000)"
    )
    assert [(row["serial_number"], row["echo"]) for row in rows(path)] == [
        ("ab", "approved (0000)")
    ]
    inventory.note(store_id="1", device_id="002", result='failed: "x", y')
    assert rows(path)[1]["result"] == 'failed: "x", y'


def test_a_second_run_renews_its_devices_and_keeps_the_others(tmp_path):
    path = tmp_path / "list.csv"
    first = Inventory(path)
    first.note(store_id="1", device_id="001", result="failed")
    first.note(store_id="1", device_id="002", result="ok")
    first.note(store_id="2", device_id="001", result="ok")
    Inventory(path).note(store_id="1", device_id="001", result="ok", serial_number="ab")
    found = [(r["store_id"], r["device_id"], r["result"]) for r in rows(path)]
    assert found == [("1", "001", "ok"), ("1", "002", "ok"), ("2", "001", "ok")]


def test_what_is_no_such_list_is_not_overwritten(tmp_path):
    path = tmp_path / "devices.csv"
    for raw in (b"port,device_id\n/dev/a,1\n", b"\xff\xfe", b'"'):
        path.write_bytes(raw)
        with pytest.raises(UsageError, match="this is none; name another file"):
            Inventory(path)
        assert path.read_bytes() == raw


@pytest.mark.parametrize("name", ["", "none/list.csv"])
def test_a_list_that_cannot_be_written_is_told_at_once(tmp_path, name):
    with pytest.raises(UsageError, match="inventory "):
        Inventory(tmp_path / name)
