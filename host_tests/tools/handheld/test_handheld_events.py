"""Events come in checked in full, and no error repeats what was read."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.handheld import events
from tools.handheld.events import EventError, dump, parse

GUIDE = Path(events.__file__).with_name("README.md").read_text("utf-8")


def test_the_guide_has_every_event_and_each_of_its_examples_is_one() -> None:
    rows = re.findall(r"^\| `\{.*$", GUIDE.partition("| standard output")[0], re.MULTILINE)
    told = [each for row in rows for each in re.findall(r"`(\{\".*?\})`", row)]
    named = {parse(each.encode()).name for each in told}
    named |= set(
        re.findall(r"`(\w+)`", GUIDE.partition("page alone (")[2].partition(")")[0])
    )
    assert named == set(events._RULES)


@pytest.mark.parametrize(
    "document",
    [
        {"key": "00"},
        {"key": "ENTER"},
        {"swipe": {"track1": "%B84095202006^A/B^99?", "track2": ";84095202006=99?"}},
        {"swipe": {"track2": ";84095202006=99?"}},
        {"swipe_bits": {"track2": "0000110101"}},
        {"scan": "84095202006"},
        {"wifi": False},
        {"paper": True},
        {"paper_left": 1},
        {"i2c_fault": {"after": 3, "count": 1}},
        {"glitch": True},
        {"cover": False},
        {"battery": 0},
        {"battery": 100},
        {"rssi": -83},
        {"hold": "ENTER"},
        {"scan_slip": True},
        {"cut_at_write": 3},
        {"language": "fr-CA"},
        {"wait": 1.5},
        {"wait": {"screen": "TOTAL WITH TAX"}},
        {"wait": {"screen": "TOTAL WITH TAX", "s": 30}},
        {"say": {"en": "A sale.", "fr": "Un achat."}},
        {"fault": {"op": "redeem", "fault": "garbage"}},
        {"faults": "clear"},
        {"clock": {"advance_s": 60}},
        {"platform": "reset"},
        {"bounce": 15},
        {"bounce": 0},
        {"ntp": "absent"},
        {"ntp": "late"},
        {"ntp": {"unix_s": 4102444800}},
        {"ntp": {"unix_s": 1 << 33}},
        {"cut": True},
        {"power": True},
        {"quit": True},
        {"cut_link": {"direction": "sent", "after": 0}},
    ],
)
def test_every_event_of_the_contract_is_read(document):
    event = parse(json.dumps(document).encode())
    assert {event.name: event.value} == document


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("4", "an object with one event"),
        ("{}", "an object with one event"),
        ('{"key": "4", "scan": "1"}', "an object with one event"),
        ('{"shake": true}', "unknown event; expected one of key, swipe"),
        ('{"ntp": "early"}', '"ntp" expects "absent", "late" or {"unix_s"'),
        ('{"ntp": {"unix_s": -1}}', '"ntp" expects'),
        ('{"ntp": {"unix_s": 1.5}}', '"ntp" expects'),
        ('{"ntp": {"unix_s": true}}', '"ntp" expects'),
        ('{"ntp": {}}', '"ntp" expects'),
        ('{"ntp": ["late"]}', '"ntp" expects'),
        ('{"key": "F1"}', '"key" expects one of 1 2 3 UP'),
        ('{"key": 4}', '"key" expects'),
        ('{"key": ["4"]}', '"key" expects'),
        ('{"swipe": {}}', '"swipe" expects an object with "track1"'),
        ('{"swipe": {"track3": "x"}}', '"swipe" expects'),
        ('{"swipe": {"track2": "a\\nb"}}', '"swipe" expects'),
        ('{"swipe_bits": {"track2": "012"}}', '"swipe_bits" expects'),
        ('{"scan": 84095202006}', '"scan" expects one line of text'),
        ('{"scan": "\\u20ac"}', '"scan" expects'),
        ('{"wifi": "off"}', '"wifi" expects true or false'),
        ('{"paper": 1}', '"paper" expects true or false'),
        ('{"i2c_fault": {"after": 1}}', '"i2c_fault" expects {"after": writes'),
        ('{"i2c_fault": {"after": -1, "count": 1}}', '"i2c_fault" expects'),
        ('{"i2c_fault": {"after": 0, "count": true}}', '"i2c_fault" expects'),
        ('{"cover": 0}', '"cover" expects true (closed) or false (open)'),
        ('{"battery": 101}', '"battery" expects 0 to 100 (percent)'),
        ('{"battery": -1}', '"battery" expects'),
        ('{"battery": true}', '"battery" expects'),
        ('{"rssi": 0}', '"rssi" expects -120 to -1 (dBm)'),
        ('{"rssi": -83.5}', '"rssi" expects'),
        ('{"hold": "F1"}', '"hold" expects one of 1 2 3 UP'),
        ('{"cut_at_write": -1}', '"cut_at_write" expects how many writes'),
        ('{"language": "de-CH"}', '"language" expects "en-CA" or "fr-CA"'),
        ('{"wait": -1}', '"wait" expects seconds, or {"screen"'),
        ('{"wait": 601}', '"wait" expects'),
        ('{"wait": NaN}', '"wait" expects'),
        ('{"wait": true}', '"wait" expects'),
        ('{"wait": {"screen": ""}}', '"wait" expects'),
        ('{"wait": {"s": 1}}', '"wait" expects'),
        ('{"wait": {"screen": "X", "s": -1}}', '"wait" expects'),
        ('{"platform": "burn"}', '"platform" expects "reset"'),
        ('{"bounce": 31}', '"bounce" expects 0, or the 2 to 30 ms'),
        ('{"bounce": true}', '"bounce" expects'),
        ('{"glitch": 1}', '"glitch" expects true'),
        ('{"cut": false}', '"cut" expects true'),
        ('{"cut_link": {"direction": "sent", "after": true}}', '"cut_link" expects'),
    ],
)
def test_what_is_no_event_is_refused_with_what_was_expected(line, expected):
    with pytest.raises(EventError) as fault:
        parse(line.encode())
    assert expected in str(fault.value)
    assert "84095202006" not in str(fault.value)


@given(st.binary(max_size=100))
def test_any_line_is_an_event_or_the_one_error(raw):
    try:
        event = parse(raw)
    except EventError:
        return
    assert event.name in raw.decode()


def test_what_goes_out_is_one_line_of_ascii():
    assert dump({"screen": ["é"]}) == b'{"screen": ["\\u00e9"]}\n'
