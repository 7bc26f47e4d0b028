"""`make demo TILL=1`: a till's sale is played, and the platform's books say the same."""

from __future__ import annotations

import pytest

from tools.till import demo


def test_a_tills_sale_is_played_to_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.main([]) == 0
    printed = capsys.readouterr().out
    for text in ("the answer to", "Discount $40.00.", "to pay", "$40.00 is owed again."):
        assert text in printed
    assert printed.rstrip().endswith("All of it happened, in the platform's books as well.")
