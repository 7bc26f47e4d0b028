"""What need not stand in any file: client secret, Wi-Fi password, a supervisor's PIN, a till's
passphrase.

What the profile leaves out comes from the environment, or is asked for without echo. Neither
is ever an argument of a command, nor part of a text.
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Mapping
from typing import Any

from tools.deploy.errors import UsageError

CLIENT_SECRET = "MILEPAD_CLIENT_SECRET"  # noqa: S105 - a variable's name
WIFI_PASSWORD = "MILEPAD_WIFI_PASSWORD"  # noqa: S105 - a variable's name
SUPERVISOR_PIN = "MILEPAD_SUPERVISOR_PIN"
TILL_PASSPHRASE = "MILEPAD_TILL_PASSPHRASE"  # noqa: S105 - a variable's name


def missing(document: Mapping[str, Any]) -> dict[str, dict[str, object]]:
    """{section: {key: value}} of what the profile leaves out. Raises UsageError.

    A shop whose profile has a section [supervisor] without a PIN wants one, and is asked for it.
    """
    found: dict[str, dict[str, object]] = {}
    platform, network = document.get("platform"), document.get("network")
    if isinstance(platform, dict) and not platform.get("client_secret"):
        found["platform"] = {
            "client_secret": _had("client secret", "client_secret", CLIENT_SECRET)
        }
    if isinstance(network, dict) and "password" not in network:
        found["network"] = {
            "password": _had(
                "Wi-Fi password (none: an open network)", "password", WIFI_PASSWORD
            )
        }
    supervisor = document.get("supervisor")
    if isinstance(supervisor, dict) and "pin" not in supervisor:
        found["supervisor"] = {
            "pin": _had("supervisor's PIN (none: not asked for)", "pin", SUPERVISOR_PIN)
        }
    till = document.get("till")
    if (
        isinstance(till, dict)
        and till.get("mode", "off") != "off"
        and "passphrase" not in till
    ):
        found["till"] = {
            "passphrase": _had(
                "passphrase of the till (none: not protected)",
                "passphrase",
                TILL_PASSPHRASE,
            )
        }
    return found


def _had(what: str, key: str, variable: str) -> str:
    if variable in os.environ:
        return os.environ[variable]
    if not sys.stdin.isatty():
        raise UsageError(
            f"the profile leaves out {key}: put it into {variable}, or run this in a terminal"
        )
    try:
        return getpass.getpass(f"{what}: ")
    except EOFError:
        raise UsageError(f"no {key} was given; nothing was written") from None
