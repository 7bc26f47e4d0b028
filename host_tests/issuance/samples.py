"""The samples of FACTS 6.4 and 6.5 as plain calls, so that both Pythons can be asked."""

from host_tests.kit.identity import PARTNER
from milepad.base.request import Identity
from milepad.base.transaction import Transaction
from milepad.issuance import json_text, replies, requests, taxes
from milepad.issuance.basket import Basket, Line
from milepad.issuance.requests import Issuance

KEY = "123e4567-e89b-42d3-a456-426655440000"
TRACE = "012340001111"
SALE = "012340000007"
UNIX_S = 1559225579  # 2019-05-30T14:12:59Z
SETTINGS = {
    "location_code": "1100",
    "return_id": "own",
    "send_identity": False,
}
LINES = [
    ("SKU1234", "Dog Food", 999, 1998, 2, "10001", "11101"),
    ("SKU1252", "Potato Chips", 499, 499, 1, "DEPT2", "CAT2"),
]
AWARDS = [(5, "STANDARD", "123454", "Bonus Miles for Groceries.", ["SKU1234", "SKU1252"])]
EVENT_AWARDS = [(8, "STANDARD", "22", "offer", [])]
COMPUTED_HERE = ("post", "issuance/reverse", "post/event", "reverse/event")
EVENTS = ("post/event", "reverse/event")


def make_line(values):
    """A line of (id, name, base cents, final cents, quantity, department, category)."""
    line = Line(*values[:5])
    line.department_id, line.category_id = values[5:]
    return line


def make_basket(lines, changes):
    """The sample's basket with `changes` to its attributes."""
    basket = Basket(2497, 2822, [make_line(values) for values in lines])
    basket.hst_cents = 325
    basket.coupons = ["57841", "57862"]
    basket.context = [("key1", "value1"), ("key2", "value2")]
    for name, value in changes.items():
        setattr(basket, name, value)
    return basket


def built(op: str, changes: dict, basket: dict, lines=LINES, awards=None) -> dict:
    """The request that the sample's values make: path, body, trace id, key as plain values.

    `changes` to transaction, settings and identity, `basket` to the basket.
    """
    if awards is None:
        awards = EVENT_AWARDS if op in EVENTS else AWARDS if op in COMPUTED_HERE else []
    issuances = [Issuance(*each) for each in awards]
    identity = Identity({"partner": PARTNER, "device": {"device_id": "POS1"}})
    settings = dict(SETTINGS)
    values = {
        "trace_id": TRACE,
        "idempotency_key": KEY,
        "unix_s": UNIX_S,
        "collector_number": "81111111111",
        "basket_cents": 0 if op in EVENTS else 2822,
        "pre_tax_cents": -1 if op in EVENTS else 2497,
        "miles": sum([each.miles for each in issuances]),
    }
    for name, value in changes.items():
        if name in settings:
            settings[name] = value
        elif hasattr(identity, name):
            setattr(identity, name, value)
        else:
            values[name] = value
    transaction = Transaction(op=op, **values)
    made = requests.build(
        identity, transaction, make_basket(lines, basket), issuances, settings
    )
    return {
        "op": made.op,
        "path": made.path,
        "body": made.body,
        "trace_id": made.trace_id,
        "idempotency_key": made.idempotency_key,
    }


def split(pre_tax_cents: int, post_tax_cents: int, rates: list) -> tuple:
    """(gst, hst, pst, qst) in cents of a keyed sale."""
    return _taxes(taxes.keyed(pre_tax_cents, post_tax_cents, rates))


def left(cents: tuple, redeemed_cents: int, rates: list) -> tuple:
    """(pre-tax, post-tax, gst, hst, pst, qst) that is left after a redemption."""
    basket = taxes.keyed(cents[0], cents[1], rates)
    basket.coupons = ["57841"]
    found = taxes.left_to_pay(basket, redeemed_cents, rates)
    assert found.coupons == ["57841"]
    totals = found.pre_tax_cents, found.post_tax_cents
    return totals + _taxes(found)


def _taxes(basket) -> tuple:
    return basket.gst_cents, basket.hst_cents, basket.pst_cents, basket.qst_cents


def read(http_status: int, body: bytes, transaction_id: str = "") -> tuple:
    """(outcome, code, miles, message, whether it is another's) of a reply."""
    reply = replies.read(http_status, body, transaction_id)
    return reply.outcome, reply.code, reply.miles, reply.message, reply.is_other


def string(text: str) -> str:
    """The JSON string of a text."""
    return json_text.string(text)
