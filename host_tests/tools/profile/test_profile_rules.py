"""A shop's earning rules go to its devices with the profile, and are checked with it."""

import json
import tomllib
from pathlib import Path

import pytest

from host_tests.tools.profile.refusal import refused
from milepad.issuance import offers
from tools import profile
from tools.profile.__main__ import EXAMPLE

RULES = (
    '[base]\ndollars_per_mile = "10.00"\n[[offer]]\nname = "TEA"\ncode = "T"\nmiles = 5\n'
)


def with_rules(write, text: str, name: str = "offers.toml") -> Path:
    path = write({"issuance": {"offers": name}})
    (path.parent / name).write_text(text, "utf-8")
    return path


def test_a_shop_without_rules_has_no_file_of_them(write):
    assert "offers.json" not in profile.load(write()).files


@pytest.mark.parametrize("name", ["offers.toml", "offers.json"])
def test_earning_rules_reach_the_device_filled_in(write, name):
    text = RULES if name.endswith("toml") else json.dumps(tomllib.loads(RULES))
    files = profile.load(with_rules(write, text, name)).files
    assert json.loads(files["profile.json"])["issuance"]["offers"] == "offers.json"
    rules = json.loads(files["offers.json"])
    assert rules["base"]["dollars_per_mile"] == "10.00"
    assert rules["offer"][0]["trade"] == "both"
    assert offers.examine(rules) == (rules, [])


def test_the_example_of_earning_rules_is_one(write):
    text = (EXAMPLE.parent / "offers.toml").read_text("utf-8")
    files = profile.load(with_rules(write, text)).files
    kinds = [each["kind"] for each in json.loads(files["offers.json"])["offer"]]
    assert kinds == ["per_item", "of_base", "of_offer"]


def test_every_fault_of_the_earning_rules_is_told_with_the_profiles_own(write):
    path = with_rules(write, RULES.replace("10.00", "x").replace("5", "-5"))
    with pytest.raises(profile.ProfileFileError) as fault:
        profile.load(path, {"printer": {"columns": 40}})
    assert [each.partition(": expected")[0] for each in fault.value.faults] == [
        "[printer] columns",
        "[issuance] offers: [base] dollars_per_mile",
        "[issuance] offers: [[offer]] 1 miles",
    ]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("offers.toml", "[base", "[issuance] offers: "),
        ("offers.json", "{", "[issuance] offers: "),
        ("offers.json", "[]", "expected [base], [incentive] and [[offer]]"),
        ("offers.json", "[" * 60000, "expected TOML or JSON"),
    ],
)
def test_what_holds_no_earning_rules_is_refused(write, name, text, says):
    assert says in refused(with_rules(write, text, name))


def test_earning_rules_that_are_not_there_or_too_large_are_refused(write):
    assert "No such file" in refused(write({"issuance": {"offers": "none.toml"}}))
    items = json.dumps(["S" * 40] * 20)
    many = "".join(
        f'[[offer]]\nname = "{at}"\ncode = "T"\nmiles = 5\nitems = {items}\n'
        for at in range(20)
    )
    assert "expected up to 8192 bytes" in refused(with_rules(write, many))


@pytest.mark.parametrize(
    ("family", "taxes", "warned"),
    [("off", [], False), ("amrp", [], True), ("partner", [["HST", "13"]], False)],
)
def test_a_shop_that_earns_without_taxes_is_warned(write, family, taxes, warned):
    path = write({"issuance": {"family": family, "taxes": taxes}})
    told = [text for text in profile.warnings(profile.load(path).files) if "taxes" in text]
    assert bool(told) == warned
