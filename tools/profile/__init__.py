"""A device's profile, from the TOML file of a shop to the files that the device keeps.

The check itself is the firmware's own (`milepad.profile`), so that desktop and device
never disagree. The client secret and the Wi-Fi password go into a file of their own, the
certificate authority becomes DER, which a device parses in a third of the memory.
"""

from __future__ import annotations

import datetime
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from milepad.base.errors import ProfileError
from milepad.profile import check
from tools import regular_file

Sections = Mapping[str, Mapping[str, object]]
_MOST_BYTES = 64 * 1024  # of a profile, and of its certificate
PROFILE, SECRET, CA = "profile.json", "secret.json", "ca.der"


class ProfileFileError(Exception):
    """The profile cannot go to a device; one line names the key and the expectation."""


class DeviceFiles(NamedTuple):
    """What a device keeps; `document` is the whole profile, optional keys filled in."""

    files: dict[str, bytes]
    document: dict[str, dict[str, Any]]


def load(path: Path, changes: Sections | None = None) -> DeviceFiles:
    """Reads and checks a profile; ProfileFileError says what is wrong in one clear line.

    `changes` are {section: {key: value}} that take the place of what the file says.
    """
    document = read(path)
    for section, values in (changes or {}).items():
        kept = document.get(section, {})
        document[section] = {**kept, **values} if isinstance(kept, dict) else kept
    document = _checked(document, path)
    platform, network = dict(document["platform"]), dict(document["network"])
    secret = {
        "client_secret": platform.pop("client_secret"),
        "wifi_password": network.pop("password"),
    }
    authority = _authority(path.parent / platform["ca"], path)
    platform["ca"] = CA
    public = {**document, "platform": platform, "network": network}
    files = {PROFILE: _json(public), SECRET: _json(secret), CA: authority}
    return DeviceFiles(files, document)


def _json(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":"), sort_keys=True).encode("ascii")


def read(path: Path) -> dict[str, Any]:
    """The profile as it stands in the file, not checked; or ProfileFileError."""
    try:
        raw = regular_file.read(path, _MOST_BYTES)
        return tomllib.loads(raw.decode("utf-8-sig"))  # Windows' editors begin with a mark
    except OSError as fault:
        raise ProfileFileError(f"profile {path}: {fault.strerror}") from fault
    except UnicodeDecodeError:
        raise ProfileFileError(f"profile {path}: not UTF-8 text") from None
    except tomllib.TOMLDecodeError as fault:
        raise ProfileFileError(f"profile {path}: not TOML: {fault}") from None
    except RecursionError:
        raise ProfileFileError(f"profile {path}: nested too deeply") from None


def _checked(document: dict[str, Any], path: Path) -> dict[str, dict[str, Any]]:
    """The firmware's own check."""
    try:
        return check.check(document)
    except ProfileError as fault:
        raise ProfileFileError(f"profile {path}: {fault}") from None


def _authority(pem: Path, path: Path) -> bytes:
    """The DER of the one certificate in a PEM file; refused when it is not valid today."""
    where = f"profile {path}: [platform] ca"
    try:
        certificates = x509.load_pem_x509_certificates(regular_file.read(pem, _MOST_BYTES))
    except OSError as fault:
        raise ProfileFileError(f"{where}: {pem}: {fault.strerror}") from fault
    except ValueError:
        raise ProfileFileError(f"{where}: expected a PEM certificate in {pem}") from None
    if len(certificates) != 1:
        raise ProfileFileError(f"{where}: expected one certificate in {pem}, not several")
    now = datetime.datetime.now(datetime.UTC)
    ends = certificates[0].not_valid_after_utc
    if ends < now:
        raise ProfileFileError(f"{where}: the certificate expired on {ends:%Y-%m-%d}")
    return certificates[0].public_bytes(Encoding.DER)
