"""The idle screen of a PIN pad whose till does the asking, and the pad's own menu behind it."""

from milepad.base.compat import TYPE_CHECKING

if TYPE_CHECKING:
    from milepad.workflows.device import Device

_MENU_KEYS = ("1", "2", "3", "4")
_EARNING_KEYS = ("5", "6")


def rows(device: "Device", beside: str, state: str) -> list[str]:
    """Whose turn it is, what lies `beside` (a card, what waits), how to the menu, the link."""
    terminal = device.terminal
    own_menu = device.profile["till"]["own_menu"]
    return [
        terminal.text("till"),
        beside,
        terminal.text("till_menu" if own_menu else "menu_more"),
        state,
    ]


async def key(device: "Device", name: str, menu_rows: list[str]) -> str:
    """The key that counts: the pad's own menu is one key away, unless the shop does not want
    it; "CLEAR" stands for one that does not. Raises Cancelled.
    """
    if not device.profile["till"]["own_menu"]:
        is_own = name in _MENU_KEYS[:3] + _EARNING_KEYS + ("ENTER",)
        return "CLEAR" if is_own else name
    if name != "ENTER":
        return name
    device.terminal.show(*menu_rows)
    return await device.terminal.key(
        *_MENU_KEYS, *(_EARNING_KEYS if device.earnings else ())
    )
