"""A shop's TOML becomes the files of a device, or one clear line."""

import datetime
import json
import os
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from host_tests.tools.profile.refusal import PASSWORD, SECRET, refused
from milepad.base import pin, till_key
from tools import profile
from tools.profile.__main__ import EXAMPLE


def test_the_example_is_a_profile(write):
    document = profile.load(write()).document
    assert document["cashier"]["language"] == "en-CA"
    assert document["printer"]["columns"] == 32


def test_secrets_are_kept_apart_from_the_profile(write):
    files = profile.load(write()).files
    assert set(files) == {"profile.json", "secret.json", "ca.der"}
    assert json.loads(files["secret.json"]) == {
        "client_secret": SECRET,
        "wifi_password": PASSWORD,
        "supervisor_pin": "",
        "till_key": "",
    }
    assert SECRET.encode() not in files["profile.json"]
    assert PASSWORD.encode() not in files["profile.json"]


def test_a_tills_passphrase_reaches_a_device_only_as_the_keys_made_of_it(write):
    till = {"mode": "tcp", "passphrase": "correct horse"}
    files = profile.load(write({"till": till})).files
    assert till_key.is_kept(json.loads(files["secret.json"])["till_key"])
    for raw in files.values():
        assert b"correct horse" not in raw
    assert "passphrase" not in json.loads(files["profile.json"])["till"]


def test_over_tcp_a_passphrase_is_wanted(write):
    assert refused(write({"till": {"mode": "tcp"}})).endswith(
        "[till] passphrase: expected one, where mode is tcp"
    )


def test_a_supervisors_pin_reaches_a_device_only_as_its_hash(write):
    files = profile.load(write({"supervisor": {"pin": "27182"}})).files
    kept = json.loads(files["secret.json"])["supervisor_pin"]
    assert pin.is_kept(kept)
    rounds, salt, digest = pin.parts(kept)
    assert digest == pin.stretch(b"", salt, "27182", rounds)
    assert not [name for name, raw in files.items() if b"27182" in raw]
    assert "supervisor" not in json.loads(files["profile.json"])


def test_two_devices_do_not_keep_one_pin_alike(write):
    path = write({"supervisor": {"pin": "27182"}})
    one, other = (profile.load(path).files["secret.json"] for _ in range(2))
    assert one != other


def test_a_pin_that_is_kept_already_stays_as_it_is(write):
    kept = pin.kept("27182", bytes(16), 8)
    files = profile.load(write({"supervisor": {"pin": kept}})).files
    assert json.loads(files["secret.json"])["supervisor_pin"] == kept


def test_optional_keys_are_filled_in_and_no_path_of_the_desktop_is_kept(write):
    document = json.loads(profile.load(write()).files["profile.json"])
    assert document["cashier"]["idle_s"] == 60
    assert document["platform"]["ca"] == "ca.der"


def test_the_certificate_authority_is_der(write, tmp_path):
    der = profile.load(write()).files["ca.der"]
    pem = (tmp_path / "ca.pem").read_bytes()
    assert x509.load_der_x509_certificate(der) == x509.load_pem_x509_certificate(pem)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"platform": {"base_url": "ftp://x"}}, "[platform] base_url"),
        ({"platform": {"colour": 1}}, "[platform] colour is unknown"),
        ({"tilt": {"x": 1}}, "[tilt] is unknown"),
        ({"printer": {"columns": 40}}, "[printer] columns: expected one of 32, 48"),
        ({"platform": {"ca": "none.pem"}}, "[platform] ca: "),
        ({"platform": {"ca": "shop.toml"}}, "[platform] ca: expected a PEM certificate"),
        ({"platform": {"client_secret": ""}}, "[platform] client_secret"),
    ],
)
def test_a_wrong_key_is_named_with_what_was_expected(write, changes, expected):
    assert expected in refused(write(changes))


def test_all_faults_are_told_at_once_a_line_each(write):
    changes = {
        "network": {"ssid": "é" * 17, "password": "short"},
        "platform": {"ca": "none.pem", "base_url": "http://x"},
        "time": {"zone": "nowhere"},
        "tilt": {"x": 1},
    }
    with pytest.raises(profile.ProfileFileError) as fault:
        profile.load(write(changes))
    title, *lines = str(fault.value).splitlines()
    assert title.endswith("shop.toml: 6 faults")
    assert [line.strip().partition(": ")[0].partition(";")[0] for line in lines] == [
        "[tilt] is unknown",
        "[network] ssid",
        "[network] password",
        "[platform] base_url",
        "[time] zone",
        "[platform] ca",
    ]
    assert tuple(line.strip() for line in lines) == fault.value.faults


def test_what_the_example_wants_filled_in_goes_to_no_device(tmp_path):
    trustme.CA().cert_pem.write_to_path(tmp_path / "ca.pem")
    path = tmp_path / "shop.toml"
    path.write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    assert profile.load(path).document["platform"]["client_id"] == "issued"
    with pytest.raises(profile.ProfileFileError) as fault:
        profile.load(path, for_shop=True)
    assert [each.partition(":")[0] for each in fault.value.faults] == [
        "[network] ssid",
        "[platform] client_id",
        "[platform] client_secret",
        "[partner] sponsor_code",
        "[partner] store_id",
        "[partner] vendor_id",
        "[partner] acquirer_id",
    ]
    assert fault.value.faults[1] == (
        '[platform] client_id: still the example\'s "issued": AIR MILES issues it'
    )


def test_what_was_filled_in_goes_to_a_device(write):
    changes = {"platform": {"client_id": "mine"}}
    profile.load(write(changes), for_shop=True)
    with pytest.raises(profile.ProfileFileError) as fault:
        profile.load(write(changes), {"partner": {"vendor_id": "issued"}}, for_shop=True)
    assert len(fault.value.faults) == 1


@pytest.mark.parametrize("ssid", ["Café Très-Bon", "\U0001f4f6 shop", 'a"b\\c'])
def test_a_device_reads_the_networks_name_as_it_was_written(write, micropython, ssid):
    files = profile.load(write({"network": {"ssid": ssid}})).files
    text = files["profile.json"].decode("utf-8")
    assert micropython.call("json", "loads", text)["network"]["ssid"] == ssid


@pytest.mark.parametrize("raw", [b"[network", b"\xff\xfe", b"a = {"])
def test_what_is_no_profile_is_refused(tmp_path, raw):
    path = tmp_path / "shop.toml"
    path.write_bytes(raw)
    assert "shop.toml" in refused(path)


def test_a_section_that_is_none_is_one_of_the_faults(tmp_path):
    path = tmp_path / "shop.toml"
    path.write_bytes(b"network = 4\nplatform = []\n")
    with pytest.raises(profile.ProfileFileError) as fault:
        profile.load(path, for_shop=True)
    assert fault.value.faults[:2] == (
        "[network]: expected keys with values",
        "[platform]: expected keys with values",
    )


def test_a_profile_nested_too_deeply_is_refused(tmp_path):
    path = tmp_path / "shop.toml"
    path.write_text("x = " + "[" * 5000)
    assert "nested too deeply" in refused(path)


def test_a_mark_at_the_beginning_is_accepted(write):
    path = write()
    plain = profile.load(path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert profile.load(path) == plain


def test_a_profile_of_more_than_64_kib_is_refused(write):
    path = write()
    raw = path.read_bytes() + b"#"
    path.write_bytes(raw.ljust(65536, b"x"))
    profile.load(path)
    path.write_bytes(raw.ljust(65537, b"x"))
    assert "larger than 64 KiB" in refused(path)


def test_what_has_no_end_or_no_beginning_is_no_profile(write, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        assert "not a regular file" in refused(path)
    assert "not a regular file" in refused(write({"platform": {"ca": "/dev/zero"}}))


def test_a_folder_is_no_profile(tmp_path):
    assert "Is a directory" in refused(tmp_path)


def test_several_authorities_stand_one_after_the_other(write, tmp_path):
    path = write()
    with (tmp_path / "ca.pem").open("ab") as file:
        file.write(trustme.CA(key_type=trustme.KeyType.RSA).cert_pem.bytes())
    both = x509.load_pem_x509_certificates((tmp_path / "ca.pem").read_bytes())
    der = b"".join(each.public_bytes(Encoding.DER) for each in both)
    assert profile.load(path).files["ca.der"] == der


@pytest.mark.parametrize(
    ("days", "warned"), [(61, False), (60, True), (1, True), (0, True)]
)
def test_a_root_that_ends_within_sixty_days_is_warned_about(write, tmp_path, days, warned):
    path = write()
    with (tmp_path / "ca.pem").open("ab") as file:
        file.write(root_for(days))
    told = profile.warnings(profile.load(path).files)
    text = f"[platform] ca: a root ends in {days} days (CN=ends soon)"
    assert told == ([text] if warned else [])


def root_for(days: int) -> bytes:
    """An authority that ends in so many days and an hour."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ends soon")])
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=days, hours=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.PEM)
    )


def edwards_root() -> bytes:
    """An authority with a key of a kind that devices do not know."""
    key = ed25519.Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "edwards")])
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, None)
        .public_bytes(Encoding.PEM)
    )


def test_each_certificate_that_is_no_use_on_the_device_is_told(write, tmp_path):
    path = write()
    leaf = trustme.CA().issue_cert("x").cert_chain_pems[0].bytes()
    with (tmp_path / "ca.pem").open("ab") as file:
        file.write(leaf + edwards_root())
    with pytest.raises(profile.ProfileFileError) as fault:
        profile.load(path)
    no_authority, no_key = fault.value.faults
    assert no_authority.startswith("[platform] ca: the certificate is no authority's (")
    assert no_key == (
        "[platform] ca: expected a certificate with an RSA or ECDSA key (CN=edwards)"
    )


def test_an_authority_that_has_expired_is_refused(write, tmp_path):
    path = write()
    leaf = trustme.CA().issue_cert("x", not_after=datetime.datetime(2001, 1, 1, 12))
    leaf.cert_chain_pems[0].write_to_path(tmp_path / "ca.pem")
    assert "expired on 2001-01-01" in refused(path)


@pytest.mark.parametrize("password", ["short", "1234567", "x" * 64, "0" * 65])
def test_a_password_that_no_access_point_has_is_refused(write, password):
    text = refused(write({"network": {"password": password}}))
    assert "[network] password: expected 8 to 63" in text and password not in text
