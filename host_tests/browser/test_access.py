"""axe-core over every pane, at both widths and in both themes, after a lost answer."""

from __future__ import annotations

import pytest

from host_tests.kit.page import Held


@pytest.fixture(scope="module")
def sold(shared: Held) -> Held:
    """The page after a sale whose answer was lost."""
    shared.wait("CHECKOUT")
    shared.pane("faults").locator('[data-fault="drop_after_commit"]').click()
    shared.offer("4335")
    shared.redeem()
    return shared


@pytest.mark.parametrize(
    "width,theme,language",
    [
        (360, "light", "fr"),
        (1920, "dark", "en"),
        (360, "dark", "en"),
        (1920, "light", "fr"),
    ],
)
def test_axe_finds_no_serious_fault(
    sold: Held, held: Held, width: int, theme: str, language: str
) -> None:
    held.page.set_viewport_size({"width": width, "height": 900})
    held.page.select_option("#theme", theme)
    held.page.select_option("#language", language)
    held.pane("requests").locator('[data-copies="2"]').first.wait_for()
    held.page.evaluate(
        "document.querySelectorAll('[role=tabpanel]').forEach((pane) => { pane.hidden = false })"
    )
    assert held.serious_faults() == []
