"""What is compiled does what the sources do: step by step, then the firmware's own rooms."""

import ast
import os
import subprocess

import pytest

from tools import build, micropython
from tools.compact import compact, constants, short_names, unused
from tools.compact.settled import settle


def trees(**texts: str) -> dict[str, ast.Module]:
    return {name.replace("__", "."): ast.parse(text) for name, text in texts.items()}


def text(tree: ast.Module) -> str:
    return ast.unparse(tree)


# --- branches for other Pythons ---


@pytest.mark.parametrize(
    ("python", "kept"), [("micropython", "a = 1"), ("circuitpython", "a = 2")]
)
def test_only_the_branch_for_the_boards_python_stays(python, kept):
    tree = ast.parse("if IS_MICROPYTHON:\n    a = 1\nelse:\n    a = 2")
    assert text(settle(tree, python)) == kept


def test_not_and_or_are_decided_as_far_as_they_can_be():
    source = "if not IS_MICROPYTHON:\n    a = 1\nif IS_MICROPYTHON or f():\n    a = 2"
    assert text(settle(ast.parse(source), "micropython")) == "pass\na = 2"
    undecided = "if IS_MICROPYTHON or f():\n    a = 2"
    assert "f()" in text(settle(ast.parse(undecided), "circuitpython"))


def test_what_follows_a_return_goes_and_a_body_never_ends_up_empty():
    source = "def f():\n    if not IS_MICROPYTHON:\n        g()\n    return 1\n    g()"
    settled = text(settle(ast.parse(source), "micropython"))
    assert settled == "def f():\n    pass\n    return 1"


# --- constants ---


def test_a_constant_stands_where_its_name_was_used_in_other_files_too():
    files = trees(
        a="from b import LIMIT, other\nfrom c import b2\nx = LIMIT + b2.WORD",
        b="LIMIT = const(5)\nother = 1",
        c__b2="WORD = 'short'",
        c="",
    )
    constants.put_in_place(files)
    assert text(files["a"]).endswith("x = 5 + 'short'")


@pytest.mark.parametrize(
    "source",
    [
        "LIMIT = 5\nLIMIT = 6",
        "LIMIT = f()",
        "LIMIT = 'a text of many letters'",
        "limit = 5",
    ],
)
def test_what_is_no_constant_stays_a_name(source):
    name = source.split()[0]
    files = trees(a=f"{source}\nx = {name}")
    constants.put_in_place(files)
    assert text(files["a"]).endswith(f"x = {name}")


def test_a_name_that_two_imports_share_is_left_alone():
    files = trees(
        a="def f(n):\n    if n:\n        from b import T\n    else:\n        from c import T\n    return T",
        b="T = 1",
        c="T = 2",
    )
    constants.put_in_place(files)
    assert text(files["a"]).endswith("return T")


# --- what nothing uses ---


def test_functions_values_and_imports_that_nothing_names_go():
    files = trees(
        a="from b import used\nVALUE = 3\nused()",
        b="def used():\n    pass\ndef idle():\n    return helper()\ndef helper():\n    pass",
    )
    compact(files)
    assert "idle" not in text(files["b"])
    assert "helper" not in text(files["b"])
    assert "VALUE" not in text(files["a"])


def test_what_a_text_names_or_two_imports_share_stays():
    files = trees(
        a="def f(n):\n    if n:\n        from b import T\n    else:\n        from c import T\n"
        "    return getattr(T, 'named')\nf(1)",
        b="T = 'some text of many letters'\ndef named():\n    pass",
        c="T = 'another text of many letters'",
    )
    unused.drop(files)
    assert "T =" in text(files["b"])
    assert "def named" in text(files["b"])
    assert "T =" in text(files["c"])


def test_a_value_whose_making_does_something_stays():
    files = trees(a="x = start()")
    unused.drop(files)
    assert text(files["a"]) == "x = start()"


def test_imports_are_relative_to_the_package():
    files = trees(
        m="", m__a="", m__a__x="from m.b.y import f\nf()", m__b="", m__b__y="def f(): pass"
    )
    unused.drop(files)
    assert text(files["m.a.x"]).startswith("from ..b.y import f")


# --- short names ---


def test_private_names_and_parameters_are_short_and_public_ones_stay():
    files = trees(
        a="def _helper(amount):\n    return amount\ndef public(value):\n    return _helper(value)"
    )
    short_names.shorten(files)
    short = text(files["a"])
    assert "_helper" not in short
    assert "amount" not in short
    assert "def public(" in short


def test_what_is_passed_by_keyword_or_stands_in_a_text_keeps_its_name():
    files = trees(
        a="def f(amount, _x=1):\n    return amount\nf(amount=3)\ndef _named(): pass\ng('_named')"
    )
    short_names.shorten(files)
    assert "def f(amount" in text(files["a"])
    assert "def _named" in text(files["a"])


@pytest.mark.parametrize(
    "source",
    [
        # A short name is never one that the function or the file uses for something else.
        "def _f(first, second):\n    a = 1\n    return first + second + a\nprint(_f(2, 3))",
        "_total = 5\ndef f(number):\n    for a in (1, 2):\n        number += a + _total\n    return number\nprint(f(1))",
        "class A:\n    def __init__(self, value):\n        self._value = value\n        self.a = 9\n"
        "    def get(self):\n        return (self._value, self.a)\nprint(A(4).get())",
        "def outer(value):\n    def _inner(other):\n        return value - other\n    return _inner(1)\nprint(outer(7))",
        "def f(*many, **named):\n    return (many, sorted(named))\nprint(f(1, 2, b=3))",
        "def f(value):\n    try:\n        raise ValueError(value)\n    except ValueError as fault:\n"
        "        return str(fault)\nprint(f(3))",
        "_add = lambda left, right: left + right\nprint([_add(c, 1) for c in (1, 2)])",
    ],
)
def test_a_shortened_program_says_the_same(source, capsys):
    exec(compile(source, "before", "exec"), {})  # noqa: S102
    before = capsys.readouterr().out
    files = trees(m=source)
    compact(files)
    exec(compile(files["m"], "after", "exec"), {})  # noqa: S102
    assert capsys.readouterr().out == before


# --- the firmware itself, as it is compiled ---

CALLS = """
from milepad import words
from milepad.amcash import codes, offer, replies, requests
from milepad.amcash.values import Identity, Sale
from milepad.base import clock, money, profile
from milepad.base.errors import MilepadError
from milepad.card import collector_number, scan, tracks
from milepad.ledger import entries
from milepad.ledger.entry import Intent, Result
from milepad.link import token_parts, token_texts
from milepad.link.http import ReplyParser, encode_request
from milepad.receipt import escpos, layout
import sys
out = []
def say(call, *args):
    try:
        out.append(repr(call(*args)))
    except MilepadError as fault:
        out.append(type(fault).__name__ + ": " + str(fault))
for language in ("en-CA", "fr-CA"):
    for key in ("approved", "refused", "code_0005", "advice_store_credit", "not_sent_login"):
        say(words.text, key, language)
    say(words.dollars, 4035, language)
for code in ("0000", "0001", "0005", "0051", "0096", "", "7777"):
    row = codes.Row(code)
    out.append(repr((row.code, row.approved, row.prompt, row.retry, row.advice_key)))
for text in ("43.35", "4.3.5", "10"):
    say(money.parse_dollars, text)
zone = clock.Zone("EST5EDT,M3.2.0,M11.1.0")
say(clock.iso8601, 1769751599, zone)
say(profile.check, {"network": {}})
say(profile.check, {"strange": {}})
identity = Identity({"partner": dict.fromkeys(("acquirer_id", "sponsor_code", "store_id", "vendor_id"), "A1"),
                     "device": {"device_id": "001"}})
sale = Sale("84095202006", "SWIPE", 4335)
sale.redeem_cents = 4000
say(lambda: requests.inquire(identity, "000012345678", "1972-07-16T13:32:00+0400", sale).body)
say(lambda: requests.redeem(identity, "000012345678", "1972-07-16T13:32:00+0400", sale, "k").body)
sale.collector_number = "x"
say(lambda: requests.inquire(identity, "000012345678", "1972-07-16T13:32:00+0400", sale).body)
intent = Intent(trace_id="000012345678", idempotency_key="12345678-1234-4234-8234-123456789abc",
                collector_number="84095202006", basket_cents=4335, redeem_cents=4000, unix_s=1769751599)
raw = entries.encode_intent(7, intent)
out.append(repr(raw))
entry = entries.decode_entry(raw)
out.append(repr((entry.sequence, entry.intent.collector_number, entry.state)))
say(entries.decode_entry, raw[:-1])
say(encode_request, "/a", "h", [("X", "y")], b"{}")
say(encode_request, "/a", "h", [("X", "y\\n")], b"{}")
say(token_texts.form_encode, [("a b", "c/d")])
say(token_texts.parse_token, b'{"access_token": "abc", "expires_in": 5}')
say(token_texts.parse_token, b"[]")
parser = ReplyParser(bytearray())
parser.feed(b"HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n2\\r\\n{}\\r\\n0\\r\\n\\r\\n")
out.append(repr((parser.done, parser.status, parser.body)))
facts = {"kind": "redemption", "when": (2026, 1, 30, 4, 39, 59), "store": ["A"], "footer": [],
         "device_id": "001", "collector_number": "84095202006", "redeemed_cents": 4000, "miles": 380,
         "trace_id": "000012345678", "response_code": "0000", "confirmation_number": "03007368806",
         "basket_cents": 4335, "balances_allowed": False, "units": 4, "offer_text": "Oui"}
for language in ("en-CA", "fr-CA"):
    say(layout.slip, facts, language, 32, "customer", False)
print("\\n".join(out))
"""


def said(path: str) -> str:
    """What MicroPython prints for CALLS, with the firmware in that folder."""
    done = subprocess.run(
        [*micropython.command(), "-X", "heapsize=2M", "-c", CALLS],
        env={**os.environ, "MICROPYPATH": f"{path}:.frozen"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_compiled_rooms_say_what_the_sources_say(tmp_path):
    compiled = said(str(build.build("simulator", tmp_path / "simulator")))
    assert compiled == said(str(build.ROOT / "firmware"))
    assert compiled.count("\n") > 35


def test_public_names_are_those_of_the_sources(tmp_path):
    folder = build.build("esp32s3_handheld", tmp_path / "esp32s3_handheld")
    raw = (folder / "milepad" / "terminal.mpy").read_bytes()
    for name in (b"ask_money", b"choose_units", b"forget_events", b"wait_for"):
        assert name in raw
