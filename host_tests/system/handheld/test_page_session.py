"""A session of the page: told as the headless program tells it, and played there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from host_tests.kit.page import serving
from host_tests.kit.page_socket import PageSocket, session_of
from host_tests.system.handheld.hands import CARD
from host_tests.system.handheld.pages import home, redeem
from tools.folders import ROOT

CONTRACT = ("screen", "sound", "slip")
PASSING = ("ASKING A", "REDEEMIN")  # the first letters of screens that may be too short


def test_a_sale_is_told_as_the_headless_program_tells_it_and_can_be_played_there(
    shop: Path, tmp_path: Path
) -> None:
    options = ("--profile", str(shop), "--flash", str(tmp_path / "page.img"))
    with serving(*options) as where, PageSocket(where) as page:
        assert page.ready["platform"] is None and page.ready["scenarios"] == []
        page.wait_screen("1 CHECKOUT")
        redeem(page)
        page.wait(lambda message: "slip" in message)
        home(page)
        session = session_of(where)
        page.send({"play": {"lines": session}})
        assert page.wait(lambda message: "refused" in message)  # real miles would move
    lines = [json.loads(line) for line in session.splitlines()]
    assert {"scan": CARD} in lines and {"wait": {"screen": "TOTAL WITH TAX"}} in lines

    told = replayed(session, shop, tmp_path / "headless.img")
    assert screens(told)[-1][0].startswith("1 CHECKOUT")
    assert sequence(told) == sequence(page.events)


def replayed(session: str, profile: Path, flash: Path) -> list[dict[str, Any]]:
    """What the headless program tells of a session."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tools.handheld", "--headless"),
            *("--profile", profile, "--flash", flash),
        ],
        input=session + '{"wait": {"screen": "1 CHECKOUT"}}\n',
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def screens(events: list[dict[str, Any]]) -> list[list[str]]:
    return [each["screen"] for each in events if "screen" in each]


def sequence(events: list[dict[str, Any]]) -> dict[str, list[str]]:
    """What happened, each kind in its order, without what differs from sale to sale.

    The first screens, whether a wait is so long that it shows, and whether a sound comes
    just before its screen is quiet or just after are the machine's.
    """
    found: dict[str, list[str]] = {name: [] for name in CONTRACT}
    for event in events:
        name = next(iter(event))
        if name == "screen":
            title = event["screen"][0][:8].strip()
            if title not in PASSING and [title] != found[name][-1:]:
                found[name].append(title)
        elif name in CONTRACT:
            found[name].append(event["sound"] if name == "sound" else name)
    found["screen"] = found["screen"][found["screen"].index("TOTAL WI") :]
    return found
