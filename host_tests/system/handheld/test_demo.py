"""The demo, as `make demo` plays it: all of it happens, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from milepad import words
from tools.handheld import demo
from tools.handheld.client import HandheldClient


def quick_printer(
    profile: Path, flash: Path, words: list[str], tell: Any
) -> HandheldClient:
    """The demo's handheld, whose paper moves at once."""
    return HandheldClient(profile, flash, ["--line-ms", "0", *words], tell)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("language", ["en-CA", "fr-CA"])
def test_all_that_the_demo_promises_happens(
    language: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "HandheldClient", quick_printer)
    assert demo.main(["--language", language]) == 0
    shown = capsys.readouterr().out
    for key in ("approved", "refunded", "earned", "not_sent", "will_be_added"):
        assert words.text(key, language) in shown
    assert words.slip_text("count_earned", language) in shown
