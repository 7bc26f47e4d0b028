"""Makes a device's profile from `example.toml` and what differs from it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

EXAMPLE = Path(__file__).with_name("example.toml")
Sections = Mapping[str, Mapping[str, object]]


class Platform(Protocol):
    """Where a platform is and who may call it; the running emulator is one."""

    url: str
    ca: str
    client_id: str
    client_secret: str


def _value(value: object) -> str:
    # JSON's text, whole numbers, booleans and lists of them are TOML's as well.
    return json.dumps(value, ensure_ascii=False)


def text(changes: Sections) -> str:
    """The example as TOML, with `changes` in it; sections and keys may be new."""
    document: dict[str, dict[str, Any]] = tomllib.loads(EXAMPLE.read_text("utf-8"))
    for section, values in changes.items():
        document.setdefault(section, {}).update(values)
    parts = []
    for section, values in document.items():
        parts.append(f"[{section}]")
        parts += [f"{key} = {_value(value)}" for key, value in values.items()]
    return "\n".join(parts) + "\n"


def for_platform(platform: Platform, changes: Sections | None = None) -> str:
    """The profile of a device that talks to `platform`, with `changes` in it."""
    merged: dict[str, dict[str, object]] = {
        "platform": {
            "base_url": platform.url,
            "token_url": f"{platform.url}/oauth/token",
            "ca": platform.ca,
            "client_id": platform.client_id,
            "client_secret": platform.client_secret,
        }
    }
    for section, values in (changes or {}).items():
        merged.setdefault(section, {}).update(values)
    return text(merged)
