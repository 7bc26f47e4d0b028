"""The demo, as `make demo` plays it: all of it happens, in both languages."""

from __future__ import annotations

import pytest

from milepad import words
from tools.handheld import demo


@pytest.mark.timeout(240)
@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
def test_all_that_the_demo_promises_happens(
    language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert demo.main(["--language", language, "--line-ms", "0"]) == 0
    shown = capsys.readouterr().out
    for key in ("approved", "refunded", "earned", "not_sent", "will_be_added"):
        assert words.text(key, language) in shown
    assert words.slip_text("count_earned", language) in shown
