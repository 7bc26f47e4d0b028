"""Calls the platform once from this board: Wi-Fi, clock, TLS, token, ECHO, all its own."""

import asyncio

TYPE_CHECKING = False  # type checkers take this name for true: no device has `typing`
if TYPE_CHECKING:
    from milepad.base.protocols import Wlan

try:
    import milepad_board

    from milepad import starting
    from milepad.base.errors import MilepadError
    from milepad.profile.files import load_profile

    HAS_FIRMWARE = True
except ImportError:  # a board may get its settings first
    HAS_FIRMWARE = False

_WIFI_S = 60


def echo() -> list[str]:
    """The outcome, its response code and its reason, in words that hold no secret."""
    if not HAS_FIRMWARE:
        return _not_sent("the firmware is missing: run make deploy first")
    try:
        return asyncio.run(_echo())
    except MilepadError as fault:
        return _not_sent(str(fault))


async def _echo() -> list[str]:
    board = milepad_board.board
    profile = load_profile(board.files)
    await board.start()
    network = profile["network"]
    if hasattr(board.wlan, "join"):
        board.wlan.join(network["ssid"], network["password"])
    if not await _is_up(board.wlan):
        return _not_sent(f"no Wi-Fi within {_WIFI_S} s")
    board.ledger_store().put("token", b"")  # the new secret has to prove itself
    outcome = await starting.make_transactions(board, profile, None).echo()
    return [outcome.outcome, outcome.code, outcome.reason]


async def _is_up(wlan: "Wlan") -> bool:
    for _ in range(_WIFI_S * 10):
        if wlan.is_up():
            return True
        await asyncio.sleep(0.1)
    return False


def _not_sent(reason: str) -> list[str]:
    return ["not_sent", "", reason]
