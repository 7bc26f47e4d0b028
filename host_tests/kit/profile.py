"""A shop's profile, as it is written and as a provisioned device holds it."""

from __future__ import annotations

import json
from typing import Any

from host_tests.kit.identity import IDENTITY
from milepad.base import pin

PROFILE: dict[str, dict[str, Any]] = {
    "network": {"ssid": "shop", "password": "wifi-secret"},
    "platform": {
        "base_url": "https://localhost:1",
        "token_url": "https://localhost:1/oauth/token",
        "ca": "ca.der",
        "client_id": "id",
        "client_secret": "very-secret",
        "echo_s": 0,
    },
    **IDENTITY,
    "cashier": {"language": "en-CA"},
    "time": {"zone": "EST5EDT,M3.2.0,M11.1.0"},
    "printer": {"store_copy": False},
}


# What press says of the programme to come (FACTS 12), as a shop would provision it.
BLUE_REWARDS: dict[str, Any] = {
    "name": "Blue Rewards",
    "currency_en": "points",
    "currency_fr": "points",
    "unit_miles": 1500,
    "unit_dollars": 10,
    "balances": 1,
}
PIN = "27182"
SUPERVISOR = {"pin": pin.kept(PIN, bytes(range(16)), 300)}  # as a device keeps that PIN


def document(**changes: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """A profile as it is written, with `changes` by section."""
    return {
        name: {**PROFILE.get(name, {}), **changes.get(name, {})}
        for name in {**PROFILE, **changes}
    }


def flash_files(**changes: dict[str, Any]) -> dict[str, bytes]:
    """What a provisioned device holds; `changes` by section of the profile."""
    public = document(**changes)
    public["platform"] = {
        k: v for k, v in public["platform"].items() if k != "client_secret"
    }
    public["network"] = {"ssid": "shop"}
    kept_pin = public.pop("supervisor", {"pin": ""})["pin"]
    secret = {
        "client_secret": "very-secret",
        "wifi_password": "wifi-secret",
        "supervisor_pin": kept_pin,
    }
    return {
        "profile.json": json.dumps(public).encode(),
        "secret.json": json.dumps(secret).encode(),
        "ca.der": b"0",
    }
