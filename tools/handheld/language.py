"""The cashier's language on a flash image: a technician changes it while the handheld is off."""

from __future__ import annotations

import json
from pathlib import Path

from tools import profile
from tools.handheld import image
from tools.handheld.wiring import Setup


def language_of(flash: Path) -> str | None:
    """The cashier's language on an image; None where it holds no profile of ours."""
    try:
        document = json.loads(image.read_files(flash)[profile.PROFILE])
        return str(document["cashier"]["language"])
    except (image.ImageError, KeyError, TypeError, ValueError):
        return None


def set_language(setup: Setup, language: str) -> None:
    """The cashier's language from the next start on. ImageError when there is no profile."""
    raw = image.read_files(setup.flash).get(profile.PROFILE)
    if raw is None:
        raise image.ImageError(f"flash image {setup.flash}: holds no profile")
    document = json.loads(raw)
    document["cashier"]["language"] = language
    image.write_files(setup.flash, {profile.PROFILE: profile.as_json(document)})
    setup.replaced()
