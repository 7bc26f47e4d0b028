"""What a PIN pad's till needs is made from the profile, and what cannot serve is refused."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from milepad.base import till_key
from milepad.link import tls_cpython
from tools.profile import till

VECTORS = json.loads(
    (Path(__file__).parents[2] / "pinpad/golden/protection.json").read_text("utf-8")
)


@pytest.fixture
def section(tmp_path: Path) -> dict[str, str]:
    issued = trustme.CA().issue_cert("localhost", key_type=trustme.KeyType.ECDSA)
    issued.cert_chain_pems[0].write_to_path(str(tmp_path / "pad.pem"))
    issued.private_key_pem.write_to_path(str(tmp_path / "pad.key"))
    return {"certificate": "pad.pem", "private_key": "pad.key"}


@pytest.mark.parametrize("vector", VECTORS["keys"], ids=range(len(VECTORS["keys"])))
def test_keys_are_derived_as_the_fields_clients_do_it(vector: dict[str, str]) -> None:
    raw = till_key.key_bytes(till.derived(vector["passphrase"]))
    assert raw.hex() == vector["hmac"] + vector["cipher"] + vector["iv"]


def test_letters_that_the_fields_clients_cannot_read_are_refused() -> None:
    with pytest.raises(till.TillFilesError, match="Latin-1"):
        till.derived("日本語日本語日本語")


def test_a_certificate_and_its_key_are_what_a_port_shows(
    section: dict[str, str], tmp_path: Path
) -> None:
    files = till.certificate_files(section, tmp_path)
    assert set(files) == {till.CERTIFICATE, till.KEY}
    tls_cpython.server_context(files[till.CERTIFICATE], files[till.KEY])


def test_without_a_certificate_there_is_no_file(tmp_path: Path) -> None:
    assert till.certificate_files({"certificate": "", "private_key": ""}, tmp_path) == {}


def refusal(section: dict[str, str], folder: Path) -> str:
    with pytest.raises(till.TillFilesError) as caught:
        till.certificate_files(section, folder)
    return str(caught.value)


def test_what_is_missing_is_named(section: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "pad.key").unlink()
    assert "private_key" in refusal(section, tmp_path)
    assert "No such file" in refusal(section, tmp_path)


@pytest.mark.parametrize("name", ["certificate", "private_key"])
def test_what_is_no_pem_is_named(
    section: dict[str, str], tmp_path: Path, name: str
) -> None:
    (tmp_path / section[name]).write_text("no PEM")
    assert refusal(section, tmp_path).startswith(f"[till] {name}: expected a PEM")


def test_a_key_of_another_certificate_is_refused(
    section: dict[str, str], tmp_path: Path
) -> None:
    other = trustme.CA().issue_cert("localhost")
    other.private_key_pem.write_to_path(str(tmp_path / "pad.key"))
    assert "another certificate's" in refusal(section, tmp_path)


def test_a_kind_of_key_that_a_pad_does_not_know_is_refused(
    section: dict[str, str], tmp_path: Path
) -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    raw = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "pad.key").write_bytes(raw)
    assert "RSA or ECDSA" in refusal(section, tmp_path)


def test_a_certificate_that_has_expired_is_refused(
    section: dict[str, str], tmp_path: Path
) -> None:
    past = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    issued = trustme.CA().issue_cert("localhost", not_after=past)
    issued.cert_chain_pems[0].write_to_path(str(tmp_path / "pad.pem"))
    issued.private_key_pem.write_to_path(str(tmp_path / "pad.key"))
    assert "expired" in refusal(section, tmp_path)
