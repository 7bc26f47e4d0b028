"""`make demo TILL=1`: a till's sale is played, and the platform's books say the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tools.handheld.client import HandheldClient
from tools.till import demo


def test_a_tills_sale_is_played_to_its_end(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class QuickPrinter(HandheldClient):
        def __init__(self, profile: Path, flash: Path, words: list[str], tell: Any) -> None:
            super().__init__(profile, flash, ["--line-ms", "0", *words], tell)

    monkeypatch.setattr(demo, "HandheldClient", QuickPrinter)
    assert demo.main([]) == 0
    printed = capsys.readouterr().out
    for text in ("the answer to", "Discount $40.00.", "to pay", "$40.00 is owed again."):
        assert text in printed
    assert printed.rstrip().endswith("All of it happened, in the platform's books as well.")
