"""What a profile is refused with: one line, and none of its secrets."""

from pathlib import Path

import pytest

from tools import profile

SECRET, PASSWORD = "s3cret-of-the-client", "wifi-word"


def refused(path: Path) -> str:
    with pytest.raises(profile.ProfileFileError) as fault:
        profile.load(path)
    text = str(fault.value)
    assert "\n" not in text
    assert SECRET not in text
    assert PASSWORD not in text
    return text
