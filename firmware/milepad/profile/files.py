"""The profile as it stands on flash: `profile.json`, and `secret.json` with what is secret."""

import json

from milepad.base.compat import TYPE_CHECKING
from milepad.base.errors import ProfileError
from milepad.base.pin import is_kept
from milepad.base.small_file import read_file
from milepad.profile.check import check

if TYPE_CHECKING:
    from typing import Any

    from milepad.base.protocols import Files


def load_profile(files: "Files") -> "dict[str, dict[str, Any]]":
    """The checked profile of the flash, with its secrets filled in. Raises ProfileError."""
    document = _json(files, "profile.json")
    secrets = _json(files, "secret.json")
    try:
        document["platform"]["client_secret"] = secrets["client_secret"]
        document["network"]["password"] = secrets.get("wifi_password", "")
        if secrets.get("till_key"):
            document["till"]["passphrase"] = secrets["till_key"]
        document["supervisor"] = {"pin": secrets.get("supervisor_pin", "")}
    except (KeyError, TypeError):
        raise ProfileError("secret.json: expected client_secret")
    profile = check(document)
    kept = profile["supervisor"]["pin"]
    if kept and not is_kept(kept):
        raise ProfileError("secret.json: expected supervisor_pin as provisioning makes it")
    return profile


def _json(files: "Files", name: str) -> "Any":
    try:
        return json.loads(read_file(files, name).decode())
    except (ValueError, RuntimeError):
        raise ProfileError(name + ": expected JSON")
