"""A device's profile, from the TOML file of a shop to the files that the device keeps.

The check itself is the firmware's own (`milepad.profile`), so that desktop and device
never disagree. The client secret and the Wi-Fi password go into a file of their own, the
certificate authorities become DER, which a device parses in a third of the memory.
"""

from __future__ import annotations

import datetime
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from milepad.base import pin
from milepad.base.compat import random_bytes, split_der
from milepad.base.small_file import MAX_FILE_BYTES
from milepad.issuance import offers
from milepad.profile import check
from tools import regular_file
from tools.profile import till
from tools.profile.settings import all_settings

Sections = Mapping[str, Mapping[str, object]]
_MOST_BYTES = 64 * 1024  # of a profile, and of its certificates
_WARNED_DAYS = 60
# 3 ms on a desktop's MicroPython, where a round takes 0.6 microseconds; a microcontroller takes
# some hundred times as long, and a supervisor should not wait for more than a second.
_PIN_ROUNDS = 4096
PROFILE, SECRET, CA = "profile.json", "secret.json", "ca.der"


class ProfileFileError(Exception):
    """The profile cannot go to a device; a line for each fault, with key and expectation."""

    def __init__(self, where: str, *faults: str) -> None:
        self.faults = faults
        lines = [*faults] if len(faults) == 1 else [f"{len(faults)} faults", *faults]
        super().__init__(f"{where}: " + "\n  ".join(lines))


class DeviceFiles(NamedTuple):
    """What a device keeps; `document` is the whole profile, optional keys filled in."""

    files: dict[str, bytes]
    document: dict[str, dict[str, Any]]


def load(
    path: Path, changes: Sections | None = None, *, for_shop: bool = False
) -> DeviceFiles:
    """Reads and checks a profile; ProfileFileError says all that is wrong, a line each.

    `changes` are {section: {key: value}} that take the place of what the file says. `for_shop`:
    what the example has only to be replaced is refused, too.
    """
    document = read(path)
    for section, values in (changes or {}).items():
        kept = document.get(section, {})
        document[section] = {**kept, **values} if isinstance(kept, dict) else kept
    filled, faults = check.examine(document)
    faults += untouched(document) if for_shop else []
    authority = b""
    pem = filled.get("platform", {}).get("ca")
    try:
        authority = _authority(path.parent / pem) if pem else b""
    except ProfileFileError as fault:
        faults += [f"[platform] ca: {each}" for each in fault.faults]
    rules: dict[str, Any] | None = None
    name = filled.get("issuance", {}).get("offers")
    try:
        rules = _rules(path.parent / name) if name else None
    except ProfileFileError as fault:
        faults += [f"[issuance] offers: {each}" for each in fault.faults]
    if faults:
        raise ProfileFileError(f"profile {path}", *faults)
    try:
        of_till = till.certificate_files(filled["till"], path.parent)
        return DeviceFiles(_files(filled, authority, rules) | of_till, filled)
    except till.TillFilesError as fault:
        raise ProfileFileError(f"profile {path}", str(fault)) from None


def _files(
    document: dict[str, dict[str, Any]], authority: bytes, rules: dict[str, Any] | None
) -> dict[str, bytes]:
    platform, network = dict(document["platform"]), dict(document["network"])
    for_till = dict(document["till"])
    secret = {
        "client_secret": platform.pop("client_secret"),
        "wifi_password": network.pop("password"),
        "supervisor_pin": _kept_pin(document["supervisor"]["pin"]),
        "till_key": till.derived(for_till.pop("passphrase")),
    }
    platform["ca"] = CA
    public = {**document, "platform": platform, "network": network, "till": for_till}
    public["issuance"] = {**document["issuance"], "offers": offers.FILE if rules else ""}
    del public["supervisor"]  # its one key is a secret
    files = {PROFILE: as_json(public), SECRET: as_json(secret), CA: authority}
    return {**files, offers.FILE: as_json(rules)} if rules else files


def _rules(path: Path) -> dict[str, Any]:
    """A shop's earning rules, from TOML or JSON, checked and filled in: all faults at once."""
    where = "[issuance] offers"
    try:
        text = regular_file.read(path, _MOST_BYTES).decode("utf-8-sig")
        document = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except OSError as fault:
        raise ProfileFileError(where, f"{path}: {fault.strerror}") from fault
    except (UnicodeDecodeError, RecursionError):
        raise ProfileFileError(where, f"{path}: expected TOML or JSON") from None
    except ValueError as fault:  # either parser's own error is one
        raise ProfileFileError(where, f"{path}: {fault}") from None
    filled, faults = offers.examine(document)
    if not faults and len(as_json(filled)) > MAX_FILE_BYTES:
        faults = [f"expected up to {MAX_FILE_BYTES} bytes as the device keeps them"]
    if faults:
        raise ProfileFileError(where, *faults)
    return filled


def _kept_pin(digits: str) -> str:
    """A PIN as the device keeps it, with a salt of its own; none stays none."""
    if not digits or pin.is_kept(digits):
        return digits
    return pin.kept(digits, random_bytes(16), _PIN_ROUNDS)


def as_json(document: object) -> bytes:
    """A document as a device's file holds it."""
    # UTF-8 and no escapes: MicroPython reads a pair of \u escapes as two halves.
    text = json.dumps(document, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    return text.encode("utf-8")


def untouched(document: Mapping[str, Any]) -> list[str]:
    """A text for each setting that still has what the example has only to be replaced."""
    return [
        f'[{each.section}] {each.key}: still the example\'s "{each.example()}": {each.meaning}'
        for each in all_settings()
        if each.is_placeholder()
        and isinstance(document.get(each.section), dict)
        and document[each.section].get(each.key) == each.example()
    ]


def read(path: Path) -> dict[str, Any]:
    """The profile as it stands in the file, not checked; or ProfileFileError."""
    try:
        raw = regular_file.read(path, _MOST_BYTES)
        return tomllib.loads(raw.decode("utf-8-sig"))  # Windows' editors begin with a mark
    except OSError as fault:
        raise ProfileFileError(f"profile {path}", f"{fault.strerror}") from fault
    except UnicodeDecodeError:
        raise ProfileFileError(f"profile {path}", "not UTF-8 text") from None
    except tomllib.TOMLDecodeError as fault:
        raise ProfileFileError(f"profile {path}", f"not TOML: {fault}") from None
    except RecursionError:
        raise ProfileFileError(f"profile {path}", "nested too deeply") from None


def _authority(pem: Path) -> bytes:
    """The DER of every certificate in a PEM file, one after the other.

    Refused when one cannot verify a platform on the device: all faults at once.
    """
    where = "[platform] ca"
    try:
        certificates = x509.load_pem_x509_certificates(regular_file.read(pem, _MOST_BYTES))
    except OSError as fault:
        raise ProfileFileError(where, f"{pem}: {fault.strerror}") from fault
    except ValueError:
        raise ProfileFileError(where, f"expected a PEM certificate in {pem}") from None
    faults = [text for each in certificates if (text := _root_fault(each))]
    if faults:
        raise ProfileFileError(where, *faults)
    return b"".join(each.public_bytes(Encoding.DER) for each in certificates)


def warnings(files: Mapping[str, bytes]) -> list[str]:
    """What should be known of a device's files though they are good: roots that end soon, an
    earning shop without taxes.
    """
    found = []
    issuance = json.loads(files[PROFILE])["issuance"]
    if issuance["family"] != "off" and not issuance["taxes"]:
        found.append("[issuance] taxes: none; the tax of every sale is sent as HST")
    now = datetime.datetime.now(datetime.UTC)
    for raw in split_der(files[CA]):
        root = x509.load_der_x509_certificate(raw)
        days = (root.not_valid_after_utc - now).days
        if days <= _WARNED_DAYS:
            name = root.subject.rfc4514_string()
            found.append(f"[platform] ca: a root ends in {days} days ({name})")
    return found


def _root_fault(root: x509.Certificate) -> str:
    """Why a device cannot use this root; nothing when it can."""
    name = root.subject.rfc4514_string()
    ends = root.not_valid_after_utc
    if ends < datetime.datetime.now(datetime.UTC):
        return f"the certificate expired on {ends:%Y-%m-%d} ({name})"
    try:
        constraints = root.extensions.get_extension_for_class(x509.BasicConstraints)
        is_authority = constraints.value.ca
    except x509.ExtensionNotFound:
        is_authority = root.version == x509.Version.v1  # it has no extensions
    if not is_authority:
        return f"the certificate is no authority's ({name})"
    # mbedTLS knows no other kind, for example Ed25519.
    if not isinstance(root.public_key(), (rsa.RSAPublicKey, ec.EllipticCurvePublicKey)):
        return f"expected a certificate with an RSA or ECDSA key ({name})"
    return ""
