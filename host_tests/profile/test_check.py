"""A profile is checked in full, and refused by the name of the key that is wrong."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.kit.identity import IDENTITY
from host_tests.kit.peer import Peer, agree
from milepad.base import pin
from milepad.base.errors import ProfileError
from milepad.profile import schema
from milepad.profile.check import check, examine

MODULE = "milepad.profile.check"
SECRETS = {
    ("platform", "client_secret"): "s3cr3t-of-the-platform",
    ("network", "password"): "passphrase-of-the-shop",
}
LEAST: dict[str, dict[str, Any]] = {
    "network": {"ssid": "shop"},
    "platform": {
        "base_url": "https://cert.airmilesapis.ca",
        "token_url": "https://oauth.example/oauth/token",
        "ca": "ca.pem",
        "client_id": "id",
        "client_secret": SECRETS["platform", "client_secret"],
    },
    **IDENTITY,
    "time": {"zone": "EST5EDT,M3.2.0,M11.1.0"},
}
REQUIRED = [(section, key) for section, keys in LEAST.items() for key in keys]
KEPT = pin.kept("27182", bytes(range(16)), 4096)
NO_PINS = [
    "123",
    "1" * 9,
    "12a4",
    "12 4",
    "²²²²",
    KEPT[:-1],
    KEPT + "0",
    KEPT.upper(),
    KEPT.replace("sha256", "md5"),
    KEPT.replace("4096", "0"),
    KEPT.replace("4096", "65537"),
    KEPT.replace("4096", "9" * 30),
    KEPT.replace("4096", ""),
    KEPT.replace(":", ";"),
    KEPT + ":",
]
KEYS = [row[:2] for row in schema.SETTINGS]


def with_value(section: str, key: str, value: object) -> dict[str, Any]:
    document = copy.deepcopy(LEAST)
    document["network"]["password"] = SECRETS["network", "password"]
    document.setdefault(section, {})[key] = value
    return document


def refusal(peer: Peer, document: object) -> str:
    """What both Pythons say against a profile."""
    with pytest.raises(ProfileError) as caught:
        agree(peer, MODULE, "check", document)
    text = str(caught.value)
    assert not [secret for secret in SECRETS.values() if secret in text]
    return text


def test_fills_in_every_optional_key(micropython: Peer) -> None:
    filled = agree(micropython, MODULE, "check", LEAST)
    assert isinstance(filled, dict)
    assert sorted((s, k) for s in filled for k in filled[s]) == sorted(KEYS)
    assert filled["network"] == {"ssid": "shop", "password": ""}
    assert filled["cashier"]["language"] == "en-CA"
    assert filled["time"]["reversal_hour"] == 3


def test_a_filled_profile_passes_its_own_check() -> None:
    filled = check(LEAST)
    assert check(filled) == filled


def test_the_checked_profile_does_not_share_its_input() -> None:
    filled = check(LEAST)
    filled["network"]["ssid"] = "other"
    assert LEAST["network"]["ssid"] == "shop"


@pytest.mark.parametrize(("section", "key"), REQUIRED)
def test_names_a_missing_key(micropython: Peer, section: str, key: str) -> None:
    document = copy.deepcopy(LEAST)
    del document[section][key]
    text = refusal(micropython, document)
    assert text.startswith(f"[{section}] {key} is missing: expected ")


@pytest.mark.parametrize("section", sorted(LEAST))
def test_names_a_key_of_a_missing_section(micropython: Peer, section: str) -> None:
    document = {name: keys for name, keys in LEAST.items() if name != section}
    assert f"[{section}] " in refusal(micropython, document)


@pytest.mark.parametrize("section", schema.sections())
def test_names_an_unknown_key_and_the_known_ones(micropython: Peer, section: str) -> None:
    text = refusal(micropython, with_value(section, "colour", "red"))
    assert text.startswith(f"[{section}] colour is unknown; expected one of ")
    assert all(key in text for name, key in KEYS if name == section)


def test_names_an_unknown_section(micropython: Peer) -> None:
    text = refusal(micropython, {**LEAST, "kiosk": {}})
    assert text.startswith("[kiosk] is unknown; expected one of card, cashier, ")


@pytest.mark.parametrize(("section", "key"), schema.RETIRED)
def test_a_setting_of_an_older_version_is_passed_over(
    micropython: Peer, section: str, key: str
) -> None:
    for value in (-300, "text", None):
        filled = agree(micropython, MODULE, "check", with_value(section, key, value))
        assert filled == check(
            with_value("network", "password", SECRETS["network", "password"])
        )
    assert (section, key) not in KEYS


def test_shortens_and_cleans_a_name_from_outside() -> None:
    with pytest.raises(ProfileError) as caught:
        check({**LEAST, "é\n\x1b" + "k" * 500: {}})
    assert str(caught.value).startswith("[???" + "k" * 21 + "] is unknown")


@pytest.mark.parametrize("document", [None, [], "text", 1, True])
def test_refuses_what_is_no_profile(micropython: Peer, document: object) -> None:
    assert "expected sections" in refusal(micropython, document)


@pytest.mark.parametrize("section", schema.sections())
def test_refuses_what_is_no_section(micropython: Peer, section: str) -> None:
    for keys in (None, [], "text", 1, True):
        text = refusal(micropython, {**LEAST, section: keys})
        assert text == f"[{section}]: expected keys with values"


@pytest.mark.parametrize(("section", "key"), KEYS)
def test_refuses_every_wrong_type(micropython: Peer, section: str, key: str) -> None:
    default = check(LEAST)[section][key]
    wrong: list[object] = [None, b"raw", {}, ("a",), [1], 10**30]
    if not isinstance(default, bool):
        wrong += [True, False]
    if isinstance(default, int):
        wrong += ["1", "", []]
    elif not isinstance(default, list):
        wrong += [0, 1, []]
    for value in wrong:
        text = refusal(micropython, with_value(section, key, value))
        assert text.startswith(f"[{section}] {key}: expected ")


TEXT_BOUNDS = [
    ("network", "password", 8, 63),
    ("platform", "ca", 1, 200),
    ("platform", "client_id", 1, 128),
    ("platform", "client_secret", 1, 256),
    ("platform", "audience", 0, 128),
    ("platform", "scope", 0, 128),
    ("partner", "sponsor_code", 1, 16),
    ("partner", "store_id", 1, 16),
    ("partner", "vendor_id", 1, 16),
    ("partner", "acquirer_id", 1, 16),
    ("device", "device_id", 1, 16),
]


@pytest.mark.parametrize(("section", "key", "least", "most"), TEXT_BOUNDS)
def test_bounds_every_text(
    micropython: Peer, section: str, key: str, least: int, most: int
) -> None:
    for length in {least, max(least, 1), most}:
        agree(micropython, MODULE, "check", with_value(section, key, "k" * length))
    for wrong in [
        "k" * (most + 1),
        "é",
        "a\n",
        "\0",
        "ß",
        *["k" * (least - 1)] * (least > 0),
    ]:
        assert f"[{section}] {key}: " in refusal(
            micropython, with_value(section, key, wrong)
        )


@pytest.mark.parametrize(
    "name", ["x", "x" * 32, "Café Très-Bon", "é" * 16, "\U0001f4f6" * 8, " a ", '"\\']
)
def test_a_network_is_named_by_1_to_32_bytes(micropython: Peer, name: str) -> None:
    filled = agree(micropython, MODULE, "check", with_value("network", "ssid", name))
    assert isinstance(filled, dict)
    assert filled["network"]["ssid"] == name


@pytest.mark.parametrize(
    "name", ["", "x" * 33, "é" * 16 + "x", "\U0001f4f6" * 8 + "x", "a\0", "a\n", "a\x7f"]
)
def test_what_no_access_point_is_called_is_refused(micropython: Peer, name: str) -> None:
    text = refusal(micropython, with_value("network", "ssid", name))
    assert text == "[network] ssid: expected 1 to 32 bytes of UTF-8, no control characters"


def test_half_a_surrogate_is_no_networks_name() -> None:
    with pytest.raises(ProfileError, match=r"\[network\] ssid: "):
        check(with_value("network", "ssid", "a\ud83d"))


@pytest.mark.parametrize("key", ["0" * 64, "0123456789abcdefABCDEF" + "9" * 42])
def test_the_key_itself_may_stand_for_the_password(micropython: Peer, key: str) -> None:
    filled = agree(micropython, MODULE, "check", with_value("network", "password", key))
    assert isinstance(filled, dict)
    assert filled["network"]["password"] == key


@pytest.mark.parametrize("key", ["g" + "0" * 63, "0" * 65, "\u0664" * 64, " " + "0" * 63])
def test_64_other_characters_are_no_key(micropython: Peer, key: str) -> None:
    refusal(micropython, with_value("network", "password", key))


def test_every_fault_is_told_and_the_first_one_first() -> None:
    document = with_value("network", "ssid", "x" * 33)
    document["kiosk"] = {}
    document["time"] = {}
    document["printer"] = {"columns": 40, "colour": 1}
    document["card"] = []
    faults = examine(document)[1]
    assert [fault.partition(": ")[0].partition(";")[0] for fault in faults] == [
        "[kiosk] is unknown",
        "[network] ssid",
        "[time] zone is missing",
        "[card]",
        "[printer] colour is unknown",
        "[printer] columns",
    ]
    with pytest.raises(ProfileError) as caught:
        check(document)
    assert str(caught.value) == faults[0]


def test_an_open_network_has_no_password() -> None:
    assert check(with_value("network", "password", ""))["network"]["password"] == ""


@pytest.mark.parametrize(("section", "key"), [k[:2] for k in TEXT_BOUNDS if k[3] == 16])
def test_the_wires_identifiers_are_ascii_letters_and_digits(
    micropython: Peer, section: str, key: str
) -> None:
    for wrong in ("a b", 'a"b', "a-b", "a\\b", "ſ", "ı", "ﬁ", "²"):
        refusal(micropython, with_value(section, key, wrong))


@pytest.mark.parametrize(
    ("section", "key", "least", "most"),
    [
        ("platform", "connect_s", 1, 60),
        ("platform", "reply_s", 1, 60),
        ("platform", "idle_s", 1, 600),
        ("platform", "token_margin_s", 0, 3600),
        ("platform", "echo_s", 0, 86400),
        ("cashier", "idle_s", 5, 600),
        ("issuance", "key_hours", 1, 2160),
        ("issuance", "queue_hours", 1, 2160),
        ("programme", "unit_miles", 1, 99999),
        ("programme", "unit_dollars", 1, 999),
        ("cashier", "finish_s", 0, 86400),
        ("time", "reversal_hour", 0, 23),
        ("time", "day_hour", 0, 23),
        ("card", "offset", -1, 40),
        ("card", "length", 11, 19),
        ("printer", "code_page_number", -1, 255),
    ],
)
def test_bounds_every_number(
    micropython: Peer, section: str, key: str, least: int, most: int
) -> None:
    for good in (least, most):
        agree(micropython, MODULE, "check", with_value(section, key, good))
    for wrong in (least - 1, most + 1, 1.5, str(least)):
        assert f"[{section}] {key}: " in refusal(
            micropython, with_value(section, key, wrong)
        )


@pytest.mark.parametrize(
    ("section", "key", "good", "wrong"),
    [
        ("cashier", "language", ["en-CA", "fr-CA"], ["en", "EN-CA", "fr_CA", ""]),
        ("cashier", "max_basket", ["0.01", "999999.99"], ["0", "0.00", "-1", "1e3", "1,0"]),
        ("cashier", "pre_tax", [True, False], [0, 1, "true"]),
        ("time", "zone", ["UTC0", "<+0545>-5:45"], ["", "America/Toronto", "EST167"]),
        ("card", "track", [0, 1, 2], [3, -1, True, 1.0]),
        ("card", "prefix", ["", "600", "9" * 12], ["9" * 13, "a", "²", " "]),
        ("card", "first_digit", ["", "8"], ["80", "a", "²"]),
        ("card", "check_digit", ["warn", "refuse", "off"], ["on", "", "WARN"]),
        ("device", "trace_prefix", ["", "1", "1234"], ["12345", "a", "-1"]),
        ("printer", "columns", [32, 48], [0, 40, "32"]),
        ("printer", "baud", [9600, 115200], [0, 9601]),
        ("printer", "code_page", ["CP437", "CP863", "WPC1252"], ["cp437", "UTF-8", ""]),
        ("printer", "cutter", [True, False], [0, "no"]),
        ("issuance", "family", ["off", "amrp", "partner"], ["on", "AMRP", ""]),
        ("issuance", "basis", ["left_to_pay", "whole_basket"], ["basket", ""]),
        ("issuance", "location_code", ["", "1100", "A" * 16], ["1 100", "A" * 17, "é"]),
        ("issuance", "return_id", ["own", "original"], ["", "other"]),
        ("programme", "name", ["AIR MILES", "B" * 12], ["", "B" * 13, "Récompenses"]),
        (
            "programme",
            "currency_en",
            ["miles", "p", "Points"],
            ["", "pts.", "a1", "é", "b" * 8],
        ),
        ("programme", "balances", [1, 2], [0, 3, "1", True]),
        ("supervisor", "pin", ["", "1234", "0" * 8, KEPT], [*NO_PINS, 1234]),
        ("receipt", "header", [[], ["É" * 48] * 6], [[""] * 7, ["a" * 49], [1], "text"]),
        ("receipt", "footer", [[], ["Merci"]], [[None], {"a": 1}]),
        ("platform", "base_url", ["https://h:1/p"], ["http://h", "https://", "h" * 201]),
        ("platform", "token_url", ["https://h/t"], ["http://h/t", "https://u:p@h/t"]),
    ],
)
def test_takes_and_refuses_by_the_meaning_of_a_key(
    micropython: Peer, section: str, key: str, good: list, wrong: list
) -> None:
    for value in good:
        filled = agree(micropython, MODULE, "check", with_value(section, key, value))
        assert isinstance(filled, dict)
        assert filled[section][key] == value
    for value in wrong:
        assert f"[{section}] {key}: " in refusal(
            micropython, with_value(section, key, value)
        )


@pytest.mark.parametrize(
    "taxes",
    [
        [],
        [["HST", "13"]],
        [["HST", "15.0"]],
        [["GST", "5"]],
        [["GST", "5"], ["QST", "9.975"]],
        [["QST", "9.975"], ["GST", "5"]],
        [["PST", "7"], ["GST", "5"]],
        [["GST", "99.999"]],
        [["GST", "0.001"]],
    ],
)
def test_a_shop_has_the_taxes_of_its_province(micropython: Peer, taxes: list) -> None:
    filled = agree(micropython, MODULE, "check", with_value("issuance", "taxes", taxes))
    assert isinstance(filled, dict)
    assert filled["issuance"]["taxes"] == taxes


@pytest.mark.parametrize(
    "taxes",
    [
        [["HST", "13"], ["GST", "5"]],
        [["HST", "13"], ["HST", "13"]],
        [["PST", "7"]],
        [["GST", "5"], ["PST", "7"], ["QST", "9.975"]],
        [["VAT", "20"]],
        [["hst", "13"]],
        [["HST", 13]],
        [["HST", 13.5]],
        [["HST", "100"]],
        [["HST", "0"]],
        [["HST", "0.000"]],
        [["HST", "9.9755"]],
        [["HST", "-5"]],
        [["HST", ""]],
        [["HST", "."]],
        [["HST", "5."]],
        [["HST", ".5"]],
        [["HST", "1e1"]],
        [["HST", "²"]],
        [["HST"]],
        [["HST", "13", "x"]],
        ["HST", "13"],
        [[]],
        [None],
        [[None, "5"]],
        "HST",
        {"HST": "13"},
    ],
)
def test_refuses_taxes_that_no_province_has(micropython: Peer, taxes: object) -> None:
    text = refusal(micropython, with_value("issuance", "taxes", taxes))
    assert text.startswith(
        "[issuance] taxes: expected HST, GST, GST and PST or GST and QST"
    )


def test_no_zone_is_longer_than_sixty_characters(micropython: Peer) -> None:
    zone = "<" + "A" * 58 + ">5"
    assert len(zone) == 61
    assert "[time] zone: " in refusal(micropython, with_value("time", "zone", zone))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.text(max_size=4), inner, max_size=2)
    ),
    max_leaves=6,
)


@given(place=st.sampled_from(KEYS), value=VALUES, extra=st.dictionaries(st.text(), VALUES))
def test_any_document_is_filled_or_refused_without_its_secrets(
    place: tuple[str, str], value: object, extra: dict[str, object]
) -> None:
    try:
        filled = check({**with_value(*place, value), **extra})
    except ProfileError as fault:
        text = str(fault)
        assert not [secret for secret in SECRETS.values() if secret in text]
        assert len(text) < 400
    else:
        assert filled[place[0]][place[1]] == value
