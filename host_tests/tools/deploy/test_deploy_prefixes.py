"""Provisioning many devices: no two have one trace prefix."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepad.ledger.trace_ids import prefix_of
from tools.deploy.errors import UsageError
from tools.deploy.fleet import Row
from tools.deploy.prefixes import with_prefixes

CSV = Path("devices.csv")
SHOP = {"partner": {"store_id": "0001"}, "device": {"device_id": "000"}}


def row(line, fault="", **device):
    return Row(line, f"/dev/{line}", {"device": device} if device else {}, fault)


def prefixes(rows, document=SHOP):
    found = with_prefixes(rows, document, CSV)
    return [each.changes.get("device", {}).get("trace_prefix") for each in found]


def named(count, first=0):
    return [row(at + 2, device_id=f"D{at:05d}") for at in range(first, first + count)]


def test_a_device_keeps_the_prefix_that_it_would_make_itself():
    assert prefixes([row(2, device_id="001")]) == [prefix_of("0001", "001", "")]


def test_a_store_of_the_row_counts_before_the_profiles():
    there = Row(2, "p", {"partner": {"store_id": "7"}, "device": {"device_id": "001"}}, "")
    assert prefixes([there]) == [prefix_of("7", "001", "")]


def test_of_a_thousand_devices_each_has_its_own():
    alone = {prefix_of("0001", f"D{at:05d}", "") for at in range(1000)}
    assert len(alone) < 1000  # some names make the same
    assert len(set(prefixes(named(1000)))) == 1000


@given(st.integers(1, 300), st.integers(1, 300))
def test_rows_that_are_appended_change_nothing_for_the_others(before, more):
    few = prefixes(named(before))
    assert prefixes(named(before + more))[:before] == few


def test_a_prefix_given_by_hand_is_kept_and_nobody_else_gets_it():
    wanted = prefix_of("0001", "001", "")
    rows = [row(2, device_id="001"), row(3, device_id="002", trace_prefix=wanted)]
    assert prefixes(rows) == [f"{(int(wanted) + 1) % 10000:04d}", wanted]


@pytest.mark.parametrize(("one", "other"), [("0042", "0042"), ("42", "0042"), ("0", "000")])
def test_the_same_prefix_by_hand_is_refused(one, other):
    rows = [
        row(2, device_id="1", trace_prefix=one),
        row(4, device_id="2", trace_prefix=other),
    ]
    with pytest.raises(UsageError, match="lines 2 and 4 share the trace_prefix 00"):
        prefixes(rows)


def test_a_prefix_of_the_profile_serves_one_device_only():
    shop = {**SHOP, "device": {"trace_prefix": "7"}}
    assert prefixes([row(2, device_id="1")], shop) == [None]  # the profile's own stands
    with pytest.raises(UsageError, match="lines 2 and 3 share the trace_prefix 0007"):
        prefixes([row(2, device_id="1"), row(3, device_id="2")], shop)


@pytest.mark.parametrize("bad", ["12345", "abcd", "-1", "\u0664"])
def test_a_prefix_that_is_wrong_is_left_to_the_profiles_check(bad):
    assert prefixes([row(2, device_id="1", trace_prefix=bad)]) == [bad]


def test_a_bad_row_takes_no_prefix():
    rows = [row(2, "the port is missing", device_id="1", trace_prefix="5")]
    assert prefixes([*rows, row(3, device_id="2", trace_prefix="5")]) == ["5", "5"]


@pytest.mark.parametrize("document", [{}, {"device": 3, "partner": []}])
def test_a_profile_that_is_no_profile_is_somebody_elses_fault(document):
    assert len(prefixes([row(2)], document)) == 1


def test_more_devices_than_prefixes_are_refused():
    assert len(set(prefixes(named(10000)))) == 10000
    with pytest.raises(UsageError, match="more devices than the 10000 trace prefixes"):
        prefixes(named(10001))
