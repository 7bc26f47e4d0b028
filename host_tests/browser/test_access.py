"""axe-core over every pane, at both widths and in both themes, after a lost answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from host_tests.kit.page import Held


@pytest.fixture(scope="module")
def sold() -> list[str]:
    """What was sold once already, for all tests of this module."""
    return []


@pytest.mark.parametrize(
    "width,theme,locale",
    [
        (360, "light", "fr-CA"),
        (1920, "dark", "en-CA"),
        (360, "dark", "en-CA"),
        (1920, "light", "fr-CA"),
    ],
)
def test_axe_finds_no_serious_fault(
    open_page: Callable[..., Held], sold: list[str], width: int, theme: str, locale: str
) -> None:
    size = {"width": width, "height": 900}
    held = open_page(viewport=size, color_scheme=theme, locale=locale)
    held.wait("CHECKOUT")
    if not sold:
        held.pane("faults").locator('[data-fault="drop_after_commit"]').click()
        held.offer("4335")
        held.redeem()
        sold.append("4335")
    held.pane("requests").locator('[data-copies="2"]').wait_for()
    held.page.evaluate(
        "document.querySelectorAll('[role=tabpanel]').forEach((pane) => { pane.hidden = false })"
    )
    assert held.serious_faults() == []
