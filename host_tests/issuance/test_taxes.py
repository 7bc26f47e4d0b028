"""The taxes of a keyed sale tie to the cent, whatever the totals are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.issuance import samples
from host_tests.kit.peer import Peer, agree
from milepad.base.errors import FieldError

SAMPLES = "host_tests.issuance.samples"
HST = [["HST", "13"]]
GST = [["GST", "5"]]
GST_PST = [["GST", "5"], ["PST", "7"]]
GST_QST = [["GST", "5"], ["QST", "9.975"]]
RATES = st.sampled_from([[], HST, GST, GST_PST, GST_QST, GST_QST[::-1]])
CENTS = st.integers(0, 99999999)


@pytest.mark.parametrize(
    ("pre_tax", "post_tax", "rates", "split"),
    [
        (2497, 2822, HST, (0, 325, 0, 0)),  # FACTS 6.4's own sample
        (10000, 11498, GST_QST, (500, 0, 0, 998)),
        (10000, 11200, GST_PST, (500, 0, 700, 0)),
        (10000, 10500, GST, (500, 0, 0, 0)),
        (10000, 10500, GST_PST, (208, 0, 292, 0)),  # a basket that is taxed in part
        (1, 2, GST_QST, (0, 0, 0, 1)),
        (1, 2, GST_QST[::-1], (0, 0, 0, 1)),
        (5000, 5000, GST_QST, (0, 0, 0, 0)),
        (5000, 5650, [], (0, 650, 0, 0)),
        (0, 0, HST, (0, 0, 0, 0)),
        (0, 99999999, GST_QST, (33388981, 0, 0, 66611018)),
    ],
)
def test_what_was_paid_beyond_the_goods_is_split_by_the_rates(
    micropython: Peer, pre_tax: int, post_tax: int, rates: list, split: tuple
) -> None:
    assert agree(micropython, SAMPLES, "split", pre_tax, post_tax, rates) == split


@pytest.mark.parametrize(
    ("pre_tax", "post_tax", "field"),
    [
        (2822, 2497, "basketPostTaxAmount"),
        (-1, 5, "basketPreTaxAmount"),
        (5, 100000000, "basketPostTaxAmount"),
    ],
)
def test_totals_that_are_none_are_refused(
    micropython: Peer, pre_tax: int, post_tax: int, field: str
) -> None:
    with pytest.raises(FieldError) as caught:
        agree(micropython, SAMPLES, "split", pre_tax, post_tax, HST)
    assert caught.value.field == field


@given(pre_tax=CENTS, tax=CENTS, rates=RATES)
def test_the_taxes_tie_and_none_is_further_than_a_cent_from_its_share(
    micropython: Peer, pre_tax: int, tax: int, rates: list
) -> None:
    tax = min(tax, 99999999 - pre_tax)
    split = agree(micropython, SAMPLES, "split", pre_tax, pre_tax + tax, rates)
    assert isinstance(split, tuple)
    assert sum(split) == tax and min(split) >= 0
    names = ("GST", "HST", "PST", "QST")
    parts = [(name, int(percent.replace(".", "").ljust(4, "0"))) for name, percent in rates]
    if rates == GST_QST:
        assert abs(split[0] * 14975 - tax * 5000) <= 14975
    assert all(cents == 0 for name, cents in zip(names, split, strict=True)
               if parts and name not in dict(parts))  # fmt: skip


@pytest.mark.parametrize(
    ("cents", "redeemed", "rates", "left"),
    [
        ((2497, 2822), 1000, HST, (1612, 1822, 0, 210, 0, 0)),
        ((2497, 2822), 0, HST, (2497, 2822, 0, 325, 0, 0)),
        ((8696, 10000), 10000, GST_QST, (0, 0, 0, 0, 0, 0)),
        ((2497, 2822), 99999, HST, (0, 0, 0, 0, 0, 0)),
        ((0, 0), 0, [], (0, 0, 0, 0, 0, 0)),
    ],
)
def test_what_is_left_after_a_redemption_shrinks_as_the_whole_did(
    micropython: Peer, cents: tuple, redeemed: int, rates: list, left: tuple
) -> None:
    assert agree(micropython, SAMPLES, "left", cents, redeemed, rates) == left


@given(pre_tax=CENTS, tax=CENTS, redeemed=CENTS, rates=RATES)
def test_no_discount_makes_more_of_a_basket(
    pre_tax: int, tax: int, redeemed: int, rates: list
) -> None:
    tax = min(tax, 99999999 - pre_tax)
    left = samples.left((pre_tax, pre_tax + tax), redeemed, rates)
    assert left[0] <= pre_tax and left[1] == max(0, pre_tax + tax - redeemed)
    assert left[0] + sum(left[2:]) == left[1]
