"""A collector number is found where the profile says, and is never shown whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.card import plain
from host_tests.kit.peer import Peer, agree
from milepad.base.errors import CardError
from milepad.card.collector_number import CHECK_DIGIT, is_valid_check, keyed, masked

NUMBER = "84095202006"
ACTIVE = [
    "84095202006",
    "81000000010",
    "81000000027",
    "81000000034",
    "81000000041",
    "81000000059",
    "81000000066",
    "81000000073",
    "81000000080",
]
FAILING_SAMPLES = ["80000000001", "81111111111"]
PLAIN = "host_tests.card.plain"


@pytest.mark.parametrize(
    "number",
    [*ACTIVE, "80085102028", "80060860886", "80061948870", "81234567898", "89999999999"],
)
def test_the_check_digit_is_modulus_11(number: str) -> None:
    assert is_valid_check(number)


@pytest.mark.parametrize(
    "number",
    [*FAILING_SAMPLES, "80061948872", "", "8409520200", "840952020060", "8409520200²"],
)
def test_a_wrong_check_digit_is_noticed(number: str) -> None:
    assert not is_valid_check(number)


@given(st.integers(0, 9), st.integers(0, 9))
def test_a_wrong_digit_is_noticed_wherever_it_stands(place: int, digit: int) -> None:
    wrong = NUMBER[:place] + str(digit) + NUMBER[place + 1 :]
    assert is_valid_check(wrong) == (wrong == NUMBER)


@pytest.mark.parametrize("number", ACTIVE)
def test_numbers_with_their_check_digit_carry_no_warning(number: str) -> None:
    assert plain.found(number, {}) == (number, "SWIPE", None)


@pytest.mark.parametrize("number", FAILING_SAMPLES)
def test_the_samples_that_fail_modulus_11_are_taken_with_a_warning(number: str) -> None:
    assert plain.found(number, {}) == (number, "SWIPE", CHECK_DIGIT)


@pytest.mark.parametrize(
    ("rules", "field", "number"),
    [
        ({}, "84095202006", NUMBER),
        ({"prefix": "600"}, "60084095202006", NUMBER),
        ({"offset": 2}, "9984095202006", NUMBER),
        ({"prefix": "600", "offset": 2}, "6009984095202006", NUMBER),
        ({"offset": -1}, "84095202006", NUMBER),
        ({"offset": -1}, "123484095202006", NUMBER),
        ({"prefix": "600", "offset": -1}, "6001234584095202006", NUMBER),
        ({"tail": 3}, "84095202006123", NUMBER),
        ({"offset": -1, "tail": 1}, "5840952020067", NUMBER),
        ({"length": 9}, "812345678", "812345678"),
        ({"first_digit": ""}, "04095202006", "04095202006"),
        ({"first_digit": "7"}, "74095202006", "74095202006"),
        ({"check_digit": "off"}, "81111111111", "81111111111"),
        ({"check_digit": "refuse"}, "84095202006", NUMBER),
    ],
)
def test_each_rule_says_where_the_number_is(
    micropython: Peer, rules: dict, field: str, number: str
) -> None:
    assert agree(micropython, PLAIN, "found", field, rules)[0] == number  # type: ignore[index]


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ({}, "8409520200"),
        ({}, "840952020060"),  # a 12 digit product code, for one
        ({}, "74095202006"),
        ({}, "8409520200a"),
        ({}, " 84095202006"),
        ({}, "8409520200²"),
        ({}, "٨٤٠٩٥٢٠٢٠٠٦"),
        ({}, ""),
        ({"prefix": "600"}, "84095202006"),
        ({"prefix": "600"}, "60184095202006"),
        ({"prefix": "84", "offset": -1}, "84095202006"),
        ({"offset": 2}, "84095202006"),
        ({"offset": 2}, "99984095202006"),
        ({"offset": -1}, "4095202006"),
        ({"tail": 3}, "8409520200612"),
        ({"length": 9}, "84095202006"),
        ({"check_digit": "refuse"}, "81111111111"),
    ],
)
def test_each_rule_refuses_what_it_does_not_describe(
    micropython: Peer, rules: dict, field: str
) -> None:
    with pytest.raises(CardError):
        agree(micropython, PLAIN, "found", field, rules)


def test_a_number_of_another_length_has_no_check_digit_to_fail() -> None:
    rules = {"length": 9, "check_digit": "refuse"}
    assert plain.found("812345678", rules) == ("812345678", "SWIPE", None)


def test_a_keyed_number_is_manual_and_has_neither_prefix_nor_tail() -> None:
    rules = {"prefix": "600", "offset": 2, "tail": 3}
    card = keyed("84095202006", rules)
    assert (card.collector_number, card.card_entry_mode) == (NUMBER, "MANUAL")


@pytest.mark.parametrize(
    "text", ["", "8409520200", "840952020066", "74095202006", "8409 520 20"]
)
def test_a_keyed_number_has_to_be_whole(text: str) -> None:
    with pytest.raises(CardError):
        keyed(text, {})


def test_only_the_last_four_digits_are_shown() -> None:
    assert masked("84095202006") == "*******2006"


@given(st.text("0123456789", max_size=10))
def test_of_a_shorter_number_nothing_is_shown(number: str) -> None:
    assert masked(number) == "*" * len(number)


@given(st.text("0123456789", min_size=11, max_size=40))
def test_the_mask_is_as_long_as_the_number_and_shows_four_digits(number: str) -> None:
    assert masked(number) == "*" * (len(number) - 4) + number[-4:]


@given(st.text("0123456789", min_size=4, max_size=30))
def test_no_error_text_repeats_the_digits(field: str) -> None:
    for rules in ({}, {"prefix": "6"}, {"check_digit": "refuse"}):
        try:
            plain.found(field, rules)
        except CardError as fault:
            assert not any(digit in str(fault) for digit in "0123456789")


RULES = st.fixed_dictionaries(
    {},
    optional={
        "prefix": st.sampled_from(["", "6", "600"]),
        "offset": st.integers(-1, 3),
        "tail": st.integers(0, 2),
        "first_digit": st.sampled_from(["", "8"]),
        "check_digit": st.sampled_from(["warn", "refuse", "off"]),
    },
)


@given(
    field=st.text("0689", min_size=10, max_size=18) | st.text(max_size=30),
    rules=RULES,
    function=st.sampled_from(["found", "keyed", "scanned"]),
)
def test_both_pythons_find_the_same_or_refuse(
    micropython: Peer, field: str, rules: dict, function: str
) -> None:
    try:
        number = agree(micropython, PLAIN, function, field, rules)[0]  # type: ignore[index]
    except CardError:
        return
    assert number in field


@pytest.mark.parametrize("number", ["84095202007", "81111111111", "80000000001"])
def test_where_the_check_is_off_a_number_that_fails_it_carries_no_warning(
    number: str,
) -> None:
    assert keyed(number, {"check_digit": "off"}).warning is None
    assert keyed(number, {"check_digit": "warn"}).warning == CHECK_DIGIT
    with pytest.raises(CardError):
        keyed(number, {"check_digit": "refuse"})


@pytest.mark.parametrize("number", ["", "8", "840952020", "8409520200"])
def test_a_number_that_is_too_short_is_none_whatever_the_check(number: str) -> None:
    assert not is_valid_check(number)
    for check in ("off", "warn", "refuse"):
        with pytest.raises(CardError):
            keyed(number, {"check_digit": check})
