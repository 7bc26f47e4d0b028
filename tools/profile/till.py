"""What a PIN pad keeps for its till: keys that were derived, a certificate and its key in DER.

A key of a certificate never stands in `profile.json`; as the other secrets it has a file of
its own on the device.
"""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from milepad.base import till_key
from tools import regular_file

CERTIFICATE, KEY = "till_cert.der", "till_key.der"  # on the device
_MOST_BYTES = 64 * 1024
_SALT, _ROUNDS = b"AdyenNexoV1Salt", 4000  # a convention of the field's clients


class TillFilesError(Exception):
    """Certificate or key cannot go to a device; one line says why."""


def derived(passphrase: str) -> str:
    """The keys that a passphrase stands for, as the device keeps them; "" for none.

    Clients of the field read its letters as Latin-1, and so is it here. Raises TillFilesError.
    """
    if not passphrase or till_key.is_kept(passphrase):
        return passphrase
    try:
        letters = passphrase.encode("latin-1")
    except UnicodeEncodeError:
        raise TillFilesError("[till] passphrase: expected letters of Latin-1") from None
    raw = hashlib.pbkdf2_hmac("sha1", letters, _SALT, _ROUNDS, till_key.KEY_BYTES)
    return till_key.kept(raw)


def certificate_files(till: dict[str, Any], folder: Path) -> dict[str, bytes]:
    """{name on the device: DER} of the certificate that a profile's section names.

    None where it names none. Raises TillFilesError.
    """
    if not till["certificate"] or not till["private_key"]:
        return {}
    raw = _read("certificate", folder / till["certificate"])
    try:
        certificate = x509.load_pem_x509_certificate(raw)
    except ValueError:
        raise TillFilesError("[till] certificate: expected a PEM certificate") from None
    raw = _read("private_key", folder / till["private_key"])
    try:
        key = load_pem_private_key(raw, None)
    except (ValueError, TypeError):  # TypeError: it wants a password
        raise TillFilesError(
            "[till] private_key: expected a PEM key, not enciphered"
        ) from None
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise TillFilesError("[till] private_key: expected an RSA or ECDSA key")
    if key.public_key() != certificate.public_key():
        raise TillFilesError("[till] private_key: it is another certificate's")
    if certificate.not_valid_after_utc < datetime.datetime.now(datetime.UTC):
        raise TillFilesError("[till] certificate: it has expired")
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return {CERTIFICATE: certificate.public_bytes(Encoding.DER), KEY: private}


def _read(name: str, path: Path) -> bytes:
    try:
        return regular_file.read(path, _MOST_BYTES)
    except OSError as fault:
        raise TillFilesError(f"[till] {name}: {path}: {fault.strerror}") from fault
