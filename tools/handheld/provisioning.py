"""Changes a setting on a flash image, as a technician does while the handheld is off."""

from __future__ import annotations

import json

from tools import profile
from tools.handheld import image
from tools.handheld.wiring import Setup


def set_language(setup: Setup, language: str) -> None:
    """The cashier's language from the next start on. ImageError when there is no profile."""
    raw = image.read_files(setup.flash).get(profile.PROFILE)
    if raw is None:
        raise image.ImageError(f"flash image {setup.flash}: holds no profile")
    document = json.loads(raw)
    document["cashier"]["language"] = language
    image.write_files(setup.flash, {profile.PROFILE: profile.as_json(document)})
    setup.replaced()
