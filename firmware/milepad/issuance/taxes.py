"""The taxes of a sale whose totals were keyed: one by one, as the request wants them.

What was paid beyond the total before tax is tax. It is split by the shop's rates, and not
worked out from them: a basket holds goods without tax, and the till has rounded already.
"""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import FieldError
from milepad.base.money import parse_percent
from milepad.issuance.basket import Basket, check

if TYPE_CHECKING:
    from milepad.issuance.protocols import Rates


def keyed(pre_tax_cents: int, post_tax_cents: int, rates: "Rates") -> Basket:
    """The basket of two totals; `rates` is the profile's `[issuance] taxes`.

    Each tax but the last is rounded to the cent, half up, and the last one is the rest. A shop
    without rates has its whole tax sent as HST. Raises FieldError where the totals are none.
    """
    basket = Basket(pre_tax_cents, post_tax_cents)
    left_cents = post_tax_cents - pre_tax_cents
    if left_cents < 0:
        raise FieldError("basketPostTaxAmount", "at least the total before tax")
    parts = [(name, parse_percent(percent)) for name, percent in rates] or [("HST", 1)]
    whole = sum([part for _, part in parts])
    for name, part in parts:
        cents = (2 * left_cents * part + whole) // (2 * whole)
        setattr(basket, name.lower() + "_cents", cents)
        left_cents -= cents
        whole -= part
    check(basket)
    return basket


def left_to_pay(basket: Basket, redeemed_cents: int, rates: "Rates") -> Basket:
    """What is left of a basket's totals after a discount that was redeemed on it.

    The total before tax shrinks as the one with tax does, half up; a basket that is paid in
    full is empty. The lines are left out: they would no longer tie. Coupons and context stay.
    """
    paid_cents = max(0, basket.post_tax_cents - redeemed_cents)
    whole = max(1, basket.post_tax_cents)
    pre_tax_cents = (2 * basket.pre_tax_cents * paid_cents + whole) // (2 * whole)
    left = keyed(pre_tax_cents, paid_cents, rates)
    left.coupons, left.context = basket.coupons, basket.context
    return left
