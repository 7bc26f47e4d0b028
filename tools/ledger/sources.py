"""Where entries come from: a flash image or a folder that `pull` made, read alike.

A folder holds `ledger/` as the device has it, `device.json` (who the device is) and
`pulled.json` (a SHA-256 of every file: damage after the pull is noticed). The drive of a
CircuitPython board, or a copy of it, is read as it is: `ledger.bin` and `profile.json`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from milepad.base.errors import MilepadError
from tools import regular_file
from tools.ledger.entries import FAT_FILE, KeptLedger, LedgerEntry, LedgerState
from tools.ledger.errors import Problems, SourceError
from tools.ledger.flash import FlashFiles

SEGMENT = re.compile("[0-9a-f]{8}")
SLOT = re.compile("[0-9a-f]{2}")
DEVICE_FILE, PULLED_FILE = "device.json", "pulled.json"
PROFILE_FILE = "profile.json"
UNFINISHED = ".partial"  # how the folder of a pull ends until it is whole
_ALPHANUMERIC = re.compile("[0-9A-Za-z]{1,16}")
_CARD_RULES = {
    "prefix": str, "offset": int, "tail": int, "length": int, "first_digit": str,
    "check_digit": str,
}  # fmt: skip
_IMAGE_FOLDER = "/ledger"
_MAX_JSON_BYTES = 1 << 16
_MAX_FAT_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a device is on the wire."""

    sponsor_code: str
    store_id: str
    device_id: str

    @property
    def device(self) -> str:
        """What people call the device: its store and its number there."""
        return f"{self.store_id}-{self.device_id}"


@dataclass(frozen=True, slots=True)
class Source:
    """One device's ledger. `identity` is None when its profile is not there, and the rules
    by which a collector number is known are then the profile's defaults.
    """

    name: str
    files: dict[str, bytes | None]
    identity: Identity | None
    card_rules: Mapping[str, str | int]
    pulled_s: int | None = None  # when it was copied from its device, where that is known

    def read(self) -> tuple[list[LedgerEntry], LedgerState]:
        """All entries, and what the ledger says of itself. Raises SourceError."""
        try:
            return KeptLedger(self.files, self.card_rules).read()
        except MilepadError as fault:
            raise SourceError(f"{self.name}: the ledger cannot be read: {fault}") from None


def open_source(path: Path) -> Source:
    """A flash image or a pulled folder. Raises SourceError when it is neither."""
    if path.is_dir():
        return _from_folder(path)
    files = FlashFiles(path)
    if not files.has_folder(_IMAGE_FOLDER):
        raise SourceError(
            f"{path}: holds no ledger; expected a folder {_IMAGE_FOLDER} in it"
        )
    kept = _kept(files.names, files.read)
    profile = files.read(f"/{PROFILE_FILE}")
    return _source(path, kept, profile)


def read_sources(
    paths: Sequence[Path],
) -> Iterator[tuple[Source, list[LedgerEntry], LedgerState]]:
    """Each of them in turn, with what it holds; only one is in memory at a time.

    Those that cannot be read are told at the end: SourceError, or SeveralErrors.
    """
    seen: set[Path] = set()
    problems = Problems()
    for path in paths:
        try:
            if path.resolve() in seen:
                raise SourceError(f"{path}: given twice; leave one out")
            if path.name.endswith(UNFINISHED):
                raise SourceError(f"{path}: a pull that did not end; pull again, delete it")
            seen.add(path.resolve())
            source = open_source(path)
            entries, state = source.read()
        except SourceError as fault:
            problems.add(fault)
        else:
            yield source, entries, state
    problems.raise_all()


def _source(
    path: Path,
    files: dict[str, bytes | None],
    profile: bytes | None,
    pulled_s: int | None = None,
) -> Source:
    """`profile`: of the device, or what of it was pulled; None when there is none."""
    if profile is None:
        return Source(str(path), files, None, {}, pulled_s)
    who, rules = identity_of(profile), card_rules_of(profile)
    return Source(str(path), files, who, rules, pulled_s)


def _kept(
    names: Callable[[str], list[str]], read: Callable[[str], bytes | None]
) -> dict[str, bytes | None]:
    """The records and the export mark; a token that lies beside them is never read."""
    found = {}
    for name in names(_IMAGE_FOLDER):
        if SEGMENT.fullmatch(name) or name == "exported":
            found[name] = read(f"{_IMAGE_FOLDER}/{name}")
    for name in names(f"{_IMAGE_FOLDER}/new"):
        found[f"new/{name}"] = read(f"{_IMAGE_FOLDER}/new/{name}")
    return found


def _from_folder(path: Path) -> Source:
    if (path / FAT_FILE).is_file():
        return _from_drive(path)
    if not (path / "ledger").is_dir():
        raise SourceError(
            f"{path}: no pulled folder; expected a folder ledger or {FAT_FILE} in it"
        )

    def names(folder: str) -> list[str]:
        inside = path / folder.lstrip("/")
        return sorted(each.name for each in inside.iterdir()) if inside.is_dir() else []

    def read(name: str) -> bytes | None:
        return _bytes(path / name.lstrip("/"))

    kept = _kept(names, read)
    if (path / PULLED_FILE).exists():
        _check_sums(path, kept)
    device = path / DEVICE_FILE
    profile = (_bytes(device) or b"") if device.exists() else None
    return _source(path, kept, profile, _pulled_s(path))


def _pulled_s(path: Path) -> int | None:
    """When a folder was pulled, by its own document."""
    moment = _object(_bytes(path / PULLED_FILE) or b"").get("pulled")
    try:
        return int(datetime.fromisoformat(str(moment)).timestamp())
    except (ValueError, OverflowError):
        return None


def _from_drive(path: Path) -> Source:
    raw = _bytes(path / FAT_FILE, _MAX_FAT_BYTES)
    if raw is None:
        raise SourceError(f"{path / FAT_FILE}: cannot be read, or is no ledger")
    profile = _bytes(path / PROFILE_FILE)
    return _source(path, {FAT_FILE: raw}, profile)


def _bytes(path: Path, most: int = _MAX_JSON_BYTES) -> bytes | None:
    try:
        return regular_file.read(path, most)
    except OSError:
        return None


def _check_sums(path: Path, kept: dict[str, bytes | None]) -> None:
    sums = _object(_bytes(path / PULLED_FILE) or b"").get("sha256")
    if not isinstance(sums, dict):
        raise SourceError(f"{path / PULLED_FILE}: damaged; pull again")
    for name in sorted(sums.keys() | kept.keys()):
        raw = kept.get(name)
        if raw is None or hashlib.sha256(raw).hexdigest() != sums.get(name):
            raise SourceError(f"{path}/ledger/{name}: not as it was pulled; pull again")


def _object(raw: bytes) -> dict[str, Any]:
    """A JSON object, or an empty one."""
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def card_rules_of(raw: bytes) -> dict[str, str | int]:
    """How a profile says that a collector number is known; what is no such rule is left out."""
    section = _object(raw).get("card")
    values = section if isinstance(section, dict) else {}
    return {
        name: values[name]
        for name, kind in _CARD_RULES.items()
        if isinstance(values.get(name), kind) and not isinstance(values[name], bool)
    }


def identity_of(raw: bytes) -> Identity | None:
    """Who a profile says the device is; None when it does not say so."""
    profile = _object(raw)
    texts = []
    for section, key in (
        ("partner", "sponsor_code"),
        ("partner", "store_id"),
        ("device", "device_id"),
    ):
        values = profile.get(section)
        text = values.get(key) if isinstance(values, dict) else None
        if not (isinstance(text, str) and _ALPHANUMERIC.fullmatch(text)):
            return None
        texts.append(text)
    return Identity(*texts)


def identifying(raw: bytes) -> dict[str, object] | None:
    """What `pull` keeps of a profile: who the device is, how it knows a collector number.

    None for a profile that does not say who the device is.
    """
    profile = _object(raw)
    try:
        partner, device = profile["partner"], profile["device"]
        return {
            "partner": {name: partner[name] for name in ("sponsor_code", "store_id")},
            "device": {"device_id": device["device_id"]},
            "card": profile.get("card", {}),
        }
    except (KeyError, TypeError):
        return None
