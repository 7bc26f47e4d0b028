"""What integrators read is what the pad does: codes, conditions, examples, sizes."""

from __future__ import annotations

import json
import re
from pathlib import Path

from milepad.amcash import response_codes
from milepad.pinpad import conditions, exact_json, frames, messages
from tools.till import register

README = (Path(register.__file__).with_name("README.md")).read_text("utf-8")
_ROW = re.compile(r"^\| ([^|]+?) \| ([^|]+?) \|", re.MULTILINE)


def rows_under(heading: str) -> dict[str, str]:
    """{first cell: second cell} of the first table after a line."""
    _, _, rest = README.partition(heading)
    lines = rest.lstrip("\n").split("\n")
    start = next(at for at, line in enumerate(lines) if line.startswith("|"))
    table = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        table.append(line)
    return dict(_ROW.findall("\n".join(table)))


def test_every_response_code_has_the_condition_that_the_firmware_gives_it() -> None:
    listed = rows_under("By AIR MILES' response code")
    wanted = {
        code: conditions.of_code(code) or "Success"
        for code in response_codes._TABLE
        if code.isdigit()
    }
    assert listed == wanted


def test_every_condition_is_told_what_it_means() -> None:
    told = set(rows_under("## What an error means"))
    assert told == set(conditions.ALL) - {""}


def test_the_examples_are_requests_that_the_pad_can_read() -> None:
    examples = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        request = messages.read(exact_json.parse(example.encode()))
        assert request.fault == ""
        json.loads(example)


def test_sizes_and_times_are_those_of_the_code() -> None:
    assert f"at most {frames.MAX_BYTES:,} bytes" in README
    times = register.Times()
    assert f"within {times.reply} seconds" in README
    assert f"listen for {times.abort} seconds more" in README
    assert f"every {times.every} seconds, up to {times.recovery} seconds" in README
