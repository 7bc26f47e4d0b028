"""What a collector bought: totals, taxes and, where a till knows them, lines.

Source: FACTS 6.4 (`basket...Amount`, `items`). That the amounts tie is true of the sample and
no published rule; a basket that does not tie is a mistake of ours, so none leaves the device.
"""

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import FieldError
from milepad.base.money import MAX_CENTS

if TYPE_CHECKING:
    from typing import Sequence


class Line:
    """One line of a bill: `quantity` pieces at `base_cents` each, together `final_cents`.

    `final_cents` is what the line costs: a rebate has been taken off it. What is weighed is one
    piece at its price: no sample has a part of one.
    """

    def __init__(
        self, item_id: str, name: str, base_cents: int, final_cents: int, quantity: int = 1
    ):
        self.item_id = item_id
        self.name = name
        self.quantity = quantity
        self.base_cents = base_cents
        self.final_cents = final_cents
        self.department_id = ""
        self.category_id = ""


class Basket:
    """Totals in cents; no lines: only its totals are known. An event has an empty one.

    `coupons` are codes, `context` is (name, value) of texts that the platform only keeps.
    """

    def __init__(
        self, pre_tax_cents: int = 0, post_tax_cents: int = 0, lines: "Sequence[Line]" = ()
    ):
        self.pre_tax_cents = pre_tax_cents
        self.post_tax_cents = post_tax_cents
        self.gst_cents = 0
        self.hst_cents = 0
        self.pst_cents = 0
        self.qst_cents = 0
        self.lines = lines
        self.coupons: "Sequence[str]" = ()
        self.context: "Sequence[tuple[str, str]]" = ()

    @property
    def tax_cents(self) -> int:
        """All taxes together."""
        return self.gst_cents + self.hst_cents + self.pst_cents + self.qst_cents


def _check_cents(field: str, *amounts: int) -> None:
    for cents in amounts:
        if not 0 <= cents <= MAX_CENTS:
            raise FieldError(field, "0 to %d cents" % MAX_CENTS)


def check(basket: Basket) -> None:
    """Raises FieldError unless every amount is one, and they tie to the cent."""
    _check_cents("basketPreTaxAmount", basket.pre_tax_cents)
    _check_cents("basketPostTaxAmount", basket.post_tax_cents)
    _check_cents("basketGSTAmount", basket.gst_cents)
    _check_cents("basketHSTAmount", basket.hst_cents)
    _check_cents("basketPSTAmount", basket.pst_cents)
    _check_cents("basketQSTAmount", basket.qst_cents)
    for line in basket.lines:
        _check_cents("items", line.base_cents, line.final_cents)
    if basket.pre_tax_cents + basket.tax_cents != basket.post_tax_cents:
        raise FieldError("basketPostTaxAmount", "the total before tax and the taxes")
    lines_cents = sum([line.final_cents for line in basket.lines])
    if basket.lines and lines_cents != basket.pre_tax_cents:
        raise FieldError("basketPreTaxAmount", "the sum of the lines")
