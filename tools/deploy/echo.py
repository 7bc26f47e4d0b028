"""Asks a board to call the platform once: Wi-Fi, clock, TLS, token, ECHO, all its own.

Nothing of this moves miles. What comes back is the outcome in words that hold no secret.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from tools.deploy.errors import DeployError, one_line
from tools.deploy.port import Port

_WAIT_S = 180  # Wi-Fi, then two copies of two requests, each with its own deadlines

_SCRIPT = """
import asyncio, json
async def _echo():
    try:
        from milepad import parts
        from milepad.base.errors import MilepadError
        import milepad_board
    except ImportError:
        return 'not_sent', '', 'the firmware is missing: run make deploy first'
    try:
        board = milepad_board.board
        profile = parts.load_profile(board.files)
        await board.start()
        network = profile['network']
        if hasattr(board.wlan, 'join'):
            board.wlan.join(network['ssid'], network['password'])
        for _ in range(600):
            if board.wlan.is_up():
                break
            await asyncio.sleep(0.1)
        else:
            return 'not_sent', '', 'no Wi-Fi within 60 s'
        board.ledger_store().put('token', b'')  # the new secret has to prove itself
        outcome = await parts.make_till(board, None, profile).echo()
        return outcome.kind, outcome.code, outcome.reason
    except MilepadError as fault:
        return 'not_sent', '', str(fault)
_outcome = asyncio.run(_echo())
print()
print('MILEPAD ' + json.dumps(_outcome))
"""


class Echo(NamedTuple):
    """What came of it."""

    approved: bool
    text: str


def ask(port: Port) -> Echo:
    """Runs it on the board. Raises DeployError when the board itself fails."""
    for line in port.run(_SCRIPT, timeout_s=_WAIT_S):
        try:
            kind, code, reason = (one_line(str(part)) for part in json.loads(line))
        except ValueError:
            continue
        detail = " ".join(part for part in (code, reason) if part)
        words = kind.replace("_", " ") + (f" ({detail})" if detail else "")
        return Echo(kind == "approved", words)
    raise DeployError(f"{port.name}: the board says nothing about its ECHO")
