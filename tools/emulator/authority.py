"""What the state folder holds besides the ledger: certificates and credentials.

The authority, the client's credentials and the tokens' signing key are made once and stay
the same between runs; the server's certificate is issued anew at each start. Private files
are readable by their owner only.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import ssl
from dataclasses import asdict, dataclass
from pathlib import Path

import trustme

from tools.emulator.clock import parse_moment
from tools.emulator.settings import SetupError


@dataclass(frozen=True, slots=True)
class Credentials:
    """The one client of this platform, and the key that its tokens are signed with."""

    client_id: str
    client_secret: str
    signing_key: str


def open_state(folder: Path) -> None:
    """Makes the folder if missing. Raises SetupError when nothing can be written there."""
    probe = folder / f".probe-{os.getpid()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_private(probe, b"")
        probe.unlink()
    except OSError as error:
        raise SetupError(f"{folder}: cannot write there ({error.strerror})") from error


def credentials(folder: Path) -> Credentials:
    """The credentials kept in the folder, made when missing."""
    path = folder / "credentials.json"
    if not path.exists():
        fresh = Credentials(
            client_id=secrets.token_urlsafe(24),
            client_secret=secrets.token_urlsafe(48),
            signing_key=base64.b64encode(secrets.token_bytes(32)).decode(),
        )
        _write_private(path, json.dumps(asdict(fresh), indent=2).encode())
    try:
        kept = Credentials(**json.loads(path.read_bytes()))
        if not all(isinstance(each, str) and each for each in asdict(kept).values()):
            raise ValueError("an empty credential")
    except (OSError, TypeError, ValueError) as error:
        raise SetupError(f"{path}: no credentials in it; remove it for new ones") from error
    return kept


def server_context(
    folder: Path, host_name: str, valid_from: str = "", valid_until: str = ""
) -> ssl.SSLContext:
    """A TLS context with a certificate for `host_name`, localhost and 127.0.0.1.

    It is valid between two moments in ISO 8601; an empty one is no limit.

    The authority that issued it is `ca.pem` in the folder.
    """
    issuer = _authority(folder / "ca.pem", folder / "ca-key.pem")
    names = dict.fromkeys((host_name, "localhost", "127.0.0.1"))
    try:
        leaf = issuer.issue_cert(
            *names,
            not_before=parse_moment(valid_from) if valid_from else None,
            not_after=parse_moment(valid_until) if valid_until else None,
        )
    except ValueError as error:
        raise SetupError(f"--host-name: no certificate can be for {host_name!r}") from error
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with leaf.private_key_and_cert_chain_pem.tempfile(dir=str(folder)) as path:
        context.load_cert_chain(path)
    return context


def _authority(certificate: Path, key: Path) -> trustme.CA:
    try:
        if certificate.exists() and key.exists():
            return trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())
        fresh = trustme.CA(organization_name="Emulated platform")
        _write_private(key, fresh.private_key_pem.bytes())
        certificate.write_bytes(fresh.cert_pem.bytes())
    except (OSError, ValueError) as error:
        raise SetupError(
            f"{certificate}: no authority in it; remove it for a new one"
        ) from error
    return fresh


def _write_private(path: Path, raw: bytes) -> None:
    """Writes a file that is its owner's from the first byte, all of it or nothing."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
    ) as file:
        file.write(raw)
    draft.replace(path)
